import { ConstantBackoff, ExponentialBackoff, fullJitterGenerator, handleWhen, retry } from "cockatiel";
import type { IBackoff } from "cockatiel";
import { now as clockNow, sleep as clockSleep } from "./clock";
import type { Sleep } from "./time";

/** How to go on after a failure of one kind. Each kind has its own count and its own back-off. */
export interface Patience {
  kind: string;
  /** How often a call may be made in all before failures of this kind are given up. */
  attempts: number;
  firstMilliseconds: number;
  longestMilliseconds: number;
  /** What the service asked for; the wait is never shorter. */
  retryAfterMilliseconds?: number | undefined;
}

export interface RetryOptions {
  /** Whether the failure may be repeated, and how patiently; `undefined` gives up. */
  judge: (error: unknown) => Patience | undefined;
  /** Epoch milliseconds after which no repeat may start. */
  deadline?: number | undefined;
  signal?: AbortSignal | undefined;
  now?: () => number;
  sleep?: Sleep;
  /** Told before each wait. */
  waiting?: (error: unknown, milliseconds: number) => void;
}

/**
 * The result of `call`, made again with full jitter while `judge` allows it: each wait lies anywhere between nothing and a
 * bound that doubles up to its longest. Hundreds of tasks meet one limit in the same moment, and nothing spreads their
 * repeats as evenly for as few calls; what keeps a short draw from coming too early is the service's own word, below which
 * no wait goes, and the limiter that every attempt passes.
 * The last error is thrown as it is. cockatiel keeps the loop and the jitter; the wait stands at the head of the
 * next attempt, where a signal can end it and a test can replace it.
 */
export async function retrying<T>(call: (attempt: number) => Promise<T>, options: RetryOptions): Promise<T> {
  const { judge, deadline = Infinity, signal, now = clockNow, sleep = clockSleep, waiting } = options;
  const kinds = new Map<string, { failures: number; backoff: IBackoff<unknown> }>();
  let pause = 0;

  const goesOn = (error: Error): boolean => {
    const patience = signal?.aborted ? undefined : judge(error);
    if (patience === undefined) return false;
    const before = kinds.get(patience.kind);
    const failures = (before?.failures ?? 0) + 1;
    if (failures >= patience.attempts) return false;
    const backoff =
      before?.backoff.next(undefined) ??
      new ExponentialBackoff({
        initialDelay: patience.firstMilliseconds,
        maxDelay: patience.longestMilliseconds,
        generator: fullJitterGenerator,
      }).next();
    kinds.set(patience.kind, { failures, backoff });
    pause = Math.max(patience.retryAfterMilliseconds ?? 0, backoff.duration);
    if (now() + pause >= deadline) return false;
    waiting?.(error, pause);
    return true;
  };

  const policy = retry(handleWhen(goesOn), { maxAttempts: Infinity, backoff: new ConstantBackoff(0) });
  return policy.execute(async ({ attempt }) => {
    if (attempt > 0) await sleep(pause, signal);
    return call(attempt + 1);
  });
}
