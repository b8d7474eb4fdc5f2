import { type Finding, error } from "./findings";
import { instanceOf, reasonOf, spelt } from "./quoting";

/** How deep arguments may be nested, and how many values they may hold: beyond what any task has, below what ends a process. */
export const DEEPEST = 100;
export const MOST_VALUES = 500_000;
/** Faults of this kind come in thousands or not at all: these show where to look. */
const MOST_FINDINGS = 20;

/** What distinguishes the arguments of a program from those that the engine has carried. */
export interface Carriage {
  /** Values that are handed through as they are: outputs, assets. */
  readonly isOpaque?: (value: object) => boolean;
  /** Keys that do not survive the way to the provider. */
  readonly reserved?: ReadonlySet<string>;
  /** How objects of certain classes are called in a sentence, and what to write instead. */
  readonly described?: (value: object) => string | undefined;
}

export interface Plain {
  /** A copy in which every value was read once; what is no data is left out. */
  readonly value: unknown;
  readonly findings: readonly Finding[];
}

/**
 * The arguments as plain data: texts, numbers, flags, lists, and objects without a class, as JSON has them, and what in
 * them is none. Reads each property once, so that a getter or a proxy gives nothing else afterwards.
 */
export function plainData(given: unknown, path = "", { isOpaque, reserved, described }: Carriage = {}): Plain {
  const findings: Finding[] = [];
  const above = new Set<object>();
  let values = 0;
  const refuse = (at: string, reason: string, code = "plain-data"): undefined => {
    if (findings.length < MOST_FINDINGS) findings.push(error(at === "" ? "the arguments" : at, code, reason));
    return undefined;
  };
  const isFull = () => findings.length >= MOST_FINDINGS || values > MOST_VALUES;

  const copy = (value: unknown, at: string): unknown => {
    values += 1;
    if (values === MOST_VALUES + 1)
      return refuse(at, `is one value too many: the arguments of a task may hold ${MOST_VALUES}`, "too-large");
    if (isFull()) return undefined;
    switch (typeof value) {
      case "string":
        return halfCharacterIn(value, at);
      case "number":
        // JSON has no negative nought.
        if (Number.isFinite(value)) return value === 0 ? 0 : value;
        return refuse(at, `must be a number, got ${String(value)}`, "type");
      case "bigint":
        return refuse(at, `must be plain data, got a bigint; write it in quotes`, "type");
      case "function":
      case "symbol":
        return refuse(at, `must be plain data, got a ${typeof value}`, "type");
      case "object":
        return value === null ? value : container(value, at);
      case "boolean":
      case "undefined":
        return value;
    }
  };

  const isHandedThrough = (value: object): boolean => {
    try {
      return isOpaque?.(value) === true;
    } catch {
      // Said where it is read.
      return false;
    }
  };

  const container = (value: object, at: string): unknown => {
    if (isHandedThrough(value)) return value;
    if (above.has(value)) return refuse(at, "must not contain itself");
    if (above.size >= DEEPEST) return refuse(at, `is nested more than ${DEEPEST} levels deep`, "too-large");
    above.add(value);
    try {
      return Array.isArray(value) ? list(value, at) : members(value, at);
    } catch (thrown) {
      return unreadable(at, thrown);
    } finally {
      above.delete(value);
    }
  };

  const list = (value: readonly unknown[], at: string): unknown => {
    if (value.length > MOST_VALUES)
      return refuse(
        at,
        `has ${value.length} items: the arguments of a task may hold ${MOST_VALUES} values`,
        "too-large",
      );
    return Array.from({ length: value.length }, (_, index) => {
      if (isFull()) return undefined;
      const item = value[index];
      return item === undefined
        ? refuse(`${at}[${index}]`, "must have a value", "type")
        : copy(item, `${at}[${index}]`);
    });
  };

  const members = (value: object, at: string): unknown => {
    const prototype: unknown = Object.getPrototypeOf(value);
    const isPlain = prototype === null || Object.getPrototypeOf(prototype) === null;
    if (!isPlain) return refuse(at, `must be plain data, got ${described?.(value) ?? instanceOf(value)}`, "type");
    const result: [string, unknown][] = [];
    for (const key of Object.keys(value)) {
      if (isFull()) break;
      const place = at === "" ? spelt(key) : `${at}.${spelt(key)}`;
      if (reserved?.has(key) === true) {
        refuse(place, "has a name that Pulumi keeps for itself and does not carry to the provider; use another one");
        continue;
      }
      if (halfCharacterIn(key, place) === undefined) continue;
      const member = read(value, key, place);
      if (member !== undefined) result.push([key, copy(member, place)]);
    }
    return Object.fromEntries(result.filter(([, member]) => member !== undefined));
  };

  /** The text, unless it has half of a character, which no UTF-8 can carry. */
  const halfCharacterIn = (text: string, at: string): string | undefined => {
    const half = text.search(/\p{Surrogate}/u);
    if (half < 0) return text;
    const code = text.charCodeAt(half).toString(16);
    return refuse(at, `must be whole characters, and has half of one (\\u${code}) at position ${half}`, "format");
  };

  const unreadable = (at: string, thrown: unknown) => refuse(at, `can't be read: ${reasonOf(thrown)}`);
  /** A getter may throw. */
  const read = (value: object, key: string, at: string): unknown => {
    try {
      return (value as Record<string, unknown>)[key];
    } catch (thrown) {
      return unreadable(at, thrown);
    }
  };

  return { value: copy(given, path), findings };
}
