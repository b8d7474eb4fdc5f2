import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { retrying } from "../../provider/core/retry";
import type { Patience, RetryOptions } from "../../provider/core/retry";

const patience = (rest: Partial<Patience> = {}): Patience => ({
  kind: "busy",
  attempts: 5,
  firstMilliseconds: 100,
  longestMilliseconds: 1000,
  ...rest,
});

/** A clock that moves only by sleeping. */
function clock(): { now: () => number; sleep: NonNullable<RetryOptions["sleep"]>; waits: number[] } {
  let time = 0;
  const waits: number[] = [];
  return {
    waits,
    now: () => time,
    sleep: (milliseconds) => {
      waits.push(milliseconds);
      time += milliseconds;
      return Promise.resolve();
    },
  };
}
const failing = (times: number) => (attempt: number) =>
  attempt <= times ? Promise.reject(new Error(`no ${String(attempt)}`)) : Promise.resolve(attempt);

describe("retrying", () => {
  it("gives the first success", async () => {
    const { waits, ...time } = clock();
    assert.equal(await retrying(failing(3), { ...time, judge: () => patience() }), 4);
    assert.equal(waits.length, 3);
    assert.ok(waits.every((wait) => wait >= 0 && wait <= 1000));
  });

  it("throws the last error when attempts are used up", async () => {
    await assert.rejects(retrying(failing(9), { ...clock(), judge: () => patience({ attempts: 3 }) }), /^Error: no 3$/);
  });

  it("does not repeat what judge refuses", async () => {
    await assert.rejects(retrying(failing(9), { ...clock(), judge: () => undefined }), /^Error: no 1$/);
  });

  it("counts each kind of failure by itself", async () => {
    let n = 0;
    const judge = (): Patience => patience({ kind: n++ % 2 === 0 ? "a" : "b", attempts: 3 });
    await assert.rejects(retrying(failing(9), { ...clock(), judge }), /^Error: no 5$/);
  });

  it("waits no shorter than the service asks", async () => {
    const { waits, ...time } = clock();
    await retrying(failing(1), { ...time, judge: () => patience({ retryAfterMilliseconds: 5000 }) });
    assert.deepEqual(waits, [5000]);
  });

  it("starts no repeat after the deadline", async () => {
    const { waits, ...time } = clock();
    const judge = (): Patience => patience({ attempts: 99, retryAfterMilliseconds: 400, longestMilliseconds: 1 });
    await assert.rejects(retrying(failing(99), { ...time, judge, deadline: 1000 }), /^Error: no 3$/);
    assert.deepEqual(waits, [400, 400]);
  });

  it("ends a wait when the signal is aborted", async () => {
    const stop = new AbortController();
    const call = retrying(failing(9), {
      judge: () => patience({ retryAfterMilliseconds: 60_000 }),
      signal: stop.signal,
    });
    setTimeout(() => stop.abort(new Error("enough")), 5);
    await assert.rejects(call, /^Error: enough$/);
  });
});
