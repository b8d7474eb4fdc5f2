import { holdsUnknown, valueAt } from "./fields";

/** A value that a team's policies are about, under the property that holds it. */
export interface Governed<T> {
  /** As the user writes it. */
  readonly property: string;
  /** `undefined` where nothing is declared, or where it is not known yet. */
  readonly value: T | undefined;
  /** Declared, and known only after the deployment: nothing can be said about it before. */
  readonly pending: boolean;
}

/** What policies look at, in the same words for every kind of task. Pure: no call, no clock. */
export interface Governance {
  readonly workspace: Governed<string>;
  readonly name: Governed<string>;
  /** Whoever answers for the task: one account or several. */
  readonly owners: Governed<readonly string[]>;
  /** The longest run in minutes; `Infinity` says that there is no limit. */
  readonly timeoutMinutes: Governed<number>;
  /** How often a failed run is repeated without anybody's doing. */
  readonly retries: Governed<number>;
  /** What the task runs on, one entry for each property that names something. */
  readonly resourceGroups: readonly Governed<string>[];
  /** What becomes of the task when its resource goes away, the default included. */
  readonly onDelete: Governed<"delete" | "release" | "pause">;
  /** The property that says when the task runs. */
  readonly schedule: string;
  /** Whether its schedule is stopped, or runs dry, and by which property. */
  readonly halt: Governed<"paused" | "skips">;
}

/** The value at a path, in the words of a policy. */
export function governed<T>(
  args: object,
  property: string,
  read: (value: NonNullable<unknown>) => T | undefined,
): Governed<T> {
  const value = valueAt(args, property);
  if (value === undefined || value === null) return { property, value: undefined, pending: false };
  if (holdsUnknown(value)) return { property, value: undefined, pending: true };
  return { property, value: read(value), pending: false };
}

export const asText = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;
export const asNumber = (value: unknown): number | undefined => (typeof value === "number" ? value : undefined);
/** One account, in the list that the words of a policy are about. */
export const asOnly = (value: unknown): readonly string[] | undefined => {
  const text = asText(value);
  return text === undefined ? undefined : [text];
};
