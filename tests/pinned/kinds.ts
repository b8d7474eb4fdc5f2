import type { Emulator } from "../../emulator/index";
import type { Properties } from "../../provider/core/definition";
import { putAt } from "../../provider/core/fields";
import { dataworksTask } from "../properties/dataworks-task";
import { diSyncTask } from "../properties/di-sync-task";
import { withUpstreams } from "../properties/kind";
import type { Kind } from "../properties/kind";
import { wedataTask, wedataTaskAbroad } from "../properties/wedata-task";

/** What an argument is, and what it is edited to. */
export type Pair = readonly [from: unknown, to: unknown];

/** A kind of task with a value and another one for each of its arguments. */
export interface Example {
  readonly kind: Kind;
  /** The file of its sections. */
  readonly name: string;
  readonly values: (emulator: Emulator) => Readonly<Record<string, Pair>>;
  /** Arguments that nothing else goes with; they are tried alone. */
  readonly apart: readonly string[];
  /** What a story edits, and what it edits where the task alone is concerned, and what it takes away. */
  readonly edited: readonly string[];
  readonly lightly: readonly string[];
  readonly removed: readonly string[];
}

const variable = (name: string, value: string) => ({ name, type: "Constant", value });
const options: Readonly<Record<string, Pair>> = {
  publish: [true, false],
  onDelete: ["delete", "release"],
  force: [false, true],
  timeouts: [{ update: 600 }, { update: 700 }],
  rules: [{ "timeout-disputed": "off" }, {}],
};

const dataworks: Example = {
  kind: dataworksTask,
  name: "dataworks-task",
  apart: ["clientUniqueCode", "adopt", "connection"],
  edited: [
    ...["name", "description", "instanceMode", "rerunMode", "script.content", "script.parameters", "trigger.cron"],
    ...["runtimeResource.cu", "inputs.variables", "outputs.taskOutputs", "dependencies", "tags", "path"],
  ],
  lightly: ["owner", "rerunIntervalSeconds", "trigger.cron", "trigger.cycleType", "runtimeResource.image"],
  removed: ["description", "script.parameters", "inputs.variables", "outputs.variables", "dependencies", "tags"],
  values: ({ projectId, otherProjectId }) => ({
    projectId: [projectId, otherProjectId],
    name: ["orders", "orders_2"],
    envType: ["Prod", "Dev"],
    description: ["the orders", "other orders"],
    owner: ["111111", "222222"],
    instanceMode: ["T+1", "Immediately"],
    timeoutSeconds: [3600, 7200],
    rerunMode: ["AllAllowed", "FailureAllowed"],
    rerunTimes: [2, 3],
    rerunIntervalSeconds: [60, 1800],
    "script.command": ["ODPS_SQL", "DIDE_SHELL"],
    "script.language": ["sql", "shell"],
    "script.content": ["select 1;", "select 2;"],
    "script.parameters": ["a=1 b=$bizdate", "a=2"],
    "trigger.type": ["Scheduler", "Manual"],
    "trigger.recurrence": ["Normal", "Skip"],
    "trigger.cron": ["0 0 2 * * ?", "0 30 3 * * ?"],
    "trigger.startTime": ["2020-01-01 00:00:00", "2020-02-01 00:00:00"],
    "trigger.endTime": ["2099-01-01 00:00:00", "2098-01-01 00:00:00"],
    "trigger.cycleType": ["Daily", "NotDaily"],
    "trigger.timeZone": ["Asia/Shanghai", "UTC"],
    "runtimeResource.resourceGroupId": ["S_res_group_1", "S_res_group_2"],
    "runtimeResource.image": ["i-1", "i-2"],
    "runtimeResource.cu": ["0.5", "1"],
    "dataSource.name": ["odps_first", "odps_second"],
    "dataSource.type": ["odps", "mysql"],
    "inputs.variables": [[variable("a", "1")], [variable("a", "2"), { name: "b", type: "System", value: "$bizdate" }]],
    "outputs.taskOutputs": [["shop.orders"], ["shop.orders", "shop.orders_2"]],
    "outputs.variables": [[variable("o", "1")], [{ name: "p", type: "NodeOutput", value: "${outputs}" }]],
    dependencies: [
      [{ type: "CrossCycleDependsOnSelf" }],
      [
        { type: "Normal", upstreamOutput: "shop.root" },
        { type: "CrossCycleDependsOnOtherNode", upstreamTaskId: "upstream 0" },
      ],
    ],
    tags: [{ team: "a", layer: "ods" }, { team: "b" }],
    path: ["warehouse/ods", "warehouse/dwd"],
    clientUniqueCode: ["code-1", "code-2"],
    comment: ["change 1", "change 2"],
    ...options,
  }),
};

const document = (table: string) => ({
  type: "job",
  version: "2.0",
  steps: [
    { name: "Reader", category: "reader", stepType: "mysql", parameter: { table } },
    { name: "Writer", category: "writer", stepType: "odps", parameter: { table: "ods" } },
  ],
  order: { hops: [{ from: "Reader", to: "Writer" }] },
});

const sync: Example = {
  kind: diSyncTask,
  name: "dataworks-di-sync-task",
  apart: ["adopt", "connection"],
  edited: [
    ...["name", "taskContent", "cu", "folder", "description", "schedule.cron", "schedule.endTime"],
    ...["schedule.inputs", "schedule.outputs", "schedule.inputParameters", "schedule.outputParameters"],
  ],
  lightly: ["owner", "schedule.rerunTimes", "schedule.stop", "schedule.timeZone"],
  removed: [
    ...["description", "schedule.parameters", "schedule.outputs", "schedule.inputParameters", "schedule.timeZone"],
    ...["schedule.dependentType", "schedule.dependentNodeIds"],
  ],
  values: ({ legacyProjectId, legacyStandardProjectId }) => ({
    projectId: [legacyProjectId, legacyStandardProjectId],
    name: ["orders", "orders_2"],
    taskContent: [document("orders"), document("orders_2")],
    resourceGroup: ["S_res_group_di", "S_res_group_2"],
    cu: [0.5, 1],
    folder: ["Business Flow/a/Data Integration", "Business Flow/b/Data Integration"],
    description: ["the orders", "other orders"],
    owner: ["111111", "222222"],
    comment: ["change 1", "change 2"],
    "schedule.cron": ["00 15 02 * * ?", "00 30 03 * * ?"],
    "schedule.cycleType": ["DAY", "NOT_DAY"],
    "schedule.schedulerType": ["NORMAL", "SKIP"],
    "schedule.startTime": ["2020-01-01 00:00:00", "2020-02-01 00:00:00"],
    "schedule.endTime": ["2031-01-01 00:00:00", "2030-01-01 00:00:00"],
    "schedule.timeZone": ["Asia/Shanghai", "UTC"],
    "schedule.rerunMode": ["ALL_ALLOWED", "FAILURE_ALLOWED"],
    "schedule.rerunTimes": [2, 3],
    "schedule.rerunIntervalSeconds": [60, 1800],
    "schedule.parameters": ["a=1 b=$bizdate", "a=2"],
    "schedule.dependentType": ["USER_DEFINE", "SELF"],
    "schedule.dependentNodeIds": [["111111"], ["111111", "222222"]],
    "schedule.inputs": [["shop_root"], ["shop_root", "shop.a"]],
    "schedule.outputs": [["shop.orders"], ["shop.orders", "shop.orders_2"]],
    "schedule.inputParameters": [[{ name: "i", valueSource: "shop.a:o" }], [{ name: "j", valueSource: "shop.a:o" }]],
    "schedule.outputParameters": [
      [{ name: "o", type: "Constant", value: "1" }],
      [{ name: "o", type: "Variable", value: "${bizdate}", description: "the day" }],
    ],
    "schedule.resourceGroupIdentifier": ["S_res_group_schedule", "S_res_group_3"],
    "schedule.timeout": [2, 3],
    "schedule.stop": [false, true],
    "schedule.applyScheduleImmediately": [false, true],
    "schedule.ignoreParentSkipRunningProperty": [false, true],
    ...options,
  }),
};

const daily = (parentTask: unknown, more: Properties = {}) => ({
  dependConfType: "DAY",
  subordinateCyclicType: "CURRENT_DAY",
  parentTask,
  ...more,
});

const wedata = (kind: Kind, name: string, left: readonly string[]): Example => ({
  kind,
  name,
  edited: [
    ...["name", "notes", "script.content", "delayTimeMinutes", "endTime", "retriable", "runPriority", "sourceServer"],
    ...["taskExt", "parameters", "dependencies", "owners"],
  ],
  lightly: ["tryLimit", "executionTtlMinutes", "selfDepend", "brokerIp"],
  removed: ["notes", "executionTtlMinutes", "yarnQueue", "brokerIp", "taskExt", "parameters", "dependencies"],
  apart: ["crontabExpression", "taskAction", "minuteOffset", "inCharge", "adopt", "connection", "startupTime"],
  values: ({ wedataProjectId, otherWedataProjectId, wedataWorkflowId, otherWedataWorkflowId }) =>
    Object.fromEntries(
      Object.entries<Pair>({
        projectId: [wedataProjectId, otherWedataProjectId],
        workflowId: [wedataWorkflowId, otherWedataWorkflowId],
        taskType: [30, 35],
        name: ["orders", "orders_2"],
        notes: ["the orders", "other orders"],
        "script.content": ["print(1)", "print('größe')"],
        cycleType: ["Day", "Week"],
        cycleStep: [1, 2],
        crontabExpression: ["0 0 2 * * ?", "0 30 3 * * ?"],
        taskAction: ["1,3", "1"],
        delayTimeMinutes: [120, 60],
        startupTime: [1, 2],
        startTime: ["2020-01-01 00:00:00", "2020-02-01 00:00:00"],
        endTime: ["2099-01-01 00:00:00", "2098-01-01 00:00:00"],
        executionStartTime: ["00:00", "08:30"],
        executionEndTime: ["23:59", "20:30"],
        selfDepend: ["orderedSerial", "parallel"],
        scheduleTimeZone: ["UTC+8", "UTC-5"],
        scheduleRunType: ["normal", "dryRun"],
        concurrentStrategy: ["queue", "kill"],
        minuteOffset: [1, 2],
        retriable: [true, false],
        tryLimit: [2, 3],
        retryWaitMinutes: [5, 10],
        executionTtlMinutes: [60, 120],
        runPriority: ["low", "high"],
        resourceGroup: ["group_1", "group_2"],
        yarnQueue: ["queue_1", "queue_2"],
        brokerIp: ["any", "10.0.0.1"],
        sourceServer: ["8738", "8739"],
        targetServer: ["8740", "8741"],
        taskExt: [{ python_type: "python3", settings: '{"a":1,"b":[2]}' }, { python_type: "python2" }],
        parameters: [{ a: "1", b: "2" }, { a: "2" }],
        dependencies: [
          [daily("upstream 0")],
          [
            daily("upstream 1"),
            daily({ taskId: "upstream 2", taskName: "upstream" }, { dependencyStrategy: "EXECUTING" }),
          ],
        ],
        dependencyWorkflow: [true, false],
        owners: [["100033435965"], ["100099990001"]],
        inCharge: ["data_owner", "console_user"],
        eventPublisher: [
          { key: "orders", properties: { a: "b" } },
          { key: "orders", type: "t", description: "d" },
        ],
        taskFolderId: ["111111", "222222"],
        codeTemplateId: ["111111", "222222"],
        instanceInitStrategy: ["T+1", "T+0"],
        productName: ["DATA_DEV", "DATA_OPS"],
        leftCoordinate: [100, 200],
        topCoordinate: [100.5, 200],
        ...options,
      }).filter(([path]) => !left.includes(path)),
    ),
});

/** A run for one kind of task alone says so. */
const only = process.env["PROPERTY_RESOURCE"] ?? "";

export const examples: readonly Example[] = [
  dataworks,
  sync,
  wedata(wedataTask, "wedata-task", []),
  wedata(wedataTaskAbroad, "wedata-task-abroad", [
    "scheduleTimeZone",
    "scheduleRunType",
    "concurrentStrategy",
    "minuteOffset",
    "eventPublisher",
  ]),
].filter(({ kind: { name } }) => name.includes(only));

/** Arguments that name everything that goes together. */
export function everything({ kind, apart }: Example, values: Readonly<Record<string, Pair>>): Properties {
  const args: Properties = {};
  for (const [path, [from]] of Object.entries(values)) if (!apart.includes(path)) putAt(args, path, from);
  return kind.obey(args);
}

/** The examples with the ids of the tasks that they wait for. */
export async function examplesOf(
  { kind, values }: Example,
  emulator: Emulator,
  name: (id: string, as: string) => void,
) {
  const ids = await kind.upstreams(emulator);
  for (const [nth, id] of ids.entries()) name(id, `upstream ${nth}`);
  return withUpstreams(values(emulator), ids) as Record<string, Pair>;
}
