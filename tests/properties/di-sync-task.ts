import fc from "fast-check";
import { valueAt } from "../../provider/core/fields";
import { hooks } from "../../provider/core/lifecycle";
import type { Properties } from "../../provider/core/definition";
import { definition } from "../../provider/resources/dataworks-di-sync-task/resource";
import { crossFaults } from "./di-sync-task-faults";
import { pascal } from "./kind";
import type { Kind } from "./kind";
import { allMembersOf, crons, levels, membersOf, moments, names } from "./values";
import type { Special } from "./values";

const TYPES = ["", "Constant", "Variable", "PassThrough"];
const milliseconds = (value: unknown) => Date.parse(`${String(value).replace(" ", "T")}+08:00`);
/** The console's change, where it is not the value itself under the name of the argument. */
const stored: Record<string, (value: never) => Properties | undefined> = {
  name: (value) => ({ FileName: value }),
  taskContent: (value) => ({ Content: typeof value === "string" ? value : JSON.stringify(value) }),
  folder: (value) => ({ FileFolderPath: value }),
  description: (value) => ({ FileDescription: value }),
  "schedule.cron": (value) => ({ CronExpress: value }),
  "schedule.startTime": (value) => ({ StartEffectDate: milliseconds(value) }),
  "schedule.endTime": (value) => ({ EndEffectDate: milliseconds(value) }),
  "schedule.rerunTimes": (value) => ({ AutoRerunTimes: value }),
  "schedule.rerunIntervalSeconds": (value: number) => ({ AutoRerunIntervalMillis: value * 1000 }),
  "schedule.parameters": (value) => ({ ParaValue: value }),
  "schedule.dependentNodeIds": (value: string[]) => ({ DependentNodeIdList: value.join(",") }),
  "schedule.inputs": (value: string[]) => ({ InputList: value.map((Input) => ({ Input, ParseType: "MANUAL" })) }),
  "schedule.outputs": (value: string[]) => ({ OutputList: value.map((Output) => ({ Output })) }),
  "schedule.inputParameters": (value: Properties[]) => ({
    InputParameters: value.map(({ name, valueSource }) => ({ ParameterName: name, ValueSource: valueSource })),
  }),
  "schedule.outputParameters": (value: Properties[]) => ({
    OutputParameters: value.map(({ name, type, value: content, description }) => ({
      ParameterName: name,
      Type: TYPES.indexOf(String(type)),
      Value: content,
      ...(description !== undefined && { Description: description }),
    })),
  }),
  "schedule.applyScheduleImmediately": (value) => ({ ApplyScheduleImmediately: String(value) }),
  "schedule.ignoreParentSkipRunningProperty": (value) => ({ IgnoreParentSkipRunningProperty: String(value) }),
};
const TIMES = ["schedule.startTime", "schedule.endTime"];
/** Counted as it is encoded: what is longer goes into the body of UpdateFile. */
const LONGEST_IN_QUERY = 7_000;

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
  upstreams: () => Promise.resolve([]),
  base: ({ legacyProjectId }) => ({ projectId: legacyProjectId }),
  example: { schedule: { dependentType: "USER_DEFINE", dependentNodeIds: ["1000000001"] } },
  arguments(emulator) {
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
      rules: levels,
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
  touch(path, value) {
    const own = stored[path];
    return own ? own(value as never) : { [pascal(path.replace(/^schedule\./, ""))]: value };
  },
  writes: () => ["UpdateDISyncTask", "UpdateFile"],
  otherWrites(path, value, { inputs }) {
    // The zone says how the times are written, and is sent as them.
    if (path === "schedule.timeZone")
      return TIMES.some((each) => valueAt(inputs, each) !== undefined) ? ["UpdateFile"] : [];
    if (path !== "taskContent") return undefined;
    const text = typeof value === "string" ? value : JSON.stringify(value);
    return encodeURIComponent(text).length > LONGEST_IN_QUERY ? ["UpdateFile"] : undefined;
  },
  keys: ["ProjectId", "FileId", "TaskType", "InputList"],
  json: ["TaskParam"],
  // The members of TaskParam travel together, since an update may replace it as a whole.
  companions: (operation, path) =>
    operation === "UpdateDISyncTask" && ["resourceGroup", "cu"].includes(path)
      ? ["TaskParam"]
      : path === "schedule.timeZone"
        ? ["StartEffectDate", "EndEffectDate"]
        : [],
  publishing: ["SubmitFile", "DeployFile"],
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
  readsDrafts: true,
  crossFaults,
};
