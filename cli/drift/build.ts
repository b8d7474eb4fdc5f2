import { type Placed, leavesOf, putAt, valueAt } from "../../provider/core/fields";
import type { Table } from "../../provider/core/fields";
import { withoutSecrets } from "../../provider/core/secrets";
import { differences as differing } from "../../provider/core/settle";
import { type LiveReader, type Sighting, unsureIn } from "../../provider/live";
import { SECRET, type Tree } from "../preview/preview";
import { holdsSecret, isTree } from "../preview/values";
import { differences } from "../review/build";
import { scheduleChange } from "../review/schedule";
import { type StackState, type StateTask, nameOf, withoutOwn } from "../state/tasks";
import type { Drift, TaskDrift } from "./model";

/** A task, and what has become of it: `undefined` when it is gone, an error when it could not be read. */
export interface Sighted {
  readonly task: StateTask;
  readonly sighting: Sighting | undefined | Error;
}

/** Looks at every task of a stack; one that can't be read does not keep the others from being told. */
export const sighted = (tasks: readonly StateTask[], reader: LiveReader): Promise<Sighted[]> =>
  Promise.all(
    tasks.map(async (task) => {
      const sighting = await reader
        .sight(task)
        .catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
      return { task, sighting };
    }),
  );

/** A declared property that has another value at the service. Values are masked where they are secret. */
export interface Edit extends Placed {
  readonly before: unknown;
  readonly after: unknown;
  readonly secret: boolean;
  /** What was deployed last is not known: an update failed, or a refresh found it changed. */
  readonly unsure: boolean;
}

/** The edits of a task in the order of its table. */
export function editsOf({ task, sighting }: Sighted): Edit[] {
  if (sighting === undefined || sighting instanceof Error) return [];
  const values = task.named(sighting.values);
  const unsure = unsureIn(task.definition, task.outs);
  // What an update that failed has brought to its end after all is as declared. A secret of a file can't be compared.
  const isAsDeclared = (placed: Placed): boolean =>
    !holdsSecret(valueAt(values, placed.path)) && differing([placed], task.plain, { values }).length === 0;
  return leavesOf(task.definition.fields as unknown as Table)
    .filter((placed) => sighting.moved.includes(placed.path) && !placed.leaf.writeOnly && !isAsDeclared(placed))
    .map((placed) => {
      const secret = task.isSecret(placed.path);
      const side = (tree: object) => (secret ? SECRET : valueAt(tree, placed.path));
      const sides = { before: side(task.declared), after: side(values) };
      return { ...placed, ...sides, secret, unsure: unsure.includes(placed.path) };
    });
}

/** What was edited outside of the program. */
export function driftOf(
  { project, stack }: Pick<StackState, "project" | "stack">,
  found: readonly Sighted[],
  { at, folder }: { readonly at: number; readonly folder: string },
): Drift {
  const tasks = found.flatMap((each) => taskDrift(each, at, folder) ?? []).sort(byImportance);
  const unread = found.flatMap(({ task, sighting }) =>
    sighting instanceof Error
      ? [{ urn: task.urn, name: nameOf(task), reason: withoutOwn(task, sighting.message) }]
      : [],
  );
  const counted = (wanted: TaskDrift["what"]) => tasks.filter(({ what }) => what === wanted).length;
  const drift: Drift = {
    version: 1,
    ...(project !== undefined && { project }),
    ...(stack !== undefined && { stack }),
    at: new Date(at).toISOString(),
    counts: {
      ...{ edited: counted("edited"), unsure: counted("unsure"), gone: counted("gone") },
      same: found.length - tasks.length - unread.length,
      unread: unread.length,
    },
    tasks,
    unread,
  };
  return concealed(drift) as Drift;
}

/** What one task declares as a secret, the value of another one may hold. */
function concealed(value: unknown): unknown {
  if (typeof value === "string") return withoutSecrets(value);
  if (Array.isArray(value)) return value.map(concealed);
  if (!isTree(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, concealed(member)]));
}

function taskDrift(found: Sighted, at: number, folder: string): TaskDrift | undefined {
  const { task, sighting } = found;
  if (sighting instanceof Error) return undefined;
  const { urn, definition, resource, id, position } = task;
  const common = { urn, kind: definition.name, name: nameOf(task), resource, id, ...(position && { position }) };
  if (sighting === undefined) return { ...common, what: "gone", properties: [], documents: [], scripts: [] };
  const edits = editsOf(found);
  if (edits.length === 0) return undefined;
  const [before, after] = [structuredClone(task.declared), structuredClone(task.declared)];
  for (const { path, before: was, after: is } of edits) {
    put(before, path, was);
    put(after, path, is);
  }
  const changes = edits.map(({ path, leaf }) => ({ path, leaf, kind: "changed" as const }));
  const unsure = edits.filter((edit) => edit.unsure).map(({ path }) => path);
  const schedule = scheduleChange(definition.outlook.timing(before), definition.outlook.timing(after), at);
  return {
    ...common,
    what: unsure.length === edits.length ? "unsure" : "edited",
    ...(unsure.length > 0 && { unsure }),
    ...(sighting.editor !== undefined && { editor: sighting.editor }),
    ...(sighting.edited !== undefined && { edited: timeOf(sighting.edited) }),
    ...differences(urn, changes, before, after, { folder }),
    ...(schedule !== undefined && { schedule }),
  };
}

function put(tree: Tree, path: string, value: unknown): void {
  if (value !== undefined || valueAt(tree, path) !== undefined) putAt(tree, path, value);
}

/** DataWorks counts milliseconds since the epoch, WeData writes a time. */
const timeOf = (text: string): string => (/^\d{12,14}$/.test(text) ? new Date(Number(text)).toISOString() : text);

const byImportance = (one: TaskDrift, other: TaskDrift): number =>
  (one.what === "gone" ? 0 : 1) - (other.what === "gone" ? 0 : 1) ||
  (one.name < other.name ? -1 : one.name > other.name ? 1 : one.urn < other.urn ? -1 : 1);
