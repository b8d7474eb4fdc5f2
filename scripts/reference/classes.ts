import ts from "typescript";
import { row, table } from "./fields";
import type { Kind } from "./kinds";
import type { Member, Sources } from "./sources";

const SDK = "sdk/index.ts";

/** What a class shows of a task beside its arguments, as a table. */
export function outputsOf(sources: Sources, kind: Kind): string {
  const type = sources.typeOf(sources.exported(kind.classFile, kind.name));
  const own = sources
    .members(type)
    .filter(({ name }) => !Object.hasOwn(kind.fields, name) && isDeclaredIn(sources, type, name, kind.classFile));
  const rows = own.map((member) => row([`\`${member.name}\``, outputType(sources, member), prose(kind, member)]));
  return table(["Output", "Type", "Meaning"], [row(["`id`", "`string`", ID_OF[kind.name]]), ...rows]);
}

const ID_OF: Readonly<Record<Kind["name"], string>> = {
  DataWorksTask:
    "Made here: `<projectId>/node/<nodeId>`; adopted: `<projectId>/<envType>/task/<taskId>`. Never changes.",
  DataWorksDISyncTask: "`<projectId>/file/<fileId>`. Never changes.",
  WeDataTask: "`<projectId>/<taskId>`. Never changes.",
};

function isDeclaredIn(sources: Sources, type: ts.Type, name: string, file: string): boolean {
  const declaration = sources.checker.getPropertyOfType(type, name)?.declarations?.[0];
  return declaration !== undefined && sources.place(declaration.getSourceFile().fileName) === file;
}

function prose(kind: Kind, { name, prose: { text } }: Member): string {
  if (text === "") throw new Error(`${kind.name}: the output ${name} has no doc comment`);
  return text;
}

/** The type inside `pulumi.Output`. */
function outputType(sources: Sources, { type }: Member): string {
  const [inner] = type.aliasTypeArguments ?? sources.checker.getTypeArguments(type as ts.TypeReference);
  return code(sources.written(inner ?? type).replace(/ \| undefined$/, ""));
}

/** The look-ups of a class: exported functions that begin with `get` and end with its name, or a plural of it. */
export function lookUpsOf(sources: Sources, kind: Kind): string[] {
  const names = new RegExp(`^get${kind.name}s?(Output)?$`);
  return sources
    .exports(SDK)
    .filter((symbol) => names.test(symbol.name))
    .map((symbol) => lookUp(sources, symbol));
}

function lookUp(sources: Sources, symbol: ts.Symbol): string {
  const type = sources.typeOf(symbol);
  const [signature] = type.getCallSignatures();
  if (signature === undefined) throw new Error(`${symbol.name} is no function`);
  const { text } = sources.proseOf(symbol);
  if (text === "") throw new Error(`${symbol.name} has no doc comment`);
  const parts = [`### \`${symbol.name}\`\n\n${text}\n`];
  // A variant that takes inputs and returns an output says nothing that the other does not.
  if (symbol.name.endsWith("Output")) return parts.join("\n");
  for (const parameter of signature.parameters) {
    const given = sources.objectIn(sources.checker.getTypeOfSymbol(parameter));
    if (given) parts.push(`${membersOf(sources, "Argument", sources.members(given), symbol.name)}\n`);
  }
  const answer = sources.checker.getAwaitedType(signature.getReturnType());
  const shown = answer && sources.objectIn(answer);
  const isList = answer !== undefined && sources.checker.isArrayType(answer);
  if (shown) {
    const title = isList ? "Each task in the answer has" : "Fact";
    parts.push(`${membersOf(sources, title, sources.members(shown), symbol.name)}\n`);
  }
  return parts.join("\n");
}

function membersOf(sources: Sources, title: string, members: readonly Member[], about: string): string {
  const rows = members.map(({ name, prose: { text }, type, optional }) => {
    if (text === "") throw new Error(`${about}: ${name} has no doc comment`);
    const written = sources.written(type).replace(/ \| undefined$/, "");
    return row([`\`${name}\``, `${code(written)}${optional ? "" : ", required"}`, text]);
  });
  return table([title, "Type", "Meaning"], rows);
}

const code = (text: string): string => `\`${text}\``;
