import { TaskError } from "../../core/errors";
import { valueAt } from "../../core/fields";
import { tokenOf } from "../../core/token";
import { adoptedId, adoptsAndApplies, createdElsewhere, movedId, refuseForeign } from "../options";
import { CREATION_ONLY } from "./arguments";
import { type WeDataWork, bring, declaredPaths } from "./bringing";
import { found } from "./facts";
import { type Asking, readTask } from "./lookup";
import { readingOf, tokenOfTask } from "./wire";
import { isAmbiguous } from "./words";
import { show } from "../../core/quoting";

/** Takes an existing task under management; writes nothing unless asked to. */
export async function adopt(work: WeDataWork, asking: Asking): Promise<void> {
  const { args, facts, token } = work;
  const isMoved = movedId(args) !== undefined;
  const taskId = (adoptedId(args) as string).replace(/^.*\//, "");
  facts.reading = readingOf(args, isMoved ? { made: true } : undefined);
  const seen = await readTask(asking, taskId, facts.reading ?? {}, false);
  if (!seen || seen.scheduledOnly)
    throw new TaskError(
      `adopt: there is no task ${taskId} in project ${args.projectId}${isMoved ? "; take adopt out to have the task created" : ""}`,
    );
  const { task } = seen;
  const mark = tokenOf(task.Notes ?? "") ?? (isMoved ? tokenOfTask(task) : undefined);
  if (isMoved) refuseForeign(adoptedId(args) as string, mark, token, args.force);
  else if (mark !== undefined && mark !== token && args.force !== true) throw createdElsewhere(taskId, mark, token);
  refuseAnother("workflow", task.WorkflowId, args.workflowId, taskId);
  refuseAnother("task type", task.TaskType?.TypeId ?? task.TaskTypeId, args.taskType, taskId);
  if (isMoved) {
    const live = found(seen, facts, args);
    const otherwise = work.differences(live).filter((path) => (CREATION_ONLY as readonly string[]).includes(path));
    for (const path of otherwise)
      refuseAnother(path, valueAt(live.values, path) as Named, valueAt(args, path) as Named, taskId);
  }
  work.id = `${args.projectId}/${taskId}`;
  facts.taskId = taskId;
  if (isMoved) {
    work.token = mark ?? token;
    facts.phase = task.Submit === false ? "edited" : "published";
  } else {
    facts.origin = "adopted";
    facts.phase = task.Submit === false ? "draft" : "published";
    facts.reading = readingOf(args, mark === undefined ? undefined : { token: mark });
  }
  work.found = found(seen, facts, args);
  const { unreadable } = work.found;
  work.recordOnly = !isMoved && !adoptsAndApplies(args);
  if (work.recordOnly) {
    if (args.selfDepend !== undefined && isAmbiguous(task.SelfDepend) && unreadable?.("selfDepend")) {
      work.warn(
        `${asking.about}: reads call selfDepend ${show(task.SelfDepend)}, and no document says which serial kind that is; the next update sets ${args.selfDepend}, and it is compared from then on [self-depend-unknown]`,
      );
    }
    return;
  }
  const different = new Set([
    ...work.differences(work.found),
    ...work.changes.map(({ path }) => path).filter((path) => unreadable?.(path)),
  ]);
  const wanted = new Set([...declaredPaths(work)].filter((path) => different.has(path)));
  // An attempt that was killed may have left its edit unpublished, and no read tells.
  if (args.publish !== false) facts.phase = "edited";
  await bring(work, asking, wanted);
}

type Named = string | number | null | undefined;
function refuseAnother(what: string, is: Named, declared: Named, taskId: string): void {
  if (declared !== undefined && is !== undefined && is !== null && String(is) !== String(declared)) {
    throw new TaskError(
      `adopt: task ${taskId} has ${what} ${String(is)}, not ${String(declared)}; no operation changes that`,
    );
  }
}
