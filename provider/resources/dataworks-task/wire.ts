import { leaves } from "../../core/fields";
import { tokenOf } from "../../core/token";
import { carried, carries, understood } from "../../core/wire";
import { type DataWorksTaskArguments, fields } from "./arguments";

export { wireId } from "./parameters";

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
  ModifyUser?: string | number;
  /** The script's parameters, as ListTasks calls them. */
  ScriptParameters?: string;
  /** Ours: the parts that ListTasks leaves out were not read. */
  isListed?: true;
}
interface WireVariable {
  Name?: string;
  Type?: string;
  Value?: string;
}

/** What UpdateTask and BatchUpdateTasks take for a task, beside its id and environment. */
export type WirePatch = Record<string, unknown>;
export type Update = "UpdateTask" | "BatchUpdateTasks";

const table = leaves(fields);
/** Says which task is meant, and can't be changed by an update. */
const KEY = "envType";

const carriedBy = (operation: string): ReadonlySet<string> =>
  new Set(
    table
      .filter((placed) => placed.path !== KEY && !placed.leaf.option && carries(placed, operation))
      .map(({ path }) => path),
  );
const inBatch = carriedBy("BatchUpdateTasks");
const inSingle = carriedBy("UpdateTask");
const inNode = carriedBy("UpdateNode");
const inMove = carriedBy("MoveNode");

/** Whether BatchUpdateTasks carries a property; anything else needs UpdateTask. */
export const fitsBatch = (path: string): boolean => inBatch.has(path);
/** Whether an update of the task carries a property. */
export const isPatchable = (path: string): boolean => inSingle.has(path);
/** Whether the node's document carries a property. */
export const fitsNode = (path: string): boolean => inNode.has(path);
/** Whether any operation on an existing task or its node carries a property. */
export const isSettable = (path: string): boolean => isPatchable(path) || fitsNode(path) || inMove.has(path);
/** Properties that GetTask shows and the list leaves out. */
export const UNLISTED: readonly string[] = table
  .filter((placed) => carries(placed, "GetTask") && !carries(placed, "ListTasks"))
  .map(({ path }) => path);

/** Properties that UpdateTask takes and no operation returns. */
export const UNREAD: readonly string[] = [...inSingle].filter(
  (path) => !table.some((placed) => placed.path === path && carries(placed, "GetTask")),
);

/** Some arguments for one of the two update operations; one that was taken away is sent as what clears it. */
export const toWire = (
  args: DataWorksTaskArguments,
  paths: readonly string[],
  operation: Update,
  token: string | undefined,
): WirePatch =>
  carried(table, operation, args as unknown as Record<string, unknown>, (path) => paths.includes(path), { token });

/** An item of ListTasks in the shape of GetTask. */
export const asTask = (item: WireTask): WireTask => ({
  ...item,
  ...(item.ScriptParameters !== undefined && { Script: { Parameters: item.ScriptParameters } }),
  isListed: true,
});

/** A task in the words of the arguments; only what GetTask, or the list, can say. */
export function fromWire(task: WireTask): Partial<DataWorksTaskArguments> {
  // ProjectEnv is the older name of EnvType, and the only one of the lists (contracts.md §6.4).
  return task.isListed
    ? understood(table, "ListTasks", { ...task })
    : understood(table, "GetTask", { ...task, EnvType: task.EnvType ?? task.ProjectEnv });
}

export const tokenOfTask = (task: WireTask): string | undefined => tokenOf(task.Description);

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
