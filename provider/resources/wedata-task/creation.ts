import { now } from "../../core/clock";
import { CloudError, TaskError } from "../../core/errors";
import { once } from "../../core/once";
import { valueAt } from "../../core/fields";
import { poll } from "../../core/poll";
import { tokenOf } from "../../core/token";
import { type WeDataTaskArguments } from "./arguments";
import { carried } from "../../core/wire";
import { toExtension } from "./extension";
import { type Asking, SETTLING_MILLISECONDS, nameExists, readTask, tasksNamed } from "./lookup";
import { type WireTask, canvasPlace, table, tokenOfTask } from "./wire";
import { show } from "../../core/quoting";

/** What a creation is about. */
export interface Creating {
  readonly args: WeDataTaskArguments;
  readonly token: string;
}

/** The id of the task, made now or found as left behind by an interrupted run. */
export async function make(
  work: Creating,
  asking: Asking,
  content: string | undefined,
): Promise<{ taskId: string; found: boolean }> {
  const { args, token } = work;
  const [name, taskType] = [args.name as string, args.taskType as number];
  const left = (await nameExists(asking, taskType, name)) ? await ourTask(work, asking) : undefined;
  if (left !== undefined) return { taskId: left, found: true };
  // Required on the mainland site; a task without code, such as a virtual one, has an empty one.
  const whole = { ...args, script: { content: content ?? "" } };
  const terms = { token, made: true };
  const body = {
    ...canvasPlace(token),
    TaskExt: toExtension({}, terms),
    ...carried(table, "CreateTaskNew", { ...whole }, (path) => valueAt(whole, path) !== undefined, terms),
  };
  const look = async () => {
    const taskId = await lookForOurs(work, asking);
    return taskId === undefined ? undefined : { taskId, found: true };
  };
  return once({
    async make() {
      const { Data } = await asking.client.call("CreateTaskNew", body, asking);
      if (typeof Data === "string" && Data !== "") return { taskId: Data, found: false };
      const made = await look();
      if (made !== undefined) return made;
      throw new TaskError(
        `${asking.about}: CreateTaskNew answered without an id, and no such task is to be found; run \`pulumi up\` again`,
      );
    },
    // The name is free when nothing was made. If the lost call arrives after all, the service refuses the second one.
    look,
    mayBeThere: isDuplicate,
    deadline: asking.deadline,
  });
}

const isDuplicate = (error: unknown) => error instanceof CloudError && error.code === "InvalidParameter.DuplicateName";

/** Our task, after a reply that left open whether it was made; lists may be late to show it. */
async function lookForOurs(work: Creating, asking: Asking): Promise<string | undefined> {
  if (!(await nameExists(asking, work.args.taskType as number, work.args.name as string))) return undefined;
  return ourTask(work, asking);
}

/** The task of our name that carries our token; a task of that name that does not is somebody else's. */
async function ourTask({ args, token }: Creating, asking: Asking): Promise<string> {
  const { name, taskType } = args;
  const candidates = await poll<WireTask[]>(
    async () => {
      const named = await tasksNamed(asking, args.workflowId as string, name as string);
      const ofType = named.filter((task) => Number(task.TaskType?.TypeId ?? task.TaskTypeId) === taskType);
      return ofType.length > 0 ? ofType : undefined;
    },
    { deadline: Math.min(asking.deadline, now() + SETTLING_MILLISECONDS) },
  );
  for (const candidate of candidates ?? []) {
    if (await carries(candidate, token, args, asking)) return candidate.TaskId as string;
  }
  const other = candidates?.[0]?.TaskId;
  throw new TaskError(
    `name ${show(name)} exists among the tasks of type ${String(taskType)} in project ${args.projectId} and was not created by this resource; ` +
      (other === undefined || other === null
        ? 'to take it over write adopt: "<its task id>", or choose another name'
        : `to take it over write adopt: "${other}", or choose another name`),
  );
}

/** Whether a task of our name is ours. */
async function carries(task: WireTask, token: string, args: WeDataTaskArguments, asking: Asking): Promise<boolean> {
  const inNotes = tokenOf(task.Notes ?? "");
  if (inNotes !== undefined) return inNotes === token;
  if (asking.client.site === "cn") {
    const seen = await readTask(asking, task.TaskId as string, {}, false);
    return seen !== undefined && tokenOfTask(seen.task) === token;
  }
  /**
   * Assumption, named here alone: between CreateTaskNew and the first ModifyTaskInfo the international site shows no
   * token, and the place on the canvas that follows from it stands for it (one in 16 million, beside name and workflow).
   */
  const { LeftCoordinate, TopCoordinate } = canvasPlace(token);
  const placed = args.leftCoordinate === undefined && args.topCoordinate === undefined;
  return placed && task.LeftCoordinate === LeftCoordinate && task.TopCoordinate === TopCoordinate;
}
