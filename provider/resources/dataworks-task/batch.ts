import { type AlibabaClient } from "../../clouds/alibaba/client";
import { origin } from "../../clouds/origin";
import { CloudError, isBusiness, isParameter } from "../../core/errors";
import { lane } from "../../core/lane";
import { type Sent, completed, needsReading } from "./habits";
import { listTasks } from "./lookup";
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
const MOST_TASKS = 50;

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
  const updates = await prepared(client, items);
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

/** Reads, in one call for all, the tasks of which this update could lose something. */
async function prepared(client: AlibabaClient, items: readonly BatchItem[]): Promise<BatchItem[]> {
  const unread = items.filter(
    ({ patch, before, declared = [] }) =>
      before === undefined && needsReading(client, { operation: "BatchUpdateTasks", patch, before }, declared),
  );
  const places = new Set(unread.map(({ projectId, env }) => `${projectId}/${env}`));
  const tasks = new Map<string, WireTask>();
  for (const place of places) {
    const there = unread.filter(({ projectId, env }) => `${projectId}/${env}` === place);
    const [first] = there as [BatchItem];
    const deadline = Math.max(...there.map((item) => item.deadline));
    const ids = there.map(({ taskId }) => taskId);
    for (const task of await listTasks({ client, about: first.about, deadline }, first.projectId, ids, first.env)) {
      tasks.set(`${place}/${String(task.Id)}`, task);
    }
  }
  return items.map((item) => {
    const before = item.before ?? tasks.get(`${item.projectId}/${item.env}/${item.taskId}`);
    return { ...item, before, patch: completed(client, { operation: "BatchUpdateTasks", patch: item.patch, before }) };
  });
}

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
