import { isObject } from "./fields";
import { HEEDED, type Heeded, covers, namesIn } from "./heeded";

/**
 * The secret words of this process's run. The hooks get plain values, and what a service or a rule says may quote one, in
 * the message about another task too (calls are shared): so there is one list, and every text passes it on its way out.
 */
const words = new Set<string>();
/**
 * By how they begin, pieces of the words: there may be many thousands of words with a dozen forms each, and a text, of which
 * a run says as many, is gone through only once.
 */
const pieces = new Map<string, { readonly piece: string; readonly word: string }[]>();
/** Shorter ones would tear holes into every sentence, and are no secrets. */
const SHORTEST = 4;
const SHORTEST_PART = 8;
const LONGEST_PIECE = 32;
const MASK = "[secret]";

/** The paths of the arguments that the program marks as secret; in lists a star stands for every place. */
const pathsIn = (properties: Readonly<Record<string, unknown>>): string[][] => {
  const heeded = properties[HEEDED];
  return ((isObject(heeded) && (heeded as Heeded).secrets) || []).map(namesIn);
};

/** Remembers what is secret in a resource's properties. */
export function rememberSecrets(properties: unknown): void {
  if (!isObject(properties)) return;
  for (const path of pathsIn(properties)) collect(properties, path);
}

function collect(value: unknown, path: readonly string[]): void {
  const [name, ...rest] = path;
  if (typeof value === "object" && value !== null) {
    for (const [key, member] of Object.entries(value))
      if (name === undefined || name === "*" || name === key) collect(member, rest);
  } else if (typeof value === "string" || typeof value === "number") remember(String(value));
}

function remember(secret: string): void {
  if (secret.length < SHORTEST) return;
  add(secret);
  // A service that quotes a script quotes a line of it, or a word.
  for (const part of secret.split(/\s+/)) if (part.length >= SHORTEST_PART) add(part);
}

function add(word: string): void {
  if (words.has(word)) return;
  words.add(word);
  for (const piece of piecesOf(word)) {
    const start = piece.slice(0, SHORTEST);
    const others = pieces.get(start);
    if (others) others.push({ piece, word });
    else pieces.set(start, [{ piece, word }]);
  }
}

/** A text that holds the word in any form holds one of these: what no form changes, or else how each of them begins. */
function piecesOf(word: string): Iterable<string> {
  const longest = runsIn(word).reduce((one, other) => (other.length > one.length ? other : one), "");
  if (longest !== "") return [longest.slice(0, LONGEST_PIECE)];
  return new Set([...formsOf(word)].map((form) => form.slice(0, LONGEST_PIECE)));
}

/** Signs that stand for themselves in JSON and in URLs. */
const runsIn = (word: string): readonly string[] => word.match(/[A-Za-z0-9_.~-]{4,}/g) ?? [];

/** Whether the program marks the property, something around it, or something inside it as secret. */
export function isSecret(properties: Readonly<Record<string, unknown>>, property: string): boolean {
  const names = namesIn(property);
  const isAbove = (path: readonly string[]) => names.every((name, at) => path[at] === "*" || path[at] === name);
  return pathsIn(properties).some((path) => covers(path, names) || (names.length < path.length && isAbove(path)));
}

/** The text without the secrets of this run, in any of the forms in which services and languages quote them. */
export function withoutSecrets(text: string): string {
  let result = text;
  for (const word of [...wordsMaybeIn(text)].sort((a, b) => b.length - a.length))
    for (const form of formsOf(word)) if (result.includes(form)) result = result.replaceAll(form, MASK);
  return result;
}

function wordsMaybeIn(text: string): Set<string> {
  const found = new Set<string>();
  if (words.size === 0) return found;
  const looked = new Set<string>();
  for (let at = 0; at + SHORTEST <= text.length; at += 1) {
    const start = text.slice(at, at + SHORTEST);
    for (const { piece, word } of pieces.get(start) ?? []) {
      if (looked.has(word) || !text.startsWith(piece, at)) continue;
      looked.add(word);
      // Lines of a script may share their longest piece, and the forms of thousands take long to make.
      if (runsIn(word).every((run) => text.includes(run))) found.add(word);
    }
  }
  return found;
}

function formsOf(word: string): Set<string> {
  const json = JSON.stringify(word).slice(1, -1);
  const quoted = [word, json, JSON.stringify(json).slice(1, -1), word.replaceAll('"', '\\"')];
  const encoded = quoted.map(inUrl);
  return new Set([
    ...[...encoded.map(inUrl), ...encoded, ...encoded.map((form) => form.replaceAll("%20", "+")), ...quoted].sort(
      (a, b) => b.length - a.length,
    ),
    word.replace(/\s+/g, " "),
  ]);
}

/** As RFC 3986 and both clouds encode; a lone half of a character, which no URL can carry, is left as it is. */
function inUrl(text: string): string {
  try {
    return encodeURIComponent(text).replace(/[!'()*]/g, (sign) => `%${hex(sign)}`);
  } catch {
    return text;
  }
}
const hex = (sign: string): string => sign.charCodeAt(0).toString(16).toUpperCase();

/** A sentence about a property without the value that it got; the source and the code at its end stay. */
export function withoutValue(reason: string): string {
  const at = reason.search(/[,;]? got /);
  if (at < 0) return withoutSecrets(reason);
  const code = / \[[a-z-]+\]$/.exec(reason)?.[0] ?? "";
  return `${withoutSecrets(reason.slice(0, at))}, got ${MASK}${code}`;
}
