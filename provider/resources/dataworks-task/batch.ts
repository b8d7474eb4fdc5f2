import { type AlibabaClient } from "../../clouds/alibaba/client";
import { origin } from "../../clouds/origin";
import { CloudError, isBusiness, isCloudError, isParameter } from "../../core/errors";
import { lane } from "../../core/lane";
import { type Sent, completed, needsReading } from "./habits";
import { getTask, listTasks } from "./lookup";
import { type WirePatch, type WireTask, wireId } from "./wire";

/** One task's part of a BatchUpdateTasks call. */
export interface BatchItem {
  readonly projectId: string;
  readonly taskId: string;
  readonly env: string;
  readonly patch: WirePatch;
  readonly about: string;
  readonly deadline: number;
  /** The task as it was just read. */
  readonly before?: WireTask | undefined;
  /** Parameters that are put back anyway if this update loses them. */
  readonly declared?: readonly string[];
}

/** Assumption, named here alone: how many tasks one call may carry is not documented. */
export const MOST_TASKS = 50;

const lanes = new Map<string, (item: BatchItem) => Promise<Sent>>();

/**
 * The lane in which the updates of one account and remark leave together, each with an outcome of its own. Without a
 * remark the console's history gets where the change comes from. The outcome is what was sent.
 */
export function updateLane(
  client: AlibabaClient,
  comment: string | undefined = origin(),
): (item: BatchItem) => Promise<Sent> {
  const key = `${client.key}\n${comment ?? ""}`;
  let submit = lanes.get(key);
  if (!submit) {
    submit = lane<BatchItem, Sent>({
      maxItems: MOST_TASKS,
      key: ({ taskId }) => taskId,
      send: (updates) => send(client, comment, updates),
    });
    lanes.set(key, submit);
  }
  return submit;
}

interface Outcome {
  Success?: boolean;
  Message?: string;
}

/**
 * Assumption, named here alone: a batch that is refused, or in which nothing succeeds, may be too long or spoilt by one
 * task of it, so each task is sent once more by itself and gets an answer of its own.
 */
async function send(
  client: AlibabaClient,
  comment: string | undefined,
  items: readonly BatchItem[],
): Promise<(Error | Sent)[]> {
  const prepared = await readFirst(client, items);
  const updates = prepared.filter((item): item is BatchItem => !(item instanceof Error));
  const outcomes = await sendAll(client, comment, updates);
  return prepared.map((item) => (item instanceof Error ? item : (outcomes.shift() as Error | Sent)));
}

async function sendAll(
  client: AlibabaClient,
  comment: string | undefined,
  updates: readonly BatchItem[],
): Promise<(Error | Sent)[]> {
  if (updates.length === 0) return [];
  if (updates.length === 1) return sendTogether(client, comment, updates);
  const refused = (error: unknown) => isParameter(error) || isBusiness(error);
  const outcomes = await sendTogether(client, comment, updates).catch((error: unknown) => {
    if (!refused(error)) throw error;
    return updates.map(() => error as Error);
  });
  if (!outcomes.every(refused)) return outcomes;
  return Promise.all(
    updates.map(async (update) => {
      try {
        return (await sendTogether(client, comment, [update]))[0] as Error | Sent;
      } catch (error) {
        return error as Error;
      }
    }),
  );
}

/**
 * Reads, in one call for all, the tasks of which this update could lose something. Where the list is refused, of one
 * workspace perhaps, each task is read by itself, so that none fails for another.
 */
async function readFirst(client: AlibabaClient, items: readonly BatchItem[]): Promise<(Error | BatchItem)[]> {
  const unread = items.filter(
    ({ patch, before, declared = [] }) =>
      before === undefined && needsReading(client, { operation: "BatchUpdateTasks", patch, before }, declared),
  );
  const read = new Map<BatchItem, WireTask | Error | undefined>();
  for (const place of new Set(unread.map(placeOf))) {
    const there = unread.filter((item) => placeOf(item) === place);
    const [{ projectId, env, about }] = there as [BatchItem];
    const asking = { client, about, deadline: Math.max(...there.map(({ deadline }) => deadline)) };
    const ids = there.map(({ taskId }) => taskId);
    const tasks = await listTasks(asking, projectId, ids, env).catch((error: unknown) => {
      if (!isCloudError(error)) throw error;
      return undefined;
    });
    for (const item of there) {
      const { taskId } = item;
      const alone = () =>
        getTask({ ...item, client }, projectId, taskId, env).catch((error: unknown) => error as Error);
      read.set(item, tasks ? tasks.find(({ Id }) => String(Id) === taskId) : await alone());
    }
  }
  return items.map((item) => {
    const before = item.before ?? read.get(item);
    if (before instanceof Error) return before;
    return { ...item, before, patch: completed(client, { operation: "BatchUpdateTasks", patch: item.patch, before }) };
  });
}

const placeOf = ({ projectId, env }: BatchItem) => `${projectId}/${env}`;

async function sendTogether(
  client: AlibabaClient,
  comment: string | undefined,
  updates: readonly BatchItem[],
): Promise<(Error | Sent)[]> {
  const first = updates[0] as BatchItem;
  const answer = await client.call(
    "BatchUpdateTasks",
    {
      Tasks: updates.map(({ taskId, env, patch }) => ({ Id: wireId(taskId), EnvType: env, ...patch })),
      ...(comment !== undefined && { Comment: comment }),
    },
    {
      about: updates.length === 1 ? first.about : `${updates.length} tasks, first ${first.about}`,
      deadline: Math.max(...updates.map(({ deadline }) => deadline)),
    },
  );
  const outcomes = (answer["SuccessInfo"] ?? {}) as Record<string, Outcome | undefined>;
  return updates.map(({ taskId, about, patch, before }) => {
    const outcome = outcomes[taskId];
    // The flag decides, not the presence of a message (contracts.md §6.10).
    if (outcome?.Success === true) return { operation: "BatchUpdateTasks", patch, before };
    return new CloudError({
      cloud: "dataworks",
      operation: "BatchUpdateTasks",
      about,
      code: outcome === undefined ? "NoOutcome" : "TaskRefused",
      detail: outcome?.Message ?? "the service did not say what became of this task",
      errorClass: outcome === undefined ? "unknown" : "business",
      unclear: outcome === undefined,
    });
  });
}
