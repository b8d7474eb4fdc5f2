import assert from "node:assert/strict";
import { afterEach, describe, it } from "mocha";
import { goBy, now } from "../../provider/core/clock";
import { poll } from "../../provider/core/poll";
import { retrying } from "../../provider/core/retry";

describe("another clock", () => {
  afterEach(() => goBy());

  it("is the one that polls and repeats wait by", async () => {
    let time = 1_000_000;
    const waits: number[] = [];
    goBy({
      now: () => time,
      sleep: (milliseconds) => {
        waits.push(milliseconds);
        time += milliseconds;
        return Promise.resolve();
      },
    });
    assert.equal(await poll(() => Promise.resolve(undefined), { deadline: now() + 60_000, first: 10_000 }), undefined);
    assert.ok(waits.length > 5 && time >= 1_060_000);
    const patience = {
      kind: "busy",
      attempts: 3,
      firstMilliseconds: 1,
      longestMilliseconds: 1,
      retryAfterMilliseconds: 3_600_000,
    };
    await assert.rejects(
      retrying(() => Promise.reject(new Error("no")), { judge: () => patience }),
      /no/,
    );
    assert.ok(time >= 1_060_000 + 2 * 3_600_000);
  });
});
