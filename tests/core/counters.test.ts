import assert from "node:assert/strict";
import { count, counters, resetCounters } from "../../provider/core/counters";

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
});
