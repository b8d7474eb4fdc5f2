import { type Change } from "./diff";
import { type Definition, type Properties } from "./definition";
import { UNKNOWN, holdsUnknown, isObject, leaves, valueAt } from "./fields";
import { stableText } from "./record";

/** When a task runs, as far as its arguments say. */
export interface Timing {
  /** What happens at each fire time. `unknown`: the service's own default, or not known yet. */
  readonly mode: "runs" | "skips" | "paused" | "manual" | "unknown";
  /** Six or seven fields, second first; absent where no cron says exactly when. */
  readonly cron?: string;
  /** Name of the time zone, such as `Asia/Shanghai`, or an offset such as `UTC+8`. */
  readonly zone: string;
  /** First and last moment of the schedule, `yyyy-mm-dd hh:mm:ss` in the zone. */
  readonly start?: string;
  readonly end?: string;
  /** The schedule in the words of the arguments, where there is one and no cron says it: `Day, every 2, after 30 minutes`. */
  readonly summary?: string;
}

/** One operation that brings properties to the service. */
export interface PlannedCall {
  readonly operation: string;
  /** As the user writes them; none for an operation that is about the whole task. */
  readonly properties: readonly string[];
  /** How many tasks share one call of it at most; 1 for an operation that carries one task. */
  readonly shared: number;
}

/** What a task offers to others, and what it waits for: words that are equal where one task waits for the other. */
export interface Ends {
  readonly offers: readonly string[];
  readonly needs: readonly string[];
}

/** One task before and after; without `before` it is to be made, without `after` to be deleted. */
export interface Prospect<A, F> {
  readonly id?: string;
  readonly facts: Partial<F>;
  readonly before?: Partial<A>;
  readonly after?: Partial<A>;
  readonly changes: readonly Change[];
}

/** What a reviewer wants to know of a difference before it is applied. Pure: no call, no clock. */
export interface Outlook<A, F> {
  readonly timing: (args: Partial<A>) => Timing;
  /** The writing calls that an `up` without surprises makes, in their order. */
  readonly calls: (prospect: Prospect<A, F>) => readonly PlannedCall[];
  readonly ends: (id: string | undefined, args: Partial<A>, facts: Partial<F>) => Ends;
}

/** The properties that differ between two sets of canonical inputs, in the order of the table; unknown values differ. */
export function changesOf<A extends object, F extends object>(
  { fields }: Definition<A, F>,
  before: Properties,
  after: Properties,
): Change[] {
  const changes: Change[] = [];
  for (const { path, leaf } of leaves(fields)) {
    const [was, is] = [valueAt(before, path), valueAt(after, path)];
    if (was === undefined && is === undefined) continue;
    if (was === undefined) changes.push({ path, leaf, kind: "added" });
    else if (is === undefined) changes.push({ path, leaf, kind: "removed" });
    else if (holdsUnknown(is) || stableText(was) !== stableText(is)) changes.push({ path, leaf, kind: "changed" });
  }
  return changes;
}

/** A text among the arguments; `undefined` for anything else, and for what is not known yet. */
export const textAt = (args: object, path: string): string | undefined => {
  const value = valueAt(args, path);
  return typeof value === "string" && value !== UNKNOWN ? value : undefined;
};

/** The objects of a list among the arguments. */
export const objectsAt = (args: object, path: string): Properties[] => {
  const value = valueAt(args, path);
  return Array.isArray(value) ? value.filter(isObject) : [];
};

/** A planned call of one task alone. */
export const alone = (operation: string, properties: readonly string[] = []): PlannedCall => ({
  operation,
  properties,
  shared: 1,
});
