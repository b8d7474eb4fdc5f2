import { isUnclear } from "./errors";
import { retrying } from "./retry";
import type { Sleep } from "./time";

export interface Once<T> {
  /** The call that must not take effect twice. */
  readonly make: () => Promise<T>;
  /** What an earlier call of that kind has left, although its reply was lost; `undefined` when nothing is there. */
  readonly look: () => Promise<T | undefined>;
  /** Refusals after which it may be there all the same, such as "exists already". */
  readonly mayBeThere?: (error: unknown) => boolean;
  /** Epoch milliseconds after which it is not made again. */
  readonly deadline: number;
  readonly sleep?: Sleep;
}

/** A network that loses one reply in ten loses six in a row once in a million. */
const PATIENCE = { kind: "lost reply", attempts: 6, firstMilliseconds: 200, longestMilliseconds: 5_000 };

/**
 * The result of a call that makes, publishes or deletes something. Where its reply is lost we look, and only when a look
 * has shown that nothing is there the call is made again: so a lost reply never makes a second thing.
 */
export async function once<T>({ make, look, mayBeThere, deadline, sleep }: Once<T>): Promise<T> {
  let blind = false;
  return retrying(
    async () => {
      try {
        return await make();
      } catch (error) {
        if (!isUnclear(error) && mayBeThere?.(error) !== true) throw error;
        // Until it has come back nobody knows what is there.
        blind = true;
        const found = await look();
        blind = false;
        if (found === undefined) throw error;
        return found;
      }
    },
    {
      judge: (error) => (isUnclear(error) && !blind ? PATIENCE : undefined),
      deadline,
      ...(sleep !== undefined && { sleep }),
    },
  );
}
