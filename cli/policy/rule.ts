import type { Rule } from "../../provider/core/check";
import type { Table } from "../../provider/core/fields";
import type { Governance, Governed } from "../../provider/core/governed";
import type { Timing } from "../../provider/core/outlook";
import { show } from "../../provider/core/quoting";

/** Pulumi's words for what a violation does: `advisory` warns, `mandatory` fails, `disabled` is not looked at. */
export const ENFORCEMENT_LEVELS = ["advisory", "mandatory", "disabled"] as const;
export type EnforcementLevel = (typeof ENFORCEMENT_LEVELS)[number];

/** What every rule of a policy file takes. */
export interface RuleOptions {
  /** What a violation does: `advisory` warns, `mandatory` fails, `disabled` is not looked at. Default: `all` of the file, else `advisory`. */
  enforcementLevel?: EnforcementLevel;
  /** The stacks that the rule is about, `*` for any characters: `["prod", "prod-*"]`. Default: every stack. */
  stacks?: string[];
  /** Tasks that the rule is not about, by their name or that of their resource, `*` for any characters. */
  except?: string[];
}

/** A task as the rules see it. */
export interface JudgedTask {
  /** The engine's name of the resource; for a task of a set with its key behind `#`. */
  readonly urn: string;
  /** The name of the resource in the program; for a task of a set with its key behind a dot. */
  readonly resource: string;
  /** The task's own name, or that of its resource. */
  readonly name: string;
  /** What a path of an argument begins with: nothing, or `tasks.<key>.` in a set. */
  readonly prefix: string;
  readonly governance: Governance;
  readonly timing: Timing;
}

/** What a rule has against a task: the property, and the rest of a sentence that begins with it. */
export interface Objection {
  readonly property: string;
  readonly reason: string;
}

/** One rule: what it is about, its options, and what it has against tasks. Pure: the moment comes in as an argument. */
export interface PolicyRule<O extends RuleOptions> {
  /** One sentence for people: what a task has to be like. */
  readonly description: string;
  /** What to do about a violation. */
  readonly remedy: string;
  /** The options beside those of every rule. */
  readonly options: Table;
  /** What the table can't say about the options. */
  readonly checks?: readonly Rule[];
  /** What it has against one task. `at` is the moment from which fire times are counted, milliseconds since the epoch. */
  readonly judge?: (task: JudgedTask, options: O, at: number) => Iterable<Objection>;
  /** What it has against all tasks of a stack together; such an objection is a whole sentence, and no task's. */
  readonly judgeAll?: (tasks: readonly JudgedTask[], options: O, at: number) => Iterable<string>;
}

/** Whether one of the patterns, in which `*` stands for any characters, is about a text. */
export const matches = (patterns: readonly string[], text: string): boolean =>
  patterns.some((pattern) => expressionOf(pattern).test(text));

const expressionOf = (pattern: string): RegExp =>
  new RegExp(`^${pattern.replace(/[\\^$.+?()[\]{}|]/g, "\\$&").replace(/\*+/g, ".*")}$`, "su");

/** An objection against a value that must be there and is not; one that is not known yet is there. */
export function* unlessSet({ property, value, pending }: Governed<unknown>, why: string): Generator<Objection> {
  if (value === undefined && !pending) yield { property, reason: `is not set; ${why}` };
}

/** An objection against a value that no pattern of a list allows. */
export function* unlessAllowed({ property, value }: Governed<string>, allow: readonly string[]): Generator<Objection> {
  if (value === undefined || matches(allow, value)) return;
  const shown = allow.slice(0, 5).join(", ");
  yield { property, reason: `is ${show(value)}; allowed are ${shown}${allow.length > 5 ? ", …" : ""}` };
}
