import { createHash } from "node:crypto";
import { type Definition, type Properties } from "../definition";
import { leavesOf, putAt, valueAt } from "../fields";
import { HEEDED } from "../heeded";
import { refuseNewer } from "../record";

/** A task of a set as the state has it. */
export interface TaskState {
  /** `undefined` for a task that is still to be made, with the creation token of an earlier attempt. */
  readonly id: string | undefined;
  /** What the hooks of the single resource have as their outputs. */
  readonly outs: Properties;
  /** The tasks that it waits for, by the short names of their keys: what a deletion goes by. */
  readonly after: readonly string[];
  /** Which task its arguments mean: arguments of another key that mean the same one are its own. */
  readonly identity?: string | undefined;
  /** It is to be deleted, and a run has kept it once because tasks outside of the set depend on it. */
  readonly kept?: boolean | undefined;
}
export type TaskStates = ReadonlyMap<string, TaskState>;

/** The names of a set's outputs: a line for each task, and the declared values that no read brings back. */
export const RECORDS = "records";
export const TASKS = "tasks";

const VERSION = "1";
const NAME = 4;

/** A key in four characters. Two keys that share them only make one more step of an order. */
export const shortName = (key: string): string => createHash("sha256").update(key).digest("base64url").slice(0, NAME);

/**
 * A task as one line of the state: version, id, record, rendering, flags, upstreams, identity, and the facts in the order of the
 * definition, which only ever grows at its end. A property each would cost ten lines and as many names for each task.
 */
function lineOf({ id, outs, after, identity, kept }: TaskState, factNames: readonly string[]): string {
  const flags = `${outs["adopted"] === true ? "a" : ""}${outs["differs"] === true ? "d" : ""}${kept === true ? "k" : ""}`;
  const parts = [
    outs["applied"],
    outs["seen"],
    flags,
    after.join(""),
    identity,
    ...factNames.map((name) => outs[name]),
  ];
  const places = (id ?? "").split("/");
  return [VERSION, written(id, []), ...parts.map((part) => written(part, places))].join(" ").replace(/( -)+$/, "");
}

/** One value without blanks; `/1` stands for the second part of the id, `-` for nothing, and `=` comes before JSON. */
function written(value: unknown, places: readonly string[]): string {
  if (value === undefined || value === "") return "-";
  if (typeof value !== "string") return `=${escaped(JSON.stringify(value))}`;
  const place = places.indexOf(value);
  return place > 0 ? `/${place}` : escaped(value).replace(/^[-=/]/, (first) => `%${first.charCodeAt(0).toString(16)}`);
}

const escaped = (text: string): string => text.replace(/[%\s]/g, encodeURIComponent);

function readBack(text: string | undefined, places: readonly string[]): unknown {
  if (text === undefined || text === "-") return undefined;
  if (text.startsWith("=")) return JSON.parse(decodeURIComponent(text.slice(1)));
  return /^\/\d+$/.test(text) ? places[Number(text.slice(1))] : decodeURIComponent(text);
}

/** The outputs of a set, from the states of its tasks. */
export function setOutputs(
  { fields, factNames }: Pick<Definition<never, never>, "fields" | "factNames">,
  states: TaskStates,
): Properties {
  const records: Record<string, string> = {};
  const tasks: Record<string, Properties> = {};
  for (const [key, state] of [...states].sort(([one], [other]) => (one < other ? -1 : 1))) {
    put(records, key, lineOf(state, factNames));
    const kept = Object.entries(state.outs).filter(([name]) => Object.hasOwn(fields, name));
    if (kept.length > 0) put(tasks, key, Object.fromEntries(kept));
  }
  return { [RECORDS]: records, ...(Object.keys(tasks).length > 0 && { [TASKS]: tasks }) };
}

/** The tasks that a set's outputs record. */
export function statesOf({ factNames }: { readonly factNames: readonly string[] }, outs: Properties): TaskStates {
  const kept = (outs[TASKS] ?? {}) as Record<string, Properties>;
  return new Map(
    Object.entries((outs[RECORDS] ?? {}) as Record<string, string>).flatMap(([key, line]) => {
      const own = Object.hasOwn(kept, key) ? kept[key] : undefined;
      const state = stateIn(line, factNames, own);
      return state === undefined ? [] : [[key, state] as const];
    }),
  );
}

function stateIn(line: unknown, factNames: readonly string[], kept: Properties | undefined): TaskState | undefined {
  const [version, idPart, ...parts] = typeof line === "string" ? line.split(" ") : [];
  // What a newer version of this package has written is not touched, and what is no line is none.
  if (version !== VERSION) refuseNewer(line);
  if (version !== VERSION) return undefined;
  const id = readBack(idPart, []);
  const values = parts.map((part) => readBack(part, typeof id === "string" ? id.split("/") : []));
  const [applied, seen, flags, after, identity, ...facts] = values;
  const isFlagged = (flag: string) => typeof flags === "string" && flags.includes(flag);
  const known = factNames.map((name, index) => [name, facts[index]]).filter(([, fact]) => fact !== undefined);
  const outs: Properties = {
    ...kept,
    ...(Object.fromEntries(known) as Properties),
    ...(applied !== undefined && { applied }),
    ...(seen !== undefined && { seen }),
    ...(isFlagged("a") && { adopted: true }),
    ...(isFlagged("d") && { differs: true }),
  };
  return {
    id: textOf(id),
    outs,
    after: textOf(after)?.match(new RegExp(`.{${NAME}}`, "g")) ?? [],
    identity: textOf(identity),
    ...(isFlagged("k") && { kept: true }),
  };
}

const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

/** The facts that users see of the tasks of a set, by key: `taskId`, `phase`, and `id` itself. */
export function factByKey(
  definition: { readonly factNames: readonly string[] },
  outs: Properties,
  name: string,
): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [key, { id, outs: own }] of statesOf(definition, outs)) {
    const value = name === "id" ? id : own[name];
    if (typeof value === "string") put(values, key, value);
  }
  return values;
}

/**
 * The state of a task that is only to be deleted: of its arguments the options alone, which a deletion goes by. The engine keeps
 * an output secret where the inputs have a secret at its place, and they have nothing at this one any more.
 */
export function onlyToDelete({ fields }: Pick<Definition<never, never>, "fields">, state: TaskState): TaskState {
  const outs = Object.fromEntries(Object.entries(state.outs).filter(([name]) => !Object.hasOwn(fields, name)));
  for (const { path, leaf } of leavesOf(fields)) {
    const value = leaf.option ? valueAt(state.outs, path) : undefined;
    if (value !== undefined) putAt(outs, path, value);
  }
  return { ...state, outs };
}

/** Puts a member in, also one that is called like something that every object has. */
export function put<T>(object: Record<string, T>, key: string, value: T): void {
  Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}

/** The outputs of a single resource as the state of a task: without what the set itself keeps. */
export function taskState(
  id: string | undefined,
  outs: Properties,
  about: Pick<TaskState, "after" | "identity" | "kept">,
): TaskState {
  const { [HEEDED]: _heeded, __provider: _provider, ...own } = outs;
  const { after, identity, kept } = about;
  return { id, outs: own, after, identity, ...(kept && { kept }) };
}
