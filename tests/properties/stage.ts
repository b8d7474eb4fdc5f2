import assert from "node:assert/strict";
import type { Emulator } from "../../emulator/index";
import { isObject, putAt, valueAt } from "../../provider/core/fields";
import type { Placed } from "../../provider/core/fields";
import type { Carried, Properties } from "../../provider/core/definition";
import type { Hooks } from "../../provider/core/lifecycle";
import { decodeRecord, stableText } from "../../provider/core/record";
import { isEmpty } from "../../provider/core/settle";
import type { Kind, Standing } from "./kind";

/** A place in a table, counted round and round; the path itself names that argument alone. */
export type Pick = number | string;

/** One set of arguments and what happens to it. */
export interface Story {
  readonly args: Properties;
  /** A value for every argument, for edits. */
  readonly spare: Properties;
  /** Picks which arguments are edited, taken away, and changed at the console. */
  readonly picks: readonly Pick[];
}

/** Where a story is told. */
export interface Stage {
  readonly kind: Kind;
  readonly table: readonly Placed[];
  readonly task: Hooks;
  readonly emulator: Emulator;
  readonly warnings: string[];
  /** What the user is told of the operations of an update. */
  readonly said: Carried[];
  readonly nextToken: () => string;
  /** Counts what was done to which argument, for the report. */
  readonly done: (what: string) => void;
}

/** A task of a story at one moment. */
export interface Told {
  readonly id: string;
  readonly outs: Properties;
  readonly inputs: Properties;
  readonly standing: Standing;
}

/** Says which property does not hold, and about which argument. */
export async function holds<T>(property: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new Error(`${property}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

export const same = (one: unknown, other: unknown): boolean => stableText(one) === stableText(other);

/** The declared properties in which two sets of canonical arguments differ; nothing and empty are the same. */
export const differing = (table: readonly Placed[], one: Properties, other: Properties): string[] =>
  table
    .map(({ path }) => path)
    .filter((path) => {
      const [a, b] = [valueAt(one, path), valueAt(other, path)];
      return !same(a, b) && !(isEmpty(a) && isEmpty(b));
    });

/** The canonical arguments, or `undefined` when the rules refuse them. */
export async function accepted(
  { task }: Stage,
  news: Properties,
  olds: Properties = {},
): Promise<Properties | undefined> {
  const { inputs, failures } = await task.check(olds, news);
  return failures.length === 0 ? inputs : undefined;
}

/** The arguments without what the rules refuse, or `undefined` when that does not make them valid. */
export async function lawful(stage: Stage, args: Properties): Promise<Properties | undefined> {
  let news: Properties = { ...stage.kind.obey(args), creationToken: stage.nextToken() };
  for (let round = 1; round <= 4; round++) {
    const { failures } = await stage.task.check({}, news);
    if (failures.length === 0) return news;
    for (const { property } of failures) {
      const path = stage.table.find((placed) => isAtOrIn(property, placed.path))?.path ?? property;
      if (path === "projectId") return undefined;
      news = without(news, path);
    }
    news = stage.kind.obey(news);
  }
  return undefined;
}

export const isAtOrIn = (path: string, other: string): boolean =>
  path === other || path.startsWith(`${other}.`) || path.startsWith(`${other}[`);

/** A new task; `undefined` when no rule lets the arguments pass. */
export async function made(stage: Stage, args: Properties): Promise<Told | undefined> {
  stage.warnings.length = 0;
  const news = await lawful(stage, args);
  const inputs = news && (await accepted(stage, news));
  if (!inputs) return undefined;
  const standing = stage.kind.isDraft?.(inputs) === true ? "draft" : "made";
  return { inputs, standing, ...(await stage.task.create(inputs)) };
}

/** Tells a story about a new task, which is deleted at its end. */
export async function withTask(
  stage: Stage,
  { args }: Story,
  tell: (told: Told) => Promise<Told | void>,
): Promise<boolean> {
  const told = await made(stage, args);
  if (!told) return false;
  let last = told;
  try {
    last = (await tell(told)) ?? told;
  } finally {
    await stage.task.delete(last.id, last.outs);
  }
  return true;
}

export async function isUnchanged({ task }: Stage, { id, outs, inputs }: Told): Promise<void> {
  assert.deepEqual(await task.diff(id, outs, inputs), { changes: false, replaces: [], deleteBeforeReplace: true });
}

/** A read, twice, finds nothing, and nothing is remembered as shown in a form of the service's own. */
export async function isFixed(stage: Stage, told: Told): Promise<void> {
  const otherwise = [...decodeRecord(told.outs["seen"], stage.table).keys()];
  assert.deepEqual(otherwise, [], "shown by the service in another form than it was sent");
  for (let time = 1; time <= 2; time++) {
    const read = await stage.task.read(told.id, told.outs);
    assert.deepEqual(read.inputs, undefined, "a read of the unmoved task brings inputs");
    assert.deepEqual(read.props, told.outs, "a read of the unmoved task changes the state");
  }
}

/** What was warned of although everything went as it should. */
export function isQuiet({ warnings }: Stage): void {
  const doubtful = /no longer declared|\[[a-z-]+\]$/;
  assert.deepEqual(
    warnings.filter((text) => !doubtful.test(text)),
    [],
  );
}

/** No difference, and a read, twice, finds nothing. */
export async function isSettled(stage: Stage, told: Told): Promise<void> {
  await isUnchanged(stage, told);
  await isFixed(stage, told);
  isQuiet(stage);
}

/** Arguments without one of them. */
export function without(args: Properties, path: string): Properties {
  const result = structuredClone(args);
  const names = path.split(".");
  const last = names.pop() as string;
  const parent = names.length === 0 ? result : valueAt(result, names.join("."));
  if (isObject(parent)) delete parent[last];
  return result;
}

/** Arguments with another value for one of them. */
export function changed(args: Properties, path: string, value: unknown): Properties {
  const result = structuredClone(args);
  putAt(result, path, structuredClone(value));
  return result;
}

/** A second resource that takes the task over. */
export async function adopted(stage: Stage, args: Properties, outs: Properties): Promise<Told | undefined> {
  const { kind, task } = stage;
  let adopting = structuredClone(args);
  for (const path of kind.createdOnly) adopting = without(adopting, path);
  const given = { ...adopting, adopt: kind.taskId(outs), force: true, creationToken: stage.nextToken() };
  const inputs = await accepted(stage, given);
  return inputs && { inputs, standing: "adopted", ...(await task.create(inputs)) };
}

/** The arguments of a table one after the other, beginning somewhere; or the one that is named. */
export const from = (table: readonly Placed[], pick: Pick): Placed[] => {
  if (typeof pick === "string") return table.filter(({ path }) => path === pick);
  const start = table.length === 0 ? 0 : pick % table.length;
  return [...table.slice(start), ...table.slice(0, start)];
};

/** A value as one line. */
export function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 200 ? `${text.slice(0, 200)}…(${text.length})` : text;
}
