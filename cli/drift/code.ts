import { isLosslessNumber } from "lossless-json";
import { isAsset } from "../../provider/core/fields";
import { isTree } from "../preview/values";

/** Values as TypeScript. */

/** How a text is quoted where it stands. */
export type Quote = '"' | "'" | "`";

const LINE = 100;

/** The value as an expression, or `undefined` where it has no literal (an asset, a number that JavaScript would round). */
export function literal(value: unknown, indent = "", quote: Quote = '"', newline = "\n"): string | undefined {
  if (typeof value === "string") return text(value, quote);
  if (typeof value === "number" || typeof value === "boolean" || value === null) return JSON.stringify(value);
  if (isLosslessNumber(value) || isAsset(value)) return undefined;
  const style = quote === "`" ? '"' : quote;
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) => literal(item, `${indent}  `, style, newline));
    return enclosed("[", items, "]", indent, newline);
  }
  if (!isTree(value)) return undefined;
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .map(([name, member]) => {
      const shown = literal(member, `${indent}  `, style, newline);
      return shown === undefined ? undefined : `${memberName(name, style)}: ${shown}`;
    });
  return enclosed("{", members, "}", indent, newline);
}

function enclosed(
  open: string,
  parts: readonly (string | undefined)[],
  close: string,
  indent: string,
  newline: string,
): string | undefined {
  if (parts.some((part) => part === undefined)) return undefined;
  if (parts.length === 0) return `${open}${close}`;
  const room = open === "{" ? " " : "";
  const line = `${open}${room}${parts.join(", ")}${room}${close}`;
  if (line.length + indent.length <= LINE && !line.includes("\n")) return line;
  return [open, ...parts.map((part) => `${indent}  ${part ?? ""},`), `${indent}${close}`].join(newline);
}

export const memberName = (name: string, quote: Quote = '"'): string =>
  /^[\p{ID_Start}_$][\p{ID_Continue}$]*$/u.test(name) ? name : text(name, quote);

function text(value: string, quote: Quote): string {
  if (quote === "`")
    return `\`${value.replace(/[\\`]|\$(?=\{)|\r/g, (sign) => (sign === "\r" ? "\\r" : `\\${sign}`))}\``;
  const double = JSON.stringify(value).replace(/[\u2028\u2029]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16)}`);
  return quote === '"' ? double : `'${double.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

/** The arguments around a property: `trigger: { cron: "0 0 5 * * ?" }`. */
export function snippet(path: readonly string[], value: unknown): string {
  const [first = "", ...rest] = path;
  if (rest.length === 0 && value === undefined) return `// take ${memberName(first)} out: the live task has none`;
  if (rest.length === 0) return `${memberName(first)}: ${literal(value) ?? "…"}`;
  const inner = snippet(rest, value);
  return inner.includes("\n") || inner.startsWith("//")
    ? `${memberName(first)}: {\n${inner.replace(/^/gm, "  ")}\n}`
    : `${memberName(first)}: { ${inner} }`;
}
