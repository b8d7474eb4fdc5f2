import * as pulumi from "@pulumi/pulumi";
import { meant } from "../provider/core/check";
import type { Definition, Properties } from "../provider/core/definition";
import { type Table, isObject, valueAt } from "../provider/core/fields";
import { type Finding, sentenceOf } from "../provider/core/findings";
import { checkSet, taskPath } from "../provider/core/set/check";
import { ordered } from "../provider/core/set/order";
import { put } from "../provider/core/set/record";
import { isComputed, withoutOutputs } from "./computed";
import type { Declaration } from "./declaration";
import { engineOptions } from "./engine-options";
import { overDefaults, recordOrigin } from "./environment/declared";
import { mergedWith } from "./environment/merging";
import { enter } from "./entering";
import type { InputsOf } from "./inputs";
import { type Expected, givenArguments, givenOptions, givenUpstreams, plainArguments } from "./misuse";
import { restored, takenAway } from "./restoring";
import { configuredRules } from "./rules";
import { secretPaths } from "./secrets";
import { parted } from "./set-defaults";
import { type SetOfTasks, TaskOfSet, resourcesOf } from "./task-of-set";
import { type KindOfTask, beginning, creationToken, heeded, loadByName, urnOf } from "./task";
import { tell } from "./telling";

/** What is known of an upstream and the edge to it. */
export interface Edge {
  readonly task: object;
}

/** How the tasks of one cloud are wired; the single resource and the set do it in the same way. */
export interface Wiring<E extends Edge> {
  readonly expected: Expected<E["task"]>;
  /** Refuses what can be known to be wrong about an edge. */
  readonly checkEdge?: (title: string, edge: E, index: number) => void;
  /** The arguments with what the stack's configuration adds. */
  readonly completed: (given: never) => unknown;
  /** The value of `dependencies` with the edges. */
  readonly withEdges: (given: never, edges: readonly E[]) => unknown;
  /** What the graph of the program is told. */
  readonly declaration: (title: string, given: never, edges: readonly E[]) => Declaration;
  /** Remembers what a task declares, for edges to it. */
  readonly remember?: (task: object, given: never) => void;
}

/** The edges of a wiring. */
export type EdgeOf<W> = W extends Wiring<infer E> ? E : never;

/** What the arguments of a set have beside the tasks; the classes give them their types. */
export interface SetArguments {
  readonly tasks: Readonly<Record<string, object>>;
  readonly defaults?: object | undefined;
  readonly release?: pulumi.Input<readonly string[]> | undefined;
  readonly identities?: Readonly<Record<string, string>> | undefined;
}

/** The arguments of all tasks of a set, each of which may be left out in one. */
export type DefaultsOf<T> = Partial<InputsOf<T>>;

/** What a class of sets hands to `pulumi.dynamic.Resource`, and what is to be done once it is there. */
export interface DescribedSet<M extends TaskOfSet["module"]> {
  readonly props: pulumi.Inputs;
  readonly opts: pulumi.CustomResourceOptions;
  readonly tasks: ReadonlyMap<string, TaskOfSet<M>>;
  readonly begun: (set: SetOfTasks) => void;
}

/** How many warnings of one kind are shown before the rest is counted. */
const MOST_WARNINGS = 5;

/** The arguments of a set as the engine gets them, its tasks taken into the graph of the program. */
export function describeSet<M extends TaskOfSet["module"], E extends Edge>(
  kind: KindOfTask & { readonly module: M },
  wiring: Wiring<E>,
  name: string,
  args: SetArguments,
  options?: pulumi.CustomResourceOptions,
): DescribedSet<M> {
  beginning();
  const className = `${kind.definition.name}Set`;
  const {
    tasks: given,
    defaults,
    release,
    identities,
    ...others
  } = givenArguments(className, name, args, "", "{ tasks: { … } }");
  const title = `${className} ${JSON.stringify(name)}`;
  const opts = givenOptions<pulumi.CustomResourceOptions>(title, options);
  const plain = plainObject(title, "tasks", given);
  const common =
    defaults === undefined ? {} : plainArguments(title, plainObject(title, "defaults", defaults), "defaults");
  const fields = (kind.definition as unknown as Definition<object, object>).fields as Table;
  const own = new Map(
    Object.entries(plain)
      .filter(([, task]) => task !== undefined && task !== null)
      .map(([key, task]) => [key, overDefaults(defaults && common, plainObject(title, taskPath(key), task))] as const)
      .map(([key, task]) => [key, plainArguments(title, task as Properties, taskPath(key))]),
  );
  const { known, computed } = parted(fields, common);
  const whole = new Map([...own].map(([key, task]) => [key, mergedWith(fields, common, task)]));
  const handles = new Map([...own.keys()].map((key) => [key, new TaskOfSet(kind.module, key)]));
  for (const [key, handle] of handles) wiring.remember?.(handle, whole.get(key) as never);

  const written: Record<string, Properties> = {};
  const tasks: Record<string, Properties> = {};
  const wired = new Map<string, { given: Properties; edges: readonly E[] }>();
  for (const [key, task] of own) {
    const { dependsOnTasks, ...rest } = task;
    const { dependsOnTasks: _own, ...all } = whole.get(key) as Properties;
    const about = `${title} task ${JSON.stringify(key)}`;
    const edges = givenUpstreams<E["task"], E>(about, withHandles(about, dependsOnTasks, handles), {
      ...wiring.expected,
      words: `the key of a task of this set, ${wiring.expected.words}`,
    });
    edges.forEach((edge, index) => wiring.checkEdge?.(about, edge, index));
    const completed = wiring.completed(all as never) as Properties;
    const added = edges.length === 0 ? {} : { dependencies: wiring.withEdges(completed as never, edges) };
    const changed = Object.entries({ ...completed, ...added }).filter(([member, value]) => value !== all[member]);
    const urn = `${urnOf(kind, name, opts.parent)}#${key}`;
    recordOrigin(urn, task);
    const declared = { ...Object.fromEntries(Object.entries(rest)), ...Object.fromEntries(changed) };
    const kept = takenAway(urn).find((path) => valueAt(common, path) !== undefined);
    if (kept !== undefined)
      throw new pulumi.RunError(
        `${about}: a rollback takes ${kept} away, and defaults.${kept} gives it to every task; roll it back in the source`,
      );
    const args = restored(urn, declared) as Properties;
    put(written, key, args);
    put(tasks, key, Object.keys(computed).length === 0 ? args : mergedWith(fields, computed, args));
    wired.set(key, { given: all, edges });
  }

  const token = creationToken(kind, name, opts.parent);
  const props = {
    ...others,
    tasks,
    ...(defaults !== undefined && { defaults: known }),
    ...(release !== undefined && { release }),
    ...(identities !== undefined && { identities }),
  };
  const levels = configuredRules(kind.module);
  const { findings } = checkSet(
    kind.definition as unknown as Definition<object, object>,
    withoutOutputs({ ...props, tasks: written, defaults: common }) as Properties,
    levels,
    new Date(),
  );
  const circle = findings.find(({ code }) => code === "cycle");
  if (circle) throw new pulumi.RunError(`${title}: ${sentenceOf(circle)}`);
  const engine = engineOptions(kind.definition, title, opts, levels, [...own.keys()]);
  const resources = resourcesOf([...wired.values()].flatMap(({ edges }) => edges.map(({ task }) => task)));
  const entered = enterAll(title, wiring, wired, handles);
  return {
    props: {
      records: undefined,
      ...props,
      label: name,
      ...heeded(engine.heeded, secretPaths(props)),
      creationToken: token,
    },
    opts: {
      ...(resources.length === 0 ? engine.opts : pulumi.mergeOptions(engine.opts, { dependsOn: resources })),
      transformations: [loadByName(kind), ...(opts.transformations ?? [])],
    },
    tasks: handles,
    begun(set) {
      for (const handle of handles.values()) handle.belongsTo(set);
      entered(set);
      warnOf([...engine.findings, ...findings], set);
    },
  };
}

/** Takes the tasks into the graph, upstreams first, so that each finds those that it names. */
function enterAll<E extends Edge>(
  title: string,
  wiring: Wiring<E>,
  wired: ReadonlyMap<string, { readonly given: Properties; readonly edges: readonly E[] }>,
  handles: ReadonlyMap<string, TaskOfSet>,
): (set: pulumi.Resource) => void {
  const upstreams = new Map(
    [...wired].map(([key, { edges }]) => [
      key,
      edges.flatMap(({ task }) => (task instanceof TaskOfSet && handles.get(task.key) === task ? [task.key] : [])),
    ]),
  );
  const entered = ordered(wired.keys(), upstreams).keys.map((key) => {
    const { given, edges } = wired.get(key) as { given: Properties; edges: readonly E[] };
    const path = (property: string) => `${taskPath(key)}.${property}`;
    const told = wiring.declaration(`${title} task ${JSON.stringify(key)}`, given as never, edges);
    const declaration: Declaration = {
      ...told,
      produces: told.produces.map((produced) => ({ ...produced, property: path(produced.property) })),
      needs: told.needs.map((need) => ({ ...need, property: path(need.property) })),
    };
    return enter(declaration, handles.get(key));
  });
  return (set) => {
    for (const each of entered) each(set);
  };
}

/** `dependsOnTasks` with the tasks of the same set in place of their keys. */
function withHandles(about: string, given: unknown, handles: ReadonlyMap<string, TaskOfSet>): unknown {
  if (!Array.isArray(given)) return given;
  const handleOf = (key: string, path: string): TaskOfSet => {
    const handle = handles.get(key);
    if (handle) return handle;
    throw new pulumi.RunError(
      `${about}: ${path} names the task ${JSON.stringify(key)}, which is not in this set${meant(key, [...handles.keys()])}`,
    );
  };
  return (given as unknown[]).map((entry, index) => {
    const path = `dependsOnTasks[${index}]`;
    if (typeof entry === "string") return handleOf(entry, path);
    const task = isObject(entry) && !pulumi.Output.isInstance(entry) ? entry["task"] : undefined;
    return typeof task === "string" ? { ...(entry as object), task: handleOf(task, `${path}.task`) } : entry;
  });
}

function plainObject(title: string, path: string, value: unknown): Properties {
  if (isObject(value) && !isComputed(value) && !pulumi.Resource.isInstance(value)) return value;
  const what = isComputed(value) ? "is still to be computed" : "is none";
  throw new pulumi.RunError(
    `${title}: ${path} must be an object that is known when the program runs, and ${what}; the values in it may be outputs`,
  );
}

/** Shows the warnings on the set: the first of each kind, and of how many tasks the rest is. */
function warnOf(findings: readonly Finding[], set: pulumi.Resource): void {
  const counts = new Map<string, number>();
  for (const finding of findings) {
    if (finding.severity !== "warning") continue;
    const count = (counts.get(finding.code) ?? 0) + 1;
    counts.set(finding.code, count);
    if (count <= MOST_WARNINGS) void tell("warning", sentenceOf(finding), set);
  }
  for (const [code, count] of counts)
    if (count > MOST_WARNINGS) void tell("warning", `${count - MOST_WARNINGS} more warnings like these [${code}]`, set);
}

/** The task of a set with this key, or a sentence with the keys that are meant. */
export function taskIn<M extends TaskOfSet["module"]>(
  className: string,
  tasks: ReadonlyMap<string, TaskOfSet<M>>,
  key: string,
): TaskOfSet<M> {
  const task = tasks.get(key);
  if (task) return task;
  throw new pulumi.RunError(
    `${className}: task(${JSON.stringify(key)}) names no task of the set${meant(key, [...tasks.keys()]) || (tasks.size > 0 ? `; it has ${[...tasks.keys()].slice(0, 10).join(", ")}${tasks.size > 10 ? ", …" : ""}` : "")}`,
  );
}
