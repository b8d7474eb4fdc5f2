import type { Definitions } from "./definitions";
import { reference } from "./definitions";
import { type Findings } from "./findings";
import { Members, elements, isRecord, kindOf, shown, textOf } from "./members";

type Entry = { readonly value: unknown; readonly path: string };

/** What stands in `inputs` or `outputs`. */
export interface Ports {
  readonly outputs: readonly Entry[];
  readonly variables: readonly Entry[];
}

/** The outputs and variables of a port; tables, which a task does not know, are reported. */
export function readPorts(found: Entry | undefined, definitions: Definitions, findings: Findings): Ports {
  if (!found) return { outputs: [], variables: [] };
  if (!isRecord(found.value)) return readMixed(elements(found.value, found.path), definitions, findings);
  const members = new Members(found.value, found.path, findings);
  const outputs = ["nodeOutputs", "nodeOutput", "outputs", "output"].flatMap((name) => members.list(name));
  const variables = members.list("variables", "variable");
  for (const name of ["tables", "table"]) {
    for (const { value, path } of members.list(name)) definitions.resolve(value, path, "tables");
    if (members.raw(name) !== undefined)
      findings.warning(
        members.at(name),
        "is left out: which tables a task reads and writes is not one of its arguments",
      );
  }
  members.rest();
  return { outputs, variables };
}

/** Version 1.0 has one list of everything. */
function readMixed(entries: readonly Entry[], definitions: Definitions, findings: Findings): Ports {
  const outputs: Entry[] = [];
  const variables: Entry[] = [];
  for (const { value, path } of entries) {
    const definition = definitions.resolve(value, path, "nodeOutputs", "variables", "tables");
    const type = kindOf(value);
    const collection = type.includes("variable")
      ? "variables"
      : type.includes("table")
        ? "tables"
        : definition?.collection;
    if (!definition) findings.error(path, `refers to ${shown(value)}, which the document does not define`);
    else if (collection === "variables") variables.push({ value, path });
    else if (collection === "tables")
      findings.warning(path, "is left out: which tables a task reads and writes is not one of its arguments");
    else outputs.push({ value, path });
  }
  return { outputs, variables };
}

/** The output identifier of an entry: spelt out, by reference, or bare. */
export function outputName({ value, path }: Entry, definitions: Definitions, findings: Findings): string | undefined {
  const found = definitions.resolve(value, path, "nodeOutputs");
  if (!found) {
    const text = textOf(value, path, findings)?.trim();
    if (text === undefined || reference(text) === undefined) return text || undefined;
    findings.error(path, `refers to ${shown(text)}, which the document does not define`);
    return undefined;
  }
  const members = new Members(found.value, found.path, findings);
  const output = members.entry("data", "output", "str"); // version 1.0 says str
  members.ignore("type", "name", "description");
  members.rest();
  const text = output && textOf(output.value, output.path, findings)?.trim();
  if (!text) findings.warning(found.path, "is left out: it names no output (data)");
  return text || undefined;
}
