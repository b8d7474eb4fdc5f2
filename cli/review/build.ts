import type { Definition } from "../../provider/core/definition";
import type { Change } from "../../provider/core/diff";
import { valueAt } from "../../provider/core/fields";
import { checkInputs } from "../../provider/core/lifecycle";
import { type PlannedCall, changesOf } from "../../provider/core/outlook";
import { stableText } from "../../provider/core/record";
import { kindOf } from "../kinds";
import type { Policy } from "../policy/file";
import { violations } from "../policy/judge";
import { judgedIn } from "../policy/preview";
import { type Preview, SECRET, type Step } from "../preview/preview";
import { RELEASED, opened } from "../preview/sets";
import { holdsSecret } from "../preview/values";
import { type Scheduled, calendarOf } from "./calendar";
import { type CallSum, callSum } from "./calls";
import { documentChange } from "./documents";
import { type TaskGraph, factsIn, graphOf } from "./graph";
import type {
  DocumentChange,
  Importance,
  PropertyChange,
  Review,
  ScriptChange,
  TaskOperation,
  TaskReview,
  Warning,
} from "./model";
import { IMPORTANCES } from "./model";
import { previousOf } from "./previous";
import { scheduleChange } from "./schedule";
import { type ScriptSources, scriptChange } from "./scripts";
import { shown } from "./shown";

type AnyDefinition = Definition<object, object>;

export interface ReviewOptions extends ScriptSources {
  /** Fire times are counted from here, milliseconds since the epoch. */
  readonly at: number;
  /** Tasks at the service that wait for one, beside those of the program. */
  readonly liveDownstream?: (urn: string) => readonly string[];
  /** What the reader has to know beside what the preview says. */
  readonly warnings?: readonly Warning[];
  /** What a team asks of its tasks. */
  readonly policies?: readonly Policy[];
}

/** What a preview means to those who have to agree to it. */
export function reviewOf(given: Preview, options: ReviewOptions): Review {
  const preview = { ...given, steps: opened(given.steps) };
  const { steps, hasBefore } = preview;
  const graph = graphOf(steps);
  const named = new Map(steps.map((step) => [step.urn, nameOf(step)]));
  const considered = steps.flatMap((step) => {
    const definition = kindOf(step.type);
    return definition === undefined || step.operation === "same" || step.operation === "other"
      ? []
      : [{ step, definition, planned: plannedFor(definition, step) }];
  });
  const tasks = considered
    .map(({ step, definition, planned }) => taskReview(step, definition, planned, { graph, named, options }))
    .sort(byImportance);
  const others = steps
    .filter(({ type, operation }) => kindOf(type) === undefined && !["same", "other"].includes(operation))
    .filter(({ type }) => !type.startsWith("pulumi:providers:"))
    .map(({ operation, type, name }) => ({ operation, type, name }));
  const count = (wanted: (task: TaskReview) => boolean) => tasks.filter(wanted).length;
  const sum: CallSum = callSum(
    considered.map(({ step, planned }) => ({ planned, place: placeOf(step) })),
    preview.config,
  );
  return {
    version: 1,
    ...(preview.project !== undefined && { project: preview.project }),
    ...(preview.stack !== undefined && { stack: preview.stack }),
    at: new Date(options.at).toISOString(),
    counts: {
      create: count(({ operation }) => operation === "create"),
      update: count(({ operation }) => operation === "update"),
      replace: count(({ operation }) => operation === "replace"),
      delete: count(({ operation }) => operation === "delete"),
      pause: count(isPaused),
      scheduleShift: count(({ operation, schedule }) => operation === "update" && schedule !== undefined),
      unchanged: steps.filter(({ type, operation }) => kindOf(type) !== undefined && operation === "same").length,
    },
    tasks,
    others,
    warnings: [...warningsOf(preview, named, options), ...(options.warnings ?? [])],
    calls: sum,
    graph: touched(tasks, graph, named),
    calendar: calendarOf(steps.flatMap(scheduledIn), options.at),
    hasBefore,
    ...(given.leftOut !== undefined && { leftOut: given.leftOut }),
  };
}

/** When a task of the program runs, before and after; of one that stays the same both are known from either side. */
function scheduledIn(step: Step): Scheduled[] {
  const definition = kindOf(step.type);
  if (definition === undefined || step.operation === "other") return [];
  const timing = (inputs: object | undefined) => inputs && definition.outlook.timing(inputs);
  const before = timing((step.before ?? (step.operation === "create" ? undefined : step.after))?.inputs);
  const after = timing((step.after ?? (step.operation === "delete" ? undefined : step.before))?.inputs);
  return [{ name: nameOf(step), ...(before && { before }), ...(after && { after }) }];
}

const placeOf = ({ type, before, after }: Step): string => {
  const inputs = (after ?? before)?.inputs ?? {};
  return `${type}/${stableText(inputs["envType"] ?? "Prod")}/${stableText(inputs["connection"] ?? null)}`;
};

function nameOf({ before, after, name }: Step): string {
  for (const side of [after, before]) {
    const given = side?.inputs["name"];
    if (typeof given === "string" && given !== SECRET) return given;
  }
  return name;
}

/** A task that comes into being paused takes no run away from anybody. */
const isPaused = ({ schedule, operation }: TaskReview): boolean =>
  operation !== "create" &&
  operation !== "delete" &&
  schedule?.after?.mode === "paused" &&
  schedule.before?.mode !== "paused";

/** The properties that differ; where a secret hides the difference, the secret ones. */
function changesIn(definition: AnyDefinition, { operation, before, after, changed, sent = [] }: Step): Change[] {
  const changes = changesOf(definition, before?.inputs ?? {}, after?.inputs ?? {});
  if (changed !== undefined) return changes.filter(({ path }) => changed.includes(path.split(".")[0] ?? ""));
  if (operation !== "update" || changes.length + sent.length > 0) return changes;
  const all = changesOf(definition, {}, after?.inputs ?? {});
  return all
    .filter(({ path }) => holdsSecret(valueAt(after?.inputs, path)))
    .map((change) => ({ ...change, kind: "changed" }));
}

function plannedFor(definition: AnyDefinition, step: Step): readonly PlannedCall[] {
  const { before, after, operation } = step;
  const facts = factsIn(definition, before?.outputs ?? {});
  const id = before?.id;
  const known = { ...(id !== undefined && { id }), facts };
  const whole = (inputs: object) => changesOf(definition, {}, inputs as Record<string, unknown>);
  const { calls } = definition.outlook;
  const removal = () =>
    before && step.stays === undefined ? calls({ ...known, before: before.inputs, changes: [] }) : [];
  const making = () => (after ? calls({ facts: {}, after: after.inputs, changes: whole(after.inputs) }) : []);
  if (operation === "delete") return removal();
  if (operation === "create") return making();
  if (operation === "replace") return [...removal(), ...making()];
  if (before === undefined || after === undefined) return [];
  // What a task that is not finished has already, its update finds out.
  const { sent = [] } = step;
  const changes = sent.length > 0 && !isUnfinished(step) ? sent : changesIn(definition, step);
  return calls({ ...known, before: before.inputs, after: after.inputs, changes });
}

function isUnfinished({ before }: Step): boolean {
  const phase = before?.outputs["phase"];
  return typeof phase === "string" && phase !== "published";
}

interface Surroundings {
  readonly graph: TaskGraph;
  readonly named: ReadonlyMap<string, string>;
  readonly options: ReviewOptions;
}

function taskReview(
  step: Step,
  definition: AnyDefinition,
  planned: readonly PlannedCall[],
  { graph, named, options }: Surroundings,
): TaskReview {
  const { urn, before, after, operation } = step;
  const changes = changesIn(definition, step);
  const timing = (inputs: object | undefined) => (inputs === undefined ? undefined : definition.outlook.timing(inputs));
  const schedule =
    step.changed !== undefined && !movesSchedule(definition, after?.inputs ?? {}, step.changed)
      ? undefined
      : scheduleChange(timing(before?.inputs), timing(after?.inputs), options.at);
  const told = differences(urn, changes, before?.inputs ?? {}, after?.inputs ?? {}, options);
  const { urns, direct } = graph.downstream(urn);
  const inProgram = urns.map((each) => ({ name: named.get(each) ?? each, where: "program" as const }));
  const live = (options.liveDownstream?.(urn) ?? [])
    .filter((name) => !inProgram.some((each) => each.name === name))
    .map((name) => ({ name, where: "live" as const }));
  const id = before?.id;
  const task: Omit<TaskReview, "importance"> = {
    urn,
    kind: definition.name,
    name: nameOf(step),
    resource: step.name,
    ...(step.position && { position: step.position }),
    ...(id !== undefined && { id }),
    operation: operation as TaskOperation,
    reasons: [...reasonsOf(step, definition, changes, planned), ...(step.remarks ?? [])],
    ...told,
    ...(schedule !== undefined && { schedule }),
    // Those of the service wait for it directly.
    downstream: [...inProgram.slice(0, direct), ...live, ...inProgram.slice(direct)],
    direct: direct + live.length,
    calls: planned.map(({ operation: call, properties }) => ({ operation: call, properties })),
    ...(before !== undefined && { previous: previousOf(step, definition, before.inputs, options) }),
  };
  return { ...task, importance: importanceOf(task as TaskReview) };
}

/** Whether any of these arguments has a part in when the task runs. */
function movesSchedule(
  { outlook }: AnyDefinition,
  inputs: Record<string, unknown>,
  changed: readonly string[],
): boolean {
  const rest = Object.fromEntries(Object.entries(inputs).filter(([name]) => !changed.includes(name)));
  return stableText(outlook.timing(rest)) !== stableText(outlook.timing(inputs));
}

/** The differences as they are shown: short ones in the table, documents by path, scripts by line. */
export function differences(
  urn: string,
  changes: readonly Change[],
  before: Record<string, unknown>,
  after: Record<string, unknown>,
  options: ScriptSources,
): { properties: PropertyChange[]; documents: DocumentChange[]; scripts: ScriptChange[] } {
  const properties: PropertyChange[] = [];
  const documents: DocumentChange[] = [];
  const scripts: ScriptChange[] = [];
  for (const { path, leaf } of changes) {
    const [was, is] = [valueAt(before, path), valueAt(after, path)];
    if (leaf.kind === "content") {
      scripts.push(scriptChange(path, urn, was, is, options));
      if (was !== SECRET && is !== SECRET) continue;
    }
    const inside =
      leaf.kind === "document" || (leaf.kind === "map" && was !== undefined && is !== undefined)
        ? documentChange(path, was ?? {}, is ?? {})
        : undefined;
    if (inside !== undefined) {
      documents.push(inside);
      continue;
    }
    const [old, now] = [shown(leaf, was), shown(leaf, is)];
    const callout = calloutOf(path);
    properties.push({
      property: path,
      ...(old !== undefined && { before: old }),
      ...(now !== undefined && { after: now }),
      ...(callout !== undefined && { callout }),
    });
  }
  return { properties, documents, scripts };
}

/** By the last word of the path, which is the clouds' own. */
const calloutOf = (path: string): PropertyChange["callout"] =>
  /(^|\.)(owner|owners|inCharge)$/.test(path)
    ? "owner"
    : /(^|\.)(resourceGroup(Id|Identifier)?|yarnQueue|brokerIp)$/.test(path)
      ? "resource group"
      : undefined;

function reasonsOf(
  step: Step,
  definition: AnyDefinition,
  changes: readonly Change[],
  planned: readonly PlannedCall[],
): string[] {
  const { operation, before, after } = step;
  if (operation === "replace") {
    const keys = step.replaceKeys.length > 0 ? step.replaceKeys : replacing(definition, step, changes);
    const why = keys.length > 0 ? `, because of ${keys.join(", ")}` : "";
    return planned.some((call) => call.operation.startsWith("Delete"))
      ? [`the task is deleted and another one takes its place${why}; its runs and their logs stay with the old one`]
      : [`the task stays at the service as it is, and another one takes its place${why}`];
  }
  if (operation === "delete") {
    const words = planned.map((call) => call.operation);
    if (before === undefined) return [];
    if (words.length === 0) return [step.stays ?? RELEASED];
    if (words.some((word) => word.startsWith("Delete"))) return [];
    return ["the task stays at the service, and its schedule is stopped"];
  }
  if (operation === "create" && after?.inputs["adopt"] !== undefined) {
    return planned.length > 0
      ? ["an existing task is taken under management and brought to its arguments at once"]
      : ["an existing task is taken under management; nothing is written to it now"];
  }
  if (operation === "update") return reasonsOfUpdate(step, definition, changes);
  return [];
}

function reasonsOfUpdate(step: Step, { upstreams }: AnyDefinition, changes: readonly Change[]): string[] {
  const { before, after, sent = [], rewired = false } = step;
  const again = sent
    .map(({ path }) => path)
    .filter((path) => !changes.some((change) => change.path === path) && !(rewired && path === upstreams?.list));
  const anew = rewired ? ["a task that it waits for is made anew"] : [];
  if (changes.length === 0 || again.length > 0) {
    if (before?.outputs["adopted"] === true || before?.outputs["differs"] === true)
      return [
        ...anew,
        "the task at the service is not as declared, and is put right; `pulumi preview --refresh` shows its values",
      ];
    if (isUnfinished(step))
      return [...anew, `an earlier deployment ended at phase ${String(before?.outputs["phase"])}, and is finished`];
    if (before !== undefined && (again.length > 0 || !rewired)) {
      const what = again.length === 0 ? "it is" : `${again.join(", ")} ${again.length === 1 ? "is" : "are"}`;
      return [...anew, `an earlier update failed, or its edit may not be in production: ${what} sent again`];
    }
  }
  if (rewired) return anew;
  return changes.length > 0 && changes.every(({ path }) => holdsSecret(valueAt(after?.inputs, path)))
    ? ["a secret value changes"]
    : [];
}

const replacing = (definition: AnyDefinition, { before, after }: Step, changes: readonly Change[]): string[] => [
  ...new Set([
    ...changes.filter(({ leaf, kind }) => leaf.replace === true && kind !== "removed").map(({ path }) => path),
    ...(definition.replaces?.({
      id: before?.id ?? "",
      facts: factsIn(definition, before?.outputs ?? {}),
      changes,
      inputs: after?.inputs ?? {},
      kept: before?.inputs ?? {},
    }) ?? []),
  ]),
];

function importanceOf(task: TaskReview): Importance {
  const { operation, schedule, calls, previous } = task;
  const released = operation === "delete" && previous !== undefined && calls.length === 0;
  if ((operation === "delete" && !released) || operation === "replace" || isPaused(task)) return "destructive";
  return operation === "update" && schedule !== undefined ? "schedule" : "change";
}

const RANK: Readonly<Record<TaskOperation, number>> = { delete: 0, replace: 1, update: 2, create: 3 };
const byImportance = (one: TaskReview, other: TaskReview): number =>
  IMPORTANCES.indexOf(one.importance) - IMPORTANCES.indexOf(other.importance) ||
  RANK[one.operation] - RANK[other.operation] ||
  (one.importance === "destructive" ? other.downstream.length - one.downstream.length : 0) ||
  (one.name < other.name ? -1 : one.name > other.name ? 1 : one.urn < other.urn ? -1 : 1);

/** What the program and the provider warned of; where the file has none of it, what the same check says now. */
function warningsOf(
  { notes, steps, stack = "", hasBefore }: Preview,
  named: ReadonlyMap<string, string>,
  { policies = [], at }: ReviewOptions,
): Warning[] {
  const said = notes.filter(({ severity }) => severity !== "info");
  const checked = said.length === 0 && !hasBefore ? steps.flatMap(checkedAgain) : said;
  const warnings = new Map<string, Warning>();
  const positions = new Map(steps.map((step) => [step.urn, step.position]));
  for (const { severity, message, urn } of checked) {
    const code = / \[([a-z-]+)\]$/.exec(message)?.[1];
    const task = urn === undefined ? undefined : named.get(urn);
    const position = urn === undefined ? undefined : positions.get(urn);
    warnings.set(`${urn ?? ""}\n${message}`, {
      severity: severity === "error" ? "error" : "warning",
      ...(code !== undefined && { code }),
      message: code === undefined ? message : message.slice(0, -code.length - 3),
      ...(task !== undefined && { task }),
      ...(urn !== undefined && { urn }),
      ...(position !== undefined && { position }),
    });
  }
  const judged = policies.length === 0 ? [] : judgedIn(steps, nameOf);
  for (const { policy, level, message, urn } of violations(policies, judged, { stack, at })) {
    const task = urn === undefined ? undefined : named.get(urn);
    const position = urn === undefined ? undefined : positions.get(urn);
    warnings.set(`${urn ?? ""}\n${policy}\n${message}`, {
      severity: level === "mandatory" ? "error" : "warning",
      code: policy,
      policy: level,
      message,
      ...(task !== undefined && { task }),
      ...(urn !== undefined && { urn }),
      ...(position !== undefined && { position }),
    });
  }
  return [...warnings.values()].sort(
    (one, other) =>
      (one.severity < other.severity ? -1 : one.severity > other.severity ? 1 : 0) ||
      ((one.task ?? "") < (other.task ?? "") ? -1 : (one.task ?? "") > (other.task ?? "") ? 1 : 0) ||
      (one.message < other.message ? -1 : 1),
  );
}

function checkedAgain({ type, urn, after }: Step): { severity: "error" | "warning"; message: string; urn: string }[] {
  const definition = kindOf(type);
  if (definition === undefined || after === undefined) return [];
  return checkInputs(definition, after.inputs).findings.map(({ severity, property, reason, code }) => ({
    severity,
    message: `${property} ${reason} [${code}]`,
    urn,
  }));
}

/** The changed tasks and their neighbours. */
function touched(
  tasks: readonly TaskReview[],
  { edges }: TaskGraph,
  named: ReadonlyMap<string, string>,
): Review["graph"] {
  const changed = new Map(tasks.map((task) => [task.urn, changeOf(task)]));
  const near = edges.filter(([upstream, urn]) => changed.has(upstream) || changed.has(urn));
  const keys = new Set([...changed.keys(), ...near.flat()]);
  const nodes = [...keys].map((key) => {
    const change = changed.get(key);
    return { key, name: named.get(key) ?? key, ...(change !== undefined && { change }) };
  });
  return { nodes, edges: near };
}

function changeOf(task: TaskReview): NonNullable<Review["graph"]["nodes"][number]["change"]> {
  if (isPaused(task)) return "pause";
  return task.importance === "schedule" ? "schedule" : task.operation;
}
