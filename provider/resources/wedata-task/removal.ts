import { TaskError, mayMeanMissing } from "../../core/errors";
import { tokenOf } from "../../core/token";
import { type Asking, listedTask, operationsTask, readTask } from "./lookup";
import { type Item, together } from "./together";

/** What has to be known of a task to take it away. */
export interface Leaving {
  readonly origin?: "adopted";
  readonly phase?: string;
}

/** Stops the schedule and leaves the task; one that never ran has nothing to stop. */
export async function pause(asking: Asking, taskId: string): Promise<void> {
  const task = await operationsTask(asking, taskId);
  if (!task || task.Submit === false) return;
  await freeze({ asking, taskId, name: task.TaskName ?? "" });
}

const freeze = together<Item & { readonly name: string }>("FreezeOpsTasks", async (items, asking) => {
  const Tasks = items.map(({ taskId, name }) => ({ TaskId: taskId, TaskName: name }));
  await asking.client.call("FreezeOpsTasks", { Tasks, OperateIsInform: false, KillInstance: false }, asking);
});

/**
 * Deletes a task from the editing space and, where that leaves it there, from the schedule.
 * Assumption, named here alone: no operation lists the tasks that depend on a task, so DeleteMode is always the one that
 * does not make their instances fail. The code that CreateTaskNew made goes with the task; that of an adopted one stays.
 */
const SPARES_DOWNSTREAM = { DeleteMode: true } as const;

export async function remove(
  asking: Asking,
  taskId: string,
  facts: Leaving,
  force: boolean,
  token: string,
): Promise<void> {
  const { client, projectId } = asking;
  const made = facts.origin !== "adopted";
  if (!made && !force) await refuseForeign(asking, taskId, token);
  try {
    const body = {
      ProjectId: projectId,
      TaskId: taskId,
      ...SPARES_DOWNSTREAM,
      OperateInform: false,
      DeleteScript: made,
    };
    // Deleting twice is deleting once: the second answer is settled by reading.
    await client.call("DeleteTaskDs", body, { ...asking, repeatable: true });
  } catch (error) {
    const seen = await readTask(asking, taskId, {}, facts.phase === "published").catch((unread: unknown): never => {
      // Whether it is there is not known then; a plain refusal needs no reading.
      throw mayMeanMissing(error) ? unread : error;
    });
    if (seen && !seen.scheduledOnly) throw error;
  }
  if (facts.phase === "created" || facts.phase === "draft") return;
  if (!(await listedTask(asking, taskId))) return;
  const body = { ProjectId: projectId, TaskIdList: [taskId], ...SPARES_DOWNSTREAM, EnableNotify: false };
  try {
    const { Data } = await client.call("BatchDeleteOpsTasks", body, { ...asking, repeatable: true });
    const failed = (Data as { FailedCount?: number | null } | null | undefined)?.FailedCount ?? 0;
    if (failed > 0) throw new TaskError(stillScheduled(asking, taskId));
  } catch (error) {
    // The list may have been late to forget it.
    if (await listedTask(asking, taskId)) throw error;
  }
}

const stillScheduled = ({ about }: Asking, taskId: string) =>
  `${about}: task ${taskId} is deleted from the editing space, and the service did not take it off the schedule; delete it in the operations centre`;

async function refuseForeign(asking: Asking, taskId: string, token: string): Promise<void> {
  const mark = tokenOf((await operationsTask(asking, taskId))?.Notes ?? "");
  if (mark === undefined || mark === token) return;
  throw new TaskError(
    `${asking.about}: task ${taskId} was created by another stack and is not deleted; set force: true and run \`pulumi up\` before deleting, or onDelete: "release"`,
  );
}
