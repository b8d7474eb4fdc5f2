import { Refusal } from "../service";
import type { Context, Operation, Service } from "../service";
import {
  CheckTaskNameExist,
  CreateOfflineTask,
  CreateTask,
  CreateTaskNew,
  DeleteOfflineTask,
  DeleteTaskDs,
  ModifyTaskInfo,
  ModifyTaskInfoDs,
  ModifyTaskLinks,
  ModifyTaskLinksDs,
  ModifyTaskName,
  ModifyTaskScript,
  newTask,
} from "./editing";
import {
  BatchDeleteOpsTasks,
  BatchModifyOpsOwners,
  BatchStopOpsTasks,
  CreateTaskVersionDs,
  FreezeOpsTasks,
  submit,
  SubmitTask,
} from "./operating";
import {
  DescribeDependTaskLists,
  DescribeOperateOpsTasks,
  DescribeTaskByCycle,
  DescribeTaskByCycleReport,
  DescribeTaskDetailDs,
  DescribeTaskParamDs,
  DescribeTaskScript,
  GetPaginationTaskScript,
} from "./reading";
import { text } from "../given";
import { settable, updated } from "./settings";
import { changed, consoleUser, wedataState } from "./task";
import type { WedataState } from "./task";

/** What each site lacks. The server checks it by the contracts too; whoever calls an operation directly meets it here. */
const onlyOn: Readonly<Record<string, "cn" | "intl">> = {
  DescribeTaskDetailDs: "cn",
  DescribeTaskParamDs: "cn",
  GetPaginationTaskScript: "cn",
  ModifyTaskInfoDs: "cn",
  DescribeTaskByCycleReport: "intl",
};

const operations: Readonly<Record<string, Operation>> = {
  BatchDeleteOpsTasks,
  BatchModifyOpsOwners,
  BatchStopOpsTasks,
  CheckTaskNameExist,
  CreateOfflineTask,
  CreateTask,
  CreateTaskNew,
  CreateTaskVersionDs,
  DeleteOfflineTask,
  DeleteTaskDs,
  DescribeDependTaskLists,
  DescribeOperateOpsTasks,
  DescribeTaskByCycle,
  DescribeTaskByCycleReport,
  DescribeTaskDetailDs,
  DescribeTaskParamDs,
  DescribeTaskScript,
  FreezeOpsTasks,
  GetPaginationTaskScript,
  ModifyTaskInfo,
  ModifyTaskInfoDs,
  ModifyTaskLinks,
  ModifyTaskLinksDs,
  ModifyTaskName,
  ModifyTaskScript,
  SubmitTask,
};

const sited =
  (name: string, operation: Operation): Operation =>
  (parameters, context) => {
    if ((onlyOn[name] ?? context.site) !== context.site) {
      throw new Refusal("InvalidAction", `The API does not exist or has been deprecated: ${name}.`);
    }
    return operation(parameters, context);
  };

/** WeData 2021-08-20: tasks of workflows. */
export const service: Service = {
  version: "wedata-2021-08-20",
  stateKey: "wedata",
  seed: (state, context) => {
    const projects = ["analytics", "second"].map((ident) => ({
      ProjectId: context.newId(19),
      ProjectIdent: ident,
      ProjectName: `${ident} project`,
    }));
    const workflows = projects.map((project) => ({
      WorkflowId: uuid(context),
      WorkflowName: `${project.ProjectIdent}_workflow`,
      ProjectId: project.ProjectId,
      FolderId: uuid(context),
      FolderName: "default",
    }));
    Object.assign(state, {
      projects,
      workflows,
      tasks: {},
      members: { [context.account]: "data_engineer", [consoleUser]: "console_user", "100033435965": "data_owner" },
      lastTaskId: "20240307211852580",
    } satisfies WedataState);
  },
  operations: Object.fromEntries(Object.entries(operations).map(([name, operation]) => [name, sited(name, operation)])),
  touch: (id, changes, context) => {
    const task = wedataState(context.state).tasks[id];
    if (!task) throw new Refusal("NotFound", `No task has the id ${id}.`, 404);
    const { Status, WorkflowId, ...others } = changes;
    refuseUnknown(others);
    task.settings = updated(task, others, {
      ...context,
      switches: { ...context.switches, modifyTaskInfoClearsAbsent: false },
    });
    if (Status !== undefined) Object.assign(task, { Status });
    if (WorkflowId !== undefined) Object.assign(task, { WorkflowId });
    changed(task, consoleUser, context.now());
    return structuredClone(task);
  },
};

/** An id in the shape of a UUID, in which only decimal digits happen to occur. */
function uuid(context: Omit<Context, "state">): string {
  const digits = `${context.newId(16)}${context.newId(16)}`;
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    digits.slice(12, 16),
    digits.slice(16, 20),
    digits.slice(20, 32),
  ].join("-");
}

/**
 * The ids of `count` new tasks named `<TaskName>-<number>`; for tests that need many. `template` has the names of the write
 * side, and ProjectId, WorkflowId, TaskType; tasks go to the first workflow of the first project, and are submitted unless
 * it says `submitted: false`.
 */
export function bulk(
  state: Record<string, unknown>,
  context: Omit<Context, "state">,
  count: number,
  template: Record<string, unknown> = {},
): string[] {
  const { ProjectId, WorkflowId, TaskType = 35, submitted = true, ...changes } = template;
  const whole: Context = { ...context, state, switches: { ...context.switches, modifyTaskInfoClearsAbsent: false } };
  const workflow = wedataState(state).workflows.find(
    (each) => (WorkflowId ?? each.WorkflowId) === each.WorkflowId && (ProjectId ?? each.ProjectId) === each.ProjectId,
  );
  if (!workflow) throw new Refusal("InvalidChange", "WorkflowId and ProjectId must name a workflow of that project.");
  refuseUnknown(changes);
  return Array.from({ length: count }, (_, index) => {
    const TaskName = `${text(template, "TaskName") ?? "task"}-${index + 1}`;
    const task = newTask(whole, workflow, Number(TaskType), { TaskName });
    task.settings = updated(task, { ...changes, TaskName }, whole);
    if (submitted === true) submit(task, "", true, whole);
    return task.TaskId;
  });
}

function refuseUnknown(changes: Record<string, unknown>): void {
  const unknown = Object.keys(changes).filter((name) => !settable.has(name));
  if (unknown.length > 0) throw new Refusal("InvalidChange", `Not properties of a task: ${unknown.join(", ")}.`);
}
