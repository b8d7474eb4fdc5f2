import { Refusal } from "../service";
import type { Context, Parameters } from "../service";
import { text } from "../given";
import { position } from "./switches";

export type Env = "Prod" | "Dev";

export interface Workspace {
  Id: string;
  /** The identifier that begins output names. */
  Name: string;
  DisplayName: string;
  Description: string;
  generation: "new" | "legacy";
  DevEnvironmentEnabled: boolean;
  Owner: string;
  Status: "Available";
}

export interface Variable {
  Name?: string;
  Type: string;
  Value?: string;
}
export interface Dependency {
  Type: string;
  UpstreamOutput?: string;
  UpstreamTaskId?: string;
}
export interface Tag {
  Key: string;
  Value?: string;
}

/** The settings of a scheduled task, in the units of GetTask (seconds). */
export interface Settings {
  Name: string;
  Description: string;
  Owner: string;
  InstanceMode: string;
  Timeout: number;
  RerunMode: string;
  RerunTimes: number;
  RerunInterval: number;
  Script: { Content: string; Parameters: string };
  Trigger: {
    Type: string;
    Recurrence: string;
    Cron: string;
    StartTime: string;
    EndTime: string;
    Timezone: string;
    CycleType?: string;
  };
  RuntimeResource: { ResourceGroupId: string; Image?: string; Cu?: string };
  DataSource?: { Name?: string };
  Inputs: { Variables: Variable[] };
  Outputs: { TaskOutputs: { Output: string }[]; Variables: Variable[] };
  Dependencies: Dependency[];
  Tags: Tag[];
}

export interface Task extends Settings {
  Id: string;
  ProjectId: string;
  EnvType: Env;
  Type: string;
  Priority: number;
  BaselineId: string;
  WorkflowId: string;
  CreateTime: number;
  CreateUser: string;
  ModifyTime: number;
  ModifyUser: string;
  NodeId?: string;
  ClientUniqueCode?: string;
}

export interface Node {
  Id: string;
  ProjectId: string;
  Scene: string;
  ContainerId?: string;
  Name: string;
  Path: string;
  Owner: string;
  /** FlowSpec JSON text. */
  Spec: string;
  Version: number;
  TaskId?: string;
  /** Which environments run it. */
  published: Env[];
  /** Its last pipeline runs, oldest first. */
  runs: string[];
  CreateTime: number;
  CreateUser: string;
  ModifyTime: number;
}

export interface Stage {
  Code: string;
  Name: string;
  Type: "Build" | "Check" | "Deploy" | "Offline";
  Status: "Init" | "Running" | "Success" | "Fail" | "Termination" | "Cancel";
  Step: number;
  Message: string;
  /** When a running stage is through. */
  until?: number;
}
export interface PipelineRun {
  Id: string;
  ProjectId: string;
  Type: "Online" | "Offline";
  NodeId: string;
  NodeName: string;
  Description: string;
  Creator: string;
  Status: Stage["Status"];
  Message: string;
  Stages: Stage[];
  /** Runs by itself up to and including this step. */
  autoUntil: number;
  /** The Spec the build stage packed. */
  Spec: string;
  Version: number;
  CreateTime: number;
  ModifyTime: number;
}

export interface Operation {
  Id: string;
  parameters: Record<string, unknown>;
  account: string;
  until: number;
  Status: "Updating" | "Updated" | "UpdateFailed";
  FailureMessage: string;
}

export interface LogEntry {
  OperationSeq: number;
  CreateTime: number;
  User: string;
  OperationContent: string;
}

export interface WorkflowDefinition {
  Id: string;
  ProjectId: string;
  Name: string;
  Owner: string;
  Type: string;
  Path: string;
  WorkflowId: string;
  CreateTime: number;
  ModifyTime: number;
}

/** What `state` holds for tasks and nodes. */
export interface TasksState {
  projects: Record<string, Workspace>;
  tasks: Record<Env, Record<string, Task>>;
  nodes: Record<string, Node>;
  pipelineRuns: Record<string, PipelineRun>;
  /** Runs with a running stage, and updates not applied yet. */
  activeRuns: string[];
  operations: Record<string, Operation>;
  activeOperations: string[];
  operationLogs: Record<string, LogEntry[]>;
  assetTags: Record<string, Tag[]>;
  workflowDefinitions: Record<string, WorkflowDefinition>;
}

export const stateOf = (context: Pick<Context, "state">): TasksState => context.state as unknown as TasksState;

const own = <T>(records: Record<string, T>, id: string): T | undefined =>
  Object.hasOwn(records, id) ? records[id] : undefined;

/** The environment a call names, as EnvType or ProjectEnv; Prod when it names none (§7). */
export const envOf = (parameters: Parameters): Env =>
  (text(parameters, "ProjectEnv") ?? text(parameters, "EnvType")) === "Dev" ? "Dev" : "Prod";

export const findTask = (context: Pick<Context, "state">, env: Env, id: string): Task | undefined =>
  own(stateOf(context).tasks[env], id);

/** What a missing task answers when it answers an error. */
export const missingTask = (context: Context, id: string): Refusal =>
  new Refusal(
    String(position(context, "missingTaskCode")),
    `The task ${id} does not exist.`,
    Number(position(context, "missingTaskHttp")),
  );

export function taskOf(context: Context, env: Env, id: string): Task {
  const task = findTask(context, env, id);
  if (task === undefined) throw missingTask(context, id);
  return task;
}

export function workspaceOf(context: Context, id: string | undefined): Workspace {
  const workspace = own(stateOf(context).projects, id ?? "");
  if (workspace === undefined) throw new Refusal("1101080008", `The workspace ${id} does not exist.`);
  return workspace;
}

/** A workspace whose Data Studio knows nodes; the earlier generation refuses them (§1). */
export function studioOf(context: Context, parameters: Parameters): Workspace {
  const workspace = workspaceOf(context, text(parameters, "ProjectId"));
  if (workspace.generation === "legacy") {
    throw new Refusal(
      "9990030012",
      `The workspace ${workspace.Id} does not use the new Data Studio; use the operations of 2020-05-18.`,
    );
  }
  return workspace;
}

/** The node a call names; its workspace must be the one the call names, if it names one. */
export function nodeOf(context: Context, parameters: Parameters, name = "Id"): Node {
  const id = text(parameters, name) ?? "";
  const project = text(parameters, "ProjectId");
  const node = own(stateOf(context).nodes, id);
  if (node === undefined || (project !== undefined && node.ProjectId !== project)) {
    throw new Refusal(String(position(context, "missingNodeCode")), `The node ${id} does not exist.`);
  }
  return node;
}

export function runOf(context: Context, parameters: Parameters, name = "Id"): PipelineRun {
  const id = text(parameters, name) ?? "";
  const run = own(stateOf(context).pipelineRuns, id);
  if (run === undefined || run.ProjectId !== text(parameters, "ProjectId")) {
    throw new Refusal(String(position(context, "missingNodeCode")), `The pipeline run ${id} does not exist.`);
  }
  return run;
}

/** All tasks of an environment that belong to one workspace, or all. */
export const tasksOf = (context: Pick<Context, "state">, env: Env): Task[] =>
  Object.values(stateOf(context).tasks[env]);

/** Task ids by output, made when first asked for and kept up by indexOutputs: thousands of tasks are not searched per call. */
const indexes = new WeakMap<TasksState, Record<Env, Map<string, string>>>();
const produces = (task: Task | undefined, output: string): boolean =>
  task?.Outputs.TaskOutputs.some(({ Output }) => Output === output) ?? false;

/** Tells the index what a task that was made or changed produces now. */
export function indexOutputs(context: Pick<Context, "state">, task: Task): void {
  const index = indexes.get(stateOf(context));
  for (const { Output } of task.Outputs.TaskOutputs) index?.[task.EnvType].set(Output, task.Id);
}

/** Which task of an environment produces an output. */
export function producerOf(context: Pick<Context, "state">, env: Env, output: string): Task | undefined {
  const state = stateOf(context);
  if (!indexes.has(state)) {
    indexes.set(state, { Prod: new Map(), Dev: new Map() });
    for (const task of [...tasksOf(context, "Prod"), ...tasksOf(context, "Dev")]) indexOutputs(context, task);
  }
  const hint = indexes.get(state)?.[env].get(output);
  const task = hint === undefined ? undefined : findTask(context, env, hint);
  // An entry outlives its task; another task may have the output by now.
  if (hint === undefined || produces(task, output)) return task;
  return tasksOf(context, env).find((other) => produces(other, output));
}

/** The tasks that depend on this one in the same cycle or another. */
export function dependentsOf(context: Pick<Context, "state">, task: Task): { task: Task; type: string }[] {
  const outputs = new Set(task.Outputs.TaskOutputs.map(({ Output }) => Output));
  return tasksOf(context, task.EnvType).flatMap((other) => {
    if (other.Id === task.Id) return [];
    const edge = other.Dependencies.find(({ UpstreamOutput, UpstreamTaskId }) =>
      UpstreamTaskId !== undefined
        ? UpstreamTaskId === task.Id
        : UpstreamOutput !== undefined && outputs.has(UpstreamOutput),
    );
    return edge === undefined ? [] : [{ task: other, type: edge.Type }];
  });
}

/** Refuses to take a task away from under others. */
export function refuseDependents(context: Context, task: Task): void {
  const [first] = position(context, "deleteIgnoresDependents") === true ? [] : dependentsOf(context, task);
  if (first !== undefined)
    throw new Refusal(
      "9990030027",
      `The task ${task.Id} has downstream tasks, such as ${first.task.Id} (${first.task.Name}).`,
    );
}

/** One page of a list, with its figures. */
export function page<T>(
  context: Context,
  items: readonly T[],
  parameters: Parameters,
): { PageNumber: number; PageSize: number; TotalCount: number; items: T[] } {
  const number = Number(text(parameters, "PageNumber") ?? 1);
  const size = Number(text(parameters, "PageSize") ?? 10);
  const most = Number(position(context, "listTasksMaximumPageSize"));
  if (size > most)
    throw new Refusal("InvalidPageSize", `Specified parameter PageSize is not valid: it must be at most ${most}.`);
  return {
    PageNumber: number,
    PageSize: size,
    TotalCount: items.length,
    items: items.slice((number - 1) * size, number * size),
  };
}

/** A time after the one before, so that every change moves ModifyTime. */
export const later = (before: number, now: number): number => Math.max(now, before + 1);

/** Notes who did what to a task. */
export function log(context: Context, task: string, user: string, content: string): void {
  const logs = (stateOf(context).operationLogs[task] ??= []);
  logs.push({
    OperationSeq: (logs.at(-1)?.OperationSeq ?? 0) + 1,
    CreateTime: context.now(),
    User: user,
    OperationContent: content,
  });
  if (logs.length > 50) logs.shift();
}
