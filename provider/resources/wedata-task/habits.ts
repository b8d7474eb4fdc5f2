import { type TencentClient } from "../../clouds/tencent/client";
import { type CloudError } from "../../core/errors";

/**
 * What this process has learned about the service behind a client, where the documents leave two answers open. Nothing
 * of it is kept in a state: what is not known is found out again.
 */
export interface Habits {
  /** Operations that have turned the account away, so that each is asked once and not for every task (contracts.md §6.20). */
  readonly refusals: Map<string, CloudError>;
  /** An update keeps the fields that it leaves out, or clears them (contracts.md §7). */
  absent?: "keeps" | "clears";
  /** The update that is the first to find that out; the others wait for what it has learned. */
  first?: Promise<unknown>;
  /** ModifyTaskInfo takes ExecutionTTL for seconds, although reads show minutes (contracts.md §6.27). */
  ttlInSeconds?: boolean;
  /** Reads show one more than the retries that were set (contracts.md §6.23). */
  countsRuns?: true;
  /** The words of SelfDepend mean the contrary of what we assume (contracts.md §6.21). */
  swapsSelfDepend?: true;
}

const known = new WeakMap<TencentClient, Habits>();

/** The habits of the service behind a client, to be read and completed. */
export function habitsOf(client: TencentClient): Habits {
  let habits = known.get(client);
  if (!habits) known.set(client, (habits = { refusals: new Map() }));
  return habits;
}
