import { alibaba } from "../clouds/connections";
import type { Connection } from "../clouds/connections";
import { type Rule, meant } from "../core/check";
import { now } from "../core/clock";
import { TaskError } from "../core/errors";
import { type Fields, choice, flag, list, text } from "../core/fields";
import { error } from "../core/findings";
import type { DataWorksTaskArguments } from "../resources/dataworks-task/arguments";
import { type Asking, everyPage, getTask } from "../resources/dataworks-task/lookup";
import { type WireTask, fromWire, wireId } from "../resources/dataworks-task/wire";
import { optionFields } from "../resources/options";
import { type Facts, SECONDS_OF_LOOKUP } from "./facts";
import { show } from "../core/quoting";

/** Which task of DataWorks to look up: one of `id` and `name`. */
export interface DataWorksTaskQuery {
  /** Workspace id, digits. */
  projectId: string;
  /** The task's id, digits: one call. */
  id?: string;
  /** The task's exact name, where only one task of the workspace has it: two calls, more where many names are alike. */
  name?: string;
  /** Which side of the workspace. Default `Prod`. */
  envType?: "Prod" | "Dev";
  /** The account, region or endpoint to use instead of the stack's configuration. */
  connection?: Connection;
}

/** Which tasks of DataWorks to look up; every filter narrows. */
export interface DataWorksTasksQuery {
  /** Workspace id, digits. */
  projectId: string;
  /** Which side of the workspace. Default `Prod`. */
  envType?: "Prod" | "Dev";
  /** Only these ids. Source: ListTasks Ids. */
  ids?: string[];
  /** A part of the name. Source: ListTasks Name. */
  name?: string;
  /** Account id of the owner. Source: ListTasks Owner. */
  owner?: string;
  /** What runs the code, such as `ODPS_SQL`. Source: ListTasks TaskType. */
  taskType?: string;
  /** The workflow they belong to. Source: ListTasks WorkflowId. */
  workflowId?: string;
  /** Resource group on which they run. Source: ListTasks RuntimeResource. */
  resourceGroupId?: string;
  /** `Scheduler` or `Manual`. Source: ListTasks TriggerType. */
  triggerType?: "Scheduler" | "Manual";
  /** What happens at a fire time. Source: ListTasks TriggerRecurrence. */
  triggerRecurrence?: "Pause" | "Skip" | "Normal";
  /**
   * Look up each task in full, at the cost of one more call per task. Without it `script.content`, `inputs`, `outputs`,
   * `dependencies` and `tags` are absent, since ListTasks leaves them out. Default `false`.
   */
  details?: boolean;
  /** The account, region or endpoint to use instead of the stack's configuration. */
  connection?: Connection;
}

/** A task of DataWorks that others own, in the words of the arguments of a DataWorksTask. */
export interface LookedUpDataWorksTask extends Omit<
  Facts<DataWorksTaskArguments>,
  "path" | "clientUniqueCode" | "comment"
> {
  /** `<projectId>/<envType>/task/<taskId>`: usable as `dependencies[].upstream`. */
  readonly id: string;
  /** The scheduler's id, as `adopt` and `dependencies[].upstreamTaskId` take it. */
  readonly taskId: string;
  /** Workspace id. */
  readonly projectId: string;
  /** The side of the workspace on which it was found. */
  readonly envType: "Prod" | "Dev";
  /** What runs its code, such as `ODPS_SQL`. */
  readonly taskType?: string;
  /** The workflow it belongs to. */
  readonly workflowId?: string;
  /** When it was made, milliseconds since the epoch. */
  readonly createTime?: string;
  /** When it was changed last, milliseconds since the epoch. */
  readonly modifyTime?: string;
}

const digits = [/^\d{1,19}$/, "digits"] as const;
const projectId = text({ required: true, pattern: digits });
const envType = choice(["Prod", "Dev"]);

export const taskQueryFields = {
  projectId,
  id: text({ pattern: digits }),
  name: text(),
  envType,
  connection: optionFields.connection,
} satisfies Fields<DataWorksTaskQuery>;

export const taskQueryRules: readonly Rule[] = [
  function* which({ declared }) {
    if (!declared("id") && !declared("name")) yield error("id", "required", "or name is required");
    if (declared("id") && declared("name")) yield error("name", "type", "and id are given; give only one of them");
  },
];

export const tasksQueryFields = {
  projectId,
  envType,
  ids: list(text({ pattern: digits }), { unordered: true, mayBeEmpty: true }),
  name: text(),
  owner: text(),
  taskType: text(),
  workflowId: text({ pattern: digits }),
  resourceGroupId: text(),
  triggerType: choice(["Scheduler", "Manual"]),
  triggerRecurrence: choice(["Pause", "Skip", "Normal"]),
  details: flag(),
  connection: optionFields.connection,
} satisfies Fields<DataWorksTasksQuery>;

/** The task that a query means; a sentence when it is not there, or not the only one. */
export async function lookUpDataWorksTask(query: DataWorksTaskQuery): Promise<LookedUpDataWorksTask> {
  const { projectId: project, envType: env = "Prod", id, name } = query;
  const asking = ask(query, id ?? name ?? "");
  const taskId = id ?? (await idOf(asking, project, env, name as string));
  const task = await getTask(asking, project, taskId, env);
  if (!task) throw new TaskError(`workspace ${project} has no task ${taskId} in ${env}; ${CHECK}`);
  if (task.ProjectId !== undefined && String(task.ProjectId) !== project) {
    throw new TaskError(
      `task ${taskId} belongs to workspace ${String(task.ProjectId)}, not to ${project}; correct projectId`,
    );
  }
  return factsOf(task, project, env);
}

const CHECK = "check projectId, envType, and the region or connection";

async function idOf(asking: Asking, project: string, env: "Prod" | "Dev", name: string): Promise<string> {
  const alike = await listed(asking, { ProjectId: project, ProjectEnv: env, Name: name });
  const ids = alike.filter((task) => task.Name === name).map(({ Id }) => String(Id));
  const [only] = ids;
  if (only === undefined) {
    const near = meant(name, [...new Set(alike.map(({ Name = "" }) => Name))]);
    throw new TaskError(`workspace ${project} has no task of the name ${show(name)} in ${env}${near || `; ${CHECK}`}`);
  }
  if (ids.length > 1)
    throw new TaskError(
      `workspace ${project} has ${ids.length} tasks of the name ${show(name)} in ${env}: ${ids.join(", ")}; give the id of one of them instead`,
    );
  return only;
}

/** The tasks that a query means, by id. */
export async function lookUpDataWorksTasks(query: DataWorksTasksQuery): Promise<LookedUpDataWorksTask[]> {
  const { projectId: project, envType: env = "Prod", ids, details = false } = query;
  if (ids?.length === 0) return [];
  const asking = ask(query, `tasks of workspace ${project}`);
  const found = await listed(asking, {
    ProjectId: project,
    ProjectEnv: env,
    Ids: ids?.map(wireId),
    Name: query.name,
    Owner: query.owner,
    TaskType: query.taskType,
    WorkflowId: query.workflowId === undefined ? undefined : wireId(query.workflowId),
    RuntimeResource: query.resourceGroupId,
    TriggerType: query.triggerType,
    TriggerRecurrence: query.triggerRecurrence,
    SortBy: "Id Asc",
  });
  const tasks = details
    ? await Promise.all(found.map((task) => getTask(asking, project, String(task.Id), env)))
    : found.map((task) => ({ ...task, Script: { ...parametersOf(task) } }));
  // One that was deleted meanwhile is none of them any more.
  return tasks.flatMap((task) => (task ? [factsOf(task, project, env)] : []));
}

/** ListTasks has the parameters of the script beside the task. */
const parametersOf = ({ ScriptParameters }: Listed) =>
  ScriptParameters === undefined ? {} : { Parameters: ScriptParameters };

interface Listed extends WireTask {
  ScriptParameters?: string;
}

async function listed(asking: Asking, filter: Record<string, unknown>): Promise<Listed[]> {
  const given = Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
  const found = await everyPage<Listed>(asking, "ListTasks", given, "Tasks");
  // A task that is made meanwhile moves others to the next page.
  return [...new Map(found.map((task) => [String(task.Id), task])).values()];
}

const ask = ({ connection }: { connection?: Connection }, about: string): Asking => ({
  client: alibaba(connection),
  about,
  deadline: now() + SECONDS_OF_LOOKUP * 1000,
});

interface Extra extends WireTask {
  Type?: string;
  WorkflowId?: string | number;
  CreateTime?: string | number;
}

function factsOf(task: Extra, project: string, env: "Prod" | "Dev"): LookedUpDataWorksTask {
  const taskId = String(task.Id);
  const more = {
    taskType: task.Type,
    workflowId: textOf(task.WorkflowId),
    createTime: textOf(task.CreateTime),
    modifyTime: textOf(task.ModifyTime),
  };
  return {
    ...(fromWire(task) as Facts<DataWorksTaskArguments>),
    ...(Object.fromEntries(Object.entries(more).filter(([, value]) => value !== undefined)) as object),
    id: `${project}/${env}/task/${taskId}`,
    taskId,
    projectId: project,
    envType: env,
  };
}

const textOf = (value: string | number | undefined): string | undefined =>
  value === undefined || String(value) === "" || String(value) === "0" ? undefined : String(value);
