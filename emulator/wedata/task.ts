import { Refusal } from "../service";
import type { Context, Parameters } from "../service";
import { text } from "../given";
import { position } from "./switches";
import { clock } from "./words";

/** What `state` holds for WeData. */
export interface WedataState {
  /** The first pair of project and workflow is the default one. */
  projects: Project[];
  workflows: Workflow[];
  tasks: Record<string, StoredTask>;
  /** Names of accounts by id. */
  members: Record<string, string>;
  lastTaskId: string;
}

export interface Project {
  ProjectId: string;
  ProjectIdent: string;
  ProjectName: string;
}

export interface Workflow {
  WorkflowId: string;
  WorkflowName: string;
  ProjectId: string;
  FolderId: string;
  FolderName: string;
}

export interface Dependency {
  LinkId: string;
  ParentTaskId: string;
  DependConfType: string;
  SubordinateCyclicType: string;
  DependencyStrategy: string;
  Offset: string | null;
}

/** What an update can set, by the names of the write side; reads rename and reshape it. */
export interface Settings {
  TaskName: string;
  Notes: string;
  CycleType: number;
  CycleStep: number;
  DelayTime: number;
  StartupTime: number;
  SelfDepend: number;
  StartTime: string;
  EndTime: string;
  ExecutionStartTime: string;
  ExecutionEndTime: string;
  TaskAction: string;
  CrontabExpression: string;
  RetryWait: number;
  TryLimit: number;
  Retriable: number;
  RunPriority: number;
  ExecutionTTL: number;
  TaskExt: { Key: string; Value: string }[];
  TaskParamInfos: { ParamKey: string; ParamValue: string }[];
  ResourceGroup: string;
  YarnQueue: string;
  BrokerIp: string;
  SourceServer: string;
  TargetServer: string;
  InChargeIds: string[];
  InCharge: string;
  DependencyWorkflow: string;
  Dependencies: Dependency[];
  ScriptChange: boolean;
  InstanceInitStrategy: string;
  ScheduleTimeZone: string;
  ScheduleRunType: number;
  ConcurrentStrategy: number;
  MinuteOffset: number;
  EventPublisher: Record<string, unknown> | null;
  /** base64, as sent. */
  Content: string;
}

export interface StoredTask {
  TaskId: string;
  ProjectId: string;
  WorkflowId: string;
  TaskType: number;
  ProductName: string;
  TaskFolderId: string;
  LeftCoordinate: number;
  TopCoordinate: number;
  /** N new, Y scheduled, F stopped, O frozen. */
  Status: "N" | "Y" | "F" | "O";
  Creator: string;
  UpdateUser: string;
  CreateTime: number;
  LastUpdate: number;
  Version: number;
  /** The newest edit. */
  settings: Settings;
  /** What production runs: the newest submitted version. */
  submitted?: { Version: string; Remark: string; SubmitTime: number; settings: Settings };
  FirstSubmitTime?: number;
  /** How reads show the newest edit until some moment. */
  earlier?: { settings: Settings; until: number };
  /** Gone from the editing space, still in operations. */
  deletedFromEditing?: boolean;
  /** Upstream tasks whose deletion made the instances of this one fail: what DeleteMode false does to production. */
  instancesFailedBy?: string[];
}

/** The state as the WeData operations see it. */
export const wedataState = (state: Record<string, unknown>): WedataState => state as unknown as WedataState;

/** The id of another person, for edits behind the provider's back. */
export const consoleUser = "100099990001";

/** What the service fills in when a task is made. */
export const defaultSettings = (context: Pick<Context, "now" | "account">): Settings => ({
  TaskName: "",
  Notes: "",
  CycleType: 3,
  CycleStep: 1,
  DelayTime: 0,
  StartupTime: 0,
  SelfDepend: 2,
  StartTime: `${clock(context.now()).slice(0, 10)} 00:00:00`,
  EndTime: "2099-12-31 00:00:00",
  ExecutionStartTime: "00:00",
  ExecutionEndTime: "23:59",
  TaskAction: "",
  CrontabExpression: "",
  RetryWait: 5,
  TryLimit: 5,
  Retriable: 1,
  RunPriority: 6,
  ExecutionTTL: -1,
  TaskExt: [],
  TaskParamInfos: [],
  ResourceGroup: "",
  YarnQueue: "",
  BrokerIp: "any",
  SourceServer: "",
  TargetServer: "",
  InChargeIds: [context.account],
  InCharge: "",
  DependencyWorkflow: "no",
  Dependencies: [],
  ScriptChange: false,
  InstanceInitStrategy: "T+1",
  ScheduleTimeZone: "UTC+8",
  ScheduleRunType: 0,
  ConcurrentStrategy: 0,
  MinuteOffset: 0,
  EventPublisher: null,
  Content: "",
});

/** A task id as WeData makes them: seventeen digits that begin with the time, always larger than the last one. */
export function newTaskId(state: WedataState, now: number): string {
  const fromClock = BigInt(`${clock(now).replace(/\D/g, "")}${String(now % 1000).padStart(3, "0")}`);
  const next = BigInt(state.lastTaskId) + 1n;
  state.lastTaskId = String(fromClock > next ? fromClock : next);
  return state.lastTaskId;
}

/** The project a call names. */
export function projectOf(parameters: Parameters, context: Context): Project {
  const id = text(parameters, "ProjectId") ?? "";
  const project = wedataState(context.state).projects.find((each) => each.ProjectId === id);
  if (!project) throw new Refusal("InvalidParameter.WorkspaceNotExist", `Project ${id} does not exist.`);
  return project;
}

/** The workflow a call names, inside its project. */
export function workflowOf(parameters: Parameters, context: Context): Workflow {
  const project = projectOf(parameters, context);
  const id = text(parameters, "WorkflowId") ?? "";
  const workflow = wedataState(context.state).workflows.find((each) => each.WorkflowId === id);
  if (workflow?.ProjectId !== project.ProjectId) {
    throw new Refusal("FailedOperation", `Workflow ${id} does not exist in project ${project.ProjectId}.`);
  }
  return workflow;
}

/** The task with an id in the editing space of a project. */
export function taskIn(context: Context, projectId: string, taskId: string): StoredTask | undefined {
  const task = wedataState(context.state).tasks[taskId];
  return task?.ProjectId === projectId && !task.deletedFromEditing ? task : undefined;
}

/** The newest edit as reads show it, which may be late. */
export const shownSettings = ({ settings, earlier }: StoredTask, context: Pick<Context, "now">): Settings =>
  earlier && context.now() < earlier.until ? earlier.settings : settings;

/** The task a call names by ProjectId and TaskId. */
export const taskOf = (parameters: Parameters, context: Context, name = "TaskId"): StoredTask | undefined =>
  taskIn(context, projectOf(parameters, context).ProjectId, text(parameters, name) ?? "");

/** The answer for a task that is not there: an error, or `instead` (null, an empty list, false). */
export function missing(context: Context, taskId: string, instead: unknown): { Data: unknown } {
  const how = position(context, "missingWedataTask");
  if (how === "null") return { Data: instead };
  if (how === "ResourceNotFound") throw new Refusal("ResourceNotFound", `Resource not found: task ${taskId}.`);
  throw new Refusal("FailedOperation", `The task does not exist: ${taskId}.`);
}

/** Notes a change of a task; times move by at least the second they are shown in. */
export function changed(task: StoredTask, user: string, now: number): void {
  task.LastUpdate = Math.max(now, task.LastUpdate + 1000);
  task.UpdateUser = user;
}

/** Refuses a name that another task of the same type has in the project. */
export function refuseTakenName(
  context: Context,
  projectId: string,
  type: number,
  name: string,
  except?: string,
): void {
  if (name === "") throw new Refusal("InvalidParameterValue", "TaskName must not be empty.");
  if (nameIsTaken(context, projectId, type, name, except)) {
    throw new Refusal("InvalidParameter.DuplicateName", `Task name ${name} already exists.`);
  }
}

/** Whether another task of the same type has the name in the project. */
export function nameIsTaken(context: Context, projectId: string, type: number, name: string, except?: string): boolean {
  return Object.values(wedataState(context.state).tasks).some(
    (task) =>
      task.settings.TaskName === name &&
      task.TaskType === type &&
      task.ProjectId === projectId &&
      task.TaskId !== except &&
      !task.deletedFromEditing,
  );
}

/** The name of an account. */
export const memberName = (state: WedataState, id: string): string => state.members[id] ?? `user_${id}`;

/** The tasks of the editing space that depend on one. */
export const downstreamOf = (context: Context, taskId: string): StoredTask[] =>
  Object.values(wedataState(context.state).tasks).filter((task) =>
    task.settings.Dependencies.some((each) => each.ParentTaskId === taskId),
  );

/** Whether following the upstream tasks of one leads back to it. */
export function dependsOnItself(context: Context, taskId: string): boolean {
  const { tasks } = wedataState(context.state);
  const seen = new Set<string>();
  const waiting = [taskId];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    for (const { ParentTaskId } of tasks[id]?.settings.Dependencies ?? []) {
      if (ParentTaskId === taskId) return true;
      if (!seen.has(ParentTaskId)) waiting.push(ParentTaskId);
      seen.add(ParentTaskId);
    }
  }
  return false;
}
