import { countBatch } from "../../core/counters";
import { isCloudError } from "../../core/errors";
import { lane } from "../../core/lane";
import { type Asking } from "./lookup";

/** A task that an operation for many is called for. */
export interface Item {
  readonly asking: Asking;
  readonly taskId: string;
}

/** Assumption, named here alone: how many tasks one call may carry is not documented; where it is fewer, each goes alone. */
const MOST_TASKS = 50;

/** The service has looked at the call and will not do it: for one of the tasks perhaps, and perhaps for all. */
const isRefusal = (error: unknown): boolean =>
  isCloudError(error) && !error.unclear && ["business", "missing", "parameter", "unknown"].includes(error.errorClass);

/**
 * An operation that takes many tasks and has one outcome for all of them: tasks of one account and project that are waiting
 * leave together. A refusal names none of them, so each is sent alone then, and has an answer of its own.
 */
export function together<I extends Item>(
  operation: string,
  call: (items: readonly I[], asking: Asking) => Promise<void>,
): (item: I) => Promise<void> {
  const lanes = new Map<string, (item: I) => Promise<undefined>>();
  const alone = (item: I): Promise<undefined> => {
    countBatch("wedata", operation, 1);
    return call([item], item.asking).then(() => undefined);
  };
  const send = async (items: readonly I[]): Promise<(undefined | Error)[]> => {
    const [first] = items as readonly [I];
    if (items.length === 1) return [await alone(first)];
    const about = `${String(items.length)} tasks, first ${first.asking.about}`;
    const deadline = Math.max(...items.map(({ asking }) => asking.deadline));
    countBatch("wedata", operation, items.length);
    try {
      await call(items, { ...first.asking, about, deadline });
      return items.map(() => undefined);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      return Promise.all(items.map((item) => alone(item).catch((own: unknown) => own as Error)));
    }
  };
  return async (item) => {
    const { client, projectId } = item.asking;
    const key = `${client.key}\n${projectId}`;
    let submit = lanes.get(key);
    if (submit === undefined)
      lanes.set(key, (submit = lane<I, undefined>({ maxItems: MOST_TASKS, key: ({ taskId }) => taskId, send })));
    await submit(item);
  };
}
