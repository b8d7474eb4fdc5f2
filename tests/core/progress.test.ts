import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "mocha";
import { goBy } from "../../provider/core/clock";
import { progress } from "../../provider/core/progress";

describe("progress", () => {
  let time = 0;
  let lines: string[] = [];
  beforeEach(() => {
    [time, lines] = [0, []];
    goBy({ now: () => time, sleep: () => Promise.resolve() });
  });
  afterEach(() => goBy());
  const told = (text: string) => void lines.push(text);

  it("is not told of what is over within 10 s", () => {
    const at = progress(told, "orders");
    for (time = 0; time < 10_000; time += 500) at(time < 5_000 ? "building" : "deploying");
    assert.deepEqual(lines, []);
  });

  it("is told at each change and every 15 s", () => {
    const at = progress(told, "orders");
    for (time = 0; time <= 40_000; time += 1_000) at(time < 30_000 ? "checking" : "deploying");
    assert.deepEqual(lines, ["orders: checking (10 s)", "orders: checking (25 s)", "orders: deploying (30 s)"]);
  });

  it("says for how long it has stood like this", () => {
    const at = progress(told, "orders");
    assert.equal(at("checking"), 0);
    time = 7_000;
    assert.deepEqual([at("checking"), at("deploying")], [7_000, 0]);
    time = 9_000;
    assert.equal(at("deploying"), 2_000);
  });
});
