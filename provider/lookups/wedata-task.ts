import { tencent } from "../clouds/connections";
import type { Connection } from "../clouds/connections";
import { now } from "../core/clock";
import { TaskError } from "../core/errors";
import { type Fields, text } from "../core/fields";
import { optionFields } from "../resources/options";
import type { WeDataTaskArguments } from "../resources/wedata-task/arguments";
import { type Asking, type Sighting, readTask } from "../resources/wedata-task/lookup";
import { TOKEN_KEY, entriesOf, shapesOf } from "../resources/wedata-task/extension";
import { fromWire, modifyTimeOf } from "../resources/wedata-task/wire";
import { type Facts, SECONDS_OF_LOOKUP } from "./facts";

/** Which task of WeData to look up. */
export interface WeDataTaskQuery {
  /** Project id, digits. */
  projectId: string;
  /** The task's id. */
  id: string;
  /** The account, region or endpoint to use instead of the stack's configuration. */
  connection?: Connection;
}

/**
 * A task of WeData that others own, in the words of the arguments of a WeDataTask. The international site does not read
 * `taskExt`, `parameters` and `dependencies`.
 */
export interface LookedUpWeDataTask extends Omit<
  Facts<WeDataTaskArguments>,
  | "script"
  | "taskFolderId"
  | "codeTemplateId"
  | "instanceInitStrategy"
  | "productName"
  | "leftCoordinate"
  | "topCoordinate"
> {
  /** `<projectId>/<taskId>`. */
  readonly id: string;
  /** The task's id, as `adopt` and `dependencies[].parentTask` take it. */
  readonly taskId: string;
  /** Project id. */
  readonly projectId: string;
  /** When it was changed last, as the service writes it. */
  readonly modifyTime?: string;
}

export const weDataTaskQueryFields = {
  projectId: text({ required: true, pattern: [/^\d{1,19}$/, "digits"] }),
  id: text({ required: true, pattern: [/^\d{1,19}$/, "the digits of a task id"] }),
  connection: optionFields.connection,
} satisfies Fields<WeDataTaskQuery>;

/** The task that a query means; a sentence when it is not there. */
export async function lookUpWeDataTask({ projectId, id, connection }: WeDataTaskQuery): Promise<LookedUpWeDataTask> {
  const deadline = now() + SECONDS_OF_LOOKUP * 1000;
  const asking: Asking = { client: tencent(connection), projectId, about: `task ${id}`, deadline };
  const seen = await readTask(asking, id, { parameters: true }, false);
  if (!seen)
    throw new TaskError(`project ${projectId} has no task ${id}; check projectId, and the region or connection`);
  const modifyTime = modifyTimeOf(seen.task);
  return {
    ...factsOf(seen),
    id: `${projectId}/${id}`,
    taskId: id,
    projectId,
    ...(modifyTime !== undefined && { modifyTime }),
  };
}

function factsOf({ task, operation }: Sighting): Facts<WeDataTaskArguments> {
  if (operation === undefined) return {};
  const { [TOKEN_KEY]: _token, ...taskExt } = shapesOf(entriesOf(task.TaskExt?.Properties));
  const { values, unreadable } = fromWire(task, operation, { reading: { taskExt }, trusting: true });
  const read = Object.entries(values).filter(([name, value]) => !unreadable(name) && value !== "");
  return Object.fromEntries(read);
}
