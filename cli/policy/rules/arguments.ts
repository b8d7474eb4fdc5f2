import { error } from "../../../provider/core/findings";
import { choice, decimal, flag, integer, list, text } from "../../../provider/core/fields";
import { reasonOf, show } from "../../../provider/core/quoting";
import type { Rule } from "../../../provider/core/check";
import { type PolicyRule, type RuleOptions, unlessAllowed, unlessSet } from "../rule";

/** Names somebody who answers for the task. */
export interface OwnerSet extends RuleOptions {
  /** The owners that there may be, `*` for any characters. Default: anybody. */
  allow?: string[];
}

/** Ends a run that hangs. */
export interface TimeoutSet extends RuleOptions {
  /** The longest run that a task may declare, in minutes. Default: any. */
  atMostMinutes?: number;
}

/** Keeps schedules from being stopped. */
export interface NotPaused extends RuleOptions {
  /** Whether a task may run dry (`Skip`, `SKIP`, `dryRun`): its runs succeed without doing anything. Default `true`. */
  allowDryRun?: boolean;
}

/** Keeps tasks on the resource groups that are meant for them. */
export interface ResourceGroupAllowed extends RuleOptions {
  /** The resource groups that there may be, `*` for any characters. */
  allow: string[];
  /** Whether a task may declare none and run where the service puts it. Default `false`. */
  allowDefault?: boolean;
}

/** Keeps names in the form that a team has agreed on. */
export interface NamePattern extends RuleOptions {
  /** A regular expression of JavaScript that the whole name has to match, such as `(ods|dwd|ads)_[a-z0-9_]+`. */
  pattern: string;
}

/** Repeats a failed run without anybody's doing. */
export interface RetriesSet extends RuleOptions {
  /** The fewest repetitions. Default 1. */
  atLeast?: number;
  /** The most repetitions. Default: any number. */
  atMost?: number;
}

/** Keeps a stack to the workspaces that are its own. */
export interface WorkspaceAllowed extends RuleOptions {
  /** The ids of the workspaces (DataWorks) or projects (WeData), `*` for any characters. */
  allow: string[];
}

/** Says what may become of a task whose resource goes away. */
export interface OnDeleteAllowed extends RuleOptions {
  /** The values of `onDelete` that there may be; its default counts as declared. Default `["release", "pause"]`. */
  allow?: ("delete" | "release" | "pause")[];
}

const patterns = (required = false) =>
  list(text({ pattern: [/\S/, "no blank text"] }), { mayBeEmpty: true, ...(required && { required }) });

/** An empty list would refuse everything, which nobody means. */
const namesSomething: Rule = function* ({ value }) {
  const allow = value("allow");
  if (Array.isArray(allow) && allow.length === 0)
    yield error("allow", "empty", "must name at least one; leave the rule out, or disable it, to allow everything");
};

export const ownerSet: PolicyRule<OwnerSet> = {
  description: "Every task names an owner.",
  remedy: "Declare `owner` (DataWorks), or `owners` (WeData).",
  options: { allow: patterns() },
  checks: [namesSomething],
  *judge({ governance: { owners } }, { allow }) {
    yield* unlessSet(owners, "name the account that answers for the task");
    for (const value of allow === undefined ? [] : (owners.value ?? []))
      yield* unlessAllowed({ ...owners, value }, allow ?? []);
  },
};

export const timeoutSet: PolicyRule<TimeoutSet> = {
  description: "Every task declares how long a run may take.",
  remedy:
    "Declare `timeoutSeconds` (DataWorksTask), `schedule.timeout` (DataWorksDISyncTask), or `executionTtlMinutes` (WeDataTask).",
  options: { atMostMinutes: decimal({ minimum: 1, unit: "minutes" }) },
  *judge({ governance: { timeoutMinutes } }, { atMostMinutes }) {
    const { property, value } = timeoutMinutes;
    yield* unlessSet(timeoutMinutes, "say how long a run may take");
    if (value === Infinity) yield { property, reason: "sets no limit; say how long a run may take" };
    else if (value !== undefined && atMostMinutes !== undefined && value > atMostMinutes)
      yield { property, reason: `allows ${minutes(value)}, and at most ${minutes(atMostMinutes)} are allowed` };
  },
};

const minutes = (count: number): string => `${Math.round(count * 100) / 100} min`;

export const notPaused: PolicyRule<NotPaused> = {
  description: "No task is paused.",
  remedy: "Let the task run by its schedule, or take it out of the program.",
  options: { allowDryRun: flag() },
  *judge({ governance: { halt } }, { allowDryRun = true }) {
    if (halt.value === "paused")
      yield { property: halt.property, reason: "pauses the task: its runs fail, and what depends on it waits" };
    if (halt.value === "skips" && !allowDryRun)
      yield { property: halt.property, reason: "lets the task run dry: its runs succeed without doing anything" };
  },
};

export const resourceGroupAllowed: PolicyRule<ResourceGroupAllowed> = {
  description: "Every task runs on a resource group of the list.",
  remedy: "Declare one of the resource groups that the policy names.",
  options: { allow: patterns(true), allowDefault: flag() },
  checks: [namesSomething],
  *judge({ governance: { resourceGroups } }, { allow, allowDefault = false }) {
    for (const group of resourceGroups) yield* unlessAllowed(group, allow);
    const [first] = resourceGroups;
    if (allowDefault || first === undefined) return;
    if (resourceGroups.every(({ value, pending }) => value === undefined && !pending))
      yield* unlessSet(first, `name one of ${allow.slice(0, 5).join(", ")}`);
  },
};

const isExpression: Rule = function* ({ value }) {
  const pattern = value("pattern");
  if (typeof pattern !== "string") return;
  try {
    wholly(pattern);
  } catch (thrown) {
    yield error("pattern", "format", `must be a regular expression, got ${show(pattern)} (${reasonOf(thrown)})`);
  }
};
const wholly = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`, "u");

export const namePattern: PolicyRule<NamePattern> = {
  description: "Names of tasks have the agreed form.",
  remedy: "Rename the task; a name may be changed in place.",
  options: { pattern: text({ required: true }) },
  checks: [isExpression],
  *judge({ governance: { name } }, { pattern }) {
    if (name.value !== undefined && !wholly(pattern).test(name.value))
      yield { property: name.property, reason: `is ${show(name.value)}, which does not match ${pattern}` };
  },
};

const inOrder: Rule = function* ({ value }) {
  const [least, atMost] = [value("atLeast"), value("atMost")];
  const atLeast = typeof least === "number" ? least : 1;
  if (typeof atMost === "number" && atMost < atLeast)
    yield error("atMost", "range", `must not be less than atLeast, which is ${atLeast}, got ${atMost}`);
};

export const retriesSet: PolicyRule<RetriesSet> = {
  description: "A failed run of every task is repeated.",
  remedy:
    "Declare `rerunMode` and `rerunTimes` (DataWorksTask, and in `schedule` of a DataWorksDISyncTask), or `tryLimit` (WeDataTask).",
  options: { atLeast: integer({ minimum: 0 }), atMost: integer({ minimum: 0 }) },
  checks: [inOrder],
  *judge({ governance: { retries } }, { atLeast = 1, atMost }) {
    const { property, value } = retries;
    if (atLeast > 0) yield* unlessSet(retries, `allow at least ${repetitions(atLeast)} of a failed run`);
    if (value === undefined) return;
    if (value < atLeast)
      yield {
        property,
        reason: `allows ${repetitions(value)} of a failed run, and at least ${atLeast} must be allowed`,
      };
    if (atMost !== undefined && value > atMost)
      yield { property, reason: `allows ${repetitions(value)} of a failed run, and at most ${atMost} may be` };
  },
};

const repetitions = (count: number): string => (count === 1 ? "1 repetition" : `${count} repetitions`);

export const workspaceAllowed: PolicyRule<WorkspaceAllowed> = {
  description: "Tasks are in the workspaces that the stack may write to.",
  remedy: "Correct `projectId`, or the configuration that it comes from.",
  options: { allow: patterns(true) },
  checks: [namesSomething],
  *judge({ governance: { workspace } }, { allow }) {
    yield* unlessAllowed(workspace, allow);
  },
};

export const onDeleteAllowed: PolicyRule<OnDeleteAllowed> = {
  description: "A task is not deleted when its resource goes away.",
  remedy: 'Declare `onDelete: "release"` or `"pause"`.',
  options: { allow: list(choice(["delete", "release", "pause"]), { mayBeEmpty: true }) },
  checks: [namesSomething],
  *judge({ governance: { onDelete } }, { allow = ["release", "pause"] }) {
    const { property, value, pending } = onDelete;
    if (pending || value === undefined || allow.includes(value)) return;
    yield { property, reason: `${ENDS[value]} when the resource goes away; allowed are ${allow.join(", ")}` };
  },
};

const ENDS = { delete: "deletes the task", release: "leaves the task as it is", pause: "stops the task's schedule" };
