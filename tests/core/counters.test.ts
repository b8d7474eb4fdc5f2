import assert from "node:assert/strict";
import {
  batchCounters,
  count,
  countBatch,
  countRepeat,
  counters,
  effortCounters,
  noteDay,
  resetCounters,
  waiting,
} from "../../provider/core/counters";

describe("the counters of a process", () => {
  beforeEach(resetCounters);
  after(resetCounters);

  it("count each operation of a cloud by its outcome, in the order of their names", () => {
    count("wedata", "ModifyTaskInfo", "ok");
    count("dataworks", "UpdateTask", "throttled");
    count("dataworks", "UpdateTask", "ok");
    count("dataworks", "GetTask", "ok");
    count("dataworks", "UpdateTask", "ok");
    assert.deepEqual(
      counters().map(({ cloud, operation, outcome, count: times }) => `${cloud} ${operation} ${outcome} ${times}`),
      [
        "dataworks GetTask ok 1",
        "dataworks UpdateTask ok 2",
        "dataworks UpdateTask throttled 1",
        "wedata ModifyTaskInfo ok 1",
      ],
    );
  });

  it("are not changed by who reads them, and begin again from nothing", () => {
    count("dataworks", "GetTask", "ok");
    for (const entry of counters()) entry.count = 100;
    assert.equal(counters()[0]?.count, 1);
    resetCounters();
    assert.deepEqual(counters(), []);
  });

  it("know how much a call carried on the whole", () => {
    countBatch("dataworks", "BatchUpdateTasks", 3);
    countBatch("wedata", "DescribeDependTaskLists", 10);
    countBatch("dataworks", "BatchUpdateTasks", 50);
    assert.deepEqual(batchCounters(), [
      { cloud: "dataworks", operation: "BatchUpdateTasks", batches: 2, items: 53 },
      { cloud: "wedata", operation: "DescribeDependTaskLists", batches: 1, items: 10 },
    ]);
  });

  it("know of each cloud how often a call was repeated, how long turns were waited for, and what the day allows", () => {
    let time = 100;
    const now = () => time;
    countRepeat("wedata");
    countRepeat("dataworks");
    countRepeat("dataworks");
    const first = waiting("dataworks", now);
    time = 400;
    const second = waiting("dataworks", now);
    time = 1_000;
    first();
    time = 1_100.4;
    second();
    // Those who wait together have waited once; a second time comes on top.
    const third = waiting("dataworks", now);
    time += 50;
    third();
    noteDay("wedata", 7, 100);
    assert.deepEqual(effortCounters(), [
      { cloud: "dataworks", repeats: 2, waited: 1_050 },
      { cloud: "wedata", repeats: 1, waited: 0, day: { used: 7, allowed: 100 } },
    ]);
    resetCounters();
    assert.deepEqual([effortCounters(), batchCounters()], [[], []]);
  });
});
