import { type Placed, type Table, holdsUnknown, isAsset, leavesOf, valueAt } from "../../provider/core/fields";
import { digest } from "../../provider/core/record";
import type { Declarations } from "../../sdk/exchange";
import { SECRET, type Step } from "../preview/preview";
import { holdsSecret } from "../preview/values";
import { factsIn } from "../review/graph";
import { shown } from "../review/shown";
import { keyOf } from "./declarations";
import { type Correspondence, NO_CORRESPONDENCE, equality } from "./equality";
import { type Difference, type DifferenceKind, KINDS } from "./model";
import { configured, driftOf, whyNot } from "./reasons";
import { type Compared, type Task, nameOf, pendingPaths, tasksOf } from "./tasks";

/** Every difference between two stacks, what needs a person first; and what could not be compared. */
export function compare(given: Compared): { differences: Difference[]; remarks: string[] } {
  const by = correspondenceOf(given);
  const tasks = tasksOf(given);
  const declared = new Map(given.declarations.tasks.map(({ urn, paths }) => [keyOf(urn), paths]));
  const differences = tasks.flatMap((task) => differencesOf(task, given, by, declared.get(task.key) ?? {}));
  return { differences: differences.sort(inOrder), remarks: remarksOf(tasks, given) };
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
