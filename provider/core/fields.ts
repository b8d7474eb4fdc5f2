/**
 * The field table: each argument says once what it is, and check, canonical form, diff, and read-back follow from it.
 * Knows no cloud and no Pulumi.
 */

/** What a field costs and allows. Everything is off unless said. */
export interface Traits {
  /** Must be given. */
  readonly required?: boolean;
  /** An edit makes a new task in place of the old one. */
  readonly replace?: boolean;
  /** No operation reads it back: kept in the state, sent again when the user changes it, never drifts. */
  readonly writeOnly?: boolean;
  /** An option of ours: no cloud ever sees it. */
  readonly option?: boolean;
  /** An option that a read brings back all the same, because it is the task's own id. */
  readonly identity?: boolean;
  /** `clear` is what the service is sent when the user takes the property away; without it the service keeps its value. */
  readonly clear?: unknown;
  /** Longest text, in characters. */
  readonly maximumLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  /** The value must be a multiple of this. */
  readonly multipleOf?: number;
  /** The shape of a text, with the words that describe it: `must be …`. */
  readonly pattern?: readonly [RegExp, string];
  /** Where each operation carries it: the operation, and the path of the parameter inside the task's own object. */
  readonly wire?: Wire;
  /** Of a number on our side, such as `seconds`. */
  readonly unit?: string;
  /** What holds when it is left out, and who says so; for the reference. */
  readonly default?: string;
  /** An empty text, list or map is a value of its own, although nothing clears the property. */
  readonly mayBeEmpty?: boolean;
}

/** Parameter paths by operation, `{ UpdateTask: "Trigger.Cron", GetTask: "Trigger.Cron" }`; the first is named in errors. */
export type Wire = Readonly<Record<string, string>>;

/** Where a value goes or comes from: the operation, and what a translation depends on beside the value. */
export interface Trip {
  readonly operation: string;
  readonly terms: Readonly<Record<string, unknown>>;
}

export type Kind =
  "text" | "integer" | "number" | "flag" | "choice" | "list" | "map" | "document" | "content" | "record";

/** A property that is compared as one value. */
export interface Leaf<T> extends Traits {
  readonly kind: Kind;
  readonly values?: readonly (string | number)[];
  /** The element of a list, or the members of a record. */
  readonly item?: Field<unknown>;
  readonly members?: Table;
  /** A record that may also be given as one bare value: the name of the member it stands for. */
  readonly shorthand?: string;
  /** Order means nothing to the service: canonical lists are sorted. */
  readonly unordered?: boolean;
  /** Brings equivalent spellings of a valid value to one; runs after the checks. */
  canonical?(value: T): unknown;
  /** What an operation is sent for it; as it is when absent. */
  to?(value: T, trip: Trip): unknown;
  /** What an answer means; as it is when absent, and `undefined` when the answer says nothing. */
  from?(answer: unknown, trip: Trip): unknown;
  /** Only for the compiler: the type of the argument. */
  argument?(value: T): T;
}

/** A property whose members are compared one by one, each under its own path. */
export interface Group<T> {
  readonly kind: "group";
  readonly fields: Table;
  argument?(value: T): T;
}

export type Field<T> = Leaf<T> | Group<T>;
export type Table = Readonly<Record<string, Field<unknown>>>;

/** A table that names every argument of `T`; a forgotten or misspelt one does not compile. */
export type Fields<T> = { readonly [K in keyof T]-?: Field<Exclude<T[K], undefined>> };

type LeafTraits<T> = Traits & Pick<Leaf<T>, "canonical" | "to" | "from">;

/** The greatest number that an int32 of a service holds. */
export const INT32 = 2_147_483_647;

export const text = (traits: LeafTraits<string> = {}): Leaf<string> => ({ kind: "text", ...traits });
export const integer = (traits: LeafTraits<number> = {}): Leaf<number> => ({ kind: "integer", ...traits });
export const decimal = (traits: LeafTraits<number> = {}): Leaf<number> => ({ kind: "number", ...traits });
export const flag = (traits: LeafTraits<boolean> = {}): Leaf<boolean> => ({ kind: "flag", ...traits });
export const choice = <const V extends string | number>(values: readonly V[], traits: LeafTraits<V> = {}): Leaf<V> => ({
  kind: "choice",
  values,
  ...traits,
});
/** A map of texts, compared without regard to the order of its keys. */
export const map = <V extends string = string>(
  traits: LeafTraits<Record<string, V>> = {},
): Leaf<Record<string, V>> => ({
  kind: "map",
  ...traits,
});
/** A JSON document, as an object or as its text; compared as parsed. */
export const document = (traits: LeafTraits<Document> = {}): Leaf<Document> => ({ kind: "document", ...traits });
/** A long text, given as a string or as a Pulumi asset. */
export const content = (traits: LeafTraits<Content> = {}): Leaf<Content> => ({ kind: "content", ...traits });
export const list = <T>(item: Field<T>, traits: LeafTraits<T[]> & Pick<Leaf<T[]>, "unordered"> = {}): Leaf<T[]> => ({
  kind: "list",
  item: item,
  ...traits,
});
/** A small object that is compared as a whole. */
export const record = <T extends object>(members: Fields<T>, traits: LeafTraits<T> = {}): Leaf<T> => ({
  kind: "record",
  members: members,
  ...traits,
});
/** A small object that may also be given as the bare value of its main member. */
export const recordOr = <S, T extends object>(
  shorthand: keyof T & string,
  members: Fields<T>,
  traits: LeafTraits<S | T> = {},
): Leaf<S | T> => ({ kind: "record", shorthand, members: members, ...traits });
export const group = <T extends object>(fields: Fields<T>): Group<T> => ({
  kind: "group",
  fields: fields,
});

/** JSON as an object or as its text. */
export type Document = string | { [key: string]: unknown };

/** The key by which the engine marks an asset among plain values, and its value (Pulumi's wire format). */
export const ASSET_SIGNATURE = "4dabf18193072939515e22adb298388d";
export const ASSET_VALUE = "c44067f5952c0a294b673a41bacd8c17";

/** An asset as the hooks receive it. */
export interface Asset {
  readonly [ASSET_SIGNATURE]: typeof ASSET_VALUE;
  readonly hash?: string;
  readonly path?: string;
  readonly text?: string;
  readonly uri?: string;
}
export type Content = string | Asset;

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
export const isAsset = (value: unknown): value is Asset => isObject(value) && value[ASSET_SIGNATURE] === ASSET_VALUE;

/** What the engine puts in place of a value it does not know yet, at any depth (design: measured on 3.230.0). */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
export const isUnknown = (value: unknown): boolean => value === UNKNOWN;
export const holdsUnknown = (value: unknown): boolean =>
  isUnknown(value) ||
  (Array.isArray(value) ? value.some(holdsUnknown) : isObject(value) && Object.values(value).some(holdsUnknown));

/** One leaf of a table with its dotted path. */
export interface Placed {
  readonly path: string;
  readonly leaf: Leaf<unknown>;
}

/** Every leaf of a table, groups opened, in the order of the table. */
export function leaves(fields: Table, prefix = ""): Placed[] {
  return Object.entries(fields).flatMap(([name, field]) =>
    field.kind === "group" ? leaves(field.fields, `${prefix}${name}.`) : [{ path: `${prefix}${name}`, leaf: field }],
  );
}

const tables = new WeakMap<Table, readonly Placed[]>();
/** The leaves of a whole table; the same list for the same table. */
export function leavesOf(fields: Table): readonly Placed[] {
  let table = tables.get(fields);
  if (!table) tables.set(fields, (table = leaves(fields)));
  return table;
}

const namesOnPaths = new Map<string, readonly string[]>();
/** The names on a dotted path. The paths of the tables come again for every task, and there are few others. */
function namesOn(path: string): readonly string[] {
  let names = namesOnPaths.get(path);
  if (names === undefined) namesOnPaths.set(path, (names = path.split(".")));
  return names;
}

/** The value at a dotted path, `undefined` where nothing is. */
export function valueAt(tree: unknown, path: string): unknown {
  let value = tree;
  for (const name of namesOn(path)) {
    if (isUnknown(value)) return UNKNOWN;
    if (!isObject(value)) return undefined;
    value = Object.hasOwn(value, name) ? value[name] : undefined;
  }
  return value;
}

/** Puts a value at a dotted path, making the objects on the way. */
export function putAt(tree: Record<string, unknown>, path: string, value: unknown): void {
  const names = namesOn(path);
  const last = names.length - 1;
  let at = tree;
  for (let depth = 0; depth < last; depth += 1) {
    const name = names[depth] as string;
    const next = Object.hasOwn(at, name) ? at[name] : undefined;
    at = isObject(next) ? next : (at[name] = {});
  }
  at[names[last] as string] = value;
}
