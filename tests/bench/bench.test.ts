import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { root } from "../../scripts/setup.js";
import { growth, median } from "../../scripts/bench/statistics";
import { temporaryFolder } from "../engine/support";

interface Result {
  measure: string;
  value: number | null;
  goal: number;
  met: boolean;
  runs: Record<string, number>[];
  error?: string;
}

const bench = (...args: string[]) =>
  spawnSync(process.execPath, [path.join(root, "scripts", "bench.js"), ...args], { cwd: root, encoding: "utf8" });

describe("npm run bench", function () {
  this.timeout(300_000);

  it("measures with few tasks on a real engine, prints a table and writes JSON", () => {
    const file = path.join(temporaryFolder("bench"), "results.json");
    const { stdout, stderr } = bench(
      ...["--only", "check-and-diff", "--only", "calls-no-change"],
      ...["--tasks", "2", "--runs", "1", "--json", file],
    );
    const results = JSON.parse(readFileSync(file, "utf8")) as Result[];
    const shown = stdout + stderr;
    assert.deepEqual(
      results.map(({ measure }) => measure),
      ["check-and-diff", "calls-no-change"],
    );
    for (const { measure, value, goal, met, runs, error } of results) {
      assert.equal(error, undefined, shown);
      assert.equal(typeof value, "number");
      assert.equal(met, (value ?? NaN) <= goal);
      assert.equal(runs.length, 1);
      assert.ok(Object.values(runs[0] ?? {}).every((figure) => typeof figure === "number"));
      assert.match(stdout, new RegExp(`^[✔✖] ${measure} +\\S+  goal ≤ `, "m"));
    }
    // What it costs must not depend on how many tasks there are: this one holds also for two.
    assert.equal(results.find(({ measure }) => measure === "calls-no-change")?.value, 0);
  });

  it("names its measures with their goals", () => {
    const { stdout, status } = bench("--list", "--only", "up-");
    assert.equal(status, 0);
    assert.match(stdout, /^up-all-guide +.* ≤ 0\.300$/m);
  });

  it("calls the middle one the median, and finds the power by which a cost grows", () => {
    assert.equal(median([3, 1, 2]), 2);
    assert.equal(median([4, 1, 2, 3]), 2.5);
    const points = (power: number) => [100, 1_000, 3_000].map((size) => ({ size, cost: 7 * size ** power }));
    for (const power of [0.5, 1, 2]) assert.ok(Math.abs(growth(points(power)) - power) < 1e-9);
  });
});
