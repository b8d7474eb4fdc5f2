import assert from "node:assert/strict";
import type { Properties } from "../../provider/core/definition";
import { Stage } from "./wedata-stage";

/** The writing calls that the service got, with the names of their parameters but those that say which task is meant. */
async function written(stage: Stage): Promise<string[]> {
  const keys = ["ProjectId", "TaskId"];
  return (await stage.emulator.calls())
    .filter(({ operation }) => /^(Modify|BatchModify)/.test(operation))
    .map(({ operation, parameters }) => {
      const names = Object.keys(parameters ?? {}).filter((name) => !keys.includes(name));
      return `${operation}: ${names.sort().join(", ")}`;
    });
}

describe("an update of a WeDataTask", () => {
  let stage: Stage;
  afterEach(() => stage.close());

  const edits: [site: "cn" | "intl", changes: Properties, carried: string[], parameters: string[]][] = [
    ["cn", { delayTimeMinutes: 5 }, ["ModifyTaskInfo: delayTimeMinutes"], ["ModifyTaskInfo: DelayTime"]],
    [
      "cn",
      { name: "renamed", owners: ["100099990001"], tryLimit: 1 },
      ["ModifyTaskInfo: name, tryLimit, owners"],
      ["ModifyTaskInfo: InChargeIds, TaskName, TryLimit"],
    ],
    [
      "cn",
      { script: { content: "2" }, scheduleTimeZone: "UTC+7", delayTimeMinutes: 6, name: "renamed" },
      ["ModifyTaskInfo: name", "ModifyTaskInfoDs: script.content, delayTimeMinutes, scheduleTimeZone"],
      ["ModifyTaskInfo: TaskName", "ModifyTaskInfoDs: Content, DelayTime, ScheduleTimeZone, ScriptChange"],
    ],
    [
      "cn",
      { eventPublisher: { key: "done", type: "t", properties: { a: "1" }, description: "d" } },
      ["ModifyTaskInfoDs: eventPublisher"],
      ["ModifyTaskInfoDs: RegisterDsEventPublisherRequest"],
    ],
    [
      "cn",
      { cycleType: "Hour", taskAction: "0,3" },
      ["ModifyTaskInfo: cycleType, cycleStep, taskAction"],
      ["ModifyTaskInfo: CycleStep, CycleType, TaskAction"],
    ],
    ["cn", { parameters: undefined }, ["ModifyTaskInfo: parameters"], ["ModifyTaskInfo: TaskParamInfos"]],
    [
      "intl",
      { script: { content: "2" }, delayTimeMinutes: 6, name: "renamed" },
      ["ModifyTaskInfo: name, delayTimeMinutes", "ModifyTaskScript: script.content"],
      ["ModifyTaskInfo: DelayTime, TaskName", "ModifyTaskScript: ScriptContent"],
    ],
    ["cn", { leftCoordinate: 7 }, [], []],
    ["cn", { onDelete: "release" }, [], []],
  ];
  for (const [site, changes, carried, parameters] of edits) {
    it(`of ${Object.keys(changes).join(", ")} carries that and nothing else, and says so (${site})`, async () => {
      stage = await Stage.open({ wedataSite: site });
      const made = await stage.created(
        stage.orders({ taskType: 35, parameters: { a: "1" }, script: { content: "1" } }),
      );
      stage.carried.length = 0;
      await stage.emulator.reset();
      const next = await stage.updated(made, changes);
      assert.deepEqual(stage.carried, carried);
      assert.deepEqual(await written(stage), parameters);
      await stage.isSettled(next);
    });
  }

  it("of the event reaches the service whole, and is sent again only when it is edited", async () => {
    stage = await Stage.open();
    const eventPublisher = { key: "done", type: "t", properties: { a: "1" }, description: "d" };
    const made = await stage.created(stage.orders({ taskType: 35, eventPublisher }));
    await stage.isSettled(made);
    assert.deepEqual((await stage.named("load_orders")).settings["EventPublisher"], {
      ProjectId: stage.emulator.wedataProjectId,
      Key: "done",
      Type: "t",
      Properties: [{ ParamKey: "a", ParamValue: "1" }],
      Description: "d",
    });
    await stage.emulator.reset();
    await stage.updated(made, { delayTimeMinutes: 5 });
    assert.deepEqual(await written(stage), ["ModifyTaskInfo: DelayTime"]);
  });

  it("that is published says in the history of versions where it comes from", async () => {
    stage = await Stage.open();
    const made = await stage.created(stage.orders());
    await stage.updated(made, { delayTimeMinutes: 5 });
    const { submitted } = await stage.named("load_orders");
    assert.deepEqual([submitted?.Version, submitted?.Remark], ["V2", "change 42"]);
  });

  it("that was made elsewhere shows exactly the fields that moved, with their live values", async () => {
    stage = await Stage.open();
    const parentTask = await stage.byHand();
    const edge = { dependConfType: "DAY", subordinateCyclicType: "CURRENT_DAY", dependencyStrategy: "WAITING" };
    const args = {
      tryLimit: 3,
      notes: "n",
      startTime: "2026-01-01 00:00:00",
      taskExt: { python_type: "python3", config: '{"b": 1, "a": {"c": 2}}' },
      parameters: { a: "1" },
      dependencies: [{ ...edge, parentTask }],
      productName: "DATA_DEV",
    };
    const made = await stage.created(stage.orders(args));
    await stage.emulator.touch("wedata", String(made.outs["taskId"]), {
      TryLimit: 4,
      TaskExt: [
        { Key: "python_type", Value: "python3" },
        { Key: "config", Value: '{"a":{"c":3,"d":4},"b":1}' },
      ],
      TaskParamInfos: [
        { ParamKey: "a", ParamValue: "1" },
        { ParamKey: "b", ParamValue: "2" },
      ],
      DependencyConfigDTOs: [],
    });
    const inputs = (await stage.refreshed(made)) ?? {};
    const moved = Object.keys(made.inputs).filter(
      (name) => JSON.stringify(made.inputs[name]) !== JSON.stringify(inputs[name]),
    );
    assert.deepEqual(moved.sort(), ["dependencies", "parameters", "taskExt", "tryLimit"]);
    assert.deepEqual(
      [inputs["tryLimit"], inputs["taskExt"], inputs["parameters"], inputs["dependencies"]],
      [4, { python_type: "python3", config: '{"a":{"c":3},"b":1}' }, { a: "1", b: "2" }, undefined],
    );
  });
});
