import { UNKNOWN, leaves, putAt } from "../../provider/core/fields";
import type { Table } from "../../provider/core/fields";
import type { Properties } from "../../provider/core/definition";
import { checkInputs } from "../../provider/core/lifecycle";
import { type Kind, kinds } from "../../scripts/reference/kinds";
import { changed } from "../properties/stage";
import { Pinned } from "./pinned";

/** In Asia/Shanghai 20:00 on 15 June 2026; in the night nothing of `Immediately` is made until tomorrow. */
const NOON = new Date("2026-06-15T12:00:00Z");
const at = (time: string) => new Date(`2026-06-15T${time}:00+08:00`);

/** What a rule says at each of these values, and a moment where it depends on one. */
interface Row {
  /** What is declared beside. */
  readonly beside?: Properties;
  readonly path: string;
  readonly values: readonly unknown[];
  readonly now?: Date;
}

const HOURS = ["0", "1", "23", "24", "x"];
const DAYS = ["0", "1", "7", "8", "31", "32", "L", "L-3", "-3", "L-333", "x"];
const CRONS = [
  ...[
    "0 0 2 * * ?",
    "00 00 02 ? * mon",
    "0 0 2 * * ? 2030",
    "0 0 2 * * ? 2020",
    "0 0 2 * * ? 1969",
    "0 0 2 * * ? 2200",
  ],
  ...["0 2 * * *", "0 2 * * * * * *", "@daily", " ", "0 0 2 1 * MON", "0 0 2 ? * ?", "0 0 2 1 * *", "0 0 2 * * MON"],
  ...["60 0 2 * * ?", "0 60 2 * * ?", "0 0 24 * * ?", "0 0 2 0 * ?", "0 0 2 32 * ?", "0 0 2 * 0 ?", "0 0 2 * 13 ?"],
  ...["0 0 2 ? * 0", "0 0 2 ? * 7", "0 0 2 ? * 8", "0 0 2 ? * MOON", "0 0 2 30 2 ?", "0 0 2 29 2 ?", "0 0 2 L * ?"],
  ...[
    "0 0 2 L-3 * ?",
    "0 0 2 L-31 * ?",
    "0 0 2 ? * L",
    "0 0 2 ? * 6L",
    "0 0 2 ? * 2#1",
    "0 0 2 LW * ?",
    "0 0 2 15W * ?",
  ],
  ...["0 0 22-2 * * ?", "0 0 22-2/2 * * ?", "0 0 2 ? * FRI-MON", "0 0 2 ? * 7-2", "0 0 2 * NOV-FEB ?", "0 0 2 ? * 1-7"],
  ...["0 0/5 * * * ?", "0 0/4 * * * ?", "* * * * * ?", "0 0 8-20/2 * * ?", "0 0 8,20 * * ?", "0 0 8-20/0 * * ?"],
  ...["0 0 22 * * ?", "0 59 21 * * ?", "59 59 23 * * ?", "0 0 0/3 * * ?", "0 4 0 * * ?", "0 5 0 * * ?", "0 0 0 1 * ?"],
  `0 0 2 * * ${"?".repeat(90)}`,
];
const variable = (name: unknown, type: unknown, value?: unknown) => ({
  name,
  type,
  ...(value !== undefined && { value }),
});
const edge = (type: string, more: object = {}) => ({ type, ...more });

const dataworks: readonly Row[] = [
  { path: "trigger.cron", values: CRONS },
  { beside: { trigger: { type: "Scheduler" } }, path: "trigger.cron", values: [undefined, UNKNOWN] },
  { beside: { trigger: { type: "Manual" } }, path: "trigger.recurrence", values: ["Normal", UNKNOWN] },
  { beside: { trigger: { type: "Manual" } }, path: "trigger.startTime", values: ["2026-01-01 00:00:00"] },
  { beside: { trigger: { type: "Manual" } }, path: "trigger.endTime", values: ["2027-01-01 00:00:00"] },
  { beside: { trigger: { type: "Manual" } }, path: "trigger.cycleType", values: ["Daily"] },
  { beside: { trigger: { cron: "0 0 2 * * ?" } }, path: "trigger.cycleType", values: ["Daily"] },
  { beside: { trigger: { cron: "0 0 2,3 * * ?" } }, path: "trigger.cycleType", values: ["Daily", "NotDaily"] },
  { beside: { trigger: { cron: "0 0 2-3 * * ?" } }, path: "trigger.cycleType", values: ["Daily"] },
  { beside: { trigger: { cron: "0 0 * * * ?" } }, path: "trigger.cycleType", values: ["Daily"] },
  { beside: { trigger: { cron: "0 0 0/2 * * ?" } }, path: "trigger.cycleType", values: ["Daily", UNKNOWN] },
  {
    beside: { instanceMode: "Immediately" },
    path: "trigger.cron",
    values: ["0 59 21 * * ?", "0 0 22 * * ?", "59 59 23 * * ?", "0 0 0 * * ?", "0 0/10 * * * ?", "0 0 x * * ?"],
  },
  { beside: { instanceMode: "T+1" }, path: "trigger.cron", values: ["0 0 22 * * ?"] },
  { beside: { trigger: { type: "Manual" } }, path: "instanceMode", values: ["Immediately"], now: at("23:00") },
  ...["21:59", "22:00", "23:59"].map((time): Row => ({ path: "instanceMode", values: ["Immediately"], now: at(time) })),
  { beside: { publish: false }, path: "instanceMode", values: ["Immediately"], now: at("23:00") },
  ...["trigger.startTime", "trigger.endTime"].map((path): Row => ({
    path,
    values: ["2026-02-29 00:00:00", "2024-02-29 00:00:00", "2026-01-01 24:00:00", "2026-1-1"],
  })),
  {
    beside: { trigger: { startTime: "2026-01-01 00:00:00" } },
    path: "trigger.endTime",
    values: ["2025-12-31 23:59:59", "2026-01-01 00:00:00", "2026-01-01 00:00:01", UNKNOWN],
  },
  {
    beside: { trigger: { cron: "0 0 2 * * ?" } },
    path: "trigger.endTime",
    values: ["2026-06-16 01:59:59", "2026-06-16 02:00:00", "2026-06-15 19:00:00"],
  },
  {
    beside: { trigger: { cron: "0 0 2 * * ?", startTime: "2026-08-01 02:00:00" } },
    path: "trigger.endTime",
    values: ["2026-08-01 02:00:01", "2026-08-01 02:00:00"],
  },
  {
    beside: { trigger: { cron: "0 0 2 * * ?", timeZone: "UTC" } },
    path: "trigger.endTime",
    values: ["2026-06-16 01:59:59", "2026-06-16 02:00:00"],
  },
  { path: "trigger.timeZone", values: ["Asia/Shanghai", "UTC", "Asia/Shanghia", "UTC+25", UNKNOWN] },
  { beside: { rerunMode: "AllDenied" }, path: "rerunTimes", values: [0, 1] },
  { beside: { rerunMode: "AllDenied" }, path: "rerunIntervalSeconds", values: [0, 60, UNKNOWN] },
  { beside: { rerunMode: "FailureAllowed" }, path: "rerunTimes", values: [1] },
  { beside: { rerunMode: "FailureAllowed" }, path: "rerunIntervalSeconds", values: [60] },
  { path: "rerunIntervalSeconds", values: [-1, 0, 1800, 1801] },
  { path: "rerunTimes", values: [-1, 0, 2_147_483_647, 2_147_483_648] },
  { path: "timeoutSeconds", values: [-1, 0, 1, 3599, 3600, 2_147_483_647, 2_147_483_648] },
  { path: "owner", values: ["1", "a", "1a", UNKNOWN] },
  { path: "name", values: ["n".repeat(128), "n".repeat(129)] },
  { path: "tags", values: [{ "": "x" }, { a: "" }] },
  { path: "runtimeResource.cu", values: ["0.25", "00.50", "1.", "1.0", "x", ".5"] },
  { path: "envType", values: ["Prod", "Dev"] },
  { path: "clientUniqueCode", values: ["x"] },
  { path: "projectId", values: ["1", "1".repeat(19), "1".repeat(20), "1a"] },
  ...["path", "script.command", "script.language", "trigger.timeZone", "dataSource.type", "clientUniqueCode"].map(
    (path): Row => ({ beside: { adopt: "1" }, path, values: ["UTC"] }),
  ),
  { beside: { adopt: "1" }, path: "publish", values: [true, false] },
  ...["1/node/22", "2/node/22", "1/Prod/task/22", "2/Dev/task/22"].map((adopt): Row => ({
    beside: { adopt },
    path: "name",
    values: ["orders"],
  })),
  { beside: { adopt: "1", trigger: { type: "Scheduler" } }, path: "trigger.cron", values: [undefined] },
  { beside: { adopt: "1" }, path: "envType", values: ["Dev"] },
  {
    path: "adopt",
    values: ["1", "x", "1".repeat(20), { id: "1", apply: true }, { id: "1", apply: false }, { apply: true }],
  },
  {
    path: "dependencies",
    values: [
      ...[
        "Normal",
        "CrossCycleDependsOnOtherNode",
        "CrossCycleDependsOnSelf",
        "CrossCycleDependsOnChildren",
        "Norm",
      ].flatMap((type) => [
        [edge(type)],
        [edge(type, { upstreamOutput: "a" })],
        [edge(type, { upstreamTaskId: "1" })],
        [edge(type, { upstream: "1/node/2" })],
        [edge(type, { upstreamOutput: "a", upstreamTaskId: "1" })],
        [edge(type, { upstreamOutput: "", upstream: UNKNOWN })],
      ]),
      [
        edge("Normal", { upstreamOutput: "b" }),
        edge("Normal", { upstreamOutput: "a" }),
        edge("Normal", { upstreamOutput: "b" }),
      ],
      [edge("Normal", { upstreamOutput: "a" }), edge("CrossCycleDependsOnOtherNode", { upstreamOutput: "a" })],
      [edge("Normal", { upstreamOutput: UNKNOWN }), edge("Normal", { upstreamOutput: UNKNOWN })],
      [edge("Normal", { upstreamTaskId: "x" })],
      ...["1/node/2", "1/Prod/task/2", "1/Dev/task/2", "1/Test/task/2", "x/node/2", "1/node/", "1/node/2/"].map(
        (id) => [edge("Normal", { upstream: id })],
      ),
      UNKNOWN,
    ],
  },
  { path: "outputs.taskOutputs", values: [["a", "b"], ["a", "b", "a"], [""], [UNKNOWN, UNKNOWN], ["a", 1]] },
  ...["inputs", "outputs"].map((side): Row => ({
    path: `${side}.variables`,
    values: [
      ...["Constant", "PassThrough", "System", "NodeOutput", "Const"].flatMap((type) => [
        [variable("a", type)],
        [variable("a", type, "")],
        [variable("a", type, "x")],
        [variable("a", type, "${outputs}")],
        [variable("a", type, UNKNOWN)],
      ]),
      [variable("", "Constant", "1")],
      [variable(UNKNOWN, "Constant")],
      [variable("a", "Constant", "1"), variable("b", "Constant", "1"), variable("a", "System", "2")],
    ],
  })),
];

const steps = (...list: unknown[]) => ({ type: "job", steps: list, order: { hops: [{ from: "R", to: "W" }] } });
const reader = { name: "R", category: "reader" };
const writer = { name: "W", category: "writer" };
const content = (more: object) => ({ ...steps(reader, writer), ...more });
const scheduled = (schedule: object): Properties => ({ schedule: { inputs: ["root"], ...schedule } });

const sync: readonly Row[] = [
  { path: "schedule.cron", values: CRONS },
  {
    beside: scheduled({ cycleType: "DAY" }),
    path: "schedule.cron",
    values: ["0 15 2 * * ?", "0 15 2,14 * * ?", "0 0/30 * * * ?", "0 15 2 1 * ?"],
  },
  { beside: scheduled({ cycleType: "NOT_DAY" }), path: "schedule.cron", values: ["0 15 2 * * ?", "0 15 2,14 * * ?"] },
  {
    beside: scheduled({ schedulerType: "MANUAL" }),
    path: "schedule.cron",
    values: ["0 15 2 * * ?", UNKNOWN, undefined],
  },
  { beside: scheduled({ schedulerType: "NORMAL" }), path: "schedule.stop", values: [true, false, UNKNOWN] },
  { beside: scheduled({ schedulerType: "PAUSE" }), path: "schedule.stop", values: [true, false] },
  ...["schedule.startTime", "schedule.endTime"].map((path): Row => ({
    path,
    values: ["2030-02-29 00:00:00", "2028-02-29 00:00:00", "2026-06-15 20:00:00", "2026-06-15 20:00:01", "2026-1-1"],
  })),
  {
    beside: scheduled({ startTime: "2029-01-01 00:00:00" }),
    path: "schedule.endTime",
    values: ["2028-12-31 23:59:59", "2029-01-01 00:00:00", "2029-01-01 00:00:01", UNKNOWN],
  },
  {
    beside: scheduled({ startTime: "2029-01-01 00:00:00", timeZone: UNKNOWN }),
    path: "schedule.endTime",
    values: ["2028-12-31 23:59:59"],
  },
  {
    beside: scheduled({ timeZone: "UTC" }),
    path: "schedule.endTime",
    values: ["2026-06-15 12:00:00", "2026-06-15 12:00:01"],
  },
  { path: "schedule.timeZone", values: ["UTC", "Shanghai"] },
  { beside: scheduled({ startTime: "2029-01-01 00:00:00" }), path: "schedule.timeZone", values: ["UTC", "Shanghai"] },
  { beside: scheduled({ endTime: "2029-01-01 00:00:00" }), path: "schedule.timeZone", values: ["UTC"] },
  { beside: scheduled({ rerunMode: "ALL_DENIED" }), path: "schedule.rerunTimes", values: [0, 1, UNKNOWN] },
  { beside: scheduled({ rerunMode: "ALL_DENIED" }), path: "schedule.rerunIntervalSeconds", values: [60, UNKNOWN] },
  { beside: scheduled({ rerunTimes: 0 }), path: "schedule.rerunIntervalSeconds", values: [60] },
  { beside: scheduled({ rerunTimes: 1 }), path: "schedule.rerunIntervalSeconds", values: [-1, 0, 1800, 1801] },
  { path: "schedule.rerunTimes", values: [-1, 0, 10, 11] },
  { path: "schedule.timeout", values: [-1, 0, 168, 169] },
  ...["SELF", "CHILD", "USER_DEFINE", "NONE", UNKNOWN, undefined].map((dependentType): Row => ({
    beside: scheduled({ dependentType }),
    path: "schedule.dependentNodeIds",
    values: [undefined, [], ["1"], UNKNOWN, ["1", "2", "1"], ["x"]],
  })),
  ...["USER_DEFINE", undefined].map((dependentType): Row => ({
    beside: { adopt: "1", ...scheduled({ dependentType }) },
    path: "schedule.dependentNodeIds",
    values: [undefined, [], ["1"]],
  })),
  {
    path: "schedule.inputs",
    values: [undefined, [], ["a"], ["a", "b", "a", "b"], ["a,b"], ["a b"], UNKNOWN, [UNKNOWN, UNKNOWN]],
  },
  { beside: { publish: false }, path: "schedule.inputs", values: [undefined, []] },
  { beside: { adopt: "1" }, path: "schedule.inputs", values: [undefined, []] },
  {
    path: "schedule.outputs",
    values: [
      ["a", "b"],
      ["a", "a"],
    ],
  },
  {
    path: "schedule.parameters",
    values: ["a=1 b=2", "a=1 b=2 a=3", `-p"-Da=1" a=1 a=2`, " a=1   b=2 ", `a="x  y"  b=1`],
  },
  {
    path: "schedule.inputParameters",
    values: [
      ...["a.b:c", "a", ":c", "a:", "a b:c", "a:b:c", UNKNOWN].map((valueSource) => [{ name: "p", valueSource }]),
      [
        { name: "p", valueSource: "a:b" },
        { name: "p", valueSource: "a:c" },
      ],
    ],
  },
  {
    path: "schedule.outputParameters",
    values: [
      ...["Constant", "Variable", "PassThrough", "Const"].flatMap((type) =>
        ["x", "$x", "a:b", UNKNOWN].map((value) => [{ name: "p", type, value }]),
      ),
      [
        { name: "p", type: "Constant", value: "1" },
        { name: "p", type: "Constant", value: "2" },
      ],
    ],
  },
  { path: "resourceGroup", values: ["S_res_group_1", "group-1.a", "123", "1a", "größe", "a b"] },
  { path: "schedule.resourceGroupIdentifier", values: ["S_res_group_1", "123"] },
  { path: "owner", values: ["1", "a", "1a"] },
  { path: "description", values: ["d".repeat(166), "d".repeat(167)] },
  { beside: { adopt: "1" }, path: "description", values: ["d".repeat(200), "d".repeat(201)] },
  { path: "cu", values: [0, 0.25, 0.5, 0.75, 1] },
  { path: "folder", values: ["a/b", "/a/b/", " ", "/", "//"] },
  { path: "projectId", values: ["0", "1", "9999999999", "10000000000", "10000000001"] },
  {
    path: "taskContent",
    values: [
      "{",
      "[]",
      JSON.stringify(steps(reader, writer)),
      steps(reader, writer),
      content({ type: undefined }),
      content({ type: "script" }),
      content({ type: UNKNOWN }),
      content({ steps: undefined }),
      content({ steps: UNKNOWN }),
      content({ steps: ["reader"] }),
      content({ steps: [UNKNOWN] }),
      content({ steps: [reader, UNKNOWN] }),
      content({ steps: [reader] }),
      content({ steps: [writer] }),
      content({ steps: [reader, { ...writer, name: "R" }] }),
      content({ steps: [{ ...reader, category: UNKNOWN }, writer] }),
      content({
        steps: [
          { ...reader, name: UNKNOWN },
          { ...writer, name: UNKNOWN },
        ],
      }),
      content({ steps: [{ category: "reader" }, { category: "writer" }] }),
      content({ order: undefined }),
      content({ order: UNKNOWN }),
      content({ order: { hops: [] } }),
      content({ order: { hops: {} } }),
      content({ order: { hops: UNKNOWN } }),
      content({ order: { hops: [UNKNOWN] } }),
      content({ order: { hops: [{ from: "R" }] } }),
      content({ order: { hops: [{ from: UNKNOWN, to: "X" }] } }),
      content({
        order: {
          hops: [
            { from: "R", to: "W" },
            { from: "X", to: "W" },
          ],
        },
      }),
    ],
  },
  { beside: { adopt: "1" }, path: "name", values: [undefined] },
];

const cycle = (cycleType: unknown, more: object = {}): Properties => ({ cycleType, ...more });
const daily = (more: object = {}) => ({
  dependConfType: "DAY",
  subordinateCyclicType: "CURRENT_DAY",
  parentTask: "2",
  ...more,
});
const CYCLES = [
  ...["Crontab", "Minute", "Hour", "Day", "Week", "Month", "OneTime", "UserDriven"],
  ...["FlexibleWeek", "FlexibleMonth", "Year", "Instant"],
];

const wedata: readonly Row[] = [
  { path: "crontabExpression", values: CRONS },
  { beside: cycle("Crontab"), path: "crontabExpression", values: [undefined, "0 0 2 * * ?", "0 2 * * *", UNKNOWN] },
  { beside: cycle("Day"), path: "crontabExpression", values: [undefined, "0 0 2 * * ?", UNKNOWN] },
  { path: "cycleType", values: [...CYCLES, 0, 3, 13, 8, 14, "Daily", UNKNOWN] },
  ...CYCLES.flatMap((name): Row[] => [
    { beside: cycle(name), path: "delayTimeMinutes", values: [0, 5] },
    { beside: cycle(name), path: "taskAction", values: ["", "1"] },
    { beside: cycle(name), path: "minuteOffset", values: [0, 1] },
    { beside: cycle(name), path: "executionStartTime", values: ["00:00", "01:00", UNKNOWN] },
    { beside: cycle(name), path: "executionEndTime", values: ["23:59", "22:00"] },
    { beside: cycle(name), path: "cycleStep", values: [1, 2] },
    { beside: cycle(name), path: "dependencies", values: [[daily()]] },
  ]),
  { beside: cycle("Minute"), path: "cycleStep", values: [0, 1, 4, 5, 10, 15, 20, 25, 30, 31] },
  { beside: cycle("Hour"), path: "cycleStep", values: [1, 12, 13] },
  { beside: cycle("Minute", { cycleStep: 5 }), path: "minuteOffset", values: [-1, 4, 5] },
  { beside: cycle("Hour", { cycleStep: 5 }), path: "minuteOffset", values: [5] },
  { beside: cycle("Hour", { taskAction: "1" }), path: "cycleStep", values: [1, 2, UNKNOWN] },
  { beside: cycle("Hour", { taskAction: "" }), path: "cycleStep", values: [2] },
  { beside: cycle("Hour"), path: "taskAction", values: [...HOURS, "0,12,24", "3,1,2", "1,,1"] },
  { beside: cycle("Week"), path: "taskAction", values: DAYS },
  { beside: cycle("FlexibleWeek"), path: "taskAction", values: ["0", "8"] },
  { beside: cycle("Month"), path: "taskAction", values: DAYS },
  { beside: cycle("FlexibleMonth"), path: "taskAction", values: ["0", "L"] },
  { beside: cycle("Year"), path: "taskAction", values: ["0", "400"] },
  { path: "taskAction", values: ["99"] },
  { beside: cycle("Day"), path: "delayTimeMinutes", values: [-1, 0, 1439, 1440] },
  { path: "startupTime", values: [0, UNKNOWN] },
  ...["startTime", "endTime"].map((path): Row => ({
    path,
    values: ["2030-02-29 00:00:00", "2028-02-29 00:00:00", " 2028-02-29 00:00:00 ", "2026-1-1"],
  })),
  {
    beside: { startTime: "2029-01-01 00:00:00" },
    path: "endTime",
    values: ["2028-12-31 23:59:59", "2029-01-01 00:00:00", "2029-01-01 00:00:01", UNKNOWN],
  },
  { path: "endTime", values: ["2026-06-15 19:59:59", "2026-06-15 20:00:00"] },
  { beside: { scheduleTimeZone: "UTC+0" }, path: "endTime", values: ["2026-06-15 11:59:59", "2026-06-15 12:00:00"] },
  { beside: { scheduleTimeZone: "UTC-5" }, path: "endTime", values: ["2026-06-15 06:59:59", "2026-06-15 07:00:00"] },
  { path: "scheduleTimeZone", values: ["UTC+8", "UTC-14", "UTC+15", "UTC+08", "UTC8", " UTC+8 ", UNKNOWN] },
  { beside: { executionStartTime: "10:00" }, path: "executionEndTime", values: ["09:59", "10:00", "10:01", UNKNOWN] },
  { path: "executionStartTime", values: ["08:30", "08:30:00", "08:30:01", "24:00", "8:30", "08:60"] },
  { path: "taskType", values: [25, 26, 30, 35, 40, 41, 92, -1, UNKNOWN] },
  { beside: { eventPublisher: { key: "a" } }, path: "taskType", values: [30, 35, UNKNOWN] },
  { path: "eventPublisher", values: [{ key: " " }, { key: "a" }, {}] },
  { beside: { retriable: false }, path: "tryLimit", values: [0, 1, UNKNOWN] },
  { beside: { retriable: true }, path: "tryLimit", values: [0, 1] },
  { beside: { retriable: false }, path: "retryWaitMinutes", values: [1] },
  { beside: { retriable: true }, path: "retryWaitMinutes", values: [0] },
  { path: "executionTtlMinutes", values: [-2, -1, 0, 1] },
  { beside: { inCharge: "a" }, path: "owners", values: [["1"], UNKNOWN, undefined] },
  { path: "owners", values: [["2", "1"], ["2", "1", "2"], ["a"], ["1a"], ["1 2"], [UNKNOWN]] },
  { path: "taskExt", values: [{ "": "x" }, { " ": "x" }, { a: "" }, { "pulumi-data-tasks": "x" }] },
  { path: "parameters", values: [{ "": "x" }, { " ": "x" }, { a: "" }] },
  ...["name", "workflowId", "taskType"].map((path): Row => ({ path, values: [undefined, UNKNOWN] })),
  ...["name", "workflowId", "taskType"].map((path): Row => ({ beside: { adopt: "9" }, path, values: [undefined] })),
  ...[
    "taskFolderId",
    "codeTemplateId",
    "instanceInitStrategy",
    "productName",
    "leftCoordinate",
    "topCoordinate",
  ].flatMap((path): Row[] => [
    { beside: { adopt: "9" }, path, values: [UNKNOWN, undefined] },
    { path, values: ["T+1", 1] },
  ]),
  {
    path: "dependencies",
    values: [
      [daily(), daily({ parentTask: "3" })],
      [daily(), daily()],
      [daily({ parentTask: { taskId: "2" } }), daily()],
      [daily({ parentTask: "3" }), daily(), daily({ dependConfType: "HOUR" })],
      [daily({ offset: "1" })],
      [daily({ offset: "" })],
      [daily({ dependConfType: "RANGE_DAY" })],
      [daily({ dependConfType: "LIST_DAY" })],
      [daily({ dependConfType: "RANGE_DAY", offset: "1" })],
      [daily({ parentTask: UNKNOWN }), daily({ parentTask: UNKNOWN })],
      [
        daily({ dependConfType: undefined }),
        daily({ subordinateCyclicType: undefined }),
        daily({ parentTask: undefined }),
      ],
      [daily({ parentTask: "x" })],
      [daily({ parentTask: { taskId: "2", cycleType: 3, cycleStep: 0, dependencyRel: "xor" } })],
    ],
  },
  ...["9", { id: "9", apply: true }, UNKNOWN].map((adopt): Row => ({
    beside: { adopt },
    path: "dependencies",
    values: [
      [daily({ parentTask: "9" })],
      [daily({ sonTask: { taskId: "9" } })],
      [daily({ sonTask: { taskId: "8" } })],
    ],
  })),
  ...["Hour", "Day", "Crontab", "OneTime"].map((name): Row => ({
    beside: cycle(name),
    path: "dependencies",
    values: [[daily({ dependConfType: "RANGE_DAY", offset: "1" })], [daily({ dependConfType: "CRONTAB" })]],
  })),
];

/** Arguments that nothing is said of. */
const FINE: Readonly<Record<Kind["name"], Properties>> = {
  DataWorksTask: { projectId: "1", name: "a", script: { command: "ODPS_SQL" } },
  DataWorksDISyncTask: {
    projectId: "1",
    name: "a",
    taskContent: steps(reader, writer),
    schedule: { inputs: ["root"] },
  },
  WeDataTask: { projectId: "1", workflowId: "1", taskType: 35, name: "a" },
};
const ROWS: Readonly<Record<Kind["name"], readonly Row[]>> = {
  DataWorksTask: dataworks,
  DataWorksDISyncTask: sync,
  WeDataTask: wedata,
};
/** Values of every form, of which a field takes a few. */
const FORMS = [
  ...["", " ", "x", "1", 0, 1, -1, 1.5, Number.NaN, 1e21, true, {}, { a: "1" }, { a: 1 }, { a: null }, [], [""], ["x"]],
  ...[["1"], [1], [null], [{}], [UNKNOWN], UNKNOWN, "2026-01-01 00:00:00", "y".repeat(20)],
] as const;

const shown = (value: unknown): string => {
  const text = (typeof value === "number" ? String(value) : JSON.stringify(value)) ?? "nothing";
  const readable = text.replaceAll(UNKNOWN, "unknown");
  return readable.length > 160 ? `${readable.slice(0, 120)}…(${readable.length})` : readable;
};
const withValue = (args: Properties, path: string, value: unknown): Properties => changed(args, path, value);

/** What a table says, a property a line; its functions are seen at work elsewhere. */
const described = (table: Table, indent = ""): string[] =>
  Object.entries(table).flatMap(([name, field]) => {
    if (field.kind === "group") return [`${indent}${name}:`, ...described(field.fields, `${indent}  `)];
    const { kind, wire = {}, item, members, pattern, ...traits } = field;
    const costs = Object.entries(traits).filter(([, value]) => typeof value !== "function");
    const says = [
      kind,
      ...costs.map(([trait, value]) => (value === true ? trait : `${trait} ${shown(value)}`)),
      ...(pattern ? [`must be ${pattern[1]}`] : []),
      ...Object.entries(wire).map(([operation, parameter]) => `${operation} ${parameter}`),
    ];
    const inner = item ? described({ item }, `${indent}  `) : described(members ?? {}, `${indent}  `);
    return [`${indent}${name}: ${says.join("; ")}`, ...inner];
  });

for (const { name, folder, fields, definition } of kinds) {
  const said = (args: Properties, now: Date) => checkInputs(definition, args, {}, now);
  describe(`what is said of the arguments of a ${name}`, () => {
    const pinned = new Pinned(`${folder.split("/").at(-1)}-rules`);
    for (const [index, { beside = {}, path: property, values, now = NOON }] of ROWS[name].entries()) {
      const others = Object.keys(beside).length === 0 ? "" : ` beside ${shown(beside)}`;
      const title = `${index + 1} ${property}${others}${now === NOON ? "" : ` at ${now.toISOString()}`}`;
      it(`at each of some values: ${title}`, () => {
        const base = "adopt" in beside ? { projectId: "1" } : FINE[name];
        const lines = values.flatMap((value) => {
          const { findings } = said(withValue({ ...base, ...beside }, property, value), now);
          const sentences = findings.map(
            ({ severity, code, property, reason, caution }) =>
              `  ${severity}${caution === true ? ", a caution" : ""}: ${property} ${reason} [${code}]`,
          );
          return [`${shown(value)}${sentences.length === 0 ? ": nothing" : ""}`, ...sentences];
        });
        pinned.has(
          title,
          lines.map((line) => line.replaceAll(UNKNOWN, "unknown")),
        );
      });
    }

    it("by what its table says", () => {
      const { module, version, factNames } = definition;
      const head = `${definition.name}, ${module} ${version}, shows ${factNames.join(", ")}`;
      pinned.has("the table", [head, ...described(fields)]);
    });

    it("at values of every form", () => {
      const lines = leaves(fields).map(({ path }) => {
        const codes = FORMS.map((value) => {
          const args: Properties = structuredClone(FINE[name]);
          putAt(args, path, value);
          const { findings } = said(args, NOON);
          const about = findings.filter(({ property }) => property.startsWith(path.split(".")[0] as string));
          return about.length === 0 ? "" : `${shown(value).slice(0, 24)} ${about.map(({ code }) => code).join("+")}`;
        });
        return `${path}: ${codes.filter((each) => each !== "").join(", ")}`;
      });
      pinned.has("values of every form", lines);
    });

    it("in its canonical form", () => {
      const lines = ROWS[name].flatMap(({ beside = {}, path, values, now = NOON }) =>
        values.flatMap((value) => {
          const base = "adopt" in beside ? { projectId: "1" } : FINE[name];
          const args = withValue({ ...base, ...beside }, path, value);
          const { inputs, findings } = said(args, now);
          if (findings.some(({ severity }) => severity === "error")) return [];
          const [before, after] = [args, inputs].map((each) =>
            shown(path.split(".").reduce<unknown>((tree, member) => (tree as Properties | undefined)?.[member], each)),
          );
          return before === after ? [] : [`${path} ${before} is ${after}`];
        }),
      );
      pinned.has("canonical forms", [...new Set(lines)]);
    });
  });
}
