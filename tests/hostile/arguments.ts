import fc from "fast-check";
import { leaves } from "../../provider/core/fields";
import type { Field, Leaf, Table } from "../../provider/core/fields";
import type { Hostility } from "./values";

/** A way to somewhere in the arguments: names of members, and places in lists. */
export type Way = readonly (string | number)[];

/** Hostile values, and where in the arguments they stand. */
export interface Attack {
  readonly hostility: string;
  readonly placed: readonly { readonly way: Way; readonly make: () => unknown }[];
  /** What the arguments are beside them: picks a valid set. */
  readonly seed: number;
}

const NAMES = ["__proto__", "constructor", "nmae", "", "a.b", "\u0000", "x".repeat(5_000), "名前", "toString"];

/** Every place of a table at which a value can stand, and some that it does not have. */
export function waysOf(fields: Table, before: Way = []): Way[] {
  const own = Object.entries(fields).flatMap(([name, field]): Way[] => {
    const way = [...before, name];
    return [way, ...(field.kind === "group" ? waysOf(field.fields, way) : inside(field, way))];
  });
  return [...own, ...NAMES.map((name) => [...before, name])];
}

/** The places that take almost anything: there a hostile value is not refused, and has to arrive. */
const freeWays = (fields: Table): Way[] =>
  leaves(fields).flatMap(({ path, leaf }): Way[] => {
    const way = path.split(".");
    const isFree = leaf.pattern === undefined && leaf.canonical === undefined && leaf.option !== true;
    if (leaf.kind === "content" || leaf.kind === "document") return [way];
    return isFree && leaf.kind === "text" ? [way] : leaf.kind === "map" ? [[...way, "key"]] : [];
  });

function inside(leaf: Leaf<unknown>, way: Way): Way[] {
  switch (leaf.kind) {
    case "list": {
      const item = leaf.item as Field<unknown>;
      const place = [...way, 0];
      return [place, ...(item.kind === "group" ? waysOf(item.fields, place) : inside(item, place))];
    }
    case "record":
      return waysOf(leaf.members ?? {}, way);
    case "map":
      return NAMES.map((name) => [...way, name]);
    case "document":
      return [...way].length === 0
        ? []
        : [
            [...way, "steps"],
            [...way, "type"],
            [...way, "deep", "er", 0],
          ];
    case "text":
    case "integer":
    case "number":
    case "flag":
    case "choice":
    case "content":
      return [];
  }
}

/** Attacks of one kind on the arguments of a table. */
export function attacks({ name, values }: Hostility, fields: Table): fc.Arbitrary<Attack> {
  const way = fc.oneof(
    { weight: 30, arbitrary: fc.constantFrom(...waysOf(fields)) },
    { weight: 30, arbitrary: fc.constantFrom(...freeWays(fields)) },
    // The arguments as a whole.
    { weight: 1, arbitrary: fc.constant([]) },
  );
  return fc
    .tuple(fc.array(fc.record({ way, make: values }), { minLength: 1, maxLength: 2 }), fc.nat(2 ** 31 - 1))
    .map(([placed, seed]) => ({ hostility: name, placed, seed }));
}

/** Arguments with the hostile values in them; those that find no place stay out. */
export function attacked(base: unknown, { placed }: Pick<Attack, "placed">): unknown {
  return placed.reduce<unknown>((args, { way, make }) => put(args, way, make()), base);
}

/** Nothing that is there is read: it may be hostile itself by now. */
function put(tree: unknown, [step, ...rest]: Way, value: unknown): unknown {
  if (step === undefined) return value;
  if (typeof step === "number") return [put(undefined, rest, value)];
  const known = isOrdinary(tree) ? tree : {};
  const entries = Object.getOwnPropertyDescriptors(known) as Record<string, PropertyDescriptor>;
  const before = Object.hasOwn(entries, step) ? entries[step]?.value : undefined; // prettier-ignore
  const result = Object.defineProperties({}, entries);
  return Object.defineProperty(result, step, {
    ...{ value: put(before, rest, value), enumerable: true, configurable: true, writable: true },
  });
}

const ordinary = new WeakSet<object>();
const isOrdinary = (tree: unknown): tree is Record<string, unknown> =>
  typeof tree === "object" && tree !== null && ordinary.has(tree);

/** A set of arguments that `put` may open, at any depth. */
export function opened<T>(tree: T): T {
  if (typeof tree !== "object" || tree === null) return tree;
  ordinary.add(tree);
  for (const member of Object.values(tree)) opened(member);
  return tree;
}

/** An attack in words, for seeing it again. */
export const described = ({ placed }: Attack): string =>
  placed.map(({ way, make }) => `${wayText(way)} = ${valueText(make())}`).join(", ");

const wayText = (way: Way) => (way.length === 0 ? "(all)" : way.map((step) => String(step).slice(0, 30)).join("."));

function valueText(value: unknown): string {
  try {
    const text = fc.stringify(value);
    return text.length > 120 ? `${text.slice(0, 100)}…(${text.length})` : text;
  } catch {
    return "(can't be shown)";
  }
}
