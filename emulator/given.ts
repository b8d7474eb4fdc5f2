import type { Parameters } from "./service";

/** What a caller gave for one parameter, as the kind the operation works with; `undefined` when it gave nothing. */

/** The text of a parameter. Ids stay what they are: decimal strings. */
export function text(parameters: Parameters, name: string): string | undefined {
  const value = parameters[name];
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "bigint" || typeof value === "boolean"
    ? String(value)
    : undefined;
}

/** The number of a parameter that fits a JavaScript number: a size, a time, an enum value. Never an id. */
export function amount(parameters: Parameters, name: string): number | undefined {
  const value = text(parameters, name);
  return value === undefined || value === "" || Number.isNaN(Number(value)) ? undefined : Number(value);
}

/** The truth of a parameter; a query string carries it as text. */
export function flag(parameters: Parameters, name: string): boolean | undefined {
  const value = text(parameters, name);
  return value === undefined || value === "" ? undefined : value === "true";
}

/** The objects of a list parameter. */
export function records(parameters: Parameters, name: string): Parameters[] | undefined {
  const value = parameters[name];
  return Array.isArray(value) ? value.filter(isRecord) : undefined;
}

/** The texts of a list parameter. */
export function texts(parameters: Parameters, name: string): string[] | undefined {
  const value = parameters[name];
  return Array.isArray(value) ? value.map(String) : undefined;
}

/** The object of a parameter. */
export function record(parameters: Parameters, name: string): Parameters | undefined {
  const value = parameters[name];
  return isRecord(value) ? value : undefined;
}

/** The parts of a comma separated parameter; `undefined` when there is none, so that it filters nothing. */
export function commaSeparated(parameters: Parameters, name: string): string[] | undefined {
  const parts = (text(parameters, name) ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
  return parts.length > 0 ? parts : undefined;
}

/** Whether a value is a JSON object. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The value of a JSON text; `undefined` when it is none. */
export function parsedJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
