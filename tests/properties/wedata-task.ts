import fc from "fast-check";
import { hooks } from "../../provider/core/lifecycle";
import type { Properties } from "../../provider/core/definition";
import { CREATION_ONLY, MAINLAND_ONLY } from "../../provider/resources/wedata-task/arguments";
import { definition } from "../../provider/resources/wedata-task/resource";
import {
  CONCURRENT_STRATEGIES,
  CYCLES,
  PRIORITIES,
  RUN_TYPES,
  SELF_DEPENDS,
} from "../../provider/resources/wedata-task/words";
import { pascal, upstream } from "./kind";
import { crossFaults } from "./wedata-task-faults";
import type { Kind } from "./kind";
import { allMembersOf, crons, levels, membersOf, moments, names, texts } from "./values";
import type { Special } from "./values";

const word = (name: string, words: Readonly<Record<string, number>>) => (value: unknown) => ({
  [name]: words[String(value)],
});
/** The console's change, where it is not the value itself under the name of the argument. */
const stored: Record<string, (value: never) => Properties> = {
  name: (value) => ({ TaskName: value }),
  cycleType: word("CycleType", CYCLES),
  selfDepend: word("SelfDepend", SELF_DEPENDS),
  scheduleRunType: word("ScheduleRunType", RUN_TYPES),
  concurrentStrategy: word("ConcurrentStrategy", CONCURRENT_STRATEGIES),
  runPriority: word("RunPriority", PRIORITIES),
  delayTimeMinutes: (value) => ({ DelayTime: value }),
  retriable: (value) => ({ Retriable: Number(value) }),
  retryWaitMinutes: (value) => ({ RetryWait: value }),
  executionTtlMinutes: (value) => ({ ExecutionTTL: value }),
  dependencyWorkflow: (value) => ({ DependencyWorkflow: value ? "yes" : "no" }),
  owners: (value) => ({ InChargeIds: value }),
  taskExt: (value: object) => ({
    TaskExt: Object.entries(value).map(([Key, Value]) => ({ Key, Value: String(Value) })),
  }),
  parameters: (value: object) => ({
    TaskParamInfos: Object.entries(value).map(([ParamKey, ParamValue]) => ({
      ParamKey,
      ParamValue: String(ParamValue),
    })),
  }),
  dependencies: (value: Properties[]) => ({
    DependencyConfigDTOs: value.map(
      ({ dependConfType, subordinateCyclicType, dependencyStrategy, parentTask, offset }) => ({
        DependConfType: dependConfType,
        SubordinateCyclicType: subordinateCyclicType,
        DependencyStrategy: dependencyStrategy,
        ParentTask: { TaskId: typeof parentTask === "string" ? parentTask : (parentTask as Properties)["taskId"] },
        ...(offset !== undefined && { Offset: offset }),
      }),
    ),
  }),
  "script.content": (value) => ({ Content: Buffer.from(String(value)).toString("base64") }),
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
  upstreams: (emulator) => emulator.createTasks("wedata", { TaskName: "upstream" }, 3),
  base: ({ wedataProjectId, wedataWorkflowId }) => ({ projectId: wedataProjectId, workflowId: wedataWorkflowId }),
  example: {
    dependencies: [
      {
        ...{ dependConfType: "DAY", subordinateCyclicType: "CURRENT_DAY" },
        ...{ parentTask: { taskId: "1" }, sonTask: { taskId: "2" } },
      },
    ],
    eventPublisher: { key: "orders", properties: { a: "b" } },
  },
  arguments(emulator) {
    const parent = fc.constantFrom(...[0, 1, 2].map(upstream));
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
      rules: levels,
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
  touch: (path, value) => stored[path]?.(value as never) ?? { [pascal(path)]: value },
  writes: () => ["ModifyTaskInfo", site === "cn" ? "ModifyTaskInfoDs" : "ModifyTaskScript"],
  // ModifyTaskInfo has it as a member that no document shows.
  otherWrites: (path) => (path === "inCharge" && site === "cn" ? ["ModifyTaskInfoDs"] : undefined),
  keys: ["ProjectId", "TaskId"],
  // Beside chosen hours or days the interval has to be 1.
  companions: (_operation, path) =>
    path === "script.content" ? ["ScriptChange"] : path === "taskAction" ? ["CycleStep"] : [],
  publishing: ["CreateTaskVersionDs"],
  createdOnly: CREATION_ONLY,
  // Of taskExt only the declared keys are compared, and of a dependency only what the service shows again.
  moved: (path, value) => {
    if (path === "taskExt") return Object.fromEntries(Object.keys(value as object).map((key) => [key, "moved"]));
    return path === "dependencies" ? (value as unknown[]).slice(1) : undefined;
  },
  // Which word stands for which is learned when it is set.
  unread: (path, value, standing) =>
    (path === "selfDepend" && standing === "adopted" && value !== "parallel") ||
    (path === "cycleType" && ["UserDriven", "FlexibleWeek", "FlexibleMonth", "Instant"].includes(String(value))) ||
    (site === "intl" && ABROAD_UNREAD.includes(path)),
  taskId: (outs) => String(outs["taskId"]),
  service: "wedata",
  readsDrafts: true,
  crossFaults,
});

export const wedataTask = on("cn");
export const wedataTaskAbroad = on("intl");
