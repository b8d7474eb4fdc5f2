import type ts from "typescript";
import { row, table } from "./fields";
import type { Kind } from "./kinds";
import type { Member, Sources } from "./sources";

const SDK = "sdk/index.ts";

/** What a class shows of a task beside its arguments, as a table. */
export function outputsOf(sources: Sources, kind: Kind): string {
  const own = sources
    .members(sources.typeOf(sources.exported(kind.classFile, kind.name)))
    .filter(({ name, file }) => !Object.hasOwn(kind.fields, name) && file === kind.classFile);
  const rows = own.map((member) => row([`\`${member.name}\``, outputType(member), prose(kind, member)]));
  return table(["Output", "Type", "Meaning"], [row(["`id`", "`string`", ID_OF[kind.name]]), ...rows]);
}

/** Arguments that the class alone has, and turns into others: each with the members of what it takes. */
export function ownArgumentsOf(sources: Sources, kind: Kind): string[] {
  const type = sources.typeOf(sources.exported(kind.classFile, `${kind.name}Args`));
  const own = sources
    .members(type)
    .filter(({ name, file }) => !Object.hasOwn(kind.fields, name) && file === kind.classFile);
  return own.map((member) => {
    const item = itemsIn(sources, member.type).find(
      (each) => each.aliasSymbol ?? each.symbol?.name.startsWith("Upstream"),
    );
    const members = item === undefined ? [] : sources.members(item);
    const shown = members.length === 0 ? "" : `\n${membersOf("Member", members, member.name)}\n`;
    return `### \`${member.name}\`\n\n${prose(kind, member)}\n\n- **Type**: ${code(plain(member.written))}\n${shown}`;
  });
}

/** What a list holds, each of its alternatives. */
function itemsIn(sources: Sources, type: ts.Type): readonly ts.Type[] {
  const whole = sources.checker.getNonNullableType(type);
  const [item] = sources.checker.isArrayLikeType(whole)
    ? sources.checker.getTypeArguments(whole as ts.TypeReference)
    : [];
  return item === undefined ? [] : item.isUnion() ? item.types : [item];
}

const ID_OF: Readonly<Record<Kind["name"], string>> = {
  DataWorksTask:
    "Made here: `<projectId>/node/<nodeId>`; adopted: `<projectId>/<envType>/task/<taskId>`. Never changes.",
  DataWorksDISyncTask: "`<projectId>/file/<fileId>`. Never changes.",
  WeDataTask: "`<projectId>/<taskId>`. Never changes.",
};

function prose(kind: Kind, { name, prose: { text } }: Member): string {
  if (text === "") throw new Error(`${kind.name}: the output ${name} has no doc comment`);
  return text;
}

/** The type inside `pulumi.Output`. */
const outputType = ({ written }: Member): string => code(plain(written.replace(/^(?:pulumi\.)?Output<(.*)>$/, "$1")));

const plain = (written: string): string => written.replace(/^(?:readonly )/, "").replace(/ \| undefined$/, "");

/** The look-ups of a class: exported functions that begin with `get` and end with its name, or a plural of it. */
export function lookUpsOf(sources: Sources, kind: Kind): string[] {
  const names = new RegExp(`^get${kind.name}s?(Output)?$`);
  return sources
    .exports(SDK)
    .filter((symbol) => names.test(symbol.name))
    .map((symbol) => lookUp(sources, kind, symbol));
}

function lookUp(sources: Sources, kind: Kind, symbol: ts.Symbol): string {
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
    if (given) parts.push(`${membersOf("Argument", sources.members(given), symbol.name)}\n`);
  }
  const answer = sources.checker.getAwaitedType(signature.getReturnType());
  const shown = answer && sources.objectIn(answer);
  if (answer === undefined || shown === undefined) return parts.join("\n");
  if (sources.checker.isArrayType(answer))
    return [...parts, `Each task has the facts of \`get${kind.name}\`.\n`].join("\n");
  const members = sources.members(shown);
  const isArgument = ({ name, file }: Member) => Object.hasOwn(kind.fields, name) && file.startsWith(kind.folder);
  parts.push(
    `${membersOf(
      "Fact",
      members.filter((member) => !isArgument(member)),
      symbol.name,
    )}\n`,
  );
  const shownToo = new Set(members.filter(isArgument).map(({ name }) => name));
  const others = Object.keys(kind.fields)
    .filter((name) => shownToo.has(name))
    .map((name) => `\`${name}\``);
  parts.push(
    `And in the words of the [properties](#properties), where the service shows them: ${others.join(", ")}.\n`,
  );
  return parts.join("\n");
}

function membersOf(title: string, members: readonly Member[], about: string): string {
  const rows = members.map(({ name, prose: { text }, written, optional }) => {
    if (text === "") throw new Error(`${about}: ${name} has no doc comment`);
    return row([`\`${name}\``, `${code(plain(written))}${optional ? "" : ", required"}`, text]);
  });
  return table([title, "Type", "Meaning"], rows);
}

const code = (text: string): string => `\`${text}\``;
