import { Refusal } from "../service";
import type { Context, Operation, Parameters } from "../service";
import { amount, flag, record, records, text } from "../given";
import { plainDependency, refuseBadScript, updated } from "./settings";
import {
  changed,
  defaultSettings,
  dependsOnItself,
  downstreamOf,
  memberName,
  missing,
  nameIsTaken,
  newTaskId,
  projectOf,
  refuseTakenName,
  shownSettings,
  taskOf,
  wedataState,
  workflowOf,
} from "./task";
import type { Settings, StoredTask, Workflow } from "./task";
import { position } from "./switches";

/** A new task with the service's defaults; its name must be free. */
export function newTask(
  context: Context,
  workflow: Workflow,
  type: number,
  settings: Pick<Settings, "TaskName"> & Partial<Settings>,
  placement: Partial<StoredTask> = {},
): StoredTask {
  const state = wedataState(context.state);
  const now = context.now();
  const TaskId = newTaskId(state, now);
  const task: StoredTask = {
    TaskId,
    ProjectId: workflow.ProjectId,
    WorkflowId: workflow.WorkflowId,
    TaskType: type,
    ProductName: "DATA_DEV",
    TaskFolderId: "",
    LeftCoordinate: 0,
    TopCoordinate: 0,
    Status: "N",
    Creator: context.account,
    UpdateUser: context.account,
    CreateTime: now,
    LastUpdate: now,
    Version: 0,
    settings: { ...defaultSettings(context), InCharge: memberName(state, context.account), ...settings },
    ...placement,
  };
  state.tasks[TaskId] = task;
  return task;
}

const create = (parameters: Parameters, context: Context): StoredTask => {
  const workflow = workflowOf(parameters, context);
  const type = amount(parameters, "TaskType") ?? 0;
  const TaskName = text(parameters, "TaskName") ?? "";
  const Content = text(parameters, "Content");
  const strategy = text(parameters, "InstanceInitStrategy");
  refuseTakenName(context, workflow.ProjectId, type, TaskName);
  refuseBadScript("Content", Content);
  const TaskExt = (records(parameters, "TaskExt") ?? []).map((each) => ({
    Key: text(each, "Key") ?? "",
    Value: text(each, "Value") ?? "",
  }));
  return newTask(
    context,
    workflow,
    type,
    {
      TaskName,
      TaskExt,
      ...(Content !== undefined && { Content, ScriptChange: true }),
      ...(strategy && { InstanceInitStrategy: strategy }),
    },
    {
      ProductName: text(parameters, "ProductName") ?? "DATA_DEV",
      TaskFolderId: text(parameters, "TaskFolderId") ?? "",
      LeftCoordinate: amount(parameters, "LeftCoordinate") ?? 0,
      TopCoordinate: amount(parameters, "TopCoordinate") ?? 0,
    },
  );
};

export const CreateTaskNew: Operation = (parameters, context) => ({ Data: create(parameters, context).TaskId });

export const CreateTask: Operation = (parameters, context) => ({ Data: { Id: create(parameters, context).TaskId } });

/** An integration task lives in the first workflow of its project unless TaskImportInfo names another. */
export const CreateOfflineTask: Operation = (parameters, context) => {
  const project = projectOf(parameters, context);
  const first = wedataState(context.state).workflows.find((each) => each.ProjectId === project.ProjectId);
  const wanted = text(record(parameters, "TaskImportInfo") ?? {}, "WorkFlowId");
  const workflow = workflowOf({ ProjectId: project.ProjectId, WorkflowId: wanted || first?.WorkflowId }, context);
  const type = amount(parameters, "TypeId") ?? 26;
  const TaskName = text(parameters, "TaskName") ?? "";
  refuseTakenName(context, project.ProjectId, type, TaskName);
  const task = newTask(context, workflow, type, { TaskName }, { ProductName: "DATA_INTEGRATION" });
  task.settings = updated(task, parameters, context);
  return {
    TaskId: task.TaskId,
    Data: task.TaskId,
    ...(context.site === "cn" && { ArrangeSpaceTaskId: task.TaskId }),
  };
};

/** Refuses callers outside the allowlist, where the switch says that this account is outside. */
export function refuseOutsideAllowlist(context: Context): void {
  const answer = position(context, "guangzhouAllowlist");
  if (answer !== false) {
    throw new Refusal(
      typeof answer === "string" ? answer : "OperationDenied.UserNotInWhitelistError",
      "This version is only available to allowlisted customers in the Guangzhou region.",
    );
  }
}

function modify(task: StoredTask, parameters: Parameters, context: Context, operation: string): object {
  const settings = updated(task, parameters, context, operation);
  refuseBadScript("Content", text(parameters, "Content"));
  if (settings.TaskName !== task.settings.TaskName) {
    refuseTakenName(context, task.ProjectId, task.TaskType, settings.TaskName, task.TaskId);
  }
  // A new script is a changed script, whatever the caller says about it.
  if (settings.Content !== task.settings.Content) settings.ScriptChange = true;
  const lag = Number(position(context, "wedataReadsLagMilliseconds"));
  if (lag > 0) task.earlier = { settings: shownSettings(task, context), until: context.now() + lag };
  task.settings = settings;
  changed(task, context.account, context.now());
  return { Data: true };
}

export const ModifyTaskInfo: Operation = (parameters, context) => {
  refuseOutsideAllowlist(context);
  const task = taskOf(parameters, context);
  return task
    ? modify(task, parameters, context, "ModifyTaskInfo")
    : missing(context, text(parameters, "TaskId") ?? "", false);
};

export const ModifyTaskInfoDs: Operation = (parameters, context) => {
  const task = taskOf(parameters, context);
  if (!task) return missing(context, text(parameters, "TaskId") ?? "", false);
  const action = text(parameters, "TaskAction") ?? task.settings.TaskAction;
  const step = amount(parameters, "CycleStep") ?? task.settings.CycleStep;
  if (action !== "" && step > 1) {
    throw new Refusal(
      "InvalidParameterValue",
      "With TaskAction set CycleStep must be 1; with CycleStep > 1 TaskAction must be empty.",
    );
  }
  const { TaskName, ...others } = parameters;
  const renames = position(context, "modifyTaskInfoDsRenames") === true && TaskName !== undefined;
  return modify(task, renames ? parameters : others, context, "ModifyTaskInfoDs");
};

export const ModifyTaskName: Operation = (parameters, context) => {
  const task = taskOf(parameters, context);
  if (!task) return missing(context, text(parameters, "TaskId") ?? "", false);
  const name = text(parameters, "TaskName") ?? "";
  refuseTakenName(context, task.ProjectId, task.TaskType, name, task.TaskId);
  task.settings.TaskName = name;
  task.settings.Notes = text(parameters, "Notes") ?? task.settings.Notes;
  changed(task, context.account, context.now());
  return { Data: true };
};

export const ModifyTaskScript: Operation = (parameters, context) => {
  refuseOutsideAllowlist(context);
  const task = taskOf(parameters, context);
  if (!task) return missing(context, text(parameters, "TaskId") ?? "", null);
  const script = text(parameters, "ScriptContent");
  refuseBadScript("ScriptContent", script);
  if (script !== undefined) task.settings.Content = script;
  task.settings.ScriptChange = true;
  changed(task, context.account, context.now());
  return { Data: { Content: task.settings.Content } };
};

function link(parameters: Parameters, context: Context): { Data: unknown; LinkId?: string } {
  const son = taskOf(parameters, context, "TaskTo");
  const parentId = text(parameters, "TaskFrom") ?? "";
  if (!son) return missing(context, text(parameters, "TaskTo") ?? "", false);
  const earlier = son.settings.Dependencies.find((each) => each.ParentTaskId === parentId);
  if (earlier) return { Data: true, LinkId: earlier.LinkId };
  const before = son.settings.Dependencies;
  const line = plainDependency(son, parentId, context);
  son.settings.Dependencies = [...before, line];
  if (dependsOnItself(context, son.TaskId)) {
    son.settings.Dependencies = before;
    throw new Refusal("FailedOperation", `The link from ${parentId} to ${son.TaskId} would close a circle.`);
  }
  changed(son, context.account, context.now());
  return { Data: true, LinkId: line.LinkId };
}

export const ModifyTaskLinks: Operation = (parameters, context) => {
  refuseOutsideAllowlist(context);
  return { Data: link(parameters, context).Data };
};

export const ModifyTaskLinksDs: Operation = link;

/** Takes a task away. Its downstream loses the dependency, and its instances, unless the mode spares them. */
export function remove(task: StoredTask, spareDownstream: boolean, context: Context): void {
  const downstream = downstreamOf(context, task.TaskId);
  if (downstream.length > 0 && position(context, "deleteRefusedWithDownstream") === true) {
    throw new Refusal(
      "FailedOperation",
      `The task has downstream tasks: ${downstream.map((each) => each.TaskId).join(", ")}.`,
    );
  }
  for (const son of downstream) {
    const others = (settings: Settings) => settings.Dependencies.filter((each) => each.ParentTaskId !== task.TaskId);
    son.settings.Dependencies = others(son.settings);
    if (son.submitted) son.submitted.settings.Dependencies = others(son.submitted.settings);
    if (!spareDownstream) son.instancesFailedBy = [...(son.instancesFailedBy ?? []), task.TaskId];
  }
  Reflect.deleteProperty(wedataState(context.state).tasks, task.TaskId);
}

export const DeleteTaskDs: Operation = (parameters, context) => {
  const byId = text(parameters, "TaskId");
  const id = byId ?? text(parameters, "VirtualTaskId");
  if (!id) throw new Refusal("MissingParameter", "The request is missing a required parameter `TaskId`.");
  const task = taskOf(parameters, context, byId === undefined ? "VirtualTaskId" : "TaskId");
  if (!task) return missing(context, id, false);
  if (position(context, "deleteKeepsScheduled") === true && task.submitted) task.deletedFromEditing = true;
  else remove(task, flag(parameters, "DeleteMode") === true, context);
  return { Data: true };
};

export const DeleteOfflineTask: Operation = (parameters, context) => {
  const task = taskOf(parameters, context);
  if (!task) return missing(context, text(parameters, "TaskId") ?? "", false);
  remove(task, false, context);
  return { Data: true };
};

export const CheckTaskNameExist: Operation = (parameters, context) => {
  const project = projectOf(parameters, context);
  const name = text(parameters, "TaskName") ?? "";
  return { Data: nameIsTaken(context, project.ProjectId, amount(parameters, "TypeId") ?? 0, name) };
};
