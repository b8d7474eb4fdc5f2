import { distance } from "fastest-levenshtein";
import {
  type Asset,
  type Field,
  type Leaf,
  type Table,
  holdsUnknown,
  isAsset,
  isObject,
  isUnknown,
  valueAt,
} from "./fields";
import { type Finding, error } from "./findings";
import { plainData } from "./plain";
import { show, spelt } from "./quoting";
import { stableText } from "./record";

/** The arguments as a rule sees them: a value not known yet is declared, and has no value. */
export interface View {
  /** The moment of the check. */
  readonly now: Date;
  /** The canonical value, or `undefined` when it is absent or not known yet. */
  readonly value: (path: string) => unknown;
  /** The value as it was written, lists in the user's order, or `undefined` as above: for naming items by their place. */
  readonly given: (path: string) => unknown;
  /** Whether the user gave the property at all. */
  readonly declared: (path: string) => boolean;
}
export type Rule = (view: View) => Iterable<Finding>;

/** What a check depends on beside the arguments. */
export interface Circumstances {
  /** Of the API, for the sources that sentences name. */
  readonly version?: string;
  readonly now?: Date;
}

export interface Checked {
  /** The canonical arguments; only what the user declared. */
  readonly inputs: Record<string, unknown>;
  readonly findings: readonly Finding[];
}

/** The canonical form of the arguments and everything that is wrong with them, all at once. Makes no call. */
export function checkArguments(
  fields: Table,
  rules: readonly Rule[],
  news: Readonly<Record<string, unknown>>,
  circumstances: Circumstances = {},
): Checked {
  const findings: Finding[] = [];
  const { version = "", now = new Date(0) } = circumstances;
  const plain = plainData(news);
  // What is no data can't be judged further.
  if (plain.findings.length > 0) return { inputs: {}, findings: plain.findings };
  const given = plain.value as Record<string, unknown>;
  const inputs = checkMembers(fields, given, "", { findings, version, source: "" });
  const wrong = findings.map(({ property }) => property);
  const isIn = (path: string, other: string) =>
    path === other || path.startsWith(`${other}.`) || path.startsWith(`${other}[`);
  // What is wrong already is declared, and nothing more is said about it.
  const failed = (path: string) => wrong.some((other) => isIn(path, other));
  const known = (value: unknown) => (isUnknown(value) || value === null ? undefined : value);
  const view: View = {
    now,
    value: (path) => (failed(path) ? undefined : known(valueAt(inputs, path))),
    given: (path) => (failed(path) ? undefined : known(valueAt(given, path))),
    declared: (path) => valueAt(inputs, path) !== undefined || failed(path) || wrong.some((other) => isIn(other, path)),
  };
  for (const rule of rules) findings.push(...rule(view));
  return { inputs, findings };
}

/** The canonical form of a value that was read from a service; nothing is refused. */
export function canonicalMembers(fields: Table, live: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return checkMembers(fields, live, "", undefined);
}

/** Where findings go, and what they name as their source; nothing is refused without it. */
interface Checking {
  readonly findings: Finding[];
  readonly version: string;
  /** The parameter of the property around, such as `UpdateTask 2024-05-18, Dependencies`. */
  readonly source: string;
}

const sources = new WeakMap<Leaf<unknown>, { readonly version: string; readonly text: string | undefined }>();

/** The operation and parameter that a sentence about a property names. */
function sourceOf(leaf: Leaf<unknown>, { version, source }: Checking): string {
  const known = sources.get(leaf);
  if (known?.version === version) return known.text ?? source;
  const first = Object.entries(leaf.wire ?? {})[0];
  const text = first && `${first[0]}${version === "" ? "" : ` ${version}`}, ${first[1]}`;
  sources.set(leaf, { version, text });
  return text ?? source;
}

/** A refusal on behalf of the documents. */
const refused = (on: Checking | undefined, path: string, code: string, reason: string, source = on?.source): void => {
  on?.findings.push(error(path, code, source ? `${reason} (${source})` : reason));
};

/** Of names that nobody knows, in one object, so many are told one by one. */
const MOST_UNKNOWN = 20;

function checkMembers(
  fields: Table,
  given: Readonly<Record<string, unknown>>,
  prefix: string,
  on: Checking | undefined,
): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  if (on !== undefined) refuseUnknown(fields, given, prefix, on);
  for (const name of namesIn(fields)) {
    const field = fields[name] as Field<unknown>;
    const value = Object.hasOwn(given, name) ? given[name] : undefined;
    if (value === undefined || value === null) {
      if (field.kind !== "group" && field.required) refused(on, `${prefix}${name}`, "required", "is required");
      continue;
    }
    const path = `${prefix}${name}`;
    if (isUnknown(value)) {
      result[name] = value;
      continue;
    }
    const canonical =
      field.kind === "group" ? checkGroup(field.fields, value, path, on) : checkLeaf(field, value, path, on);
    if (canonical !== undefined) result[name] = canonical;
  }
  return result;
}

function refuseUnknown(fields: Table, given: Readonly<Record<string, unknown>>, prefix: string, on: Checking): void {
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(fields, name) && given[name] !== undefined);
  for (const [index, name] of unknown.entries()) {
    const what = prefix === "" ? "this resource" : prefix.slice(0, -1);
    const others = index === MOST_UNKNOWN - 1 ? unknown.length - MOST_UNKNOWN : 0;
    const more = others > 0 ? `, nor are ${others} others` : "";
    const reason = `is not a property of ${what}${meant(name, namesIn(fields))}${more}`;
    on.findings.push(error(`${prefix}${spelt(name)}`, "unknown-property", reason));
    if (others > 0) break;
  }
}

const namesOfTables = new WeakMap<Table, readonly string[]>();
/** The names of a table, which comes again for every task. */
function namesIn(fields: Table): readonly string[] {
  let names = namesOfTables.get(fields);
  if (names === undefined) namesOfTables.set(fields, (names = Object.keys(fields)));
  return names;
}

function checkGroup(fields: Table, value: unknown, path: string, on: Checking | undefined): unknown {
  if (!isObject(value)) {
    refused(on, path, "type", `must be an object, got ${show(value)}`);
    return undefined;
  }
  const members = checkMembers(fields, value, `${path}.`, on);
  return Object.keys(members).length === 0 ? undefined : members;
}

function checkLeaf(leaf: Leaf<unknown>, value: unknown, path: string, around: Checking | undefined): unknown {
  // Nothing is refused of what a service says.
  if (around === undefined) {
    const live = checkKind(leaf, value, path, undefined);
    return live === undefined || holdsUnknown(live) ? live : canonicalOf(leaf, live);
  }
  const on: Checking = { findings: around.findings, version: around.version, source: sourceOf(leaf, around) };
  const before = on.findings.length;
  const hasFailed = () => on.findings.length > before;
  const typed = checkKind(leaf, value, path, on);
  if (typed === undefined || hasFailed() || holdsUnknown(typed)) return typed;
  const refuse = (code: string, reason: string) => refused(on, path, code, reason);
  if (isNothing(typed) && !mayBeEmpty(leaf) && !path.includes("[")) {
    refuse("empty", "must not be empty; leave it out to keep what the service has");
  }
  if (typeof typed === "string") {
    if (leaf.maximumLength !== undefined && typed.length > leaf.maximumLength) {
      refuse("length", `must have at most ${leaf.maximumLength} characters, got ${typed.length}`);
    }
    if (leaf.pattern && typed !== "" && !leaf.pattern[0].test(typed))
      refuse("format", `must be ${leaf.pattern[1]}, got ${show(typed)}`);
  }
  if (typeof typed === "number") {
    if (leaf.minimum !== undefined && typed < leaf.minimum)
      refuse("range", `must be at least ${leaf.minimum}, got ${typed}`);
    if (leaf.maximum !== undefined && typed > leaf.maximum)
      refuse("range", `must be at most ${leaf.maximum}, got ${typed}`);
    if (leaf.multipleOf !== undefined && typed % leaf.multipleOf !== 0) {
      refuse("range", `must be a multiple of ${leaf.multipleOf}, got ${typed}`);
    }
  }
  return hasFailed() ? typed : canonicalOf(leaf, typed);
}

function canonicalOf(leaf: Leaf<unknown>, typed: unknown): unknown {
  const canonical = leaf.canonical ? leaf.canonical(typed) : typed;
  if (leaf.unordered && Array.isArray(canonical)) {
    const sorted = canonical
      .map((item: unknown, index) => ({ item, index, text: stableText(item) }))
      .sort((a, b) => (a.text < b.text ? -1 : a.text > b.text ? 1 : a.index - b.index));
    const items = sorted.map(({ item }) => item);
    places.set(
      items,
      sorted.map(({ index }) => index),
    );
    return items;
  }
  return canonical;
}

/** Of sorted lists, where the user wrote each item. */
const places = new WeakMap<readonly unknown[], readonly number[]>();
/** The place at which the user wrote an item of a canonical list, whose order may be another one. */
export const placeOf = (list: readonly unknown[], index: number): number => places.get(list)?.[index] ?? index;

const isNothing = (value: unknown) => value === "" || (Array.isArray(value) && value.length === 0);

/** An empty value means something where it clears, and in what is no name of anything: code, documents, and options of ours. */
const mayBeEmpty = ({ kind, clear, mayBeEmpty: said }: Leaf<unknown>) =>
  clear !== undefined || said === true || kind === "content" || kind === "document" || kind === "map";

function checkKind(leaf: Leaf<unknown>, value: unknown, path: string, on: Checking | undefined): unknown {
  const refuse = (what: string, code = "type") => {
    refused(on, path, code, what);
    return undefined;
  };
  if (on === undefined) value = inType(leaf.kind, value);
  switch (leaf.kind) {
    case "text":
      return typeof value === "string" ? value : refuse(`must be a string, got ${show(value)}${quoteHint(value)}`);
    case "flag":
      return typeof value === "boolean" ? value : refuse(`must be true or false, got ${show(value)}`);
    case "integer":
      return Number.isSafeInteger(value) ? value : refuse(`must be a whole number, got ${show(value)}`);
    case "number":
      return typeof value === "number" && Number.isFinite(value)
        ? value
        : refuse(`must be a number, got ${show(value)}`);
    case "choice": {
      const values = leaf.values ?? [];
      if (values.includes(value as string) || on === undefined) return value;
      const names = values.map(String);
      return refuse(`must be one of ${names.join(", ")}, got ${show(value)}${meant(value, names)}`, "enum");
    }
    case "map":
      return checkMap(value, path, on);
    case "record":
      return leaf.shorthand !== undefined && !isObject(value)
        ? checkItem({ ...leaf, item: leaf.members?.[leaf.shorthand] as Field<unknown> }, value, path, on)
        : checkGroup(leaf.members ?? {}, value, path, on);
    case "content":
      if (typeof value === "string") return value;
      if (isAsset(value)) return contentOf(value) ?? refuse("must be a string, a FileAsset or a StringAsset");
      return refuse(`must be a string, a FileAsset or a StringAsset, got ${show(value)}`);
    case "document":
      return checkDocument(value, path, on);
    case "list":
      if (!Array.isArray(value)) return refuse(`must be a list, got ${show(value)}`);
      return value.map((item, index) => checkItem(leaf, item, `${path}[${index}]`, on));
  }
}

/** Of an answer, a value in the type of its field: services write a number as a text, and the other way round. */
function inType(kind: Leaf<unknown>["kind"], value: unknown): unknown {
  if (kind === "text" && Number.isSafeInteger(value)) return String(value);
  if (kind === "flag" && (value === "true" || value === "false")) return value === "true";
  const isNumber = (kind === "integer" || kind === "number") && typeof value === "string";
  return isNumber && String(Number(value)) === value ? Number(value) : value;
}

function checkItem(leaf: Leaf<unknown>, item: unknown, path: string, on: Checking | undefined): unknown {
  if (isUnknown(item)) return item;
  const field = leaf.item as Field<unknown>;
  if (item === undefined || item === null) {
    refused(on, path, "type", "must have a value");
    return undefined;
  }
  return field.kind === "group" ? checkGroup(field.fields, item, path, on) : checkLeaf(field, item, path, on);
}

function checkMap(value: unknown, path: string, on: Checking | undefined): unknown {
  if (!isObject(value)) {
    refused(on, path, "type", `must be a map of strings, got ${show(value)}`);
    return undefined;
  }
  const result: Record<string, unknown> = {};
  for (const key of Object.keys(value).sort()) {
    const member = value[key];
    if (member === undefined || member === null) continue;
    if (typeof member !== "string") {
      refused(on, `${path}.${spelt(key)}`, "type", `must be a string, got ${show(member)}${quoteHint(member)}`);
      continue;
    }
    Object.defineProperty(result, key, { value: member, enumerable: true, writable: true, configurable: true });
  }
  return result;
}

function checkDocument(value: unknown, path: string, on: Checking | undefined): unknown {
  if (isObject(value)) return value;
  if (typeof value === "string") {
    try {
      const parsed: unknown = JSON.parse(value);
      // A number that JavaScript would round stays in the text that the user wrote.
      if (isObject(parsed)) return hasUnsafeNumber(value) ? value : parsed;
    } catch {
      // falls through to the sentence below
    }
    if (on === undefined) return value;
  }
  refused(on, path, "json", "must be a JSON object, or the text of one");
  return undefined;
}

/** Whether JSON text has an integer that JavaScript would round. */
export function hasUnsafeNumber(text: string): boolean {
  if (!/\d{16}/.test(text)) return false;
  // No expression that matches whole texts: in one of some megabytes it runs out of stack.
  for (let at = 0, start = 0; at <= text.length; at += 1) {
    if (at < text.length && text[at] !== '"') continue;
    const digits = text.slice(start, at).match(/-?\d{16,}/g) ?? [];
    if (digits.some((number) => !Number.isSafeInteger(Number(number)))) return true;
    for (at += 1; at < text.length && text[at] !== '"'; at += 1) if (text[at] === "\\") at += 1;
    start = at + 1;
  }
  return false;
}

/** A string asset is its text; a file asset keeps its hash and path, never its bytes. */
function contentOf(asset: Asset): unknown {
  if (asset.text !== undefined) return asset.text;
  if (asset.path === undefined) return undefined;
  return asset;
}

const quoteHint = (value: unknown) => (typeof value === "number" ? `; write it in quotes` : "");

/** `; did you mean X?` for the nearest of the known names, or nothing when none is near. */
export function meant(given: unknown, known: readonly string[]): string {
  if (typeof given !== "string" || /^-?\d/.test(given)) return "";
  const near = known
    .map((name) => [distance(given.toLowerCase().slice(0, 64), name.toLowerCase()), name] as const)
    .sort(([a], [b]) => a - b)[0];
  if (near === undefined) return "";
  const [far, name] = near;
  // Two swapped letters count as two edits.
  return far <= (name.length <= 3 ? 1 : Math.max(2, Math.floor(name.length / 3))) ? `; did you mean ${name}?` : "";
}
