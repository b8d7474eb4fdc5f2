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
  /** Tasks that are not in the arguments any more. */
  readonly leaving: TaskStates;
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

/** The token of a task: that of its state, also of an attempt that has made nothing, else its own. */
export const tokenOf = (state: TaskState | undefined, news: Properties, key: string): string =>
  state === undefined ? memberToken(String(news[TOKEN]), key) : keyOf(state.outs);

/** Compares every task with its state. Makes no call; an upstream that is still to be made has no name yet. */
export function planOf(
  definition: Pick<Definition<never, never>, "upstreams" | "identity">,
  task: Pick<TaskHooks, "compare">,
  states: TaskStates,
  news: Properties,
): Plan {
  const tasks = tasksIn(news);
  const naming = definition.upstreams;
  const { renamed, leaving } = renamings(definition, states, news);
  const steps = new Map<string, Step>();
  const nameOf = (key: string): string => {
    const step = steps.get(key);
    const isThere = step?.state?.id !== undefined && (step.kind === "same" || step.kind === "update");
    return isThere && naming ? naming.name(step.state.id) : UNKNOWN;
  };
  const named = naming ? namedSiblings(tasks, naming) : new Map<string, string[]>();
  for (const key of ordered(Object.keys(tasks), named).keys) {
    const from = renamed.get(key);
    const state = states.get(from ?? key);
    const args = argumentsOf(definition, news, key, tokenOf(state, news, key), nameOf);
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
  return { steps, leaving, upstreams, waits };
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

/** The tasks that have another key now, by it, and those that have none any more. */
function renamings(
  definition: { readonly identity?: readonly string[] },
  states: TaskStates,
  news: Properties,
): { renamed: ReadonlyMap<string, string>; leaving: TaskStates } {
  const tasks = tasksIn(news);
  const gone = new Map([...states].filter(([key]) => !Object.hasOwn(tasks, key)));
  const renamed = new Map<string, string>();
  if (gone.size > 0) {
    const byIdentity = new Map([...gone].map(([key, { identity }]) => [identity, key]));
    for (const key of Object.keys(tasks)) {
      if (states.has(key)) continue;
      const identity = identityOf(definition, news, key);
      const from = identity === undefined ? undefined : byIdentity.get(identity);
      if (from === undefined || !gone.delete(from)) continue;
      renamed.set(key, from);
    }
  }
  return { renamed, leaving: gone };
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
