import { now } from "../core/clock";
import { count, countRepeat } from "../core/counters";
import { CloudError } from "../core/errors";
import type { Cloud, ErrorClass } from "../core/errors";
import { retrying } from "../core/retry";
import type { Patience } from "../core/retry";
import type { Passage } from "./limits";
import { isHopeless } from "./transport";

export interface CallOptions {
  /** The task concerned, for messages. */
  about?: string;
  /** Epoch milliseconds after which no attempt starts and a running one is cut off. */
  deadline?: number;
  signal?: AbortSignal;
  /** Overrides whether the call may be repeated when its outcome is unclear. */
  repeatable?: boolean;
}

/** Per class: how often in all, from which wait, up to which wait. What isn't here is never repeated. */
export const PATIENCE: Partial<Record<ErrorClass, Omit<Patience, "kind">>> = {
  throttle: { attempts: 12, firstMilliseconds: 300, longestMilliseconds: 20_000 },
  transient: { attempts: 6, firstMilliseconds: 300, longestMilliseconds: 10_000 },
  transport: { attempts: 8, firstMilliseconds: 200, longestMilliseconds: 5_000 },
  replay: { attempts: 3, firstMilliseconds: 20, longestMilliseconds: 200 },
  clock: { attempts: 2, firstMilliseconds: 1, longestMilliseconds: 1 },
};

/** No call is pursued longer than this, whatever the service does, unless the caller gives another deadline. */
const LONGEST_CALL_MILLISECONDS = 10 * 60_000;

export interface Attempts<T> {
  cloud: Cloud;
  operation: string;
  options: CallOptions;
  /** Whether the operation may be sent again when nobody knows what became of it. */
  repeatable: boolean;
  limiter: Passage;
  /** Loads what the first attempt needs, before its turn is taken: turns that wait for it would leave all at once. */
  ready: () => Promise<unknown>;
  /** One HTTP attempt; throws CloudError. */
  attempt: (deadline: number) => Promise<T>;
  /** Corrects our clock by what the last answer said; false when that is not possible or was done already. */
  correctClock?: () => boolean;
}

/** The result of a call: every HTTP attempt has passed the limiter and is counted, and is repeated only where that is safe. */
export async function attempts<T>(call: Attempts<T>): Promise<T> {
  const { cloud, operation, options, repeatable, limiter, ready, attempt, correctClock } = call;
  const deadline = options.deadline ?? now() + LONGEST_CALL_MILLISECONDS;
  const { signal, about } = options;
  let made = 0;
  let failure: CloudError | undefined;
  const judge = (error: unknown): Patience | undefined => {
    if (!(error instanceof CloudError)) return undefined;
    if (error.unclear && !repeatable) return undefined;
    if (error.errorClass === "transport" && isHopeless(error.code)) return undefined;
    if (error.errorClass === "clock" && correctClock?.() !== true) return undefined;
    const patience = PATIENCE[error.errorClass];
    if (patience === undefined) return undefined;
    // TCP has repeated its own packets all that time: a second attempt is enough, and a wrong address shows soon.
    if (error.code === "ConnectTimeout") return { ...patience, attempts: 2, kind: error.code };
    return { ...patience, kind: error.errorClass, retryAfterMilliseconds: error.retryAfterMilliseconds };
  };
  try {
    return await retrying(
      async () => {
        await ready();
        await limiter.turn(signal);
        // The failure of an attempt that was made says more than a repeat that came to nothing.
        if (now() >= deadline) throw failure ?? tooLate(cloud, operation);
        await limiter.spend();
        made += 1;
        if (made > 1) countRepeat(cloud);
        try {
          const result = await attempt(deadline);
          count(cloud, operation, "ok");
          return result;
        } catch (error) {
          if (!(error instanceof CloudError)) throw error;
          failure = error;
          count(cloud, operation, error.errorClass);
          if (error.errorClass === "throttle" && error.retryAfterMilliseconds !== undefined)
            limiter.pause(error.retryAfterMilliseconds);
          throw error;
        }
      },
      { judge, deadline, signal },
    );
  } catch (error) {
    if (error instanceof CloudError) throw error.with({ attempts: Math.max(1, made), about: about ?? error.about });
    if (!signal?.aborted) throw error;
    // The signal came while nothing was under way: in the queue of the limiter, or between two attempts.
    throw new CloudError({
      cloud,
      operation,
      about,
      code: "Stopped",
      detail: "stopped before it was sent",
      errorClass: "transport",
    });
  }
}

const tooLate = (cloud: Cloud, operation: string): CloudError =>
  new CloudError({
    cloud,
    operation,
    code: "NoTurn",
    detail: `not sent: its turn under the limit of calls (${cloud}:requestsPerSecond) did not come before the time of the operation (timeouts) was up`,
    errorClass: "transient",
  });
