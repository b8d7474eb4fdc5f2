import fc from "fast-check";
import { hooks } from "../../provider/core/lifecycle";
import type { Properties } from "../../provider/core/lifecycle";
import { CREATION_ONLY, MAINLAND_ONLY } from "../../provider/resources/wedata-task/arguments";
import { definition } from "../../provider/resources/wedata-task/resource";
import {
  CONCURRENT_STRATEGIES,
  CYCLES,
  PRIORITIES,
  RUN_TYPES,
  SELF_DEPENDS,
} from "../../provider/resources/wedata-task/words";
import { pascal } from "./kind";
import type { Carrier, Kind } from "./kind";
import { allMembersOf, crons, membersOf, moments, names, texts } from "./values";
import type { Special } from "./values";

const as = (name: string, stored: (value: never) => unknown = (value) => value): Carrier => ({
  names: [name],
  touch: (value) => ({ [name]: stored(value as never) }),
});
const word = (name: string, words: Readonly<Record<string, number>>) => as(name, (value: string) => words[value]);
const NAMES: Record<string, Carrier> = {
  name: { ...as("TaskName"), operations: ["ModifyTaskInfo", "ModifyTaskName"] },
  cycleType: word("CycleType", CYCLES),
  selfDepend: word("SelfDepend", SELF_DEPENDS),
  scheduleRunType: word("ScheduleRunType", RUN_TYPES),
  concurrentStrategy: word("ConcurrentStrategy", CONCURRENT_STRATEGIES),
  runPriority: word("RunPriority", PRIORITIES),
  delayTimeMinutes: as("DelayTime"),
  retriable: as("Retriable", Number),
  retryWaitMinutes: as("RetryWait"),
  executionTtlMinutes: as("ExecutionTTL"),
  dependencyWorkflow: as("DependencyWorkflow", (value: boolean) => (value ? "yes" : "no")),
  owners: as("InChargeIds"),
  taskExt: as("TaskExt", (value: object) =>
    Object.entries(value).map(([Key, Value]) => ({ Key, Value: String(Value) })),
  ),
  parameters: as("TaskParamInfos", (value: object) =>
    Object.entries(value).map(([ParamKey, ParamValue]) => ({ ParamKey, ParamValue: String(ParamValue) })),
  ),
  dependencies: as("DependencyConfigDTOs", (value: Properties[]) =>
    value.map(({ dependConfType, subordinateCyclicType, dependencyStrategy, parentTask, offset }) => ({
      DependConfType: dependConfType,
      SubordinateCyclicType: subordinateCyclicType,
      DependencyStrategy: dependencyStrategy,
      ParentTask: { TaskId: typeof parentTask === "string" ? parentTask : (parentTask as Properties)["taskId"] },
      ...(offset !== undefined && { Offset: offset }),
    })),
  ),
  "script.content": {
    names: ["Content", "ScriptChange", "ScriptContent"],
    touch: (value) => ({ Content: Buffer.from(String(value)).toString("base64") }),
    operations: ["ModifyTaskInfoDs", "ModifyTaskScript"],
  },
};
const ABROAD_UNREAD = ["taskExt", "parameters", "dependencies"];

const on = (site: "cn" | "intl"): Kind => ({
  name: site === "cn" ? "WeDataTask" : "WeDataTask on the international site",
  fields: definition.fields,
  hooks: (environment) => hooks(definition, environment),
  ...(site === "intl" && { switches: { wedataSite: "intl" } }),
  config: (emulator) => ({
    "wedata:endpoint": emulator.wedata,
    "wedata:secretId": emulator.secretId,
    "wedata:secretKey": emulator.secretKey,
    "wedata:site": site,
    "wedata:requestsPerSecond": "10000",
  }),
  async arguments(emulator) {
    const parents = await emulator.createTasks("wedata", { TaskName: "upstream" }, 3);
    const parent = fc.constantFrom(...parents);
    const inner = fc.oneof(
      parent,
      fc.record({ taskId: parent, taskName: names, workflowId: fc.constant(emulator.wedataWorkflowId) }),
    );
    const edge = fc.record(
      {
        dependConfType: fc.constantFrom("HOUR", "DAY", "CRONTAB", ...(site === "cn" ? ["RANGE_DAY", "LIST_HOUR"] : [])),
        subordinateCyclicType: fc.constantFrom("CURRENT_DAY", "PREVIOUS_HOUR", "ALL_DAY_OF_YEAR"),
        dependencyStrategy: fc.constantFrom("WAITING", "EXECUTING"),
        parentTask: inner,
        ...(site === "cn" && { offset: fc.constantFrom("-1", "0,1", "") }),
      },
      { requiredKeys: ["dependConfType", "subordinateCyclicType", "parentTask"] },
    );
    const server = fc.constantFrom("", "8738", ";8738;", "größe");
    const special: Special = {
      projectId: fc.constant(emulator.wedataProjectId),
      workflowId: fc.constant(emulator.wedataWorkflowId),
      taskType: fc.constantFrom(30, 35),
      name: names,
      crontabExpression: crons,
      taskAction: fc.constantFrom("", "0", "0,3,14", "14, 3,0,3", "23"),
      startTime: moments(2020, 2030),
      endTime: moments(2031, 2099),
      executionStartTime: fc.constantFrom("00:00", "08:30", "08:30:00"),
      executionEndTime: fc.constantFrom("23:59", "20:30", "20:30:00"),
      scheduleTimeZone: fc.constantFrom("UTC+8", "UTC-5", " UTC+0 "),
      sourceServer: server,
      targetServer: server,
      owners: fc.uniqueArray(fc.constantFrom("100033435965", "100099990001", "1000"), { minLength: 1, maxLength: 1 }),
      inCharge: fc.constantFrom("data_owner", "console_user"),
      dependencies: fc.uniqueArray(edge, {
        maxLength: 3,
        selector: ({ parentTask, ...others }) =>
          JSON.stringify([typeof parentTask === "string" ? parentTask : parentTask.taskId, others["dependConfType"]]),
      }),
      notes: texts,
      onDelete: fc.constant("delete"),
      timeouts: fc.record({ update: fc.integer({ min: 600, max: 86_400 }) }),
    };
    const { adopt: _adopt, connection: _connection, force: _force, ...others } = definition.fields;
    const fields = Object.fromEntries(
      Object.entries(others).filter(([name]) => site === "cn" || !(MAINLAND_ONLY as readonly string[]).includes(name)),
    );
    const placed = (args: Properties): Properties => ({ ...args, workflowId: emulator.wedataWorkflowId });
    return { some: membersOf(fields, "", special).map(placed), all: allMembersOf(fields, "", special) };
  },
  obey(args) {
    const kept = structuredClone(args);
    kept["name"] ??= "task";
    kept["taskType"] ??= 30;
    if (kept["cycleType"] === "Crontab" || kept["cycleType"] === 0) kept["crontabExpression"] ??= "0 0 2 * * ?";
    else delete kept["crontabExpression"];
    if (kept["taskAction"] !== undefined && kept["cycleStep"] !== undefined) kept["cycleStep"] = 1;
    if (kept["owners"] !== undefined) delete kept["inCharge"];
    return kept;
  },
  carrier: (path) => NAMES[path] ?? as(pascal(path)),
  keys: ["ProjectId", "TaskId"],
  publishing: ["CreateTaskVersionDs"],
  inside: (_operation, path) => path,
  createdOnly: CREATION_ONLY,
  // Of taskExt only the declared keys are compared, and of a dependency only what the service shows again.
  moved: (path, value) => {
    if (path === "taskExt") return Object.fromEntries(Object.keys(value as object).map((key) => [key, "moved"]));
    return path === "dependencies" ? (value as unknown[]).slice(1) : undefined;
  },
  unread: (path, value) =>
    (path === "cycleType" && ["UserDriven", "FlexibleWeek", "FlexibleMonth", "Instant"].includes(String(value))) ||
    (site === "intl" && ABROAD_UNREAD.includes(path)),
  taskId: (outs) => String(outs["taskId"]),
  service: "wedata",
});

export const wedataTask = on("cn");
export const wedataTaskAbroad = on("intl");
