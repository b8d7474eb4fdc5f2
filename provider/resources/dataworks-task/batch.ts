import { type AlibabaClient } from "../../clouds/alibaba/client";
import { CloudError, isBusiness, isParameter } from "../../core/errors";
import { lane } from "../../core/lane";
import { type WirePatch, wireId } from "./wire";

/** One task's part of a BatchUpdateTasks call. */
export interface Update {
  readonly taskId: string;
  readonly env: string;
  readonly patch: WirePatch;
  readonly about: string;
  readonly deadline: number;
}

/** Assumption, named here alone: how many tasks one call may carry is not documented. */
const MOST_TASKS = 50;

const lanes = new Map<string, (update: Update) => Promise<void>>();

/** The lane in which the updates of one account and remark leave together, each with an outcome of its own. */
export function updateLane(client: AlibabaClient, comment: string | undefined): (update: Update) => Promise<void> {
  const key = `${client.key}\n${comment ?? ""}`;
  let submit = lanes.get(key);
  if (!submit) {
    submit = lane<Update, void>({
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
  updates: readonly Update[],
): Promise<(Error | undefined)[]> {
  if (updates.length === 1) return sendTogether(client, comment, updates);
  const refused = (error: unknown) => isParameter(error) || isBusiness(error);
  const outcomes = await sendTogether(client, comment, updates).catch((error: unknown) => {
    if (!refused(error)) throw error;
    return updates.map(() => error);
  });
  if (!outcomes.every(refused)) return outcomes;
  return Promise.all(
    updates.map(async (update) => {
      try {
        return (await sendTogether(client, comment, [update]))[0];
      } catch (error) {
        return error as Error;
      }
    }),
  );
}

async function sendTogether(
  client: AlibabaClient,
  comment: string | undefined,
  updates: readonly Update[],
): Promise<(Error | undefined)[]> {
  const first = updates[0] as Update;
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
  return updates.map(({ taskId, about }) => {
    const outcome = outcomes[taskId];
    // The flag decides, not the presence of a message (contracts.md §6.10).
    if (outcome?.Success === true) return undefined;
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
