import { type Connection } from "../clouds/connections";
import { now } from "../core/clock";
import { type Fields, choice, flag, integer, map, record, recordOr, text } from "../core/fields";
import { type Level } from "../core/findings";

/** How long the steps of one task may take, in seconds. The engine's `customTimeouts` do not reach a dynamic provider. */
export interface Timeouts {
  /** Creating and publishing. Default 1200. */
  create?: number;
  /** One read in a refresh. Default 300. */
  read?: number;
  /** Changing and publishing. Default 1200. */
  update?: number;
  /** Taking offline and deleting. Default 1200. */
  delete?: number;
  /**
   * How long a publication may stand still at one stage before it counts as waiting for an approval. The run then ends
   * with a warning (`waits-for-approval`) instead of waiting on, and the next `pulumi up` goes on with the same
   * publication. A deletion fails then, and the next one goes on. Default 300.
   */
  approval?: number;
}

/** What the three kinds of task have in common; none of it is sent to a cloud, and an edit of it makes no call. */
export interface TaskOptions {
  /**
   * The id of an existing task to take under management, or `{ id, apply: true }` to bring it to the declared arguments
   * at once. Without `apply` the first `pulumi up` reads and records and writes nothing; the next preview shows every
   * difference. Naming another task replaces. An adopted task is released, not deleted, when the resource goes away.
   */
  adopt?: string | Adoption;
  /**
   * Bring every change to production (default `true`). `false` leaves a draft in the workspace that production does not
   * run; setting it back to `true` publishes. Of an adopted DataWorks task it holds back the code alone: everything else
   * is changed in production at once, since such a task has no draft.
   */
  publish?: boolean;
  /**
   * What happens to the task when the resource goes away: `delete` removes it, `release` leaves it as it is, `pause`
   * leaves it and stops its schedule. Default `delete` for a task created here, `release` for an adopted one.
   */
  onDelete?: "delete" | "release" | "pause";
  /**
   * Delete although other tasks depend on it, and adopt or delete although another stack created it.
   * Default `false`.
   */
  force?: boolean;
  /**
   * The account, region or endpoint to use instead of the stack's configuration. Never holds a key. Another region or
   * endpoint than the one named before means another task, and replaces.
   */
  connection?: Connection;
  /** Time limits of this task's operations, in seconds. */
  timeouts?: Timeouts;
  /**
   * What to make of warnings, and of errors that are only our caution, by code: `{ "timeout-disputed": "off" }`. Default:
   * `dataworks:rules` or `wedata:rules` of the stack's configuration, then as the reference lists them.
   */
  rules?: Record<string, Level>;
}

/** An existing task to take under management. */
export interface Adoption {
  /** The task's id, as a string. */
  id: string;
  /** Apply the declared arguments at once instead of recording the differences. Default `false`. */
  apply?: boolean;
}

const region = [/^[a-z]{2,}(-[a-z0-9]+)+$/, "a region id such as cn-shanghai or ap-guangzhou"] as const;
const seconds = { option: true, minimum: 1, maximum: 86_400 } as const;
export const optionFields = {
  adopt: recordOr<string, Adoption>(
    "id",
    { id: text({ required: true, pattern: [/^\d{1,19}$/, "the digits of a task id"] }), apply: flag() },
    {
      option: true,
      identity: true,
      canonical: (value) => (typeof value === "object" && value.apply !== true ? value.id : value),
    },
  ),
  publish: flag({ option: true }),
  onDelete: choice(["delete", "release", "pause"], { option: true }),
  force: flag({ option: true }),
  connection: record<Connection>(
    { name: text(), region: text({ pattern: region }), endpoint: text(), profile: text(), roleArn: text() },
    { option: true },
  ),
  timeouts: record<Timeouts>(
    {
      create: integer(seconds),
      read: integer(seconds),
      update: integer(seconds),
      delete: integer(seconds),
      approval: integer(seconds),
    },
    { option: true },
  ),
  rules: map<Level>({ option: true }),
} satisfies Fields<TaskOptions>;

/** The id of the task to adopt, or `undefined` for a task that is made here. */
export const adoptedId = (options: TaskOptions): string | undefined =>
  typeof options.adopt === "string" ? options.adopt : options.adopt?.id;

/** Whether adopting also applies the arguments. */
export const adoptsAndApplies = (options: TaskOptions): boolean =>
  typeof options.adopt === "object" && options.adopt.apply === true;

/** The options whose change means another task: another id to adopt, or the same id in another region or at another endpoint. */
export function optionReplacements(taskId: string | undefined, inputs: TaskOptions, kept: TaskOptions): string[] {
  const id = adoptedId(inputs);
  const moved = (["region", "endpoint"] as const).some((name) => {
    const [before, now] = [kept.connection?.[name], inputs.connection?.[name]];
    // One of them left to the stack's configuration may well be the same place.
    return before !== undefined && now !== undefined && before !== now;
  });
  return [
    ...(id !== undefined && taskId !== undefined && id !== taskId ? ["adopt"] : []),
    ...(moved ? ["connection"] : []),
  ];
}

/** What to do with the task when its resource goes away. */
export const afterlife = (options: TaskOptions, adopted: boolean): "delete" | "release" | "pause" =>
  options.onDelete ?? (adopted ? "release" : "delete");

const DEFAULT_SECONDS = { create: 1200, read: 300, update: 1200, delete: 1200 };

/** When an operation has to be over, in milliseconds since the epoch. */
export const deadlineOf = (options: TaskOptions, operation: keyof typeof DEFAULT_SECONDS, at = now()): number =>
  at + (options.timeouts?.[operation] ?? DEFAULT_SECONDS[operation]) * 1000;
