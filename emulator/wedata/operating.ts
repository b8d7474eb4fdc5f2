import { Refusal } from "../service";
import type { Context, Operation } from "../service";
import { flag, record, records, text, texts } from "../given";
import { refuseOutsideAllowlist, remove } from "./editing";
import { changed, dependsOnItself, memberName, missing, projectOf, taskIn, taskOf, wedataState } from "./task";
import type { StoredTask } from "./task";
import { position } from "./switches";

/** Makes the newest edit what production runs. A frozen task stays frozen, a stopped one starts again only when asked to. */
export function submit(task: StoredTask, remark: string, start: boolean, context: Context): string {
  const now = context.now();
  task.Version += 1;
  task.settings.ScriptChange = false;
  task.submitted = {
    Version: `V${task.Version}`,
    Remark: remark,
    SubmitTime: now,
    settings: structuredClone(task.settings),
  };
  task.FirstSubmitTime ??= now;
  if (task.Status === "N" || (task.Status === "F" && start)) task.Status = start ? "Y" : "F";
  changed(task, context.account, now);
  return task.submitted.Version;
}

export const CreateTaskVersionDs: Operation = (parameters, context) => {
  const project = projectOf(parameters, context);
  const wanted = record(parameters, "Task") ?? {};
  const id = text(wanted, "TaskId") ?? "";
  const task = taskIn(context, project.ProjectId, id);
  if (!task) return missing(context, id, null);
  if (flag(parameters, "NeedCheckParentSubmitted")) {
    const { tasks } = wedataState(context.state);
    const drafts = task.settings.Dependencies.filter((each) => !tasks[each.ParentTaskId]?.submitted);
    if (drafts.length > 0) {
      throw new Refusal(
        "FailedOperation",
        `Upstream tasks are not submitted: ${drafts.map((each) => each.ParentTaskId).join(", ")}.`,
      );
    }
  }
  if (flag(parameters, "EnableCheckTaskCycleLink") !== false && dependsOnItself(context, id)) {
    throw new Refusal("FailedOperation", `The dependencies of task ${id} close a circle.`);
  }
  // AutoRun runs the task once after the submission; a submitted task is scheduled with or without it.
  const start = task.Status === "N" || flag(parameters, "AutoRun") === true;
  return { Data: submit(task, text(wanted, "VersionRemark") ?? "", start, context) };
};

export const SubmitTask: Operation = (parameters, context) => {
  refuseOutsideAllowlist(context);
  const task = taskOf(parameters, context);
  if (!task) return missing(context, text(parameters, "TaskId") ?? "", false);
  submit(task, text(parameters, "VersionRemark") ?? "", flag(parameters, "StartScheduling") === true, context);
  return { Data: true };
};

/** Names no project: the tasks of all projects are meant. */
export const FreezeOpsTasks: Operation = (parameters, context) => {
  const ids = (records(parameters, "Tasks") ?? []).map((each) => text(each, "TaskId") ?? "");
  const { tasks } = wedataState(context.state);
  for (const id of ids) {
    const task = tasks[id];
    if (!task) return missing(context, id, false);
    if (!task.submitted) throw new Refusal("FailedOperation", `The task has not been submitted: ${id}.`);
  }
  for (const id of ids) {
    const task = tasks[id];
    if (task) operate(task, context, () => (task.Status = "O"));
  }
  return { Data: true };
};

export const BatchStopOpsTasks: Operation = (parameters, context) => ({
  Data: {
    ...each(texts(parameters, "TaskIdList") ?? [], projectOf(parameters, context).ProjectId, context, (task) =>
      operate(task, context, () => (task.Status = "F")),
    ),
    AsyncActionId: flag(parameters, "AsyncMode") ? context.newId(17) : null,
  },
});

/** Owners are a matter of operations: they change in the newest edit and in what production runs alike. */
export const BatchModifyOpsOwners: Operation = (parameters, context) => {
  const ids = (text(parameters, "Owners") ?? "").split(";").filter((id) => id !== "");
  if (ids.length === 0) throw new Refusal("InvalidParameterValue", "Owners must name at least one owner.");
  const names = ids.map((id) => memberName(wedataState(context.state), id)).join(";");
  const outcome = each(
    texts(parameters, "TaskIdList") ?? [],
    projectOf(parameters, context).ProjectId,
    context,
    (task) =>
      operate(task, context, () => {
        for (const settings of [task.settings, task.submitted?.settings]) {
          if (settings) Object.assign(settings, { InChargeIds: [...ids], InCharge: names });
        }
      }),
  );
  return { Data: { ...outcome, AsyncActionId: null } };
};

/** Takes tasks out of operations. The vendor's sample counts a success and a total of 0: so do we. */
export const BatchDeleteOpsTasks: Operation = (parameters, context) => {
  const spare = flag(parameters, "DeleteMode") === true;
  const outcome = each(
    texts(parameters, "TaskIdList") ?? [],
    projectOf(parameters, context).ProjectId,
    context,
    (task) => {
      if (position(context, "deleteKeepsScheduled") === true && !task.deletedFromEditing) {
        // The two sides are apart: the edit stays, as one that was never submitted.
        delete task.submitted;
        task.Status = "N";
      } else {
        remove(task, spare, context);
      }
    },
  );
  return {
    Data: { ...outcome, ...(position(context, "batchCountsTotal") !== true && { TotalCount: 0 }), AsyncActionId: null },
  };
};

function operate(task: StoredTask, context: Context, act: () => void): void {
  act();
  changed(task, context.account, context.now());
}

/** What a batch comes to: it goes on after a failure and only counts it. */
function each(ids: string[], projectId: string, context: Context, act: (task: StoredTask) => void): object {
  let failed = 0;
  for (const id of ids) {
    const task = wedataState(context.state).tasks[id];
    if (task?.ProjectId !== projectId || !task.submitted) {
      failed += 1;
      continue;
    }
    try {
      act(task);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      failed += 1;
    }
  }
  return { SuccessCount: ids.length - failed, FailedCount: failed, TotalCount: ids.length };
}
