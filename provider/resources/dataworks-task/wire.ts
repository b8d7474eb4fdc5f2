import { tokenOf, withToken, withoutToken } from "../../core/token";
import { type DataWorksTaskArguments, type Dependency, type Variable } from "./arguments";

/** A task as GetTask returns it; ListTasks items are the same without the parts marked. Version 2024-05-18. */
export interface WireTask {
  Id?: string | number;
  ProjectId?: string | number;
  Name?: string;
  Description?: string;
  Owner?: string;
  EnvType?: string;
  ProjectEnv?: string;
  InstanceMode?: string;
  Timeout?: number;
  RerunMode?: string;
  RerunTimes?: number;
  /** Seconds. */
  RerunInterval?: number;
  Script?: { Content?: string; Parameters?: string };
  Trigger?: { Type?: string; Recurrence?: string; Cron?: string; StartTime?: string; EndTime?: string };
  RuntimeResource?: { ResourceGroupId?: string; Image?: string; Cu?: string };
  DataSource?: { Name?: string };
  Inputs?: { Variables?: WireVariable[] };
  Outputs?: { TaskOutputs?: { Output?: string }[]; Variables?: WireVariable[] };
  Dependencies?: { Type?: string; UpstreamOutput?: string; UpstreamTaskId?: string | number }[];
  Tags?: { Key?: string; Value?: string }[];
  ModifyTime?: string | number;
}
interface WireVariable {
  Name?: string;
  Type?: string;
  Value?: string;
}

/** What UpdateTask and BatchUpdateTasks take, by the argument that it carries. */
export type WirePatch = Record<string, unknown>;

/** Properties that BatchUpdateTasks carries; anything else needs UpdateTask (contracts: batchSubset). */
const BATCH = [
  "name",
  "description",
  "owner",
  "timeoutSeconds",
  "rerunMode",
  "rerunTimes",
  "rerunIntervalSeconds",
  "trigger.type",
  "trigger.recurrence",
  "trigger.cron",
  "trigger.startTime",
  "trigger.endTime",
  "runtimeResource.resourceGroupId",
  "runtimeResource.image",
  "runtimeResource.cu",
  "dataSource.name",
  "tags",
] as const;
/** Properties that only UpdateTask carries. */
const SINGLE = [
  "instanceMode",
  "script.content",
  "script.parameters",
  "trigger.cycleType",
  "inputs.variables",
  "outputs.taskOutputs",
  "outputs.variables",
  "dependencies",
  "clientUniqueCode",
] as const;

export const fitsBatch = (path: string): boolean => (BATCH as readonly string[]).includes(path);
export const isPatchable = (path: string): boolean => fitsBatch(path) || (SINGLE as readonly string[]).includes(path);

/**
 * Assumption, named here alone: UpdateTask takes RerunInterval in milliseconds, as its page and the SDKs since
 * 2025-10-29 say; BatchUpdateTasks, GetTask and ListTasks use seconds (contracts.md §6.1).
 */
const RERUN_INTERVAL_FACTOR = { UpdateTask: 1000, BatchUpdateTasks: 1 } as const;

/** The changed arguments for one of the two update operations; a removed one is sent as what clears it. */
export function toWire(
  args: DataWorksTaskArguments,
  changed: (path: string) => boolean,
  operation: keyof typeof RERUN_INTERVAL_FACTOR,
  token: string | undefined,
): WirePatch {
  const { trigger, runtimeResource, script } = args;
  const when = <T>(path: string, value: T): T | undefined => (changed(path) ? value : undefined);
  return compact({
    Name: when("name", args.name),
    Description: when(
      "description",
      token === undefined ? (args.description ?? "") : withToken(args.description, token),
    ),
    Owner: when("owner", args.owner),
    InstanceMode: when("instanceMode", args.instanceMode),
    Timeout: when("timeoutSeconds", args.timeoutSeconds),
    RerunMode: when("rerunMode", args.rerunMode),
    RerunTimes: when("rerunTimes", args.rerunTimes),
    RerunInterval: when(
      "rerunIntervalSeconds",
      args.rerunIntervalSeconds === undefined
        ? undefined
        : args.rerunIntervalSeconds * RERUN_INTERVAL_FACTOR[operation],
    ),
    Script: part({
      Content: when("script.content", script?.content),
      Parameters: when("script.parameters", script?.parameters ?? ""),
    }),
    Trigger: part({
      Type: when("trigger.type", trigger?.type),
      Recurrence: when("trigger.recurrence", trigger?.recurrence),
      Cron: when("trigger.cron", trigger?.cron),
      StartTime: when("trigger.startTime", trigger?.startTime),
      EndTime: when("trigger.endTime", trigger?.endTime),
      CycleType: when("trigger.cycleType", trigger?.cycleType),
    }),
    RuntimeResource: part({
      ResourceGroupId: when("runtimeResource.resourceGroupId", runtimeResource?.resourceGroupId),
      Image: when("runtimeResource.image", runtimeResource?.image),
      Cu: when("runtimeResource.cu", runtimeResource?.cu),
    }),
    DataSource: part({ Name: when("dataSource.name", args.dataSource?.name) }),
    Inputs: part({ Variables: when("inputs.variables", (args.inputs?.variables ?? []).map(toWireVariable)) }),
    Outputs: part({
      TaskOutputs: when(
        "outputs.taskOutputs",
        args.outputs?.taskOutputs?.map((output) => ({ Output: output })),
      ),
      Variables: when("outputs.variables", (args.outputs?.variables ?? []).map(toWireVariable)),
    }),
    Dependencies: when("dependencies", (args.dependencies ?? []).map(toWireDependency)),
    Tags: when(
      "tags",
      Object.entries(args.tags ?? {}).map(([Key, Value]) => ({ Key, Value })),
    ),
  });
}

/** A task in the words of the arguments; only what GetTask can say. */
export function fromWire(task: WireTask): Partial<DataWorksTaskArguments> {
  return compact({
    projectId: task.ProjectId === undefined ? undefined : String(task.ProjectId),
    name: task.Name,
    envType: task.EnvType ?? task.ProjectEnv,
    description: withoutToken(task.Description),
    owner: task.Owner,
    instanceMode: task.InstanceMode,
    timeoutSeconds: task.Timeout,
    rerunMode: task.RerunMode,
    rerunTimes: task.RerunTimes,
    rerunIntervalSeconds: task.RerunInterval,
    script: part({ content: task.Script?.Content, parameters: task.Script?.Parameters }),
    trigger: part({
      type: task.Trigger?.Type,
      recurrence: task.Trigger?.Recurrence,
      cron: task.Trigger?.Cron,
      startTime: task.Trigger?.StartTime,
      endTime: task.Trigger?.EndTime,
    }),
    runtimeResource: part({
      resourceGroupId: task.RuntimeResource?.ResourceGroupId,
      image: task.RuntimeResource?.Image,
      cu: task.RuntimeResource?.Cu,
    }),
    dataSource: part({ name: task.DataSource?.Name }),
    inputs: part({ variables: task.Inputs?.Variables?.map(fromWireVariable) }),
    outputs: part({
      taskOutputs: task.Outputs?.TaskOutputs?.flatMap(({ Output }) => (Output === undefined ? [] : [Output])),
      variables: task.Outputs?.Variables?.map(fromWireVariable),
    }),
    dependencies: task.Dependencies?.map(fromWireDependency),
    tags: task.Tags && Object.fromEntries(task.Tags.map(({ Key, Value }) => [Key ?? "", Value ?? ""])),
  }) as Partial<DataWorksTaskArguments>;
}

export const tokenOfTask = (task: WireTask): string | undefined => tokenOf(task.Description);

const toWireVariable = ({ name, type, value }: Variable): WireVariable =>
  compact({ Name: name, Type: type, Value: value });
const fromWireVariable = ({ Name, Type, Value }: WireVariable): Variable =>
  compact({ name: Name, type: Type, value: Value }) as unknown as Variable;

// The id goes out as a number literal (int64) and comes back as a string (contracts.md §6.5); the client keeps its digits.
const toWireDependency = ({ type, upstreamOutput, upstreamTaskId }: Dependency) =>
  compact({
    Type: type,
    UpstreamOutput: upstreamOutput,
    UpstreamTaskId: upstreamTaskId === undefined ? undefined : wireId(upstreamTaskId),
  });
const fromWireDependency = ({ Type, UpstreamOutput, UpstreamTaskId }: NonNullable<WireTask["Dependencies"]>[number]) =>
  compact({
    type: Type,
    upstreamOutput: UpstreamOutput || undefined,
    upstreamTaskId:
      UpstreamTaskId === undefined || UpstreamTaskId === "" || UpstreamOutput ? undefined : String(UpstreamTaskId),
  }) as unknown as Dependency;

/** A 64-bit id for JSON: a number literal whatever its length. */
export const wireId = (id: string): number | bigint => (Number.isSafeInteger(Number(id)) ? Number(id) : BigInt(id));

/** The members that have a value. */
export function compact<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}
/** The members that have a value, or nothing when none has. */
export function part<T extends object>(members: T): { [K in keyof T]?: Exclude<T[K], undefined> } | undefined {
  const given = compact(members);
  return Object.keys(given).length === 0 ? undefined : given;
}
