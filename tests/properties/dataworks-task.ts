import fc from "fast-check";
import { isObject, putAt, valueAt } from "../../provider/core/fields";
import { hooks } from "../../provider/core/lifecycle";
import type { Properties } from "../../provider/core/lifecycle";
import { definition } from "../../provider/resources/dataworks-task/resource";
import { pascal } from "./kind";
import type { Carrier, Kind } from "./kind";
import { allMembersOf, crons, membersOf, moments, names, texts } from "./values";
import type { Special } from "./values";

const SCHEDULER_ONLY = ["recurrence", "cron", "startTime", "endTime", "cycleType"];
/** Words without blanks: the scheduling parameters are a list of such. */
const word = fc.oneof(
  fc.stringMatching(/^[a-z]{1,6}=\$?[a-z0-9[\]-]{0,9}$/),
  fc.constantFrom("$bizdate", "a==b", "größe=中"),
);

const NODE = ["UpdateNode", "RenameNode", "MoveNode", "UpdateTask", "BatchUpdateTasks"];
const carriers: Record<string, Carrier> = {
  timeoutSeconds: { names: ["Timeout"] },
  rerunIntervalSeconds: { names: ["RerunInterval"] },
  "script.content": { names: ["Script.Content"], operations: NODE },
  "trigger.timeZone": { names: [], operations: NODE },
  "dataSource.type": { names: [], operations: NODE },
  path: { names: [], operations: NODE },
  "script.language": { names: [], operations: NODE },
  "inputs.variables": { names: ["Inputs.Variables"], touch: (value) => ({ Inputs: { Variables: variables(value) } }) },
  "outputs.variables": {
    names: ["Outputs.Variables"],
    touch: (value) => ({ Outputs: { Variables: variables(value) } }),
  },
  "outputs.taskOutputs": {
    names: ["Outputs.TaskOutputs"],
    touch: (value) => ({ Outputs: { TaskOutputs: (value as string[]).map((Output) => ({ Output })) } }),
  },
  dependencies: {
    names: ["Dependencies"],
    touch: (value) => ({
      Dependencies: (value as Properties[]).map(({ type, upstreamOutput, upstreamTaskId }) => ({
        Type: type,
        ...(upstreamOutput !== undefined && { UpstreamOutput: upstreamOutput }),
        ...(upstreamTaskId !== undefined && { UpstreamTaskId: upstreamTaskId }),
      })),
    }),
  },
  tags: {
    names: ["Tags"],
    touch: (value) => ({
      Tags: Object.entries(value as object).map(([Key, Value]) => ({ Key, Value: String(Value) })),
    }),
  },
};
const variables = (value: unknown) =>
  (value as Properties[]).map((each) =>
    Object.fromEntries(Object.entries(each).map(([name, member]) => [pascal(name), member])),
  );

export const dataworksTask: Kind = {
  name: "DataWorksTask",
  fields: definition.fields,
  hooks: (environment) => hooks(definition, environment),
  config: (emulator) => ({
    "dataworks:endpoint": emulator.dataworks,
    "dataworks:accessKeyId": emulator.accessKeyId,
    "dataworks:accessKeySecret": emulator.accessKeySecret,
    "dataworks:requestsPerSecond": "10000",
  }),
  async arguments(emulator) {
    const [upstream = "", other = ""] = await emulator.createTasks("dataworks", { Name: "upstream" }, 2);
    const edge = fc.oneof(
      fc.constantFrom("CrossCycleDependsOnSelf", "CrossCycleDependsOnChildren").map((type) => ({ type })),
      fc
        .tuple(
          fc.constantFrom("Normal", "CrossCycleDependsOnOtherNode"),
          fc.constantFrom("shop.root", "shop.中文", "shop.a b"),
        )
        .map(([type, upstreamOutput]) => ({ type, upstreamOutput })),
      fc
        .tuple(fc.constantFrom("Normal", "CrossCycleDependsOnOtherNode"), fc.constantFrom(upstream, other))
        .map(([type, upstreamTaskId]) => ({ type, upstreamTaskId })),
    );
    const special: Special = {
      projectId: fc.constant(emulator.projectId),
      name: names,
      owner: fc.constantFrom("1000", "1107550004253538", "9223372036854775807"),
      envType: fc.constant("Prod"),
      "script.command": fc.constant("ODPS_SQL"),
      "script.language": fc.constant("sql"),
      "script.parameters": fc.array(word, { maxLength: 4 }).map((words) => words.join("  ")),
      "trigger.cron": crons,
      "trigger.startTime": moments(2020, 2030),
      "trigger.endTime": moments(2031, 2099),
      "trigger.timeZone": fc.constantFrom("Asia/Shanghai", "UTC"),
      "runtimeResource.cu": fc.constantFrom("0.25", "0.5", "1", "10"),
      "runtimeResource.resourceGroupId": fc.constantFrom("S_res_group_1", "S_res_group_2"),
      "runtimeResource.image": fc.constantFrom("i-1", "i-2"),
      "dataSource.name": fc.constantFrom("odps_first", "größe"),
      "dataSource.type": fc.constantFrom("odps", "mysql"),
      "outputs.taskOutputs": fc.uniqueArray(fc.stringMatching(/^shop\.out_[a-z]{1,3}$/), {
        minLength: 1,
        maxLength: 3,
      }),
      dependencies: fc.uniqueArray(edge, { maxLength: 4, selector: (item) => JSON.stringify(item) }),
      path: fc.constantFrom("warehouse/ods", "/warehouse/größe/", "a"),
      comment: texts.filter((text) => text.length < 100),
      publish: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
      onDelete: fc.constant("delete"),
      timeouts: fc.record({ update: fc.integer({ min: 600, max: 86_400 }) }),
    };
    const {
      adopt: _adopt,
      connection: _connection,
      force: _force,
      clientUniqueCode: _code,
      ...fields
    } = definition.fields;
    return { some: membersOf(fields, "", special), all: allMembersOf(fields, "", special) };
  },
  obey(args) {
    const kept = structuredClone(args);
    kept["name"] ??= "task";
    if (valueAt(kept, "script.command") === undefined) putAt(kept, "script.command", "ODPS_SQL");
    const scheduled = SCHEDULER_ONLY.some((name) => valueAt(kept, `trigger.${name}`) !== undefined);
    if (scheduled && valueAt(kept, "trigger.type") === undefined) putAt(kept, "trigger.type", "Scheduler");
    if (valueAt(kept, "trigger.type") === "Manual") {
      for (const name of SCHEDULER_ONLY) delete (kept["trigger"] as Properties)[name];
    }
    return kept;
  },
  carrier: (path) => {
    const names = [pascal(path)];
    return { names, touch: (value) => nested(names[0] as string, value), ...touchOf(path), ...carriers[path] };
  },
  keys: ["Id", "EnvType", "ProjectId", "Comment"],
  publishing: ["CreatePipelineRun", "ExecPipelineRunStage"],
  inside: (operation, path) => (operation === "BatchUpdateTasks" ? path.replace(/^Tasks\./, "") : path),
  createdOnly: ["path", "script.command", "script.language", "trigger.timeZone", "dataSource.type"],
  unread: (path) => path === "trigger.cycleType",
  taskId: (outs) => String(outs["taskId"]),
  service: "dataworks",
  isDraft: (inputs) => inputs["publish"] === false,
};

const touchOf = (path: string): Partial<Carrier> => {
  const name = carriers[path]?.names[0];
  return name === undefined ? {} : { touch: (value) => nested(name, value) };
};

/** `Trigger.Cron` as the object that holds it. */
function nested(name: string, value: unknown): Properties {
  const changes: Properties = {};
  putAt(changes, name, value);
  return isObject(changes) ? changes : {};
}
