import { isObject } from "./fields";

/** What sentences quote is short, stands in one line, and can't steer a terminal. */
const LONGEST = 80;

const cut = (text: string): string =>
  text.length > LONGEST ? `${text.slice(0, LONGEST - 3).replace(/\p{Surrogate}$/u, "")}…` : text;

/** Characters that are not seen, or that change how others are: they are written as their numbers. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]/gu;
const visible = (text: string): string =>
  text.replace(INVISIBLE, (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, "0")}`);

/** A value for a sentence: short, and never a long text. */
export function show(value: unknown): string {
  if (typeof value === "string") return visible(cut(JSON.stringify(cut(value))));
  if (Array.isArray(value)) return "a list";
  if (typeof value === "function") return "a function";
  return isObject(value) ? "an object" : visible(cut(String(value)));
}

/** A name, or a few words of somebody else, for a sentence. */
export const spelt = (name: string): string => (name === "" ? '""' : visible(cut(name)));

/** A whole message, with the texts of others in it, in one line and with an end. */
export function inOneLine(message: string, most = 2_000): string {
  const shown = visible(shortened(message, most).replace(/\s*[\r\n]+\s*/g, " "));
  // A character that is written as its number takes the room of six.
  return shortened(shown, most);
}

function shortened(text: string, most: number): string {
  const half = Math.floor(most / 2) - 20;
  if (text.length <= most) return text;
  return `${text.slice(0, half)} …${text.length - 2 * half} more characters… ${text.slice(-half)}`;
}

/** The class of an object, for a sentence. */
export function instanceOf(value: object): string {
  const { constructor: made } = value as { constructor?: { name?: unknown } };
  const name = typeof made === "function" && typeof made.name === "string" ? made.name : "";
  return name === "" ? "an object of a class" : `an object of class ${spelt(name)}`;
}

/** What was thrown, in a few words. */
export function reasonOf(thrown: unknown): string {
  try {
    return spelt(thrown instanceof Error ? thrown.message : String(thrown));
  } catch {
    return "what it throws can't be read either";
  }
}
