import { contractOf } from "../../emulator/contract";
import type { Field, Leaf } from "../../provider/core/fields";
import { type Property, all, insideOf } from "./documented";
import { effectOfEdit, effectOfRemoval, meaningOfEmpty, readability } from "./effects";
import type { Kind } from "./kinds";
import { isReading, parameterOf, reached } from "./wires";

/** The codes of the rules about a property, by its path. */
export type Codes = ReadonlyMap<string, readonly string[]>;

/** The type of a field as a program writes it. */
export function typeOf(field: Field<unknown>): string {
  switch (field.kind) {
    case "text":
      return "string";
    case "flag":
      return "boolean";
    case "group":
      return "object";
    case "integer":
    case "number":
    case "map":
      return { integer: "integer", number: "number", map: "map of strings" }[field.kind];
    case "document":
      return "object, or the text of one in JSON";
    case "content":
      return "string, `FileAsset` or `StringAsset`";
    case "record":
      return field.shorthand === undefined ? "object" : `string (its \`${field.shorthand}\`) or object`;
    case "choice":
      return (field.values ?? []).every((value) => typeof value === "number")
        ? "number"
        : (field.values ?? []).some((value) => typeof value === "number")
          ? "string or number"
          : "string";
    case "list": {
      const item = field.item as Field<unknown>;
      return `list of ${insideOf(item) === undefined ? { text: "strings", integer: "integers" }[item.kind as "text"] : "objects"}`;
    }
  }
}

/** What a value must be beside its type, as phrases. */
export function limitsOf(field: Field<unknown>): string[] {
  if (field.kind === "group") return [];
  const { values, minimum, maximum, multipleOf, maximumLength, pattern, item } = field;
  return [
    ...(values === undefined ? [] : [`one of ${values.map((value) => `\`${value}\``).join(", ")}`]),
    ...(minimum === undefined ? [] : [`at least ${minimum}`]),
    ...(maximum === undefined ? [] : [`at most ${maximum}`]),
    ...(multipleOf === undefined ? [] : [`a multiple of ${multipleOf}`]),
    ...(maximumLength === undefined ? [] : [`at most ${maximumLength} characters`]),
    ...(pattern === undefined ? [] : [pattern[1]]),
    ...(item === undefined ? [] : limitsOf(item).map((limit) => `each ${limit}`)),
  ];
}

const isRequired = (field: Field<unknown>): boolean => field.kind !== "group" && field.required === true;

/** One line of the overview. */
export function overviewRow(kind: Kind, { path, field, leaf }: Property): string {
  if (leaf === undefined || field.kind === "group") return "";
  const read = readability(kind, leaf);
  return row([
    `[\`${path}\`](#${anchor(path)})`,
    `${typeOf(field)}${isRequired(field) ? ", required" : ""}`,
    effectOfEdit(kind, leaf).short,
    read?.short ?? "",
    field.clear === undefined ? "" : "yes",
  ]);
}

/** Everything about a property, under a heading of its own. */
export function section(kind: Kind, property: Property, level: number, codes: Codes): string {
  const { path, field, leaf, prose, members } = property;
  const head = `${"#".repeat(level)} \`${path}\`\n\n${prose.text}\n`;
  if (leaf === undefined || field.kind === "group") {
    return [head, ...members.map((member) => section(kind, member, level + 1, codes))].join("\n");
  }
  const edit = effectOfEdit(kind, leaf);
  const facts: [string, string | undefined][] = [
    ["Type", `${typeOf(field)}${isRequired(field) ? ", required" : ""}`],
    ["Unit", field.unit],
    ["Default", field.default],
    ["Limits", sentence(limitsOf(field))],
    ["Order", field.unordered ? "means nothing" : undefined],
    ["An edit", edit.text],
    ["Taking it away", effectOfRemoval(leaf, edit)],
    ["Empty", meaningOfEmpty(leaf)],
    ["Read back", readability(kind, leaf)?.text],
    ["On the wire", wireOf(kind, field)],
    [
      "Rules",
      codes
        .get(path)
        ?.map((code) => `[\`${code}\`](rules.md#${code})`)
        .join(", "),
    ],
    ...prose.tags.map(([name, text]): [string, string] => [`${name[0]?.toUpperCase() ?? ""}${name.slice(1)}`, text]),
  ];
  const told = facts.filter(([, text]) => text !== undefined && text !== "");
  const list = told.map(([name, text]) => `- **${name}**: ${text}`).join("\n");
  return [head, `${list}\n`, ...(members.length === 0 ? [] : [membersTable(kind, property)])].join("\n");
}

const sentence = (phrases: readonly string[]): string | undefined =>
  phrases.length === 0 ? undefined : phrases.join(", ");

/** The parameters that carry a property, those of one name together, with the unit where it is another one there. */
function wireOf(kind: Kind, { wire, unit }: Leaf<unknown>): string | undefined {
  if (wire === undefined) return undefined;
  const byParameter = new Map<string, string[]>();
  for (const [operation, parameter] of Object.entries(wire)) {
    const at = parameterOf(kind, operation, parameter);
    const other = UNITS[unitOf(kind, operation, at) ?? ""];
    const name = `\`${operation}\`${other === undefined || other === unit ? "" : ` (${other})`}`;
    byParameter.set(at, [...(byParameter.get(at) ?? []), name]);
  }
  return [...byParameter].map(([parameter, operations]) => `\`${parameter}\` in ${operations.join(", ")}`).join("; ");
}

const UNITS: Readonly<Record<string, string>> = { s: "seconds", ms: "milliseconds", min: "minutes" };

function unitOf({ contracts }: Kind, operation: string, path: string): string | undefined {
  const contract = contractOf(contracts, operation);
  if (isReading(operation)) return contract?.units?.[path];
  let fields = contract?.request;
  let unit: string | undefined;
  for (const name of path.split(".")) {
    unit = fields?.[name]?.unit;
    fields = fields?.[name]?.fields;
  }
  return unit;
}

function membersTable(kind: Kind, { leaf, members, field }: Property): string {
  const operation = leaf && Object.keys(leaf.leaf.wire ?? {})[0];
  const parameters = new Map<string, string[]>();
  for (const { property, parameter } of leaf && operation ? reached(kind, leaf, operation) : []) {
    parameters.set(property, [...(parameters.get(property) ?? []), parameter]);
  }
  const isOption = field.kind !== "group" && field.option === true;
  const rows = all(members).map(({ path, field: member, prose }) =>
    row([
      `\`${path}\``,
      [typeOf(member), ...(isRequired(member) ? ["required"] : [])].join(", "),
      [prose.text, closed(limitsOf(member))].filter((text) => text).join(" "),
      ...(isOption ? [] : [(parameters.get(path) ?? []).map((at) => `\`${at}\``).join(", ")]),
    ]),
  );
  const head = ["Member", "Type", "Meaning", ...(isOption ? [] : [operation ? `In \`${operation}\`` : "Wire"])];
  return `${table(head, rows)}\n`;
}

const closed = (phrases: readonly string[]): string => {
  const text = phrases.join(", ");
  return text === "" ? "" : `${text[0]?.toUpperCase() ?? ""}${text.slice(1)}.`;
};

/** A row of a Markdown table. */
export const row = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replace(/\s*\n+\s*/g, " ").replace(/\|/g, "\\|")).join(" | ")} |`;

export const table = (head: readonly string[], rows: readonly string[]): string =>
  [row(head), row(head.map(() => "---")), ...rows.filter((text) => text !== "")].join("\n");

/** The anchor that GitHub gives a heading. */
export const anchor = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\w\- ]/g, "")
    .replace(/ /g, "-");
