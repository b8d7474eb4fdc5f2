import { Waiting } from "../core/errors";
import { progress } from "../core/progress";
import { type TaskOptions } from "./options";

/**
 * Assumption, named here alone: no operation tells a stage that waits for a person from one that is slow. So what has not
 * moved for this long is taken to wait for an approval; the service goes on by itself once it is given.
 */
const DEFAULT_SECONDS = 300;

/** How long a stage may stand still before it counts as waiting for an approval, in milliseconds. */
export const approvalOf = (options: TaskOptions): number => (options.timeouts?.approval ?? DEFAULT_SECONDS) * 1000;

/** Where this run has waited in vain already, another task need not wait as long. */
const AGAIN_MILLISECONDS = 15_000;
const held = new Set<string>();

/** Something that the service takes through stages by itself. */
export interface Following {
  /** The task. */
  readonly about: string;
  /** As the user can find it: `pipeline run 88`. */
  readonly what: string;
  /** What has the same approvals: an account's workspace. */
  readonly place: string;
  readonly approval?: number | undefined;
  readonly inform?: ((message: string) => void) | undefined;
}

/** A function that is told at every look at which stage it stands, and throws `Waiting` when that seems to wait for a person. */
export function following({ about, what, place, approval = DEFAULT_SECONDS * 1000, inform }: Following): {
  /** Without a stage: what has none. */
  at: (status: string, stage?: string) => void;
  over: () => void;
} {
  const told = progress(inform ?? (() => undefined), `${about}: ${what}`);
  const passed = new Set<string>();
  let current: string | undefined;
  return {
    at(status, stage) {
      const here = `${place} ${stage ?? ""}`;
      if (current !== undefined && current !== here) passed.add(current);
      current = here;
      const still = told(stage === undefined ? status : `stage ${stage} ${status.toLowerCase()}`);
      if (still < (held.has(here) ? Math.min(AGAIN_MILLISECONDS, approval) : approval)) return;
      held.add(here);
      throw new Waiting(
        `${about}: ${what} has stood ${stage === undefined ? "still" : `at stage ${stage}`} for ${String(Math.round(still / 1000))} s and seems to wait for an approval: give it in the console. The service then goes on by itself, and the next \`pulumi up\` with the same run (timeouts.approval says how long to wait here) [waits-for-approval]`,
      );
    },
    over() {
      if (current !== undefined) passed.add(current);
      for (const here of passed) held.delete(here);
    },
  };
}
