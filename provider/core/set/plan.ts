import { createHash } from "node:crypto";
import { type Definition, type Properties } from "../definition";
import { TaskError } from "../errors";
import { UNKNOWN, holdsUnknown, isObject, valueAt } from "../fields";
import { HEEDED, type Heeded, namesIn } from "../heeded";
import { type TaskHooks } from "../lifecycle";
import { stableText } from "../record";
import { TOKEN, keyOf } from "../state";
import { memberToken } from "../token";
import { taskPath } from "./check";
import { ordered } from "./order";
import { TASKS, type TaskState, type TaskStates, shortName } from "./record";
import { namedSiblings, upstreamsOf, withSiblings } from "./siblings";

/** What is to be done with one task. */
export interface Step {
  readonly kind: "create" | "update" | "replace" | "same";
  /** The key that the task had before. */
  readonly from?: string;
  readonly state?: TaskState;
  /** The arguments; an upstream that is still to be made is not known yet. */
  readonly args: Properties;
  /** The properties that change, and those for which a new task is made. */
  readonly paths: readonly string[];
  readonly replaces: readonly string[];
  /** Its arguments mean the same task in other words: only the state says it anew. */
  readonly saidAnew?: true;
}

/** What is to be done with the tasks of a set. */
export interface Plan {
  readonly steps: ReadonlyMap<string, Step>;
  /** Tasks that are not in the arguments any more; one whose key another task has now is called otherwise. */
  readonly leaving: TaskStates;
  /** Those of them that stay in the cloud. */
  readonly released: ReadonlySet<string>;
  /** By key, all that a task waits for in the set. */
  readonly upstreams: ReadonlyMap<string, readonly string[]>;
  /** By key, the steps that have to be over before this one. */
  readonly waits: ReadonlyMap<string, readonly string[]>;
}

export type Tasks = Readonly<Record<string, Properties>>;
export const tasksIn = (news: Properties): Tasks => (news[TASKS] ?? {}) as Tasks;

/** The arguments of one task as the hooks of the single resource take them, with the names that its upstreams have. */
export function argumentsOf(
  { upstreams }: Pick<Definition<never, never>, "upstreams">,
  news: Properties,
  key: string,
  token: string,
  nameOf: (key: string) => string,
): Properties {
  const args = tasksIn(news)[key] as Properties;
  const heeded = heededFor(news[HEEDED], key);
  return {
    ...(upstreams ? withSiblings(args, upstreams, nameOf) : args),
    [TOKEN]: token,
    ...(heeded && { [HEEDED]: heeded }),
  };
}

/**
 * The token of a task: that of its state, also of an attempt that has made nothing, else its own. A task that had the key
 * before has taken the key's first token along.
 */
export function tokenOf(
  state: TaskState | undefined,
  news: Properties,
  key: string,
  taken: ReadonlySet<string> = new Set(),
): string {
  if (state !== undefined) return keyOf(state.outs);
  const nth = (number: number) => memberToken(String(news[TOKEN]), number === 0 ? key : `${key}\n${number}`);
  let number = 0;
  while (taken.has(nth(number))) number += 1;
  return nth(number);
}

/** Compares every task with its state. Makes no call; an upstream that is still to be made has no name yet. */
export function planOf(
  definition: Pick<Definition<never, never>, "upstreams" | "identity">,
  task: Pick<TaskHooks, "compare">,
  before: TaskStates,
  news: Properties,
): Plan {
  const tasks = tasksIn(news);
  const naming = definition.upstreams;
  const found = renamings(definition, before, news);
  const { renamed } = found;
  const { states, newKeys } = underNewKeys(before, found, tasks);
  const keyNow = (key: string) => newKeys.get(key) ?? key;
  const leaving = new Map([...found.leaving.keys()].map((key) => [keyNow(key), states.get(keyNow(key)) as TaskState]));
  const released = (Array.isArray(news["release"]) ? (news["release"] as unknown[]) : [])
    .filter((key): key is string => typeof key === "string" && found.leaving.has(key))
    .map(keyNow);
  const tokens = new Set([...states.values()].map(({ outs }) => keyOf(outs)));
  const steps = new Map<string, Step>();
  const nameOf = (key: string): string => {
    const step = steps.get(key);
    const isThere = step?.state?.id !== undefined && (step.kind === "same" || step.kind === "update");
    return isThere && naming ? naming.name(step.state.id) : UNKNOWN;
  };
  const named = naming ? namedSiblings(tasks, naming) : new Map<string, string[]>();
  for (const key of ordered(Object.keys(tasks), named).keys) {
    const from = renamed.get(key);
    const state = states.get(key);
    const args = argumentsOf(definition, news, key, tokenOf(state, news, key, tokens), nameOf);
    const step = { args, ...(state && { state }), ...(from !== undefined && { from }) };
    if (state?.id === undefined) {
      steps.set(key, { ...step, kind: "create", paths: [], replaces: [] });
      continue;
    }
    const { changes, replaces, resumes } = compared(key, () => task.compare(state.id as string, state.outs, args));
    const kind = replaces.length > 0 ? "replace" : changes.length > 0 || resumes ? "update" : "same";
    const isSaidAnew = kind === "same" && isIdentifiedAnew(definition, news, key, state);
    const paths = changes.map(({ path }) => path);
    steps.set(key, { ...step, kind, paths, replaces, ...(isSaidAnew && { saidAnew: true }) });
  }
  const upstreams = upstreamsOf(tasks, naming);
  const isRewired = ({ paths }: Step) => paths.some((path) => path === naming?.list);
  const leavers = leaversOf(steps, upstreams, isRewired);
  const waits = new Map(
    [...steps].map(([key, step]) => {
      const { kind } = step;
      const isWaiting = kind === "create" || kind === "replace" || isRewired(step);
      const all = isWaiting ? (upstreams.get(key) ?? []).filter((other) => steps.get(other)?.kind !== "same") : [];
      return [key, kind === "replace" ? [...all, ...(leavers.get(shortName(key)) ?? [])] : all];
    }),
  );
  return { steps, leaving, released: new Set(released), upstreams, waits };
}

/** A comparison; what is refused says which task it is about. */
function compared<T>(key: string, compare: () => T): T {
  try {
    return compare();
  } catch (error) {
    const told = new TaskError(`${taskPath(key)}: ${error instanceof Error ? error.message : String(error)}`);
    told.stack = told.message;
    throw told;
  }
}

/** By the short name of a key, the tasks that have waited for it and do not any more: it can be deleted after them. */
function leaversOf(
  steps: ReadonlyMap<string, Step>,
  upstreams: ReadonlyMap<string, readonly string[]>,
  isRewired: (step: Step) => boolean,
): Map<string, string[]> {
  const leavers = new Map<string, string[]>();
  for (const [key, step] of steps) {
    if (step.kind !== "update" || !isRewired(step)) continue;
    const now = new Set((upstreams.get(key) ?? []).map(shortName));
    for (const name of step.state?.after ?? [])
      if (!now.has(name)) leavers.set(name, [...(leavers.get(name) ?? []), key]);
  }
  return leavers;
}

/** Whether a plan leaves everything as it is, the state included. */
export const isEmptyPlan = ({ steps, leaving }: Plan): boolean =>
  leaving.size === 0 &&
  [...steps.values()].every(({ kind, from, saidAnew }) => kind === "same" && from === undefined && saidAnew !== true);

/** Which task the arguments of a key mean, in a few characters for the state; nothing where that is not known. */
export function identityOf(
  { identity = [] }: { readonly identity?: readonly string[] },
  news: Properties,
  key: string,
): string | undefined {
  const args = tasksIn(news)[key] as Properties;
  const given = isObject(news["identities"]) ? news["identities"][key] : undefined;
  const values = typeof given === "string" ? given : identity.map((path) => valueAt(args, path) ?? null);
  const isNamed = typeof given === "string" || (valueAt(args, "name") ?? valueAt(args, "adopt")) !== undefined;
  if (!isNamed || holdsUnknown(values)) return undefined;
  const text = `${String(news[TOKEN])}\n${stableText(values)}`;
  return createHash("sha256").update(text).digest("base64url").slice(0, 8);
}

/** Whether a task has got, has lost or has another one of `identities` than the state knows it by. */
function isIdentifiedAnew(
  definition: { readonly identity?: readonly string[] },
  news: Properties,
  key: string,
  state: TaskState,
): boolean {
  const identity = identityOf(definition, news, key);
  const isGiven = isObject(news["identities"]) && typeof news["identities"][key] === "string";
  return identity !== undefined && identity !== state.identity && (isGiven || state.identity !== undefined);
}

/**
 * The tasks that have another key now, by it, and those that have none any more. Which task the arguments mean comes before the
 * key: keys made from the places in a list move on when a task is put in front, and two may be swapped. A task whose
 * arguments mean one that no key has had stays with its key.
 */
export function renamings(
  definition: { readonly identity?: readonly string[] },
  states: TaskStates,
  news: Properties,
): { renamed: ReadonlyMap<string, string>; leaving: TaskStates } {
  const keys = Object.keys(tasksIn(news));
  const identities = new Map(keys.map((key) => [key, identityOf(definition, news, key)]));
  const left = new Map(states);
  const renamed = new Map<string, string>();
  const isOwn = (key: string): boolean => {
    const [before, now] = [states.get(key)?.identity, identities.get(key)];
    return before === undefined || now === undefined || before === now;
  };
  const isMet = new Set(keys.filter((key) => isOwn(key) && left.delete(key)));
  const byIdentity = new Map<string, string[]>();
  for (const [key, { identity }] of left)
    if (identity !== undefined) byIdentity.set(identity, [...(byIdentity.get(identity) ?? []), key]);
  for (const key of keys) {
    const from = isMet.has(key) ? undefined : byIdentity.get(identities.get(key) ?? "")?.shift();
    if (from === undefined || !left.delete(from)) continue;
    if (from !== key) renamed.set(key, from);
    isMet.add(key);
  }
  for (const key of keys) if (!isMet.has(key)) left.delete(key);
  return { renamed, leaving: left };
}

/** The states by the keys that their tasks have now, also in what they wait for. */
function underNewKeys(
  states: TaskStates,
  { renamed, leaving }: ReturnType<typeof renamings>,
  tasks: Tasks,
): { states: TaskStates; newKeys: ReadonlyMap<string, string> } {
  if (renamed.size === 0) return { states, newKeys: new Map() };
  const newKeys = new Map([...renamed].map(([key, from]) => [from, key]));
  const taken = new Set([...Object.keys(tasks), ...states.keys()]);
  for (const key of leaving.keys()) {
    if (!Object.hasOwn(tasks, key)) continue;
    // Another task has its key, and the state has one line for a key.
    let free = `${key} (before)`;
    for (let nth = 2; taken.has(free); nth++) free = `${key} (before ${nth})`;
    taken.add(free);
    newKeys.set(key, free);
  }
  const byName = new Map<string, string[]>();
  for (const key of states.keys())
    byName.set(shortName(key), [...(byName.get(shortName(key)) ?? []), newKeys.get(key) ?? key]);
  const named = (name: string): string[] => (byName.get(name) ?? []).map(shortName);
  return {
    states: new Map(
      [...states].map(([key, state]) => [newKeys.get(key) ?? key, { ...state, after: state.after.flatMap(named) }]),
    ),
    newKeys,
  };
}

/** The options of the engine that are about one task, as they would be given to it alone. */
function heededFor(options: unknown, key: string): Heeded | undefined {
  if (!isObject(options)) return undefined;
  const { ignoreChanges = [], replaceOnChanges = [] } = options as Heeded;
  const own = {
    ignoreChanges: ignoreChanges.flatMap(inTask(key)),
    replaceOnChanges: replaceOnChanges.flatMap(inTask(key)),
  };
  return own.ignoreChanges.length + own.replaceOnChanges.length > 0 ? own : undefined;
}

const inTask =
  (key: string) =>
  (path: string): string[] => {
    const [first, second = "*", ...rest] = namesIn(path);
    if ((first !== TASKS && first !== "*") || (second !== "*" && second !== key)) return [];
    const names = rest.length === 0 ? ["*"] : rest;
    return [names.map((name) => (/^(\*|\d+)$/.test(name) ? `[${name}]` : `[${JSON.stringify(name)}]`)).join("")];
  };
