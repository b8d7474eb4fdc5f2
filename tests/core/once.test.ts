import assert from "node:assert/strict";
import { CloudError } from "../../provider/core/errors";
import { once } from "../../provider/core/once";

const lost = new CloudError({
  ...{ cloud: "dataworks", operation: "CreateNode", code: "ECONNRESET", errorClass: "transport" },
  ...{ detail: "the connection was cut", unclear: true },
});
const refused = new CloudError({
  ...{ cloud: "dataworks", operation: "CreateNode", code: "InvalidSpec", errorClass: "parameter", detail: "no" },
});
/** Far away: the files of all tests are loaded long before the last of them run. */
const options = { deadline: Date.now() + 24 * 60 * 60_000, sleep: () => Promise.resolve() };

describe("a call that must not take effect twice", () => {
  it("is made again as often as a look shows that nothing is there", async () => {
    const log: string[] = [];
    let calls = 0;
    const made = await once({
      ...options,
      make: () => {
        log.push("make");
        return (calls += 1) < 4 ? Promise.reject(lost) : Promise.resolve("made");
      },
      look: () => (log.push("look"), Promise.resolve(undefined)),
    });
    assert.deepEqual([made, log.join(" ")], ["made", "make look make look make look make"]);
  });

  it("is not made again where a look finds what a lost reply has left", async () => {
    let calls = 0;
    const make = () => ((calls += 1), Promise.reject(lost));
    const made = await once({ ...options, make, look: () => Promise.resolve("found") });
    assert.deepEqual([made, calls], ["found", 1]);
  });

  it("is never made again without a look: a look that fails ends it", async () => {
    let calls = 0;
    const make = () => ((calls += 1), Promise.reject(lost));
    await assert.rejects(once({ ...options, make, look: () => Promise.reject(lost) }), lost);
    assert.equal(calls, 1);
  });

  it("ends with a refusal at once, and looks after one that may mean it is there", async () => {
    let looks = 0;
    const make = () => Promise.reject(refused);
    const look = () => ((looks += 1), Promise.resolve("found"));
    await assert.rejects(once({ ...options, make, look }), refused);
    assert.equal(looks, 0);
    assert.equal(await once({ ...options, make, look, mayBeThere: () => true }), "found");
  });

  it("gives up after six rounds", async () => {
    let calls = 0;
    const make = () => ((calls += 1), Promise.reject(lost));
    await assert.rejects(once({ ...options, make, look: () => Promise.resolve(undefined) }), lost);
    assert.equal(calls, 6);
  });
});
