import { isInteger, isSafeNumber, parse, stringify } from "lossless-json";

/**
 * The object in a JSON text. Integers beyond 2^53, as node ids are, become strings of their digits; all other numbers
 * are numbers. `undefined` when the text is no JSON object (an HTML page, a cut answer).
 */
export function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value = parse(text, null, (digits) => (isInteger(digits) && !isSafeNumber(digits) ? digits : Number(digits)));
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
