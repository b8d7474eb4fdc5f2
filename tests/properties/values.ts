import fc from "fast-check";
import { ASSET_SIGNATURE, ASSET_VALUE } from "../../provider/core/fields";
import type { Field, Leaf, Table } from "../../provider/core/fields";
import { CODES, isSettable } from "../../provider/resources/codes";

/** Generators that a table alone cannot give, by path; `[]` stands for the item of a list. */
export type Special = Readonly<Record<string, fc.Arbitrary<unknown>>>;

/** What has broken other people's software before. */
const nasty = [
  "",
  " ",
  "  leading and trailing  ",
  "two\nlines",
  "\r\nwindows\r\n",
  "\ttab\t",
  `"double" 'single' \`back\` \\ slash`,
  "größe 中文 🎈 e\u0301",
  "null",
  "true",
  "0",
  "007",
  "9223372036854775807",
  "a,b;c",
  "a=b&c=d+e%20f",
  "${bizdate} $[yyyymmdd-1] {{x}}",
  "[pulumi-data-tasks:somebodyelse]",
  "<b>&amp;</b>",
  "--; drop table x",
  "__proto__",
];

export const texts: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...nasty) },
  { weight: 3, arbitrary: fc.string({ unit: "grapheme", maxLength: 30 }) },
  { weight: 3, arbitrary: fc.stringMatching(/^[a-z][a-z0-9_]{0,20}$/) },
  // The second one grows when it is encoded.
  { weight: 1, arbitrary: fc.constantFrom("x".repeat(20_000), "größe ✓\n".repeat(2_000)) },
);

/** A name as services accept it: something is to be seen in it, and it has an end. */
export const names: fc.Arbitrary<string> = fc.oneof(
  fc.stringMatching(/^[a-z][a-z0-9_]{0,20}$/),
  fc.constantFrom("größe_中文", "a.b-c", "with blank", "quote'd", "007", "__proto__", "constructor", "a,b"),
);

const keys: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(
    "__proto__",
    "constructor",
    "toString",
    "hasOwnProperty",
    "a",
    "b",
    "größe",
    "with blank",
    "a.b",
    "1",
  ),
  fc.stringMatching(/^[a-z][a-z0-9_]{0,10}$/),
);

/** A map whose keys are its own, `__proto__` among them. */
const mapOf = (value: fc.Arbitrary<unknown>, most = 4): fc.Arbitrary<Record<string, unknown>> =>
  fc
    .uniqueArray(fc.tuple(keys, value), { maxLength: most, selector: ([key]) => key })
    .map((entries) => Object.fromEntries(entries));

/** JSON with everything that survives a round trip, deep and empty. */
const json: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    fc.constantFrom(null, true, false, 0, -1, 1.5, 1e21, 2 ** 53, "9223372036854775807"),
    texts.filter((text) => text.length < 100),
    fc.array(tie("value"), { maxLength: 3 }),
    mapOf(tie("value"), 3),
  ),
})).value;

/** Documents as objects, as compact text, and as text with an integer that JavaScript would round. */
export const documents: fc.Arbitrary<unknown> = fc
  .tuple(mapOf(json, 5), fc.constantFrom("object", "text", "pretty", "long number"))
  .map(([document, form]) => {
    if (form === "object") return document;
    const text = JSON.stringify(document, null, form === "pretty" ? 2 : 0);
    if (form !== "long number") return text;
    return `{"n": 9223372036854775807${text === "{}" ? "" : ","}${text.slice(1)}`;
  });

const contents: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 3, arbitrary: texts },
  { weight: 1, arbitrary: texts.map((text) => ({ [ASSET_SIGNATURE]: ASSET_VALUE, text })) },
);

/** The values of one field. */
export function valuesOf(field: Field<unknown>, path: string, special: Special): fc.Arbitrary<unknown> {
  const own = Object.hasOwn(special, path) ? special[path] : undefined;
  if (own) return own;
  return field.kind === "group" ? membersOf(field.fields, `${path}.`, special) : leafValues(field, path, special);
}

function leafValues(leaf: Leaf<unknown>, path: string, special: Special): fc.Arbitrary<unknown> {
  const { minimum = 0, maximum = 2 ** 31 - 1, multipleOf } = leaf;
  switch (leaf.kind) {
    case "text":
      return leaf.pattern
        ? fc.stringMatching(leaf.pattern[0])
        : texts.filter((text) => text.length <= (leaf.maximumLength ?? Infinity));
    case "flag":
      return fc.boolean();
    case "integer":
      return fc.oneof(
        fc.constantFrom(minimum, Math.min(minimum + 1, maximum), maximum),
        fc.integer({ min: minimum, max: Math.min(maximum, 10_000) }),
      );
    case "number":
      return fc.integer({ min: 1, max: 200 }).map((count) => count * (multipleOf ?? 0.25));
    case "choice":
      return fc.constantFrom(...(leaf.values ?? []));
    case "map":
      return mapOf(texts.filter((text) => text.length < 100));
    case "document":
      return documents;
    case "content":
      return contents;
    case "list":
      return fc.uniqueArray(valuesOf(leaf.item as Field<unknown>, `${path}[]`, special), {
        maxLength: 4,
        selector: (item) => JSON.stringify(item),
      });
    case "record": {
      const whole = membersOf(leaf.members ?? {}, `${path}.`, special);
      if (leaf.shorthand === undefined) return whole;
      const main = leaf.members?.[leaf.shorthand] as Field<unknown>;
      return fc.oneof(valuesOf(main, `${path}.${leaf.shorthand}`, special), whole);
    }
  }
}

/** Members of a table: what is required, and any of the others. */
export function membersOf(fields: Table, prefix: string, special: Special): fc.Arbitrary<Record<string, unknown>> {
  const required = Object.keys(fields).filter((name) => {
    const field = fields[name] as Field<unknown>;
    return field.kind !== "group" && field.required === true;
  });
  return fc.record(generators(fields, prefix, special), { requiredKeys: required, noNullPrototype: true });
}

/** Members of a table, all of them, groups opened. */
export function allMembersOf(fields: Table, prefix: string, special: Special): fc.Arbitrary<Record<string, unknown>> {
  return fc.record(
    Object.fromEntries(
      Object.entries(fields).map(([name, field]) => [
        name,
        field.kind === "group"
          ? allMembersOf(field.fields, `${prefix}${name}.`, special)
          : valuesOf(field, `${prefix}${name}`, special),
      ]),
    ),
    { noNullPrototype: true },
  );
}

const generators = (fields: Table, prefix: string, special: Special) =>
  Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [name, valuesOf(field, `${prefix}${name}`, special)]),
  );

/** What a user may make of our cautions. */
export const levels: fc.Arbitrary<Record<string, string>> = fc.dictionary(
  fc.constantFrom(...Object.keys(CODES).filter(isSettable)),
  fc.constantFrom("off", "warning"),
  { maxKeys: 2, noNullPrototype: true },
);

/** Written as a time, and no day or hour of any calendar. */
export const impossibleTimes: fc.Arbitrary<string> = fc.constantFrom(
  "2026-02-30 00:00:00",
  "2025-02-29 00:00:00",
  "2026-13-01 00:00:00",
  "2026-00-10 00:00:00",
  "2026-01-32 00:00:00",
  "2026-01-01 24:00:01",
  "2026-01-01 00:60:00",
);

export const badZones: fc.Arbitrary<string> = fc.constantFrom("Asia/Shanghia", "UTC+25", "x", "/", "Shanghai");

/** Six fields of which one can't be. */
export const badCrons: fc.Arbitrary<string> = fc.constantFrom(
  "60 0 2 * * ?",
  "0 60 2 * * ?",
  "0 0 24 * * ?",
  "0 0 2 32 * ?",
  "0 0 2 * 13 ?",
  "0 0 2 ? * MOON",
  "0 0 x * * ?",
  "0 0 2- * * ?",
);

/** Two moments of a schedule's life. */
export const moments = (from: number, to: number): fc.Arbitrary<string> =>
  fc
    .date({ min: new Date(Date.UTC(from, 0, 1)), max: new Date(Date.UTC(to, 0, 1)), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 19).replace("T", " "));

/** Six or seven fields, with and without leading zeros and with too many blanks. */
export const crons: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom("0", "00", "30"),
    fc.constantFrom("0", "05", "00", "0/5", "00/05", "1,02,30"),
    fc.constantFrom("2", "02", "*", "00-23", "0-23/01", "08,20"),
    fc.constantFrom("*", "?", "01", "L"),
    fc.constantFrom("*", "01-06"),
    fc.constantFrom("?", "*", "MON", "1#1"),
    fc.constantFrom("", "*", "2026"),
    fc.constantFrom(" ", "  "),
  )
  .map(([...fields]) => {
    const blank = fields.pop() as string;
    return fields.join(blank).trimEnd();
  });
