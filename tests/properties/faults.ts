import fc from "fast-check";
import { isObject } from "../../provider/core/fields";
import type { Field, Leaf, Table } from "../../provider/core/fields";

/** One step into a value: a member or an index, and the member that a bare value stands for. */
interface Step {
  readonly name: string | number;
  readonly shorthand?: string;
}

/** One way to break one argument, as the field table's traits tell it. */
export interface Fault {
  /** The leaf or group in which it lies, as a path. */
  readonly at: string;
  /** From there to the broken value. */
  readonly steps: readonly Step[];
  /** The path that the refusal must name. */
  readonly wrong: string;
  readonly code: string;
  /** What is put there; `MISSING` takes away what is there. */
  readonly values: fc.Arbitrary<unknown>;
}

/** A way to break a rule over several arguments: what to set, and what must be refused. */
export interface CrossFault {
  readonly name: string;
  /** New values by path; `undefined` takes away. */
  readonly set: fc.Arbitrary<Readonly<Record<string, unknown>>>;
  /** The paths that the refusals must name, all of them. */
  readonly wrong: readonly string[];
  readonly code: string;
}

export const MISSING = "(missing)";

const some = (...values: unknown[]) => fc.constantFrom(...values);
const anyText = fc.string({ unit: "grapheme", minLength: 1, maxLength: 20 });

/** Every way to break any argument of a table, at any depth. */
export function faultsOf(fields: Table, prefix = ""): Fault[] {
  return Object.entries(fields).flatMap(([name, field]) => {
    const at = `${prefix}${name}`;
    const here = { at, steps: [], wrong: at };
    if (field.kind !== "group") return leafFaults(field, here);
    return [
      { ...here, code: "type", values: some("text", 5, true, []) },
      ...misspelt(field.fields, here),
      ...faultsOf(field.fields, `${at}.`),
    ];
  });
}

/** Faults of the arguments as a whole. */
export const wholeFaults = (fields: Table): Fault[] =>
  misspelt(fields, { at: "", steps: [], wrong: "" }).map((fault) => ({
    ...fault,
    at: fault.wrong,
    steps: [],
  }));

type Place = Pick<Fault, "at" | "steps" | "wrong">;

const inside = ({ at, steps, wrong }: Place, name: string | number, shorthand?: string): Place => ({
  at,
  steps: [...steps, { name, ...(shorthand !== undefined && { shorthand }) }],
  wrong: typeof name === "number" ? `${wrong}[${name}]` : wrong === "" ? name : `${wrong}.${name}`,
});

/** A name nobody has, one edit away from one that a table has. */
function misspelt(fields: Table, place: Place, shorthand?: string): Fault[] {
  const names = Object.keys(fields);
  return names
    .flatMap((name) => [`${name}s`, `${name.slice(0, -2)}${name.slice(-1)}${name.slice(-2, -1)}`])
    .filter((name, index, all) => name !== "" && !names.includes(name) && all.indexOf(name) === index)
    .map((name) => ({
      ...inside(place, name, shorthand),
      code: "unknown-property",
      values: some("text", 1, false, {}),
    }));
}

function leafFaults(leaf: Leaf<unknown>, place: Place): Fault[] {
  const fault = (code: string, values: fc.Arbitrary<unknown>, at = place): Fault => ({ ...at, code, values });
  const missing = leaf.required ? [fault("required", some(MISSING))] : [];
  return [...missing, ...emptyFaults(leaf, place), ...kindFaults(leaf, place, fault), ...limitFaults(leaf, fault)];
}

function emptyFaults(leaf: Leaf<unknown>, place: Place): Fault[] {
  const emptiable = leaf.clear !== undefined || leaf.mayBeEmpty === true || place.wrong.includes("[");
  if (emptiable || (leaf.kind !== "text" && leaf.kind !== "list")) return [];
  return [{ ...place, code: "empty", values: some(leaf.kind === "text" ? "" : []) }];
}

function limitFaults(leaf: Leaf<unknown>, fault: (code: string, values: fc.Arbitrary<unknown>) => Fault): Fault[] {
  const { minimum, maximum, multipleOf, maximumLength, pattern } = leaf;
  const exact = leaf.kind === "integer" ? 1 : (multipleOf ?? 0.5);
  return [
    ...(minimum === undefined ? [] : [fault("range", some(minimum - exact, minimum - 1000 * exact))]),
    ...(maximum === undefined ? [] : [fault("range", some(maximum + exact, maximum + 1000 * exact))]),
    ...(multipleOf === undefined
      ? []
      : [fault("range", some((minimum ?? 0) + multipleOf * 1.5, (minimum ?? 0) + multipleOf * 7.25))]),
    ...(maximumLength === undefined
      ? []
      : [
          fault(
            "length",
            fc.integer({ min: 1, max: 500 }).map((more) => "x".repeat(maximumLength + more)),
          ),
        ]),
    ...(pattern === undefined
      ? []
      : [
          fault(
            "format",
            fc
              .oneof(
                anyText,
                fc.stringMatching(pattern[0]).map((text) => `${text}\u0001`),
                fc.constantFrom(" ", "x", "-1", "a,b"),
              )
              .filter((text) => !pattern[0].test(text) && text.length <= (maximumLength ?? Infinity)),
          ),
        ]),
  ];
}

function kindFaults(
  leaf: Leaf<unknown>,
  place: Place,
  fault: (code: string, values: fc.Arbitrary<unknown>, at?: Place) => Fault,
): Fault[] {
  switch (leaf.kind) {
    case "text":
      return [fault("type", some(7, 0, true, [], {}, ["a"]))];
    case "flag":
      return [fault("type", some("true", "", 0, 1, [], {}))];
    case "integer":
      return [fault("type", some("5", "", 1.5, true, [], {}, Infinity, NaN, 2 ** 53))];
    case "number":
      return [fault("type", some("0.5", "", true, [], {}, Infinity, NaN))];
    case "choice": {
      const values = leaf.values ?? [];
      const words = values.map(String);
      const near = fc
        .constantFrom(...words)
        .chain((word) =>
          some(`${word}l`, word.toLowerCase(), word.toUpperCase(), ` ${word}`, "", -7, true, [word], {}),
        );
      return [
        fault(
          "enum",
          near.filter((value) => !values.includes(value as string)),
        ),
      ];
    }
    case "map":
      return [
        fault("type", some("a=b", 5, true, ["a"])),
        ...["a", "b.c"].map((key) => fault("type", some(1, true, [], {}), inside(place, key))),
      ];
    case "document":
      return [fault("json", some(5, true, [], "{", "[1]", "text", "", '"x"', "null", "{'a':1}"))];
    case "content":
      return [fault("type", some(5, true, [], { text: "x" }, {}))];
    case "list": {
      const item = inside(place, 0);
      const field = leaf.item as Field<unknown>;
      return [
        fault("type", some("a", 5, true, {})),
        fault("type", some(null), item),
        ...(field.kind === "group" ? [] : leafFaults(field, item)),
      ];
    }
    case "record": {
      const members = leaf.members ?? {};
      const bare = leaf.shorthand === undefined ? undefined : (members[leaf.shorthand] as Leaf<unknown>);
      const wrong = bare
        ? leafFaults(bare, place).filter(
            ({ code, steps }) => code !== "required" && code !== "type" && steps.length === place.steps.length,
          )
        : [fault("type", some("text", 5, true, []))];
      return [
        ...wrong,
        ...misspelt(members, place, leaf.shorthand),
        ...Object.entries(members).flatMap(([name, member]) =>
          member.kind === "group" ? [] : leafFaults(member, inside(place, name, leaf.shorthand)),
        ),
      ];
    }
  }
}

/** The base with the value at the end of the steps; `undefined` when the way does not lead there. */
function placed(base: unknown, [step, ...rest]: readonly Step[], value: unknown): unknown {
  if (step === undefined) return value;
  const { name, shorthand } = step;
  if (typeof name === "number") {
    if (!Array.isArray(base) || base.length === 0) return undefined;
    const item = placed(base[name], rest, value);
    return item === undefined ? undefined : base.map((each: unknown, index) => (index === name ? item : each));
  }
  const whole = isObject(base)
    ? base
    : shorthand !== undefined && base !== undefined
      ? { [shorthand]: base }
      : undefined;
  if (whole === undefined) return undefined;
  if (rest.length === 0 && value === MISSING) {
    return Object.fromEntries(Object.entries(whole).filter(([key]) => key !== name));
  }
  const member = placed(whole[name], rest, value);
  return member === undefined ? undefined : { ...whole, [name]: member };
}

/** A valid value with the fault in it, or `undefined` when the value has no room for it. */
export const spoilt = (base: unknown, { steps }: Pick<Fault, "steps">, value: unknown): unknown =>
  placed(base, steps, value);
