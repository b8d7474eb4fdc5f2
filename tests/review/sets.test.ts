import assert from "node:assert/strict";
import { setOutputs } from "../../provider/core/set/record";
import { definitions } from "../../provider/index";
import { STACK, PROJECT, reviewed, task } from "./previews";

const TYPE = "pulumi-nodejs:dynamic/dataworks:TaskSet";
const urn = `urn:pulumi:${STACK}::${PROJECT}::${TYPE}::daily`;
const state = (key: number) => ({
  id: `554000/node/${key}`,
  outs: { nodeId: String(key), taskId: `10${key}`, phase: "published" },
  after: [],
  identity: undefined,
});
const outputs = setOutputs(
  definitions.DataWorksTask as never,
  new Map([1, 2, 3].map((key) => [`t${key}`, state(key)])),
);

describe("a review of a set", () => {
  const waiting = { dependencies: [{ type: "Normal", upstream: "tasks.t1" }] };
  const before = { t1: task("t1"), t2: task("t2", waiting), t3: task("t3") };
  const after = {
    t1: task("t1", { trigger: { type: "Scheduler", cron: "0 0 4 * * ?" } }),
    t2: task("t2", waiting),
    t4: task("t4"),
  };
  const step = (op: string, more: object) =>
    JSON.stringify({ steps: [{ op, urn, oldState: { id: "daily-x", inputs: { tasks: before }, outputs }, ...more }] });

  it("opens it task by task: what changes, what goes, what comes, and what waits", () => {
    const review = reviewed(step("update", { newState: { inputs: { tasks: after } } }));
    assert.deepEqual(
      review.tasks.map(({ name, operation, id, resource }) => [name, operation, id, resource]),
      [
        ["t3", "delete", "554000/node/3", "daily.t3"],
        ["t1", "update", "554000/node/1", "daily.t1"],
        ["t4", "create", undefined, "daily.t4"],
      ],
    );
    assert.equal(review.counts.unchanged, 1);
    assert.deepEqual(review.others, []);
    const t1 = review.tasks.find(({ name }) => name === "t1");
    assert.deepEqual(t1?.downstream, [{ name: "t2", where: "program" }]);
    assert.deepEqual(
      t1.calls.map(({ operation }) => operation),
      ["BatchUpdateTasks"],
    );
  });

  it("shows all of its tasks as deleted when it goes", () => {
    const { counts } = reviewed(step("delete", {}));
    assert.deepEqual([counts.delete, counts.update], [3, 0]);
  });
});
