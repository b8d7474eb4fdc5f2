// Compacts the operation contracts into emulator/contracts.gen.ts:
//   npx ts-node -T scripts/generate-contracts.ts <contracts folder>
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Contract, Field, Shape, Site, Unit } from "../emulator/contract";

interface SourceField {
  name: string;
  type: string;
  required?: boolean | Record<Site, boolean>;
  in?: "query" | "body";
  encoding?: string;
  enum?: unknown;
  constraints?: string;
  unit?: string;
  sites?: Site[];
  ref?: string;
  fields?: SourceField[];
}
interface Source {
  operation: string;
  version: string;
  method: "GET" | "POST";
  sites?: Record<Site, boolean>;
  request: SourceField[];
  response: { fields?: SourceField[] };
}

const emulated = ["dataworks-2024-05-18", "dataworks-2020-05-18", "wedata-2021-08-20"];

/** Lists the documents themselves contradict or leave open; the emulator does not insist on them. */
const openEnums = new Set([
  "ListTasks.TaskType", // names 20 of the many node types
  "ListNodes.RerunMode", // nodes use FlowSpec's words, the table the task API's
  "CreateTask.TaskType",
  "CreateTaskNew.TaskType",
]);
const extraValues: Record<string, readonly (string | number)[]> = {
  SelfDepend: [0], // the vendor's sample of ModifyTaskInfo sends 0
};

const sitesOf = (sites: Record<Site, boolean>): Site[] => (["cn", "intl"] as const).filter((site) => sites[site]);

function limits(source: SourceField): Partial<Field> {
  const text = `${source.constraints ?? ""} ${source.unit ?? ""}`;
  const number = (pattern: RegExp): number | undefined => {
    const found = pattern.exec(text)?.[1];
    return found === undefined ? undefined : Number(found);
  };
  const paging = /^Page(Number|Size)$/.test(source.name) && source.type === "int32";
  const min = number(/^(\d+)\.\.\d+/) ?? number(/^>= (\d+)/) ?? (paging ? 1 : undefined);
  const maxItems = number(/at most (\d+) ids/);
  const max =
    number(/^\d+\.\.(\d+)/) ??
    number(/maximum (\d+)/) ??
    (maxItems === undefined ? number(/at most (\d+)/) : undefined);
  return {
    ...(min !== undefined && { min }),
    ...(max !== undefined && { max }),
    ...(maxItems !== undefined && { maxItems }),
    ...(/yyyy-mm-dd hh:mm:ss/i.test(text) && { format: "date-time" as const }),
    ...(/^base64/.test(text) && { format: "base64" as const }),
  };
}

const isUnit = (unit: string | undefined): unit is Unit => unit === "s" || unit === "ms" || unit === "min";

function choices(source: SourceField, path: string): (string | number)[] | undefined {
  if (source.enum === undefined || openEnums.has(path)) return undefined;
  const listed = Array.isArray(source.enum) ? (source.enum as (string | number)[]) : Object.keys(source.enum as object);
  const values = /int/.test(source.type) ? listed.map(Number) : listed;
  return [...values, ...(extraValues[source.name] ?? [])];
}

function request(fields: SourceField[], operation: string, top: boolean): Record<string, Field> {
  return Object.fromEntries(
    fields.map((source): [string, Field] => {
      const values = choices(source, `${operation}.${source.name}`);
      const required = typeof source.required === "object" ? sitesOf(source.required) : source.required;
      return [
        source.name,
        {
          type: source.type,
          ...(required !== undefined && required !== false && { required }),
          ...(top && source.in !== undefined && { in: source.in }),
          ...(source.encoding === "json-string" && { json: true as const }),
          ...(values !== undefined && { enum: values }),
          ...limits(source),
          ...(isUnit(source.unit) && { unit: source.unit }),
          ...(source.sites !== undefined && { sites: source.sites }),
          ...(source.fields !== undefined && { fields: request(source.fields, operation, false) }),
        },
      ];
    }),
  );
}

/** The units of the numbers in an answer, by path. */
function units(fields: SourceField[], prefix = ""): [string, Unit][] {
  return fields.flatMap(({ name, unit, fields: members = [] }): [string, Unit][] => [
    ...(isUnit(unit) ? ([[`${prefix}${name}`, unit]] as [string, Unit][]) : []),
    ...units(members, `${prefix}${name}.`),
  ]);
}

/** Types named by `ref` without fields are written out once, one level deep. */
function references(fields: SourceField[], found = new Map<string, SourceField[]>()): Map<string, SourceField[]> {
  for (const field of fields) {
    if (field.fields === undefined) continue;
    if (field.ref !== undefined && !found.has(field.ref)) found.set(field.ref, field.fields);
    references(field.fields, found);
  }
  return found;
}

function response(fields: SourceField[], known: Map<string, SourceField[]>, depth = 0): Record<string, Shape> {
  return Object.fromEntries(
    fields.map((source): [string, Shape] => {
      const borrowed =
        source.fields === undefined && source.ref !== undefined && depth < 4 ? known.get(source.ref) : undefined;
      const members = source.fields ?? borrowed;
      const one: Shape =
        members === undefined ? "any" : response(members, known, borrowed === undefined ? depth : depth + 3);
      if (source.type === "object") return [source.name, one];
      if (source.type === "array<object>") return [source.name, [one]];
      if (source.type.startsWith("map<")) return [source.name, { "*": one }];
      const item = /^array<(.+)>$/.exec(source.type)?.[1];
      return [source.name, item === undefined ? source.type : [item]];
    }),
  );
}

function compact(source: Source): Contract {
  const fields = source.response.fields ?? [];
  const measured = units(fields);
  const sites = source.sites === undefined ? undefined : sitesOf(source.sites);
  return {
    method: source.method,
    ...(sites !== undefined && sites.length < 2 && { sites }),
    request: request(source.request, source.operation, true),
    response: response(fields, references(fields)),
    ...(measured.length > 0 && { units: Object.fromEntries(measured) }),
  };
}

function generate(folder: string): string {
  const versions = emulated.map((version) => {
    const files = readdirSync(join(folder, version)).filter((file) => /^[A-Z].*\.json$/.test(file));
    const operations = files.sort().map((file) => {
      const source = JSON.parse(readFileSync(join(folder, version, file), "utf8")) as Source;
      return `    ${source.operation}: ${JSON.stringify(compact(source))},`;
    });
    return `  ${JSON.stringify(version)}: {\n${operations.join("\n")}\n  },`;
  });
  return [
    "// Generated by scripts/generate-contracts.ts from the API contracts. Do not edit.",
    `import type { Contract } from "./contract";`,
    "",
    "// prettier-ignore",
    "export const contracts: Readonly<Record<string, Readonly<Record<string, Contract>>>> = {",
    ...versions,
    "};",
    "",
  ].join("\n");
}

const folder = process.argv[2];
if (folder === undefined) {
  console.error("Say where the contracts are: npx ts-node -T scripts/generate-contracts.ts <contracts folder>");
  process.exitCode = 1;
} else {
  writeFileSync(join(__dirname, "..", "emulator", "contracts.gen.ts"), generate(folder));
}
