import type { Definition } from "../../provider/core/definition";
import {
  type Placed,
  type Table,
  UNKNOWN,
  holdsUnknown,
  isAsset,
  isObject,
  leavesOf,
  valueAt,
} from "../../provider/core/fields";
import { digest, stableText } from "../../provider/core/record";
import type { Declarations } from "../../sdk/exchange";
import { kindOf } from "../kinds";
import { SECRET, type Snapshot, type Step, type Tree } from "../preview/preview";
import { holdsSecret } from "../preview/values";
import { factsIn } from "../review/graph";
import type { Review, TaskReview } from "../review/model";
import { shown } from "../review/shown";
import { keyOf } from "./declarations";
import { type Correspondence, NO_CORRESPONDENCE, equality } from "./equality";
import { type Difference, type DifferenceKind, KINDS } from "./model";

type AnyDefinition = Definition<object, object>;

/** What is compared. Sets are opened: each of their tasks is a step. */
export interface Compared {
  readonly from: string;
  readonly to: string;
  /** The tasks of the stack that is promoted, and of the target, as their states have them. */
  readonly fromState: readonly Step[];
  readonly toState: readonly Step[];
  /** The pending preview of the target, and what a review says of it. */
  readonly preview: readonly Step[];
  readonly review: Review;
  readonly declarations: Declarations;
  /** What the stacks' configurations have under the same key, where it differs. */
  readonly configuration: readonly { readonly key: string; readonly from: string; readonly to: string }[];
  /** Resources whose last change in the target's state came from a refresh, as URNs. */
  readonly refreshed: ReadonlySet<string>;
}

/** One task wherever it is. */
interface Task {
  readonly key: string;
  readonly step: Step;
  readonly definition: AnyDefinition;
  /** In the stack that is promoted. */
  readonly there: Snapshot | undefined;
  /** In the target: by its state, by the preview before the change, and after it. */
  readonly stored: Snapshot | undefined;
  readonly before: Snapshot | undefined;
  readonly after: Snapshot | undefined;
  readonly review: TaskReview | undefined;
}

/** Every difference between two stacks, what needs a person first; and what could not be compared. */
export function compare(given: Compared): { differences: Difference[]; remarks: string[] } {
  const by = correspondenceOf(given);
  const tasks = tasksOf(given);
  const declared = new Map(given.declarations.tasks.map(({ urn, paths }) => [keyOf(urn), paths]));
  const differences = tasks.flatMap((task) => differencesOf(task, given, by, declared.get(task.key) ?? {}));
  return { differences: differences.sort(inOrder), remarks: remarksOf(tasks, given) };
}

function tasksOf({ fromState, toState, preview, review }: Compared): Task[] {
  const byKey = (steps: readonly Step[]) =>
    new Map(steps.filter(({ type }) => kindOf(type) !== undefined).map((step) => [keyOf(step.urn), step]));
  const [there, stored, planned] = [byKey(fromState), byKey(toState), byKey(preview)];
  const reviews = new Map(review.tasks.map((task) => [keyOf(task.urn), task]));
  return [...new Set([...there.keys(), ...stored.keys(), ...planned.keys()])].sort().flatMap((key) => {
    const plan = planned.get(key);
    const step = plan ?? there.get(key) ?? stored.get(key);
    const definition = step && kindOf(step.type);
    if (step === undefined || definition === undefined) return [];
    return {
      ...{ key, step, definition },
      there: there.get(key)?.before,
      stored: stored.get(key)?.before,
      // What a preview does not speak of stays the same.
      before: plan ? plan.before : stored.get(key)?.before,
      after: plan ? afterOf(plan) : stored.get(key)?.before,
      review: reviews.get(key),
    };
  });
}

/** What the program makes of a resource; of one that stays the same an engine may tell one side alone. */
export function afterOf(step: Step | undefined): Snapshot | undefined {
  if (step === undefined || step.operation === "delete" || step.operation === "other") return undefined;
  return step.after ?? (step.operation === "same" ? step.before : undefined);
}

/** Shorter texts are no ids of tasks. */
const SHORTEST_ID = 6;

function correspondenceOf({ fromState, toState, declarations }: Compared): Correspondence {
  const named = (steps: readonly Step[]) =>
    new Map(
      steps.flatMap(({ urn, before }) =>
        [before?.id, ...["taskId", "nodeId", "fileId"].map((name) => before?.outputs[name])]
          .filter((id): id is string => typeof id === "string" && id.length >= SHORTEST_ID)
          .map((id) => [id, keyOf(urn)] as const),
      ),
    );
  const places = declarations.tasks.flatMap(({ paths }) =>
    ["projectId", "workflowId"].flatMap((name) => {
      const { from, to } = paths[name] ?? {};
      return typeof from === "string" && typeof to === "string" ? [{ from, to }] : [];
    }),
  );
  const distinct = new Map(places.map((place) => [`${place.from} ${place.to}`, place]));
  return { from: named(fromState), to: named(toState), values: declarations.values, places: [...distinct.values()] };
}

function differencesOf(
  task: Task,
  given: Compared,
  by: Correspondence,
  declared: Declarations["tasks"][number]["paths"],
): Difference[] {
  const { from, to } = given;
  const { there, after, before, stored } = task;
  const whole = wholeTask(task, given);
  if (there === undefined || after === undefined) return whole;
  const pending = pendingPaths(task.review);
  const isNew = before === undefined && stored === undefined;
  return [
    ...whole,
    ...leavesOf(task.definition.fields as Table).flatMap((placed): Difference[] => {
      const { path, leaf } = placed;
      const [was, now, then] = [there.inputs, (before ?? stored)?.inputs, after.inputs].map((tree) =>
        valueAt(tree, path),
      );
      const tell = (kind: DifferenceKind, reason: string): Difference => ({
        ...aboutTask(kind, task, reason),
        property: path,
        ...texts(placed, { from: was, now, after: then }),
      });
      const drift = pending.has(path) ? driftOf(task, placed, given) : undefined;
      if (drift !== undefined) return [tell("unexplained", drift)];
      // A task that is made is one difference: what it is made with is new as a whole.
      const brings = pending.has(path) && !isNew ? [tell("pending", `the promotion brings it to ${to}`)] : [];
      const how = equality(leaf, was, then, by);
      if (how === "same") return brings;
      if (how === "values") return [...brings, tell("declared", "declared among the values of the stacks")];
      const entry = Object.hasOwn(declared, path) ? declared[path] : undefined;
      const fits = (known: unknown, value: unknown): boolean =>
        known === undefined || equality(leaf, known ?? undefined, value, NO_CORRESPONDENCE) === "same";
      if (entry && fits(entry.from, was) && fits(entry.to, then))
        return [...brings, tell("declared", "declared in the program for the stacks")];
      const key = configured(given.configuration, was, then, entry !== undefined);
      if (key !== undefined)
        return [...brings, tell("declared", `declared in the configuration of the stacks: ${key}`)];
      return [
        tell("unexplained", whyNot(entry, { was, now, then }, placed, { from, to, pending: pending.has(path), isNew })),
      ];
    }),
  ];
}

/** Shorter texts are the same as a setting by chance too easily, where no override leads to one. */
const SHORTEST_SETTING = 4;

/** The key under which the configurations of the stacks have these values. */
function configured(
  configuration: Compared["configuration"],
  was: unknown,
  then: unknown,
  isOverridden: boolean,
): string | undefined {
  const isScalar = (value: unknown): value is string | number | boolean =>
    ["string", "number", "boolean"].includes(typeof value);
  if (!isScalar(was) || !isScalar(then)) return undefined;
  if (!isOverridden && [was, then].some((value) => String(value).length < SHORTEST_SETTING)) return undefined;
  // Cron, numbers and the like are in their canonical form here, and as they were typed there.
  const same = (value: unknown, setting: string) => plain(String(value)) === plain(setting);
  return configuration.find(({ from, to }) => same(was, from) && same(then, to))?.key;
}

const plain = (text: string): string =>
  text
    .trim()
    .replace(/\s+/g, " ")
    .replace(/\b0+(?=\d)/g, "");

function whyNot(
  entry: { readonly from?: unknown; readonly to?: unknown } | undefined,
  { was, now, then }: { was: unknown; now: unknown; then: unknown },
  { leaf }: Placed,
  { from, to, pending, isNew }: { from: string; to: string; pending: boolean; isNew: boolean },
): string {
  if (entry) {
    const wanted = shown(leaf, entry.from ?? undefined) ?? "none";
    return `the program declares ${wanted} for ${from}, which runs ${shown(leaf, was) ?? "none"}: deploy ${from} first`;
  }
  if (isNew) return `the program gives ${to} a value that ${from} does not run, and nothing declares it`;
  if (pending)
    return `the promotion brings ${to} a value that ${from} does not run, and nothing declares it: deploy ${from} first, or declare it`;
  if (stableText(now) !== stableText(then)) return `${to} is to have a value that ${from} does not run`;
  return `nothing declares it, and the promotion leaves it as it is`;
}

/** A task that is in one stack alone, or that the promotion makes, replaces or deletes. */
function wholeTask(task: Task, { from, to, declarations }: Compared): Difference[] {
  const { there, stored, before, after, step, review } = task;
  const name = step.name.split(".").at(-1) ?? step.name;
  const only = declarations.only.find((each) => each.name === step.name || each.name === name);
  const tell = (kind: DifferenceKind, reason: string) => [aboutTask(kind, task, reason)];
  const isThere = (before ?? stored) !== undefined;
  if (there !== undefined && after === undefined) {
    if (only && !only.in.includes("to")) return tell("declared", `declared to exist in ${from} only`);
    const fate = review?.operation === "delete" ? `, and the promotion deletes it in ${to}` : "";
    return tell("unexplained", `${from} runs it, and the program does not declare it for ${to}${fate}`);
  }
  if (there === undefined && after !== undefined) {
    const makes = review?.operation === "create" ? tell("pending", `the promotion makes it in ${to}`) : [];
    if (only && !only.in.includes("from")) return [...makes, ...tell("declared", `declared to exist in ${to} only`)];
    return tell("unexplained", `the program declares it for ${to}, and ${from} does not run it: deploy ${from} first`);
  }
  if (there === undefined)
    return review?.operation === "delete"
      ? tell("pending", `the promotion takes it away in ${to}`)
      : isThere
        ? tell("unexplained", `the state of ${to} has it, and neither ${from} nor the program does`)
        : [];
  if (review?.operation === "create") return tell("pending", `the promotion makes it in ${to}`);
  return review?.operation === "replace" ? tell("pending", `the promotion replaces it in ${to}`) : [];
}

/** A change from outside that the promotion would overwrite without a word. */
function driftOf(
  { step, stored, before }: Task,
  { path, leaf }: Placed,
  { to, refreshed }: Compared,
): string | undefined {
  const overwritten =
    "changed outside of the program, and the promotion would overwrite that: take it into the program, or put it right with an up of the present version first";
  const [was, is] = [valueAt(stored?.inputs, path), valueAt(before?.inputs, path)];
  if (stored && before && equality(leaf, was, is, NO_CORRESPONDENCE) === "different")
    return `a refresh shows it ${overwritten}`;
  const [urn = "", key] = step.urn.split("#");
  if (!refreshed.has(urn)) return undefined;
  const what = key === undefined ? "it" : "tasks of its set, and perhaps it,";
  return `a refresh of ${to} has recorded ${what} as ${overwritten}`;
}

/** The properties that a review tells as changing. */
export const pendingPaths = (review: TaskReview | undefined): ReadonlySet<string> =>
  new Set(
    [...(review?.properties ?? []), ...(review?.documents ?? []), ...(review?.scripts ?? [])].map(
      ({ property }) => property,
    ),
  );

const nameOf = ({ step, after, there, before }: Task): string =>
  [after, before, there]
    .map((side) => side?.inputs["name"])
    .find((name): name is string => typeof name === "string" && name !== SECRET && name !== UNKNOWN) ?? step.name;

const aboutTask = (kind: DifferenceKind, task: Task, reason: string): Difference => ({
  kind,
  task: nameOf(task),
  resource: task.step.name,
  class: task.definition.name,
  reason,
});

function texts({ leaf }: Placed, values: { from: unknown; now: unknown; after: unknown }): Partial<Difference> {
  const text = (value: unknown): string | undefined => {
    if (value === undefined) return undefined;
    // A script stands in the review, line by line.
    if (leaf.kind === "content" && value !== SECRET && !holdsUnknown(value))
      return isAsset(value) || typeof value === "string"
        ? `script ${digest("content", value, "")}`
        : shown(leaf, value);
    return shown(leaf, value);
  };
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => {
      const shownText = text(value);
      return shownText === undefined ? [] : [[name, shownText]];
    }),
  );
}

function remarksOf(tasks: readonly Task[], { from }: Compared): string[] {
  const secrets = tasks.filter(({ there, after }) => holdsSecret(there?.inputs) && holdsSecret(after?.inputs)).length;
  const unfinished = tasks.filter(
    ({ there, definition }) => there && definition.unfinished(factsIn(definition, there.outputs), there.inputs),
  );
  return [
    ...(secrets > 0
      ? [`${secrets === 1 ? "1 task has" : `${secrets} tasks have`} secret values, which can't be compared`]
      : []),
    ...unfinished.map((task) => `${nameOf(task)}: its last deployment to ${from} has not come to its end`),
  ];
}

const inOrder = (one: Difference, other: Difference): number =>
  KINDS.indexOf(one.kind) - KINDS.indexOf(other.kind) ||
  text(one.property).localeCompare(text(other.property), "en") ||
  text(one.task).localeCompare(text(other.task), "en");
const text = (value: string | undefined): string => value ?? "";

/** Whether a state holds what was reviewed: a value that was not known then may be any. */
export const isAsReviewed = (reviewed: Tree, stored: Tree): boolean =>
  Object.entries(reviewed).every(([name, value]) => matches(value, stored[name]));

function matches(reviewed: unknown, stored: unknown): boolean {
  if (reviewed === UNKNOWN || (typeof reviewed === "string" && reviewed.includes(UNKNOWN))) return true;
  if (isAsset(reviewed) && isAsset(stored)) return reviewed.hash === stored.hash;
  if (Array.isArray(reviewed) && Array.isArray(stored))
    return (
      holdsUnknown(reviewed) ||
      (reviewed.length === stored.length && reviewed.every((item, at) => matches(item, stored[at])))
    );
  if (isObject(reviewed) && isObject(stored)) return isAsReviewed(reviewed, stored);
  return stableText(reviewed) === stableText(stored);
}
