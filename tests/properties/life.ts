import assert from "node:assert/strict";
import type { Emulator } from "../../emulator/index";
import { isObject, leaves, putAt, valueAt } from "../../provider/core/fields";
import type { Placed } from "../../provider/core/fields";
import type { Hooks, Properties } from "../../provider/core/lifecycle";
import { decodeRecord, stableText } from "../../provider/core/record";
import { isEmpty } from "../../provider/core/settle";
import { tokenOf } from "../../provider/core/token";
import { adoption } from "./adoption";
import type { Kind } from "./kind";

/** One set of arguments and what happens to it. */
export interface Story {
  readonly args: Properties;
  /** A value for every argument, for edits. */
  readonly spare: Properties;
  /** Picks which arguments are edited, taken away, and changed at the console. */
  readonly picks: readonly number[];
}

/** Where a story is told. */
export interface Stage {
  readonly kind: Kind;
  readonly task: Hooks;
  readonly emulator: Emulator;
  readonly warnings: string[];
  readonly nextToken: () => string;
}

/** A task of a story at one moment. */
export interface Told {
  readonly id: string;
  readonly outs: Properties;
  readonly inputs: Properties;
}

/** Says which property does not hold, and about which argument. */
export async function holds(property: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
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

export async function isUnchanged({ task }: Stage, { id, outs, inputs }: Told): Promise<void> {
  assert.deepEqual(await task.diff(id, outs, inputs), { changes: false, replaces: [], deleteBeforeReplace: true });
}

/** No difference, and a read, twice, finds nothing. */
export async function isSettled(stage: Stage, told: Told): Promise<void> {
  await isUnchanged(stage, told);
  const otherwise = [...decodeRecord(told.outs["seen"], leaves(stage.kind.fields)).keys()];
  assert.deepEqual(otherwise, [], "shown by the service in another form than it was sent");
  for (let time = 1; time <= 2; time++) {
    const read = await stage.task.read(told.id, told.outs);
    assert.deepEqual(read.inputs, undefined);
    assert.deepEqual(read.props, told.outs);
  }
  assert.deepEqual(
    stage.warnings.filter((text) => !text.includes("no longer declared")),
    [],
  );
}

/** The same arguments with everything turned round that has no order. */
function turned(value: unknown, unordered: boolean): unknown {
  if (Array.isArray(value)) {
    const items = value.map((item) => turned(item, false));
    return unordered ? items.reverse() : items;
  }
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, member]) => [name, turned(member, false)]),
  );
}

function permuted(table: readonly Placed[], args: Properties): Properties {
  const result: Properties = turned(args, false) as Properties;
  for (const { path, leaf } of table) {
    const value = valueAt(args, path);
    if (leaf.unordered && Array.isArray(value)) putAt(result, path, turned(value, true));
  }
  return result;
}

/** Arguments without one of them. */
function without(args: Properties, path: string): Properties {
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

/** The paths of everything that a call carries. */
function carried(value: unknown, prefix = ""): string[] {
  if (Array.isArray(value) && value.length > 0 && value.every(isObject))
    return value.flatMap((item) => carried(item, prefix));
  if (!isObject(value) || Object.keys(value).length === 0) return [prefix];
  return Object.entries(value).flatMap(([name, member]) => carried(member, prefix === "" ? name : `${prefix}.${name}`));
}

const READING = /^(Get|List|Describe|Check)/;

async function carriesOnly({ kind, emulator }: Stage, path: string, draft: boolean): Promise<void> {
  const { names, operations } = kind.carrier(path);
  const option = leaves(kind.fields).find((placed) => placed.path === path)?.leaf.option === true;
  for (const { operation, parameters } of await emulator.calls()) {
    if (READING.test(operation) || kind.publishing.includes(operation)) continue;
    assert.ok(!option, `${operation} was called, although ${path} is an option of ours`);
    if (operations !== undefined) {
      assert.ok(operations.includes(operation), `${operation} was called for ${path}`);
    }
    // A document is written whole, and what it cannot carry is set again once it is published.
    if (operation === "UpdateNode" && draft) continue;
    if (operations?.includes("UpdateNode")) continue;
    const foreign = carried(parameters)
      .map((each) => kind.inside(operation, each))
      .filter(
        (each) => !kind.keys.includes(each) && !names.some((name) => each === name || each.startsWith(`${name}.`)),
      );
    assert.deepEqual(foreign, [], `${operation} carries what was not changed`);
  }
}

/** Everything that can happen to one task. */
export async function life(stage: Stage, { args, spare, picks }: Story): Promise<boolean> {
  const { kind, task, warnings } = stage;
  const table = leaves(kind.fields);
  warnings.length = 0;
  const news = { ...kind.obey(args), creationToken: stage.nextToken() };
  const inputs = await accepted(stage, news);
  if (inputs === undefined) return false;
  await holds("check is a fixed point", async () => assert.deepEqual(await accepted(stage, inputs), inputs));
  let told: Told = { inputs, ...(await task.create(inputs)) };
  const draft = kind.isDraft?.(inputs) === true;
  try {
    await holds("a created task is as declared", () => isSettled(stage, told));
    await holds("order means nothing", async () => {
      const again = await accepted(stage, permuted(table, news));
      assert.ok(again, "the permuted arguments are refused");
      await isUnchanged(stage, { ...told, inputs: again });
    });
    for (const [nth, pick] of picks.entries()) {
      const declared = table.filter(({ path }) => valueAt(told.inputs, path) !== undefined);
      const choice = nth % 3 === 0 ? table : declared;
      const { path } = choice[pick % choice.length] as Placed;
      if (nth % 3 === 0) told = await edited(stage, told, path, spare);
      else if (nth % 3 === 1) told = await reduced(stage, told, path);
      else if (!draft) await touched(stage, told, path, spare);
    }
    if (!draft) await holds("adoption", () => adoption(stage, told, spare));
  } finally {
    await task.delete(told.id, told.outs);
  }
  await holds("a deleted task leaves nothing", async () => {
    assert.deepEqual(await task.read(told.id, told.outs), { id: "", props: {} });
    await task.delete(told.id, told.outs);
  });
  return true;
}

async function edited(stage: Stage, told: Told, path: string, spare: Properties): Promise<Told> {
  const { kind, task, emulator } = stage;
  const table = leaves(kind.fields);
  const placed = table.find((each) => each.path === path) as Placed;
  const value = valueAt(spare, path);
  if (value === undefined || placed.leaf.replace || path === "publish") return told;
  const news = await accepted(stage, changed(told.inputs, path, value), told.inputs);
  const paths = table.map((each) => each.path).filter((each) => !same(valueAt(news, each), valueAt(told.inputs, each)));
  if (!news || paths.join() !== path || !same(kind.obey(news), news)) return told;
  const diff = await task.diff(told.id, told.outs, news);
  assert.equal(diff.changes, true, `an edit of ${path} is no change`);
  if (diff.replaces.length > 0) return told;
  let next: Told = told;
  await holds(`an edit of ${path} to ${brief(value)} from ${brief(valueAt(told.inputs, path))}`, async () => {
    await emulator.reset();
    next = { id: told.id, inputs: news, ...(await task.update(told.id, told.outs, news)) };
    await carriesOnly(stage, path, kind.isDraft?.(told.inputs) === true);
    await isSettled(stage, next);
  });
  return next;
}

async function reduced(stage: Stage, told: Told, path: string): Promise<Told> {
  const { kind, task, emulator } = stage;
  const placed = leaves(kind.fields).find((each) => each.path === path) as Placed;
  if (valueAt(told.inputs, path) === undefined || placed.leaf.replace || path === "publish") return told;
  const news = await accepted(stage, without(told.inputs, path), told.inputs);
  if (!news || !same(kind.obey(news), news)) return told;
  let next: Told = told;
  await holds(`taking away ${path}, which was ${brief(valueAt(told.inputs, path))}`, async () => {
    assert.equal((await task.diff(told.id, told.outs, news)).changes, true);
    await emulator.reset();
    next = { id: told.id, inputs: news, ...(await task.update(told.id, told.outs, news)) };
    await carriesOnly(stage, path, kind.isDraft?.(told.inputs) === true);
    await isSettled(stage, next);
    if (placed.leaf.clear === undefined || kind.isDraft?.(news) === true || kind.unread(path, undefined)) return;
    const probe = await adopted(stage, changed(next.inputs, path, placed.leaf.clear), next.outs);
    assert.ok(probe, "the cleared value is refused");
    const { inputs = probe.inputs } = await task.read(probe.id, probe.outs);
    assert.ok(!differing([placed], inputs, probe.inputs).includes(path), `it is ${brief(valueAt(inputs, path))} now`);
  });
  return next;
}

async function touched(stage: Stage, told: Told, path: string, spare: Properties): Promise<void> {
  const { kind, task, emulator } = stage;
  const table = leaves(kind.fields);
  const { leaf } = table.find((each) => each.path === path) as Placed;
  const before = valueAt(told.inputs, path);
  if (before === undefined) return;
  const value = kind.moved?.(path, before) ?? valueAt(spare, path);
  const { touch } = kind.carrier(path);
  if (value === undefined || touch === undefined) return;
  if (leaf.option || leaf.writeOnly || leaf.replace || kind.untouched?.(told.inputs, path)) return;
  const news = await accepted(stage, changed(told.inputs, path, value), told.inputs);
  const now = news && valueAt(news, path);
  if (now === undefined || kind.unread(path, now) || kind.unread(path, before) || same(now, before)) return;
  if (isEmpty(now) && isEmpty(before)) return;
  // The line at the end of a text that says whose task it is does not belong to the text.
  if (typeof now === "string" && tokenOf(now) !== undefined) return;
  await holds(`a change of ${path} at the console to ${brief(now)} from ${brief(before)}`, async () => {
    await emulator.touch(kind.service, kind.taskId(told.outs), touch(now));
    const read = await task.read(told.id, told.outs);
    assert.ok(read.inputs, "the read sees nothing");
    assert.deepEqual(differing(table, read.inputs, told.inputs), [path]);
    if (!isEmpty(now)) assert.ok(same(valueAt(read.inputs, path), now), `read as ${brief(valueAt(read.inputs, path))}`);
    await isUnchanged(stage, { id: told.id, outs: read.props, inputs: read.inputs });
    assert.equal((await task.diff(told.id, read.props, told.inputs)).changes, true);
    await emulator.reset();
    const next = { id: told.id, inputs: told.inputs, ...(await task.update(told.id, read.props, told.inputs)) };
    await carriesOnly(stage, path, kind.isDraft?.(told.inputs) === true);
    await isSettled(stage, next);
    for (const name of Object.keys(told.outs)) delete told.outs[name];
    Object.assign(told.outs, next.outs);
  });
}

/** A second resource that takes the task over. */
export async function adopted(stage: Stage, args: Properties, outs: Properties): Promise<Told | undefined> {
  const { kind, task } = stage;
  let adopting = structuredClone(args);
  for (const path of kind.createdOnly) adopting = without(adopting, path);
  const given = { ...adopting, adopt: kind.taskId(outs), force: true, creationToken: stage.nextToken() };
  const inputs = await accepted(stage, given);
  return inputs && { inputs, ...(await task.create(inputs)) };
}

export function brief(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 200 ? `${text.slice(0, 200)}…(${text.length})` : text;
}
