import { type Change, changesBetween } from "../../provider/core/diff";
import type { Definition } from "../../provider/core/definition";
import { type Table, holdsUnknown, leavesOf, putAt, valueAt } from "../../provider/core/fields";
import { heedOf } from "../../provider/core/heeded";
import { hooks } from "../../provider/core/lifecycle";
import { objectsAt } from "../../provider/core/outlook";
import { stableText } from "../../provider/core/record";
import { type Plan, type Step as Planned, isEmptyPlan, planOf } from "../../provider/core/set/plan";
import { TASKS, type TaskStates, statesOf } from "../../provider/core/set/record";
import { keyOf, before as recordedIn } from "../../provider/core/state";
import { kindOf, kindOfSet } from "../kinds";
import { type Operation, type Snapshot, type Step, type Tree, partsOf } from "./preview";
import { holdsSecret, isTree } from "./values";

type AnyDefinition = Definition<object, object>;

/** The steps with each task of a set as a step of its own, and what another resource takes over told as staying. */
export function opened(steps: readonly Step[]): Step[] {
  const all = steps.flatMap(openedOne).map(withSent);
  const takers = new Map(
    all.flatMap((step) => {
      const id = takenBy(step);
      return id === undefined ? [] : [[id, step.name] as const];
    }),
  );
  return all.map((step) => {
    const id = step.operation === "delete" ? step.before?.id : undefined;
    const taker = id === undefined ? undefined : takers.get(id);
    return taker === undefined ? step : { ...step, stays: `the task stays at the service as it is: ${taker} takes it over` }; // prettier-ignore
  });
}

/** The id of another resource that a task newly names with `adopt`: the provider does not delete that one in this run. */
function takenBy({ before, after }: Step): string | undefined {
  const [was, is] = [before, after].map((side) => {
    const adopt = side?.inputs["adopt"];
    return isTree(adopt) ? adopt["id"] : adopt;
  });
  return typeof is === "string" && is.includes("/") && is !== was ? is : undefined;
}

/**
 * The resource that a task belongs to: itself, or its set, with the key that it has there. Any name may have a `#` in it; where
 * the URN of a task of a set has its own, the task is called with a full stop.
 */
export function ownerOf(urn: string, resource: string): { readonly urn: string; readonly key?: string } {
  const { name, type } = partsOf(urn);
  const at = kindOfSet(type) === undefined ? -1 : name.split("").findIndex((each, index) => each !== resource[index]);
  return at === -1 ? { urn } : { urn: urn.slice(0, at - name.length), key: name.slice(at + 1) };
}

/** An update of a task that is a resource of its own, with what it sends. */
function withSent(step: Step): Step {
  const { operation, before, after } = step;
  const definition = kindOf(step.type);
  if (definition === undefined || step.key !== undefined || operation !== "update" || !before || !after) return step;
  if (typeof before.outputs["applied"] !== "string") return step;
  const table = leavesOf(definition.fields as Table);
  const { applied } = recordedIn(table, before.outputs);
  const { ignores } = heedOf(after.inputs);
  const sent = changesBetween(table, applied, after.inputs, keyOf(before.outputs)).filter(
    (change) => !ignores(change.path) && !isHidden(change, before.inputs, after.inputs),
  );
  return { ...step, sent };
}

/** What becomes of one task of a set. */
interface Turn extends Pick<Step, "changed" | "sent" | "rewired" | "stays" | "remarks"> {
  readonly operation: Operation;
  /** The key that it had before. */
  readonly from?: string;
  readonly replaceKeys?: readonly string[];
}
type Turns = ReadonlyMap<string, Turn>;

function openedOne(step: Step): Step[] {
  const single = kindOfSet(step.type);
  const definition = single === undefined ? undefined : kindOf(single);
  if (single === undefined || definition === undefined || step.operation === "other") return [step];
  // A plan without a state names no task of what goes.
  if (step.operation === "delete" && step.before === undefined) return [step];
  const states = statesOf(definition, step.before?.outputs ?? {});
  const [before, after] = [tasksOf(step.before), tasksOf(step.after)];
  const urnOf = (key: string): string => `${step.urn}#${key}`;
  const side = (args: Tree | undefined, key: string): Snapshot | undefined => {
    if (args === undefined) return undefined;
    const state = states.get(key);
    return {
      ...(state?.id !== undefined && { id: state.id }),
      inputs: args,
      outputs: state?.outs ?? {},
      dependencies: siblingsIn(args).map(urnOf),
    };
  };
  return [...turnsOf(step, definition, states)].map(([key, turn]) => {
    const { operation, from = key, replaceKeys = [], ...told } = turn;
    const is = operation === "delete" ? undefined : after.get(key);
    const isMade = states.get(from)?.id !== undefined && operation !== "create";
    const was = isMade
      ? (before.get(from) ?? knownBefore(definition, states.get(from)?.outs ?? {}, is, turn))
      : undefined;
    const [old, now] = [side(was, from), side(is, key)];
    return {
      operation,
      urn: urnOf(key),
      type: single,
      name: `${step.name}.${key}`,
      key,
      replaceKeys,
      ...told,
      ...(from !== key && { formerly: urnOf(from) }),
      ...(old && { before: old }),
      ...(now && { after: now }),
      ...(step.position && { position: step.position }),
    };
  });
}

function turnsOf(step: Step, definition: AnyDefinition, states: TaskStates): Turns {
  const { operation, before, after } = step;
  const [old, now] = [before, after].map((side) => [...tasksOf(side).keys()]) as [string[], string[]];
  const isMade = (key: string) => states.get(key)?.id !== undefined;
  const made = [...states.keys()].filter(isMade);
  const about = { replaceKeys: step.replaceKeys, ...(step.stays !== undefined && { stays: step.stays }) };
  switch (operation) {
    case "create":
    case "update":
      return before === undefined && operation === "update"
        ? new Map(now.map((key) => [key, UNTOLD]))
        : planned(step, definition, states);
    case "delete":
      return new Map(made.map((key) => [key, { ...about, operation }]));
    case "replace":
      return new Map(
        [...new Set([...made, ...now])].map((key) => [
          key,
          !now.includes(key) ? { ...about, operation: "delete" } : { ...about, operation: isMade(key) ? operation : "create" }, // prettier-ignore
        ]),
      );
    case "same":
    case "other":
      return new Map(
        [...new Set([...old, ...now])].map((key) => [
          key,
          { operation: isMade(key) || before === undefined ? operation : "create" },
        ]),
      );
  }
}

const UNTOLD: Turn = {
  operation: "update",
  changed: [],
  remarks: ["which tasks of its set change, and in what, an update plan without a state does not tell"],
};

/** What the provider does with each task: it goes by what its state records, and its own plan says it here. */
function planned({ operation, before, after }: Step, definition: AnyDefinition, states: TaskStates): Turns {
  const news = after?.inputs ?? {};
  const [olds, tasks] = [tasksOf(before), tasksOf(after)];
  const keys = new Map([...states].flatMap(([key, { id }]) => (id === undefined ? [] : [[id, key] as const])));
  const sent = new Map<string, readonly Change[]>();
  const task = hooks(definition, SILENT);
  const plan = planOf(
    definition,
    {
      compare(id, outs, args) {
        const { changes, replaces, resumes } = task.compare(id, outs, args);
        const old = olds.get(keys.get(id) ?? "") ?? {};
        const seen = changes.filter((change) => !isHidden(change, old, args));
        const hidden = new Set(changes.filter((change) => !seen.includes(change)).map(({ path }) => path));
        sent.set(id, seen);
        return { changes: seen, replaces: replaces.filter((path) => !hidden.has(path)), resumes };
      },
    },
    states,
    news,
  );
  // Nothing that can be seen makes the engine change the set: a secret does.
  const isSecret = operation === "update" && isEmptyPlan(plan);
  const staying = [...plan.steps].map(([key, step]): [string, Turn] => {
    const turn = turnOf(step, definition, tasks.get(key) ?? {}, sent.get(step.state?.id ?? ""));
    return [key, isSecret && holdsSecret(tasks.get(key)) ? { ...turn, operation: "update" } : turn];
  });
  return new Map([...staying, ...leaversOf(plan, keys)]);
}

const SILENT = { ready: () => Promise.resolve(), warn: () => undefined, inform: () => undefined };

function turnOf(
  { kind, from, args, replaces }: Planned,
  { upstreams }: AnyDefinition,
  given: Tree,
  sent: readonly Change[] | undefined,
): Turn {
  const list = upstreams?.list ?? "";
  const isRewired = kind === "update" && holdsUnknown(args[list]) && !holdsUnknown(given[list]);
  return {
    operation: kind,
    replaceKeys: replaces,
    ...(from !== undefined && { from, remarks: [`its key was ${from} before`] }),
    ...(kind === "update" && sent && { sent }),
    ...(isRewired && { rewired: true }),
  };
}

/** The tasks that have no key any more, by their ids in `keys`. What an attempt has not made is not at the service. */
const leaversOf = ({ leaving, released }: Plan, keys: ReadonlyMap<string, string>): [string, Turn][] =>
  [...leaving].flatMap(([key, { id, kept }]) => {
    if (id === undefined) return [];
    const from = keys.get(id) ?? key;
    const remarks = [
      ...(from === key ? [] : [`another task has its key ${from} now`]),
      ...(kept ? ["an earlier run has kept it once, because tasks outside of the set depended on it"] : []),
    ];
    const turn: Turn = {
      operation: "delete",
      from,
      ...(released.has(key) && { stays: RELEASED }),
      ...(remarks.length > 0 && { remarks }),
    };
    return [[key, turn]];
  });

export const RELEASED = "the task stays at the service as it is, and is not managed any more";

/** Whether a mask hides if something changes. What may not have arrived is sent whatever it is. */
const isHidden = ({ path, kind, unsure }: Change, before: object, after: object): boolean =>
  kind === "changed" &&
  unsure !== true &&
  holdsSecret(valueAt(after, path)) &&
  stableText(valueAt(before, path)) === stableText(valueAt(after, path));

/**
 * The arguments of a task that are not in the set's arguments from before: those that its state keeps, and where it stays, as
 * after a failed update of the set that has made it, what is not sent.
 */
function knownBefore({ fields }: AnyDefinition, outs: Tree, after: Tree | undefined, { sent = [] }: Turn): Tree {
  const tree: Tree = {};
  for (const { path } of leavesOf(fields as Table)) {
    const isSent = sent.some((change) => change.path === path);
    const value = valueAt(after === undefined ? outs : isSent ? {} : after, path);
    if (value !== undefined) putAt(tree, path, value);
  }
  return tree;
}

const tasksOf = (side: Snapshot | undefined): ReadonlyMap<string, Tree> => {
  const tasks = side?.inputs[TASKS];
  return new Map(
    Object.entries(isTree(tasks) ? tasks : {}).filter((entry): entry is [string, Tree] => isTree(entry[1])),
  );
};

/** The tasks of the same set that one waits for: named as `tasks.<key>`. */
const siblingsIn = (args: Tree): string[] =>
  objectsAt(args, "dependencies")
    .flatMap(({ upstream, parentTask }) => [upstream, isTree(parentTask) ? parentTask["taskId"] : parentTask])
    .flatMap((name) => (typeof name === "string" && name.startsWith("tasks.") ? [name.slice("tasks.".length)] : []));
