import type { Field, Leaf, Table } from "../../provider/core/fields";

/** Texts of the shapes that patterns ask for; two of each. */
const TEXTS: readonly (readonly [string, string])[] = [
  ["first", "second"],
  ["1001", "1002"],
  ["0 0 3 * * ?", "0 0 4 * * ?"],
  ["2026-01-31 00:00:00", "2027-02-28 00:00:00"],
  ["08:30", "09:30"],
  ["cn-shanghai", "cn-beijing"],
  ["UTC+8", "UTC+9"],
  ["0.5", "1.5"],
  ["1/node/1", "1/node/2"],
  ["Asia/Shanghai", "Europe/Berlin"],
];

/** One of two values that a field takes, every member given; they differ in each part. */
export function sampleOf(field: Field<unknown>, variant: 0 | 1): unknown {
  if (field.kind === "group") return samplesOf(field.fields, variant);
  return field.item !== undefined ? [sampleOf(field.item, variant)] : sampleOfLeaf(field, variant);
}

/** A value for every field of a table. */
export const samplesOf = (table: Table, variant: 0 | 1): Record<string, unknown> =>
  Object.fromEntries(Object.entries(table).map(([name, field]) => [name, sampleOf(field, variant)]));

function sampleOfLeaf(leaf: Leaf<unknown>, variant: 0 | 1): unknown {
  switch (leaf.kind) {
    case "text": {
      const fitting = TEXTS.find((pair) => pair.every((text) => leaf.pattern?.[0].test(text) ?? true));
      if (fitting === undefined) throw new Error(`no sample is ${leaf.pattern?.[1]}`);
      return fitting[variant];
    }
    case "integer":
    case "number": {
      const step = leaf.multipleOf ?? 1;
      return Math.max(Math.ceil((leaf.minimum ?? 0) / step) * step, 0) + step * (variant + 1);
    }
    case "flag":
      return variant === 1;
    case "choice":
      return leaf.values?.[variant];
    case "map":
      return variant === 0 ? { first: "one" } : { second: "two" };
    case "document":
      return { type: "job", version: variant === 0 ? "1.0" : "2.0" };
    case "content":
      return variant === 0 ? "select 1;" : "select 2;";
    case "record":
      return samplesOf(leaf.members ?? {}, variant);
    case "list":
      return [];
  }
}
