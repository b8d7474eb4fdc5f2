import assert from "node:assert/strict";
import { covers, heedOf, namesIn } from "../../provider/core/heeded";

describe("the engine's options that the hooks heed", () => {
  it("are paths in every spelling that the engine takes", () => {
    for (const [path, names] of [
      ["trigger.cron", ["trigger", "cron"]],
      ['tags["a.b"].c', ["tags", "a.b", "c"]],
      ['["tags"]["say \\"x\\""]', ["tags", 'say "x"']],
      ["dependencies[0].type", ["dependencies", "0", "type"]],
      ["dependencies[*].type", ["dependencies", "*", "type"]],
      ["*", ["*"]],
    ] as const) {
      assert.deepEqual(namesIn(path), names);
    }
  });

  it("cover what lies at them or below, and a star covers any name", () => {
    assert.equal(covers(["trigger"], ["trigger", "cron"]), true);
    assert.equal(covers(["trigger", "cron"], ["trigger", "cron"]), true);
    assert.equal(covers(["*"], ["rerunTimes"]), true);
    assert.equal(covers(["trigger", "*"], ["trigger"]), false);
    assert.equal(covers(["trigger"], ["triggers"]), false);
    assert.equal(covers([], ["trigger"]), false, "an empty path, which an older state may hold, is about nothing");
  });

  it("ignore a property as a whole, and spare one of which a part is ignored", () => {
    const heed = heedOf({ engineOptions: { ignoreChanges: ["trigger", "tags.team"], replaceOnChanges: ["owner"] } });
    assert.deepEqual(["trigger.cron", "tags", "owner"].map(heed.ignores), [true, false, false]);
    assert.deepEqual(["trigger.cron", "tags", "owner"].map(heed.spares), [true, true, false]);
    assert.deepEqual(["trigger.cron", "tags", "owner"].map(heed.replaces), [false, false, true]);
  });

  it("are none where none are given", () => {
    const heed = heedOf({ name: "orders" });
    assert.deepEqual([heed.ignores("name"), heed.spares("name"), heed.replaces("name")], [false, false, false]);
  });
});
