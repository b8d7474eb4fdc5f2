import assert from "node:assert/strict";
import { contractOf } from "../../emulator/contract";
import type { Field } from "../../emulator/contract";
import { startEmulator } from "../../emulator/index";
import type { Emulator } from "../../emulator/index";
import { configure } from "../../provider/clouds/connections";
import { hooks } from "../../provider/core/lifecycle";
import type { Definition, Properties } from "../../provider/core/definition";
import { unmapped as unmappedOfSyncTasks } from "../../provider/resources/dataworks-di-sync-task/unmapped";
import { definition as syncTask } from "../../provider/resources/dataworks-di-sync-task/resource";
import { definition as dataworksTask } from "../../provider/resources/dataworks-task/resource";
import { unmapped as unmappedOfDataWorksTasks } from "../../provider/resources/dataworks-task/unmapped";
import { definition as wedataTask } from "../../provider/resources/wedata-task/resource";
import { unmapped as unmappedOfWeDataTasks } from "../../provider/resources/wedata-task/unmapped";

/** Every parameter of an operation by its path; members of list items behind the list's name. */
function parameters(fields: Readonly<Record<string, Field>>, prefix = ""): string[] {
  return Object.entries(fields).flatMap(([name, field]) =>
    field.fields ? parameters(field.fields, `${prefix}${name}.`) : [`${prefix}${name}`],
  );
}

/** Parameters that stand for their JSON text, whatever is in it. */
const withoutMembers = (paths: ReadonlySet<string> | undefined): Set<string> =>
  new Set([...(paths ?? [])].map((path) => path.replace(/\..*$/, "")));

/** The paths of everything that has a value in what was sent. */
function sent(value: unknown, prefix = ""): string[] {
  if (Array.isArray(value)) return value.flatMap((item) => sent(item, prefix));
  if (typeof value === "object" && value !== null) {
    return Object.entries(value).flatMap(([name, member]) => sent(member, prefix === "" ? name : `${prefix}.${name}`));
  }
  return [prefix];
}

describe("the update operations", function () {
  this.timeout(30_000);
  let emulator: Emulator;

  const connect = (site?: string): void => {
    const config: Record<string, string> = {
      "dataworks:endpoint": emulator.dataworks,
      "dataworks:accessKeyId": emulator.accessKeyId,
      "dataworks:accessKeySecret": emulator.accessKeySecret,
      "wedata:endpoint": emulator.wedata,
      "wedata:secretId": emulator.secretId,
      "wedata:secretKey": emulator.secretKey,
    };
    configure({ get: (key) => (key === "wedata:site" ? site : config[key]) });
  };
  before(async () => {
    emulator = await startEmulator({ stageMilliseconds: 5 });
    connect();
  });
  after(() => emulator.close());

  /** What an operation was sent while a task with these arguments got each of these edits. */
  async function reached<A extends object, F extends object>(
    definition: Definition<A, F>,
    args: Properties,
    edits: readonly Properties[],
  ): Promise<Record<string, Set<string>>> {
    const task = hooks(definition, { ready: () => Promise.resolve(), warn: () => undefined, inform: () => undefined });
    const checked = async (given: Properties) => {
      const { inputs, failures } = await task.check({}, { creationToken: "covering0001", ...given });
      assert.deepEqual(failures, []);
      return inputs;
    };
    const byOperation: Record<string, Set<string>> = {};
    const collect = async (isWanted: (operation: string) => boolean) => {
      for (const { operation, parameters: given } of await emulator.calls()) {
        if (!isWanted(operation)) continue;
        for (const path of sent(given)) (byOperation[operation] ??= new Set()).add(path);
      }
      await emulator.reset();
    };
    await emulator.reset();
    let inputs = await checked(args);
    const made = await task.create(inputs);
    let { outs } = made;
    await collect((operation) => operation.startsWith("Create"));
    for (const edit of edits) {
      inputs = await checked({ ...args, ...edit });
      ({ outs } = await task.update(made.id, outs, inputs));
    }
    await collect(() => true);
    await task.delete(made.id, { ...outs, force: true });
    return byOperation;
  }

  const leftOut = { ...unmappedOfDataWorksTasks, ...unmappedOfSyncTasks, ...unmappedOfWeDataTasks };
  const unreached = (version: string, operation: string, paths: ReadonlySet<string> | undefined) =>
    parameters(contractOf(version, operation)?.request ?? {}).filter(
      (path) =>
        paths?.has(path) !== true && ![path, path.replace(/^Tasks\./, "")].some((at) => leftOut[operation]?.[at]),
    );

  it("of a DataWorks task carry every documented parameter from an argument", async () => {
    const variable = { name: "a", type: "Constant", value: "1" };
    const single = {
      instanceMode: "Immediately",
      inputs: { variables: [variable] },
      outputs: { taskOutputs: ["shop.a"], variables: [variable] },
      dependencies: [
        { type: "Normal", upstreamOutput: "shop.root" },
        { type: "CrossCycleDependsOnOtherNode", upstreamTaskId: "1000000001" },
      ],
    };
    const schedule = { type: "Scheduler", recurrence: "Skip", cron: "0 0 3 * * ?" };
    const range = { startTime: "2026-01-01 00:00:00", endTime: "2027-01-01 00:00:00" };
    const batch = {
      name: "covered_2",
      description: "d",
      owner: "2",
      timeoutSeconds: 7200,
      rerunMode: "AllAllowed",
      rerunTimes: 2,
      rerunIntervalSeconds: 60,
      trigger: { ...schedule, ...range },
      runtimeResource: { resourceGroupId: "S_2", image: "i-2", cu: "0.5" },
      dataSource: { name: "odps_2" },
      tags: { a: "b" },
    };
    const [adopt] = await emulator.createTasks("dataworks", {
      Name: "covered",
      Trigger: { Type: "Manual", Cron: "00 00 01 * * ?" },
    });
    const args = { projectId: emulator.projectId, adopt, clientUniqueCode: "code_1", comment: "why" };
    const everything = {
      ...batch,
      ...single,
      name: "covered_3",
      description: "e",
      owner: "3",
      timeoutSeconds: 7300,
      rerunMode: "FailureAllowed",
      rerunTimes: 3,
      rerunIntervalSeconds: 90,
      script: { content: "select 2;", parameters: "a=1" },
      trigger: {
        type: "Scheduler",
        recurrence: "Normal",
        cron: "0 0 4 * * ?",
        startTime: "2026-02-01 00:00:00",
        endTime: "2027-02-01 00:00:00",
        cycleType: "NotDaily",
      },
      runtimeResource: { resourceGroupId: "S_3", image: "i-3", cu: "1" },
      dataSource: { name: "odps_3" },
      tags: { a: "c" },
    };
    const paths = await reached(dataworksTask, args, [
      {},
      batch,
      { ...everything, trigger: { type: "Manual" } },
      everything,
    ]);
    assert.deepEqual(unreached("dataworks-2024-05-18", "BatchUpdateTasks", paths["BatchUpdateTasks"]), []);
    assert.deepEqual(unreached("dataworks-2024-05-18", "UpdateTask", paths["UpdateTask"]), []);
  });

  it("of a sync task carry every documented parameter from an argument", async () => {
    const step = (name: string, category: string) => ({ stepType: "odps", name, category, parameter: {} });
    const taskContent = {
      type: "job",
      version: "2.0",
      steps: [step("Reader", "reader"), step("Writer", "writer")],
      order: { hops: [{ from: "Reader", to: "Writer" }] },
    };
    const args = {
      projectId: emulator.legacyStandardProjectId,
      name: "covered",
      folder: "Business Flow/a",
      taskContent,
      resourceGroup: "S_res_group_1",
      cu: 1,
      schedule: { inputs: ["a_root"] },
    };
    const paths = await reached(syncTask, args, [
      {
        name: "covered_2",
        folder: "Business Flow/b",
        description: "d",
        owner: "2",
        taskContent: { ...taskContent, setting: {} },
        resourceGroup: "S_res_group_2",
        cu: 1.5,
        schedule: {
          cron: "0 15 * * * ?",
          cycleType: "NOT_DAY",
          schedulerType: "SKIP",
          startTime: "2026-01-01 00:00:00",
          endTime: "2098-01-01 00:00:00",
          rerunMode: "FAILURE_ALLOWED",
          rerunTimes: 2,
          rerunIntervalSeconds: 60,
          parameters: "a=1",
          dependentType: "USER_DEFINE",
          dependentNodeIds: ["1000000001"],
          inputs: ["b_root"],
          outputs: ["shop.b"],
          inputParameters: [{ name: "p", valueSource: "shop.a:p" }],
          outputParameters: [{ name: "q", type: "Constant", value: "1", description: "d" }],
          resourceGroupIdentifier: "S_res_group_3",
          timeout: 3,
          stop: true,
          applyScheduleImmediately: true,
          ignoreParentSkipRunningProperty: true,
        },
        comment: "why",
      },
      // Too long for a URL.
      { taskContent: { ...taskContent, setting: { note: "n".repeat(9_000) } } },
    ]);
    for (const operation of ["CreateDISyncTask", "UpdateDISyncTask", "UpdateFile", "SubmitFile", "DeployFile"]) {
      assert.deepEqual(unreached("dataworks-2020-05-18", operation, withoutMembers(paths[operation])), [], operation);
    }
  });

  it("of an adopted WeData task carry every documented parameter from an argument", async () => {
    const [taskId] = await emulator.createTasks("wedata", { TaskName: "upstream" });
    const [adopt] = await emulator.createTasks("wedata", { TaskName: "covered" });
    const args = { projectId: emulator.wedataProjectId, adopt };
    const inner = {
      taskId,
      taskName: "a",
      workflowId: emulator.wedataWorkflowId,
      cycleType: "Day",
      virtualTaskId: "1",
      virtualFlag: false,
      realWorkflowId: "2",
      cycleStep: 1,
      taskAction: "0",
      dependencyRel: "and",
      dependencyWorkflow: true,
    };
    const schedule = { cycleStep: 1, delayTimeMinutes: 30, startupTime: 1, selfDepend: "parallel", taskAction: "0,3" };
    const everything = {
      name: "covered_2",
      notes: "n",
      ...schedule,
      cycleType: "Hour",
      startTime: "2026-01-01 00:00:00",
      endTime: "2027-01-01 00:00:00",
      executionStartTime: "08:00",
      executionEndTime: "20:30",
      retriable: true,
      tryLimit: 3,
      retryWaitMinutes: 7,
      executionTtlMinutes: 90,
      runPriority: "high",
      resourceGroup: "g",
      yarnQueue: "q",
      brokerIp: "b",
      sourceServer: "1",
      targetServer: "2",
      dependencyWorkflow: true,
      owners: ["100033435965"],
      taskExt: { python_type: "python3" },
      parameters: { a: "3" },
      dependencies: [
        {
          dependConfType: "RANGE_DAY",
          subordinateCyclicType: "CURRENT_DAY",
          parentTask: inner,
          sonTask: { ...inner, taskId: adopt },
          offset: "-1",
        },
      ],
    };
    const paths = await reached(wedataTask, args, [
      everything,
      {
        cycleType: "Minute",
        minuteOffset: 2,
        scheduleTimeZone: "UTC+8",
        scheduleRunType: "dryRun",
        concurrentStrategy: "kill",
        script: { content: "echo 2" },
        eventPublisher: { key: "k", type: "t", properties: { a: "b" }, description: "d" },
        inCharge: "someone",
      },
      { cycleType: "Crontab", crontabExpression: "0 0 2 * * ?" },
    ]);
    connect("intl");
    const [other] = await emulator.createTasks("wedata", { TaskName: "elsewhere" });
    const abroad = await reached(wedataTask, { ...args, adopt: other }, [{ inCharge: "someone" }]);
    const modified = new Set([...(paths["ModifyTaskInfo"] ?? []), ...(abroad["ModifyTaskInfo"] ?? [])]);
    assert.deepEqual(unreached("wedata-2021-08-20", "ModifyTaskInfo", modified), []);
    connect();
  });

  it("of a new WeData task carry every documented parameter from an argument", async () => {
    const paths = await reached(
      wedataTask,
      {
        projectId: emulator.wedataProjectId,
        workflowId: emulator.wedataWorkflowId,
        taskType: 35,
        name: "made",
        taskExt: { a: "b" },
        script: { content: "echo 1" },
        taskFolderId: "1",
        codeTemplateId: "1",
        instanceInitStrategy: "T+0",
        productName: "DATA_DEV",
        leftCoordinate: 1,
        topCoordinate: 2,
      },
      [],
    );
    assert.deepEqual(unreached("wedata-2021-08-20", "CreateTaskNew", paths["CreateTaskNew"]), []);
  });
});
