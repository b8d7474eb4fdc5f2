import type * as Typescript from "typescript";
import { type Quote, literal, memberName } from "./code";
import type { Splice } from "./files";
import { Refusal, type Source } from "./source";

/** How a program is written where it is to be edited, and edits in the same manner. */

/** A piece of code, for a sentence. */
export const cut = (text: string): string => (text.length <= 60 ? text : `${text.slice(0, 57)}…`);
export const excerpt = ({ root }: Source, node: Typescript.Node): string =>
  cut(node.getText(root).replace(/\s+/g, " "));

export const newlineOf = ({ text }: Source): string => (text.includes("\r\n") ? "\r\n" : "\n");

/** The blanks at the beginning of the line on which something stands. */
export function indentOf({ root, text }: Source, node: Typescript.Node): string {
  const { line } = root.getLineAndCharacterOfPosition(node.getStart(root));
  const start = root.getPositionOfLineAndCharacter(line, 0);
  return /^[ \t]*/.exec(text.slice(start))?.[0] ?? "";
}

/** As it was quoted; a text that gets several lines is easier to read between backticks. */
export function quoteOf({ root }: Source, node: Typescript.Node, before: unknown, after: unknown): Quote {
  const sign = node.getText(root).charAt(0);
  const hasLines = (value: unknown) => typeof value === "string" && value.includes("\n");
  if (hasLines(after) && !hasLines(before)) return "`";
  return sign === "'" || sign === "`" ? sign : '"';
}

/** Puts a member behind the last one, in the manner of the others. */
export function added(
  source: Source,
  object: Typescript.ObjectLiteralExpression,
  name: string,
  value: unknown,
): Splice {
  const { properties } = object;
  const last = properties.at(-1);
  const newline = newlineOf(source);
  const isTall = object.getText(source.root).includes("\n");
  const indent = last === undefined ? `${indentOf(source, object)}  ` : indentOf(source, last);
  const written = literal(value, isTall ? indent : indentOf(source, object), '"', newline);
  if (written === undefined) throw new Refusal("the live value has no literal in TypeScript");
  const member = `${memberName(name)}: ${written}`;
  if (last === undefined) return { start: object.getStart(source.root), end: object.getEnd(), text: `{ ${member} }` };
  const end = last.getEnd();
  return { start: end, end, text: isTall ? `,${newline}${indent}${member}` : `, ${member}` };
}

/** Takes a member out with its comma, and its line where it has one of its own. */
export function removed(
  { root, text }: Source,
  { properties }: Typescript.ObjectLiteralExpression,
  member: Typescript.ObjectLiteralElementLike,
): Splice {
  let [start, end] = [member.getStart(root), member.getEnd()];
  const comma = /^\s*,/.exec(text.slice(end));
  if (comma !== null) end += comma[0].length;
  else if (properties.length > 1) start = properties[properties.indexOf(member) - 1]?.getEnd() ?? start;
  const before = /\r?\n[ \t]*$/.exec(text.slice(0, start));
  const isOwnLine = before !== null && /^[ \t]*(\r?\n|$)/.test(text.slice(end));
  if (isOwnLine) start -= before[0].length;
  else if (comma !== null) end += /^ */.exec(text.slice(end))?.[0].length ?? 0;
  return { start, end, text: "" };
}
