import assert from "node:assert/strict";
import { played } from "../../scripts/faults/secrets/part";
import { sources } from "../../scripts/faults/secrets/sources";

describe("secrets on the engine", function () {
  this.timeout(240_000);

  it("lie in nothing that is kept, shown or logged, though a service repeats what it was sent", async () => {
    const source = sources.find(({ name }) => name === "configuration, temporary keys");
    assert.ok(source);
    let shown = "";
    const { hits, wrong, places } = await played(source, {
      name: "a creation that is refused, and arguments that are wrong",
      async play({ gateway, stack, debugged, pulumi, places }) {
        gateway.refuse("quote", 1);
        // One task alone: which of several is refused first would be chance, and not all of them send a secret first.
        const refused = await debugged("up", "--yes", "--diff", "--target", "**::code");
        gateway.through();
        await stack.configure({ config: { "secrets:wrong": "true" } });
        const told = await pulumi("preview", "--diff");
        const { output = "", "debug log": log = "" } = await places();
        shown = output + log;
        return refused === 0 || told === 0 ? ["it went through"] : [];
      },
    });
    assert.deepEqual([wrong, hits], [[], []]);
    assert.ok(places.length >= 8);
    for (const sentence of [
      /InvalidParameter: Specified call is refused: .*\[secret\]/,
      /instanceMode must be one of T\+1, Immediately, got \[secret\]/,
      /cron must be .*, got \[secret\] \[cron\]/,
    ])
      assert.ok(sentence.test(shown), `${String(sentence)} is not in what was shown: ${refusals(shown)}`);
  });
});

/** What a reader of a failed test needs of some hundred kilobytes of debug log. */
const refusals = (shown: string): string =>
  shown
    .split("\n")
    .filter((line) => /refused|has a problem|error:/.test(line))
    .map((line) => line.slice(0, 300))
    .slice(0, 20)
    .join("\n");
