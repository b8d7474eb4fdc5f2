import { SECRET } from "./preview";
import type { Tree } from "./preview";

/** The key by which the engine marks values of special kinds, and the value that marks a secret. */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

export const isTree = (value: unknown): value is Tree =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The values of a file without secrets and without what the engine and the SDK put beside the arguments. */
export function argumentsIn(value: unknown): Tree {
  const { __provider: _provider, ...rest } = isTree(value) ? value : {};
  return masked(rest) as Tree;
}

/** A copy in which every secret is masked, also one that was exported in plain text. */
export function masked(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(masked);
  if (!isTree(value)) return value;
  if (value[SIGNATURE] === SECRET_SIGNATURE) return SECRET;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, masked(member)]));
}

/** Whether a value is a secret, or has one in it. */
export const holdsSecret = (value: unknown): boolean =>
  value === SECRET ||
  (Array.isArray(value) ? value.some(holdsSecret) : isTree(value) && Object.values(value).some(holdsSecret));

/** The same values with secrets in plain text, as the hooks get them; one whose text is not at hand is masked. */
export function inPlainText(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inPlainText);
  if (!isTree(value)) return value;
  if (value[SIGNATURE] === SECRET_SIGNATURE) {
    const { plaintext } = value;
    return typeof plaintext === "string" ? inPlainText(JSON.parse(plaintext)) : SECRET;
  }
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, inPlainText(member)]));
}
