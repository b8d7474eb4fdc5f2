import assert from "node:assert/strict";
import { someKills } from "../../scripts/faults/kill/hooks";

describe("a hook whose process, or whose service, is killed at a call", function () {
  this.timeout(300_000);

  // A sample of what `npm run faults -- --part kill` does in whole, always the same one.
  for (const [title, sample] of [
    ["leaves what the next run brings to its end: each task once, nothing without an owner", { kills: 12, twice: 0 }],
    ["may meet that fate again in the next run", { kills: 0, twice: 3 }],
  ] as const) {
    it(title, async () => {
      const failures: string[] = [];
      const rows: { tried: number; converged: number }[] = [];
      await someKills(
        { seed: 20260101, ...sample },
        (row) => void rows.push(row),
        (failure) => void failures.push(failure),
      );
      assert.deepEqual(failures, []);
      const [{ tried, converged } = { tried: 0, converged: 0 }] = rows;
      assert.deepEqual([tried, converged], [sample.kills + sample.twice, sample.kills + sample.twice]);
    });
  }
});
