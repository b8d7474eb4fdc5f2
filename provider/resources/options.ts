import { type Connection } from "../clouds/connections";
import { now } from "../core/clock";
import { type Change } from "../core/diff";
import { TaskError } from "../core/errors";
import { type Fields, type Leaf, choice, flag, integer, isObject, map, record, recordOr, text } from "../core/fields";
import { type View } from "../core/check";
import { type Finding, type Level, error } from "../core/findings";
import { isOfSameStack } from "../core/token";

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

/**
 * What the three kinds of task have in common; none of it is sent to a cloud. An edit makes no call, but for another id in
 * `adopt`, another region or endpoint in `connection` (both replace), and `publish: true` on a draft.
 */
export interface TaskOptions {
  /**
   * The id of an existing task to take under management, or `{ id, apply: true }` to bring it to the declared arguments
   * at once. Without `apply` the first `pulumi up` reads and records and writes nothing; the next preview shows every
   * difference. Naming another task replaces. An adopted task is released, not deleted, when the resource goes away.
   *
   * For `DataWorksTask` and `WeDataTask`, the whole `id` of a resource of this stack that has made its task moves that task:
   * it stays one that was created here, is brought to the declared arguments at once, and is not deleted when its former
   * resource goes away in the same run.
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

/** The argument `adopt`, with the ids that a kind of task takes, and the form that an id is brought to. */
export const adoptField = (
  pattern: readonly [RegExp, string],
  short: (id: string) => string = (id) => id,
): Leaf<string | Adoption> =>
  recordOr<string, Adoption>(
    "id",
    { id: text({ required: true, pattern, canonical: short }), apply: flag() },
    {
      option: true,
      identity: true,
      canonical: (value) => (typeof value === "object" && value.apply !== true ? value.id : value),
    },
  );

/** The id of a resource that has made its task, as both clouds' resources write it. */
const OF_A_RESOURCE = /^\d+\/(node\/)?\d{1,20}$/;

/** The id of a resource whose task is to be moved here; `undefined` for the id of a task alone, or none. */
export const movedId = (options: TaskOptions): string | undefined => {
  const id = adoptedId(options);
  return id !== undefined && OF_A_RESOURCE.test(id) ? id : undefined;
};

/** Whether a value of `adopt` moves a task. */
export const isMove = (adopt: unknown): boolean =>
  movedId(typeof adopt === "string" || isObject(adopt) ? { adopt: adopt as string | Adoption } : {}) !== undefined;

/** A task is moved within its workspace or project. */
export function* moveRule({ value }: View): Generator<Finding> {
  const [adopt, project] = [value("adopt"), value("projectId")];
  const id = isMove(adopt) ? movedId({ adopt: adopt as string | Adoption }) : undefined;
  if (id === undefined || typeof project !== "string" || id.startsWith(`${project}/`)) return;
  yield error("adopt", "elsewhere", `is ${JSON.stringify(id)}, which is not in projectId ${JSON.stringify(project)}`);
}

/** `id` says which task it is in sentences; refuses a task that no resource of this stack has made. */
export function refuseForeign(id: string, mark: string | undefined, token: string, force: boolean | undefined): void {
  if (mark !== undefined && (isOfSameStack(mark, token) || force === true)) return;
  throw new TaskError(
    mark === undefined
      ? `adopt: task ${id} was not created by this package, or lost its creation token; write the digits of its task id to adopt it`
      : `adopt: task ${id} was created by another stack; release it there first, or set force: true`,
  );
}

/**
 * The paths for which a new task is made; refuses that while `adopt` still names the present one, which would be gone when
 * it is to be taken over.
 */
export function unlessMoved(
  id: string,
  options: TaskOptions,
  changes: readonly Change[],
  paths: readonly string[],
): readonly string[] {
  if (movedId(options) !== id) return paths;
  const replaced = changes.filter(({ leaf, kind }) => leaf.replace === true && kind !== "removed");
  const all = [...new Set([...paths, ...replaced.map(({ path }) => path)])];
  if (all.length === 0) return paths;
  throw new TaskError(
    `adopt: ${id} would be deleted and made anew for ${all.join(", ")}, and adopt still names it; take adopt out, which makes no call, and then make this change`,
  );
}

/** Why an existing task is not adopted by its number. */
export const createdElsewhere = (taskId: string, mark: string, token: string): TaskError =>
  new TaskError(
    isOfSameStack(mark, token)
      ? `adopt: task ${taskId} was created by another resource of this stack; to move it here, write the whole id of that resource in adopt and take it out of the program, or set force: true`
      : `adopt: task ${taskId} was created by another stack; release it there first, or set force: true`,
  );

const region = [/^[a-z]{2,}(-[a-z0-9]+)+$/, "a region id such as cn-shanghai or ap-guangzhou"] as const;
const seconds = { option: true, minimum: 1, maximum: 86_400 } as const;
export const optionFields = {
  adopt: adoptField([/^\d{1,19}$/, "the digits of a task id"]),
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
export function optionReplacements(
  ids: readonly (string | undefined)[],
  inputs: TaskOptions,
  kept: TaskOptions,
): string[] {
  const id = adoptedId(inputs);
  const moved = (["region", "endpoint"] as const).some((name) => {
    const [before, now] = [kept.connection?.[name], inputs.connection?.[name]];
    // One of them left to the stack's configuration may well be the same place.
    return before !== undefined && now !== undefined && before !== now;
  });
  return [
    ...(id !== undefined && ids.some((own) => own !== undefined) && !ids.includes(id) ? ["adopt"] : []),
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
