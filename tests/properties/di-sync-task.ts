import fc from "fast-check";
import { valueAt } from "../../provider/core/fields";
import { hooks } from "../../provider/core/lifecycle";
import type { Properties } from "../../provider/core/lifecycle";
import { definition } from "../../provider/resources/dataworks-di-sync-task/resource";
import { pascal } from "./kind";
import type { Carrier, Kind } from "./kind";
import { allMembersOf, crons, membersOf, moments, names } from "./values";
import type { Special } from "./values";

const SYNC = ["UpdateDISyncTask"];
const as = (name: string, stored: (value: never) => unknown = (value) => value): Pick<Carrier, "names" | "touch"> => ({
  names: [name],
  touch: (value) => ({ [name]: stored(value as never) }),
});
const TYPES = ["", "Constant", "Variable", "PassThrough"];
const NAMES: Record<string, Carrier> = {
  name: as("FileName"),
  taskContent: {
    names: ["TaskContent", "Content"],
    touch: (value) => ({ Content: typeof value === "string" ? value : JSON.stringify(value) }),
  },
  resourceGroup: { names: ["TaskParam"], operations: SYNC },
  cu: { names: ["TaskParam"], operations: SYNC },
  folder: as("FileFolderPath"),
  description: as("FileDescription"),
  owner: as("Owner"),
  "schedule.cron": as("CronExpress"),
  "schedule.startTime": as("StartEffectDate", (value: string) => Date.parse(`${value.replace(" ", "T")}+08:00`)),
  "schedule.endTime": as("EndEffectDate", (value: string) => Date.parse(`${value.replace(" ", "T")}+08:00`)),
  "schedule.timeZone": { names: ["StartEffectDate", "EndEffectDate"] },
  "schedule.rerunTimes": as("AutoRerunTimes"),
  "schedule.rerunIntervalSeconds": as("AutoRerunIntervalMillis", (value: number) => value * 1000),
  "schedule.parameters": as("ParaValue"),
  "schedule.dependentNodeIds": as("DependentNodeIdList", (value: string[]) => value.join(",")),
  "schedule.inputs": as("InputList", (value: string[]) => value.map((Input) => ({ Input, ParseType: "MANUAL" }))),
  "schedule.outputs": as("OutputList", (value: string[]) => value.map((Output) => ({ Output }))),
  "schedule.inputParameters": as("InputParameters", (value: Properties[]) =>
    value.map(({ name, valueSource }) => ({ ParameterName: name, ValueSource: valueSource })),
  ),
  "schedule.outputParameters": as("OutputParameters", (value: Properties[]) =>
    value.map(({ name, type, value: content, description }) => ({
      ParameterName: name,
      Type: TYPES.indexOf(String(type)),
      Value: content,
      ...(description !== undefined && { Description: description }),
    })),
  ),
  "schedule.resourceGroupIdentifier": { names: ["ResourceGroupIdentifier"] },
  "schedule.applyScheduleImmediately": as("ApplyScheduleImmediately", String),
  "schedule.ignoreParentSkipRunningProperty": as("IgnoreParentSkipRunningProperty", String),
};

export const diSyncTask: Kind = {
  name: "DataWorksDISyncTask",
  fields: definition.fields,
  hooks: (environment) => hooks(definition, environment),
  config: (emulator) => ({
    "dataworks:endpoint": emulator.dataworks,
    "dataworks:accessKeyId": emulator.accessKeyId,
    "dataworks:accessKeySecret": emulator.accessKeySecret,
    "dataworks:requestsPerSecond": "10000",
  }),
  async arguments(emulator) {
    const output = fc.stringMatching(/^shop\.[a-z]{1,4}$/);
    const special: Special = {
      projectId: fc.constant(emulator.legacyProjectId),
      name: names,
      owner: fc.constantFrom("1000", "1107550004253538"),
      folder: fc.constantFrom("Business Flow/a/Data Integration", "/Business Flow/größe/", "x"),
      "schedule.cron": crons,
      "schedule.startTime": moments(2020, 2030),
      "schedule.endTime": moments(2031, 2099),
      "schedule.timeZone": fc.constantFrom("Asia/Shanghai", "UTC", "America/New_York"),
      "schedule.parameters": fc
        .array(fc.stringMatching(/^[a-z]{1,6}=\$?[a-z0-9[\]-]{0,9}$/), { maxLength: 4 })
        .map((words) => words.join("  ")),
      // The other two are documented by newer SDKs only.
      "schedule.dependentType": fc.constantFrom("SELF", "CHILD", "USER_DEFINE", "NONE"),
      "schedule.inputs[]": output,
      "schedule.outputs[]": output,
      resourceGroup: fc.constantFrom("S_res_group_di", "S_res_group_2"),
      "schedule.resourceGroupIdentifier": fc.constantFrom("S_res_group_schedule", "S_res_group_3"),
      // A package is waited for at its own pace: few of them.
      publish: fc.oneof({ weight: 1, arbitrary: fc.constant(true) }, { weight: 7, arbitrary: fc.constant(false) }),
      onDelete: fc.constant("delete"),
      timeouts: fc.record({ update: fc.integer({ min: 600, max: 86_400 }) }),
    };
    const { adopt: _adopt, connection: _connection, force: _force, ...fields } = definition.fields;
    return { some: membersOf(fields, "", special), all: allMembersOf(fields, "", special) };
  },
  obey(args) {
    const kept = structuredClone(args);
    kept["name"] ??= "sync";
    kept["taskContent"] ??= { type: "job" };
    kept["publish"] ??= false;
    const schedule = kept["schedule"] as Properties | undefined;
    if (schedule === undefined) return kept;
    const ids = schedule["dependentNodeIds"] as string[] | undefined;
    const named = String(schedule["dependentType"]).startsWith("USER_DEFINE");
    if (named && (ids === undefined || ids.length === 0)) schedule["dependentNodeIds"] = ["1000000001"];
    if (!named) delete schedule["dependentNodeIds"];
    return kept;
  },
  carrier: (path) => NAMES[path] ?? as(pascal(path.replace(/^schedule\./, ""))),
  keys: ["ProjectId", "FileId", "TaskType", "InputList"],
  publishing: ["SubmitFile", "DeployFile"],
  inside: (_operation, path) => path,
  createdOnly: [],
  untouched: (inputs, path) =>
    path === "schedule.timeZone" ||
    (/Time$/.test(path) && (valueAt(inputs, "schedule.timeZone") ?? "Asia/Shanghai") !== "Asia/Shanghai"),
  // What somebody adds to the document is tolerated; a member that changed is not.
  moved: (path, value) => {
    if (path !== "taskContent") return undefined;
    if (typeof value === "string") return value.replace("9223372036854775807", "9223372036854775806");
    const document = (value ?? {}) as Properties;
    const [first] = Object.keys(document);
    return first === undefined ? document : Object.fromEntries([...Object.entries(document), [first, "moved"]]);
  },
  unread: (path) => ["resourceGroup", "cu", "schedule.resourceGroupIdentifier"].includes(path),
  taskId: (outs) => String(outs["fileId"]),
  service: "dataworks-files",
};
