import { isInteger, isSafeNumber, parse, stringify } from "lossless-json";

/** Where a number may stand whose digits JavaScript would round; a text that looks like it takes the long way too. */
const LONG_NUMBER = /[:,[\s-]\d{16}/;

/**
 * The object in a JSON text. Integers beyond 2^53, as node ids are, become strings of their digits; all other numbers
 * are numbers. `undefined` when the text is no JSON object (an HTML page, a cut answer).
 */
export function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    // Letter by letter, as a parser in JavaScript reads, a page of a hundred tasks leaves megabytes behind.
    const value: unknown = LONG_NUMBER.test(text)
      ? parse(text, null, (digits) => (isInteger(digits) && !isSafeNumber(digits) ? digits : Number(digits)))
      : JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** JSON text of a value; bigints are written as numbers, digit by digit, so 64-bit ids survive. */
export function jsonText(value: unknown): string {
  return stringify(value) ?? "null";
}
