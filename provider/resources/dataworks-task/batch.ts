import { type AlibabaClient } from "../../clouds/alibaba/client";
import { originOfRun } from "../../clouds/origin";
import { toCome } from "../../core/announced";
import { now } from "../../core/clock";
import { countBatch } from "../../core/counters";
import { CloudError, isBusiness, isCloudError, isParameter } from "../../core/errors";
import { lane } from "../../core/lane";
import { type Sent, completed, needsReading } from "./habits";
import { SEEN_WITHIN, forgetTask, getTask, listedTask } from "./lookup";
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
  /** The ModifyTime of the state, where the list alone can't show that nobody has edited the task since. */
  readonly recorded?: string | undefined;
}

/** Assumption, named here alone: how many tasks one call may carry is not documented; where it is fewer, that is found out. */
export const MOST_TASKS = 50;

/** What has turned out about the batches of an account, for this process. */
interface Batches {
  most: number;
  /** One call has changed a task and refused another, so that what it refuses is refused for its own sake. */
  isPerTask: boolean;
}
const batches = new Map<string, Batches>();
const batchesOf = ({ key }: AlibabaClient): Batches => {
  let known = batches.get(key);
  if (known === undefined) batches.set(key, (known = { most: MOST_TASKS, isPerTask: false }));
  return known;
};

const lanes = new Map<string, (item: BatchItem) => Promise<Sent>>();

/**
 * The lane in which the updates of one account, environment and remark leave together, each with an outcome of its own.
 * Without a remark the console's history gets where the change comes from. The outcome is what was sent.
 */
export function updateLane(
  client: AlibabaClient,
  env: string,
  comment: string | undefined = originOfRun(),
): (item: BatchItem) => Promise<Sent> {
  const key = `${client.key}\n${env}\n${comment ?? ""}`;
  let submit = lanes.get(key);
  if (!submit) {
    submit = lane<BatchItem, Sent>({
      maxItems: () => batchesOf(client).most,
      key: ({ taskId }) => taskId,
      toCome: () => toCome("DataWorksTask"),
      timeLeft: ({ deadline }) => deadline - now(),
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

const isRefused = (outcome: unknown) => isParameter(outcome) || isBusiness(outcome);

/**
 * Assumption, named here alone: a batch that is refused, or in which nothing succeeds, may be too long, or spoilt by one
 * task of it. It is sent in halves, and these in halves, until whatever is refused stands alone, with an answer of its
 * own. Where nothing of it is refused in the end, it was too long: later batches are no longer than half of it.
 */
async function sendAll(
  client: AlibabaClient,
  comment: string | undefined,
  updates: readonly BatchItem[],
): Promise<(Error | Sent)[]> {
  if (updates.length === 0) return [];
  const known = batchesOf(client);
  if (updates.length > known.most) return inParts(client, comment, updates, known.most);
  let wasRefusedWhole = false;
  const outcomes = await sendTogether(client, comment, updates).catch((error: unknown) => {
    wasRefusedWhole = true;
    return updates.map(({ about }) => (isCloudError(error) ? error.with({ about }) : (error as Error)));
  });
  const refused = outcomes.filter(isRefused).length;
  if (refused > 0 && refused < outcomes.length) known.isPerTask = true;
  const mayBeSpoilt = refused === outcomes.length && updates.length > 1 && (wasRefusedWhole || !known.isPerTask);
  if (!mayBeSpoilt) return outcomes;
  const half = Math.ceil(updates.length / 2);
  const again = await inParts(client, comment, updates, half);
  if (wasRefusedWhole && !again.some(isRefused)) known.most = Math.min(known.most, half);
  return again;
}

async function inParts(
  client: AlibabaClient,
  comment: string | undefined,
  updates: readonly BatchItem[],
  size: number,
): Promise<(Error | Sent)[]> {
  const outcomes: (Error | Sent)[] = [];
  // One after the other: what the first part shows about the longest batch is for the others too.
  for (let at = 0; at < updates.length; at += size) {
    outcomes.push(...(await sendAll(client, comment, updates.slice(at, at + size))));
  }
  return outcomes;
}

/** So many tasks of a batch are looked at together before it, where that spares each of them a full read after it. */
const WORTH_A_LOOK = 3;

/**
 * Looks, together, at the tasks of which this update could lose something, which may have been seen a while ago, and at
 * those of which the list is to show that nobody has edited them up to now. What the list does not show of the former is
 * read by itself.
 */
async function readFirst(client: AlibabaClient, items: readonly BatchItem[]): Promise<(Error | BatchItem)[]> {
  const isDoubted = ({ recorded }: BatchItem) => recorded !== undefined;
  // What a list has shown was seen before the wait for this batch.
  const isUnseen = (item: BatchItem) => item.before === undefined || (item.before.isListed === true && isDoubted(item));
  const isNeeded = ({ patch, before, declared = [] }: BatchItem) =>
    before === undefined && needsReading(client, { operation: "BatchUpdateTasks", patch, before }, declared);
  const isWorthIt = items.filter((item) => isUnseen(item) && isDoubted(item)).length >= WORTH_A_LOOK;
  return Promise.all(
    items.map(async (item) => {
      const { projectId, taskId, env, patch } = item;
      const asking = { ...item, client };
      const isFresh = isDoubted(item) && isWorthIt;
      try {
        let { before } = item;
        if (isUnseen(item)) {
          const looks = isFresh || isNeeded(item);
          const listed = looks
            ? await listedTask(asking, projectId, taskId, env, isFresh ? 0 : SEEN_WITHIN)
            : undefined;
          before = listed ?? (before && undated(before));
        }
        if (before === undefined && isNeeded(item)) before = await getTask(asking, projectId, taskId, env);
        return { ...item, before, patch: completed(client, { operation: "BatchUpdateTasks", patch, before }) };
      } catch (error) {
        return error as Error;
      }
    }),
  );
}

/** What was seen too early to tell whether somebody has edited the task up to now. */
function undated({ ModifyTime: _seen, ...task }: WireTask): WireTask {
  return task;
}

async function sendTogether(
  client: AlibabaClient,
  comment: string | undefined,
  updates: readonly BatchItem[],
): Promise<(Error | Sent)[]> {
  const first = updates[0] as BatchItem;
  countBatch("dataworks", "BatchUpdateTasks", updates.length);
  const answer = await client
    .call(
      "BatchUpdateTasks",
      {
        Tasks: updates.map(({ taskId, env, patch }) => ({ Id: wireId(taskId), EnvType: env, ...patch })),
        ...(comment !== undefined && { Comment: comment }),
      },
      {
        about: updates.length === 1 ? first.about : `${updates.length} tasks, first ${first.about}`,
        deadline: Math.max(...updates.map(({ deadline }) => deadline)),
      },
    )
    .finally(() => {
      for (const { projectId, taskId, env } of updates) forgetTask({ client }, projectId, taskId, env);
    });
  const outcomes = (answer["SuccessInfo"] ?? {}) as Record<string, Outcome | undefined>;
  return updates.map(({ taskId, about, patch, before }) => {
    const outcome = outcomes[taskId];
    const sent: Sent = { operation: "BatchUpdateTasks", patch, before };
    // The flag decides, not the presence of a message (contracts.md §6.10).
    if (outcome?.Success === true) return sent;
    const failure = { cloud: "dataworks", operation: "BatchUpdateTasks", about } as const;
    if (outcome !== undefined) {
      const detail = outcome.Message ?? "the service gave no reason";
      return new CloudError({ ...failure, code: "TaskRefused", detail, errorClass: "business" });
    }
    const detail = "the service did not say what became of this task";
    const unanswered = new CloudError({ ...failure, code: "NoOutcome", detail, errorClass: "unknown", unclear: true });
    return { ...sent, unanswered };
  });
}
