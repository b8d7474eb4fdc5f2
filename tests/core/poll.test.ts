import assert from "node:assert/strict";
import { poll } from "../../provider/core/poll";

const never = () => {
  let asked = 0;
  return { ask: async () => void (asked += 1), asked: () => asked };
};

describe("polling", () => {
  it("gives the first answer, and asks no more", async () => {
    const answers = [undefined, undefined, "there", "later"];
    assert.equal(await poll(async () => answers.shift(), { deadline: Date.now() + 5_000, first: 1 }), "there");
    assert.deepEqual(answers, ["later"]);
  });

  it("takes an answer that is false, empty or 0 for one", async () => {
    for (const answer of [false, "", 0, null])
      assert.equal(await poll(async () => answer, { deadline: 0, first: 1 }), answer);
  });

  it("asks once although the deadline has passed", async () => {
    const { ask, asked } = never();
    assert.equal(await poll(ask, { deadline: Date.now() - 1_000 }), undefined);
    assert.equal(asked(), 1);
  });

  it("waits longer each time", async () => {
    const { ask, asked } = never();
    // 10, 15, 22, 34, 51, 76: the seventh wait would end after the deadline.
    assert.equal(await poll(ask, { deadline: Date.now() + 200, first: 10 }), undefined);
    assert.ok(asked() > 1 && asked() <= 7, `asked ${asked()} times`);
  });

  it("never waits longer than it may, nor beyond the deadline", async () => {
    const { ask, asked } = never();
    const started = Date.now();
    assert.equal(await poll(ask, { deadline: started + 60, first: 10_000, longest: 20 }), undefined);
    assert.ok(Date.now() - started < 5_000);
    assert.equal(asked(), 1, "at the deadline itself no call would have time to answer");
  });
});
