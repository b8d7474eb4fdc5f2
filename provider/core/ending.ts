import { Waiting, isUnclear } from "./errors";

/**
 * How a create or an update ended that is not done. A deletion that fails, and a read, leave the state as it was: both settle
 * by reading, the next time, what this time did not tell.
 */
export type Ending =
  /** Nothing was made: the state stays as it was. */
  | { readonly how: "refused" }
  /** Something may have been made that nobody could find: the state stays as it was, and the next create looks first. */
  | { readonly how: "unknown" }
  /** Something is there, and not as declared: recorded with its id, what a read has confirmed of it, and the reason. */
  | { readonly how: "partly"; readonly id: string }
  /** The same, but nothing has failed: a person has to let it go on. */
  | { readonly how: "waiting"; readonly id: string };

/** How a hook has ended that threw this; `id` is what exists by then. */
export function endingOf(error: unknown, id: string | undefined): Ending {
  if (id === undefined) return { how: isUnclear(error) ? "unknown" : "refused" };
  return { how: error instanceof Waiting ? "waiting" : "partly", id };
}
