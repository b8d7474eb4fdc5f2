import { type Definition, type Properties } from "../definition";
import { holdsUnknown, isObject } from "../fields";
import { stableText } from "../record";
import { put } from "./record";

/** In a set, tasks name each other by key: this stands where the name of an upstream does. */
export const siblingOf = (key: string): string => `tasks.${key}`;
const keyIn = (value: unknown): string | undefined =>
  typeof value === "string" && value.startsWith("tasks.") ? value.slice("tasks.".length) : undefined;

/** How the tasks of a kind name their upstreams; a set needs to know. */
export type Naming = NonNullable<Definition<never, never>["upstreams"]>;

/** The items of the list of edges. */
const edgesIn = (args: Properties, { list }: Naming): readonly unknown[] =>
  Array.isArray(args[list]) ? (args[list] as unknown[]) : [];

/** The keys that a task names as its upstreams, with the path of each. */
export function siblingsIn(args: Properties, naming: Naming): { key: string; property: string }[] {
  return edgesIn(args, naming).flatMap((edge, index) => {
    const key = isObject(edge) ? keyIn(edge[naming.member]) : undefined;
    return key === undefined ? [] : [{ key, property: `${naming.list}[${index}].${naming.member}` }];
  });
}

/**
 * The arguments with other names for upstreams, where `name` has one; the list is brought to its order again, which means
 * nothing to the service and goes by the names.
 */
export function withNames(
  args: Properties,
  naming: Naming,
  name: (upstream: string) => string | undefined,
): Properties {
  let isChanged = false;
  const edges = edgesIn(args, naming).map((edge) => {
    if (!isObject(edge)) return edge;
    const other = typeof edge[naming.member] === "string" ? name(edge[naming.member] as string) : undefined;
    if (other === undefined) return edge;
    isChanged = true;
    return { ...edge, [naming.member]: other };
  });
  if (!isChanged) return args;
  const sorted = holdsUnknown(edges)
    ? edges
    : edges
        .map((edge) => [stableText(edge), edge] as const)
        .sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0))
        .map(([, edge]) => edge);
  return { ...args, [naming.list]: sorted };
}

/** The arguments with the upstreams of the set by what the service or the provider calls them. */
export const withSiblings = (args: Properties, naming: Naming, name: (key: string) => string): Properties =>
  withNames(args, naming, (upstream) => {
    const key = keyIn(upstream);
    return key === undefined ? undefined : name(key);
  });

/** By key, the keys of the set that each task waits for: those it names, and those whose outputs it names. */
export function upstreamsOf(
  tasks: Readonly<Record<string, Properties>>,
  naming: Naming | undefined,
): Map<string, string[]> {
  const producers = new Map<string, string>();
  const outputs = naming?.outputs;
  if (outputs !== undefined) {
    for (const [key, args] of Object.entries(tasks))
      for (const output of outputs.of(args)) if (typeof output === "string") producers.set(output, key);
  }
  return new Map(
    Object.entries(tasks).map(([key, args]) => {
      if (naming === undefined) return [key, []];
      const byName = edgesIn(args, naming).flatMap((edge) => {
        const output = outputs && isObject(edge) ? edge[outputs.member] : undefined;
        return typeof output === "string" ? (producers.get(output) ?? []) : [];
      });
      const all = [...siblingsIn(args, naming).map((sibling) => sibling.key), ...byName];
      return [key, [...new Set(all)].filter((upstream) => upstream !== key && Object.hasOwn(tasks, upstream))];
    }),
  );
}

/** By key, those that a task names by its key alone: nothing else says which task it is. */
export const namedSiblings = (tasks: Readonly<Record<string, Properties>>, naming: Naming): Map<string, string[]> =>
  new Map(Object.entries(tasks).map(([key, args]) => [key, siblingsIn(args, naming).map((sibling) => sibling.key)]));

/** A record with the same keys and other values. */
export function mapped<T, U>(
  record: Readonly<Record<string, T>>,
  make: (value: T, key: string) => U,
): Record<string, U> {
  const result: Record<string, U> = {};
  for (const [key, value] of Object.entries(record)) put(result, key, make(value, key));
  return result;
}
