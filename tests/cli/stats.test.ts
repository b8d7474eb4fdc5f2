import assert from "node:assert/strict";
import { appendFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { stats } from "../../cli/stats";
import { count, countBatch, countRepeat, resetCounters } from "../../provider/core/counters";
import { RunRecord, recordedRuns } from "../../provider/runs";

describe("data-tasks stats", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), "data-tasks-runs-"));
    resetCounters();
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const call = (task: string, operation: string, ...properties: string[]) => ({
    kind: "DataWorksTask",
    task,
    operation,
    properties,
  });

  it("loses no repeat and no batch that was counted while no call was over", () => {
    const run = new RunRecord(folder);
    countRepeat("dataworks");
    countBatch("dataworks", "BatchUpdateTasks", 12);
    run.flush();
    count("dataworks", "BatchUpdateTasks", "ok");
    countRepeat("dataworks");
    run.flush();
    const [{ efforts, batches } = {}] = recordedRuns(folder);
    assert.deepEqual([efforts?.[0]?.repeats, batches?.[0]?.items], [2, 12]);
  });

  it("shows calls by operation and what the updates carried, as far as the process came", () => {
    const run = new RunRecord(folder);
    count("dataworks", "BatchUpdateTasks", "ok");
    run.carried(call("orders", "BatchUpdateTasks", "owner", "timeoutSeconds"));
    run.flush();
    count("dataworks", "BatchUpdateTasks", "ok");
    count("dataworks", "GetTask", "throttle");
    run.carried(call("users", "BatchUpdateTasks", "owner"));
    run.carried(call("users", "UpdateTask", "dependencies"));
    run.flush();
    run.flush();
    const [file = ""] = readdirSync(folder);
    appendFileSync(path.join(folder, file), '{"calls":[{"cloud":"data');
    const shown = stats({}, folder).split("\n");
    assert.match(shown[0] ?? "", /^Run \d{4}-.*, begun 20.*Z, in /);
    assert.deepEqual(shown.slice(1), [
      "3 calls",
      "  dataworks BatchUpdateTasks      2",
      "  dataworks GetTask               1  throttle",
      "Updates, by what they carried",
      "  BatchUpdateTasks, 2 tasks: owner (2), timeoutSeconds",
      "  UpdateTask, 1 task: dependencies",
    ]);
    const parsed = JSON.parse(stats({ json: true }, folder)) as { carried: unknown[] };
    assert.equal(parsed.carried.length, 3);
  });

  it("names the runs, finds one by its name, and says what to do when there is none", () => {
    assert.throws(() => stats({}, folder), /^Error: no run is recorded in .*; `pulumi up`/);
    writeFileSync(path.join(folder, "a.jsonl"), '{"started":"2026-01-01T00:00:00.000Z","folder":"/one"}\n');
    writeFileSync(path.join(folder, "b.jsonl"), '{"started":"2026-01-02T00:00:00.000Z","folder":"/two"}\n');
    writeFileSync(path.join(folder, "c.jsonl"), "nothing of ours\n");
    assert.equal(stats({ list: true }, folder), "a  0 calls  /one\nb  0 calls  /two");
    assert.match(stats({ run: "a" }, folder), /^Run a, begun 2026-01-01T00:00:00.000Z, in \/one\n0 calls$/);
    assert.match(stats({ here: true }, folder, "/two"), /^Run b/);
    assert.throws(() => stats({ run: "x" }, folder), /there is no run "x"; `data-tasks stats --list` names them/);
  });

  it("keeps the newest runs only, and survives a folder that can't be written", () => {
    for (let nth = 0; nth < 60; nth++) {
      writeFileSync(
        path.join(folder, `2020-${String(nth).padStart(2, "0")}.jsonl`),
        '{"started":"2020","folder":""}\n',
      );
    }
    const run = new RunRecord(folder);
    run.carried(call("orders", "UpdateTask", "owner"));
    run.flush();
    assert.equal(recordedRuns(folder).length, 50);
    assert.equal(recordedRuns(folder).at(-1)?.carried.length, 1);
    const nowhere = new RunRecord(path.join(folder, "2020-59.jsonl", "sub"));
    nowhere.carried(call("orders", "UpdateTask", "owner"));
    nowhere.flush();
  });
});
