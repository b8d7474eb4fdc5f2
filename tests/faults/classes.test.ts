import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { played } from "../../scripts/faults/classes/index";
import { scenes } from "../../scripts/faults/classes/scenes";

/** The suite has a fixed sample; `npm run faults -- --part classes` takes others, and with `--all` everything. */
const SEED = 20260101;
const TRIALS = 8;

describe("whatever goes wrong with a call", function () {
  this.timeout(240_000);
  for (const scene of scenes) {
    it(`the next run converges (${scene.name})`, async () => {
      const failures: string[] = [];
      const { tried, converged } = await played(scene, SEED, TRIALS, (failure) => failures.push(failure));
      assert.deepEqual(failures, []);
      assert.ok(tried > TRIALS / 2 && converged === tried, `tried ${tried}, converged ${converged}`);
    });
  }
});
