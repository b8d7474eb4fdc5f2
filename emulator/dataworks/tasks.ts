import { isRecord, text, texts } from "../given";
import { Refusal } from "../service";
import type { Context, Operation } from "../service";
import {
  dependentsOf,
  envOf,
  findTask,
  log,
  missingTask,
  page,
  producerOf,
  refuseDependents,
  stateOf,
  taskOf,
  tasksOf,
  workspaceOf,
} from "./model";
import type { Settings, Task } from "./model";
import { shown } from "./showing";
import { position } from "./switches";

/** What the scheduler assumes where nobody says anything. */
export const defaults = (): Omit<Settings, "Name" | "Owner"> => ({
  Description: "",
  InstanceMode: "T+1",
  Timeout: 0,
  RerunMode: "AllAllowed",
  RerunTimes: 3,
  RerunInterval: 180,
  Script: { Content: "", Parameters: "" },
  Trigger: {
    Type: "Scheduler",
    Recurrence: "Normal",
    Cron: "00 00 00 * * ?",
    StartTime: "1970-01-01 00:00:00",
    EndTime: "9999-01-01 00:00:00",
    Timezone: "Asia/Shanghai",
  },
  RuntimeResource: { ResourceGroupId: "S_res_group_default" },
  Inputs: { Variables: [] },
  Outputs: { TaskOutputs: [], Variables: [] },
  Dependencies: [],
  Tags: [],
});

/** Tasks as they were before their last change, while reads lag behind (readLagMilliseconds). */
const shadows = new WeakMap<Task, { until: number; before: Task }>();

/** Keeps what reads still show for a while; call it before changing a task. */
export function shade(context: Context, task: Task): void {
  const lag = Number(position(context, "readLagMilliseconds"));
  if (lag > 0) shadows.set(task, { until: context.now() + lag, before: structuredClone(seen(context, task)) });
}
function seen(context: Context, task: Task): Task {
  const shadow = shadows.get(task);
  return shadow !== undefined && context.now() < shadow.until ? shadow.before : task;
}

function trigger({ Trigger }: Task, timezone: boolean): object {
  const { Type, Recurrence, Cron, StartTime, EndTime, Timezone } = Trigger;
  if (Type === "Manual") return { Type };
  return { Type, Recurrence, Cron, StartTime, EndTime, ...(timezone && { Timezone }) };
}

const plain = (task: Task): Record<string, unknown> => ({
  BaselineId: task.BaselineId,
  CreateTime: task.CreateTime,
  CreateUser: task.CreateUser,
  ...(task.DataSource !== undefined && { DataSource: task.DataSource }),
  Description: task.Description,
  Id: task.Id,
  InstanceMode: task.InstanceMode,
  ModifyTime: task.ModifyTime,
  ModifyUser: task.ModifyUser,
  Name: task.Name,
  Owner: task.Owner,
  Priority: task.Priority,
  ProjectId: task.ProjectId,
  RerunInterval: task.RerunInterval,
  RerunMode: task.RerunMode,
  RerunTimes: task.RerunTimes,
  RuntimeResource: task.RuntimeResource,
  Timeout: task.Timeout,
  Type: task.Type,
  WorkflowId: task.WorkflowId,
});
const full = (task: Task): Record<string, unknown> => ({
  ...plain(task),
  EnvType: task.EnvType,
  ProjectEnv: task.EnvType,
  Dependencies: task.Dependencies,
  Inputs: task.Inputs,
  Outputs: task.Outputs,
  Script: task.Script,
  Tags: task.Tags,
  Trigger: trigger(task, false),
});
const listed = (task: Task): Record<string, unknown> => ({
  ...plain(task),
  ProjectEnv: task.EnvType,
  ScriptParameters: task.Script.Parameters,
  Trigger: trigger(task, false),
});
const linked = (task: Task): object => ({ ...plain(task), EnvType: task.EnvType, Trigger: trigger(task, true) });

export const GetTask: Operation = (parameters, context) => {
  const id = text(parameters, "Id") ?? "";
  const task = findTask(context, envOf(parameters), id);
  if (task === undefined && position(context, "missingTask") === "null") return {};
  if (task === undefined) throw missingTask(context, id);
  const now = seen(context, task);
  return { Task: shown(context, now, full(now)) };
};

/** "Id Desc", "ModifyTime Asc" …; ids are decimal text, so the shorter one is the smaller. */
function sorted(tasks: Task[], by: string): Task[] {
  const [field = "Id", direction = "Asc"] = by.trim().split(/\s+/);
  if (!["Id", "Name", "CreateTime", "ModifyTime", "Owner"].includes(field) || !/^(asc|desc)$/i.test(direction)) {
    throw new Refusal("InvalidSortBy", `Specified parameter SortBy is not valid: "${by}".`);
  }
  const key = field as "Id" | "Name" | "CreateTime" | "ModifyTime" | "Owner";
  const ordered = tasks.toSorted((left, right) => {
    const [a, b] = [left[key], right[key]];
    if (typeof a === "number" && typeof b === "number") return a - b;
    const [one, other] = [String(a), String(b)];
    if (key === "Id" && one.length !== other.length) return one.length - other.length;
    return one < other ? -1 : one > other ? 1 : 0;
  });
  return /desc/i.test(direction) ? ordered.reverse() : ordered;
}

export const ListTasks: Operation = (parameters, context) => {
  const project = workspaceOf(context, text(parameters, "ProjectId")).Id;
  const env = envOf(parameters);
  const ids = texts(parameters, "Ids");
  const candidates =
    ids === undefined ? tasksOf(context, env) : [...new Set(ids)].flatMap((id) => findTask(context, env, id) ?? []);
  const wanted: [string, (task: Task, value: string) => boolean][] = [
    ["Name", (task, value) => task.Name.includes(value)],
    ["Owner", (task, value) => task.Owner === value],
    ["RuntimeResource", (task, value) => task.RuntimeResource.ResourceGroupId === value],
    ["TaskType", (task, value) => task.Type === value],
    ["TriggerType", (task, value) => task.Trigger.Type === value],
    ["TriggerRecurrence", (task, value) => task.Trigger.Type === "Scheduler" && task.Trigger.Recurrence === value],
    ["WorkflowId", (task, value) => task.WorkflowId === value],
  ];
  const filters = wanted.filter(([name]) => text(parameters, name) !== undefined);
  const found = candidates
    .filter((task) => task.ProjectId === project)
    .filter((task) => filters.every(([name, holds]) => holds(seen(context, task), text(parameters, name) ?? "")));
  const { items, ...paging } = page(context, sorted(found, text(parameters, "SortBy") ?? "Id Desc"), parameters);
  return {
    PagingInfo: {
      ...paging,
      Tasks: kept(context, items).map((task) => shown(context, seen(context, task), listed(seen(context, task)))),
    },
  };
};

/** The tasks of a page that really come, where the switch loses some. */
const kept = (context: Context, items: readonly Task[]): readonly Task[] =>
  position(context, "listTasksLosesItems") === true ? items.filter((_, index) => index % 2 === 1) : items;

const crossing = (type: string): "Normal" | "CrossCycle" => (type === "Normal" ? "Normal" : "CrossCycle");

function links(
  context: Context,
  parameters: Parameters_,
  edges: readonly { task: Task; type: string }[],
  name: string,
): object {
  const { items, ...paging } = page(context, edges, parameters);
  return {
    PagingInfo: {
      ...paging,
      [name]: items.map(({ task, type }) => ({ DependencyType: crossing(type), Task: linked(task) })),
      Tasks: items.map(({ task, type }) => ({ ...linked(task), ProjectEnv: task.EnvType, StepType: crossing(type) })),
    },
  };
}
type Parameters_ = Readonly<Record<string, unknown>>;

export const ListUpstreamTasks: Operation = (parameters, context) => {
  const env = envOf(parameters);
  const task = taskOf(context, env, text(parameters, "Id") ?? "");
  const edges = task.Dependencies.flatMap(({ Type, UpstreamOutput, UpstreamTaskId }) => {
    const upstream =
      UpstreamTaskId !== undefined
        ? findTask(context, env, UpstreamTaskId)
        : UpstreamOutput === undefined
          ? undefined
          : producerOf(context, env, UpstreamOutput);
    return upstream === undefined ? [] : [{ task: upstream, type: Type }];
  });
  return links(context, parameters, edges, "UpstreamTasks");
};

export const ListDownstreamTasks: Operation = (parameters, context) => {
  const task = taskOf(context, envOf(parameters), text(parameters, "Id") ?? "");
  return links(context, parameters, dependentsOf(context, task), "DownstreamTasks");
};

export const ListTaskOperationLogs: Operation = (parameters, context) => {
  const task = taskOf(context, envOf(parameters), text(parameters, "Id") ?? "");
  const date = text(parameters, "Date");
  const start = date === undefined ? undefined : Number(date) - (Number(date) % 86_400_000);
  const logs = (stateOf(context).operationLogs[task.Id] ?? []).filter(
    ({ CreateTime }) => start === undefined || (CreateTime >= start && CreateTime < start + 86_400_000),
  );
  const { items, ...paging } = page(context, logs.toReversed(), parameters);
  return {
    PagingInfo: { ...paging, OperationLogs: items.map((entry) => ({ ...entry, ObjectType: "Task", TaskId: task.Id })) },
  };
};

export const DeleteTask: Operation = (parameters, context) => {
  const env = envOf(parameters);
  const id = text(parameters, "Id") ?? "";
  const task = findTask(context, env, id);
  if (task === undefined) {
    if (position(context, "missingTask") === "success") return { Success: true };
    if (position(context, "missingTask") === "null") return { Success: false };
    throw missingTask(context, id);
  }
  refuseDependents(context, task);
  removeTask(context, task);
  return { Success: true };
};

/** Takes a task out of the scheduler; its node stays as a draft, or goes with it (deleteTaskKeepsNode). */
export function removeTask(context: Pick<Context, "state" | "switches">, task: Task): void {
  const state = stateOf(context);
  delete state.tasks[task.EnvType][task.Id];
  const node = task.NodeId === undefined ? undefined : state.nodes[task.NodeId];
  if (node === undefined) return;
  node.published = node.published.filter((env) => env !== task.EnvType);
  if (node.published.length > 0) return;
  delete node.TaskId;
  if (position(context, "deleteTaskKeepsNode") === false) delete state.nodes[node.Id];
}

/** Tags of data assets; whether they are the tags of a task nobody knows (dataAssetTagsAreTaskTags). */
const tagging =
  (keep: (before: Tags, tags: Tags) => Tags): Operation =>
  (parameters, context) => {
    const tags = (Array.isArray(parameters["Tags"]) ? parameters["Tags"] : []).filter(isRecord) as unknown as Tags;
    const state = stateOf(context);
    for (const asset of texts(parameters, "DataAssetIds") ?? []) {
      state.assetTags[asset] = keep(state.assetTags[asset] ?? [], tags);
      const task = findTask(context, envOf(parameters), /(\d+)$/.exec(asset)?.[1] ?? "");
      if (task === undefined || position(context, "dataAssetTagsAreTaskTags") !== true) continue;
      task.Tags = keep(task.Tags, tags);
      task.ModifyTime = Math.max(context.now(), task.ModifyTime + 1);
      log(context, task.Id, context.account, "tag");
    }
    return { Success: "true" };
  };
type Tags = Settings["Tags"];

export const TagDataAssets = tagging((before, tags) => [
  ...before.filter(({ Key }) => !tags.some((tag) => tag.Key === Key)),
  ...tags,
]);
export const UnTagDataAssets = tagging((before, tags) =>
  before.filter(({ Key }) => !tags.some((tag) => tag.Key === Key)),
);
