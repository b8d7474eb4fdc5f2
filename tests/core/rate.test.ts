import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { limiter } from "../../provider/core/rate";
import { mostWithin, simulated } from "./simulated-time";

/** Start times of `calls` turns taken at once, on a clock that moves only by sleeping. */
async function starts(
  calls: number,
  perSecond: number,
  before?: (pause: (milliseconds: number) => void) => void,
): Promise<number[]> {
  const time = simulated({ seed: 1, late: 0 });
  const { turn, pause } = limiter({ perSecond, now: time.now, sleep: time.sleep });
  before?.(pause);
  const seen: number[] = [];
  await time.during(Array.from({ length: calls }, () => turn().then(() => seen.push(time.now()))));
  return seen;
}

describe("a limiter", () => {
  it("lets the first one through at once and the next ones soon after, so that they do not jostle", async () => {
    const seen = await starts(20, 20);
    assert.equal(seen[0], 0);
    assert.ok(seen.every((start, i) => i === 0 || Math.round(start - (seen[i - 1] ?? 0)) === 25));
  });

  it("never lets more than its number start within any second", async () => {
    const seen = await starts(100, 20);
    assert.equal(mostWithin(1000, seen), 20);
  });

  it("understands fractions", async () => {
    assert.deepEqual(
      (await starts(3, 0.5)).map((start) => start >= 0 && Math.round(start / 1000)),
      [0, 2, 4],
    );
  });

  it("holds everybody back while paused", async () => {
    assert.deepEqual(await starts(2, 10, (pause) => pause(3000)), [3000, 3025]);
  });

  it("gives a start that it woke up too late for back, and still gets everybody through", async () => {
    const time = simulated({ seed: 2, late: 400 });
    const { turn } = limiter({ perSecond: 10, now: time.now, sleep: time.sleep });
    const seen: number[] = [];
    await time.during(Array.from({ length: 50 }, () => turn().then(() => seen.push(time.now()))));
    assert.equal(seen.length, 50);
    assert.ok(mostWithin(1000, seen) <= 10);
  });

  it("fails those who wait when its book does", async () => {
    const book = { book: () => Promise.reject(new Error("no store")), hold: () => undefined, held: () => 0 };
    const { turn } = limiter({ perSecond: 10, book });
    await assert.rejects(turn(), /no store/);
    await assert.rejects(turn(), /no store/);
  });

  it("refuses who has given up before coming", async () => {
    await assert.rejects(limiter({ perSecond: 1 }).turn(AbortSignal.abort(new Error("enough"))), /enough/);
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

  it("sleeps for nobody when all who waited have given up", async () => {
    const stop = new AbortController();
    let asleep = 0;
    const { turn } = limiter({
      perSecond: 1,
      now: () => 0,
      sleep: (_, signal) =>
        new Promise((_resolve, reject) => {
          asleep += 1;
          signal?.addEventListener("abort", () => {
            asleep -= 1;
            reject(new Error("woken"));
          });
        }),
    });
    await turn();
    const waiting = [turn(stop.signal), turn(stop.signal)];
    await new Promise(setImmediate);
    assert.equal(asleep, 1);
    stop.abort(new Error("enough"));
    for (const one of await Promise.allSettled(waiting)) assert.equal(one.status, "rejected");
    await new Promise(setImmediate);
    assert.equal(asleep, 0);
  });
});
