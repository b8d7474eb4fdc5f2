import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { limiter } from "../../provider/core/rate";

/** Start times of `calls` turns taken at once, on a clock that moves only by sleeping. */
async function starts(
  calls: number,
  perSecond: number,
  before?: (pause: (milliseconds: number) => void) => void,
): Promise<number[]> {
  let time = 0;
  const sleep = (milliseconds: number): Promise<void> => {
    time += milliseconds;
    return Promise.resolve();
  };
  const { turn, pause } = limiter({ perSecond, now: () => time, sleep });
  before?.(pause);
  const seen: number[] = [];
  await Promise.all(Array.from({ length: calls }, () => turn().then(() => seen.push(time))));
  return seen;
}

describe("a limiter", () => {
  it("lets the first ones through at once", async () => {
    assert.deepEqual(await starts(3, 3), [0, 0, 0]);
  });

  it("never lets more than its number start within any second", async () => {
    const seen = await starts(100, 20);
    const most = Math.max(
      ...seen.map((start) => seen.filter((other) => other >= start && other < start + 1000).length),
    );
    assert.equal(most, 20);
  });

  it("understands fractions", async () => {
    assert.deepEqual(
      (await starts(3, 0.5)).map((start) => start >= 0 && Math.round(start / 1000)),
      [0, 2, 4],
    );
  });

  it("holds everybody back while paused", async () => {
    assert.deepEqual(await starts(2, 10, (pause) => pause(3000)), [3000, 3000]);
  });

  it("goes on when a waiting caller gives up", async () => {
    const stop = new AbortController();
    const { turn } = limiter({ perSecond: 20 });
    await Promise.all(Array.from({ length: 20 }, () => turn()));
    const gone = turn(stop.signal);
    const next = turn();
    stop.abort(new Error("enough"));
    await assert.rejects(gone, /enough/);
    await next;
  });
});
