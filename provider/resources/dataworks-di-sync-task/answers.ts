import { type Trip } from "../../core/fields";
import { DEFAULT_TIME_ZONE, momentOf, timeAt } from "../time";

/** What a translation depends on beside the value. */
export interface Terms {
  /** In which the user writes times. */
  readonly zone: string;
  /** Goes behind a description that we write. */
  readonly token?: string | undefined;
  /** The output that the service gives every file, `<workspace>.<file id>_out`, is nobody's declaration unless it is. */
  readonly hidesOwnOutputOf?: string | undefined;
}

/** An answered id, time or text as text; `undefined` when there is none. */
export const textFrom = (answer: unknown): string | undefined =>
  typeof answer === "string"
    ? answer
    : typeof answer === "number" || typeof answer === "boolean"
      ? String(answer)
      : undefined;
export const wordFrom = (answer: unknown): string | undefined => textFrom(answer) || undefined;
export const numberFrom = (answer: unknown): number | undefined =>
  answer === undefined || answer === null || answer === "" ? undefined : Number(answer);
// Sent as booleans, some of them answered as text.
export const flagFrom = (answer: unknown): boolean | undefined => ({ true: true, false: false })[String(answer)];
export const items = (answer: unknown) => (Array.isArray(answer) ? (answer as Record<string, unknown>[]) : []);
export const listed = (value: readonly string[]) => value.join(",");
const named = (answer: unknown, member: "Input" | "Output"): string[] =>
  items(answer).map((item) => String(item[member]));

export const inputsFrom = (answer: unknown): string[] => named(answer, "Input");
export const outputsFrom = (answer: unknown): string[] => named(answer, "Output");
/** Whether the service itself gave the file this output. */
export const isOwnOutput = (output: string, fileId: string): boolean => output.endsWith(`.${fileId}_out`);

/** Assumption, named here alone: the numbers of OutputParameters.Type, as the vendor's samples use them. */
export const PARAMETER_TYPES = ["Constant", "Variable", "PassThrough"] as const;

/**
 * Assumption, named here alone: should an answer use the words of the product's other APIs (contracts.md §6.17), they
 * mean what their counterparts here do.
 */
const RERUN_MODES: Readonly<Record<string, string>> = {
  ALLALLOWED: "ALL_ALLOWED",
  ALLOWED: "ALL_ALLOWED",
  FAILUREALLOWED: "FAILURE_ALLOWED",
  ALLDENIED: "ALL_DENIED",
  DENIED: "ALL_DENIED",
};
export const rerunModeFrom = (answer: unknown): string | undefined => {
  const word = wordFrom(answer);
  return word && (RERUN_MODES[word.replaceAll("_", "").toUpperCase()] ?? word);
};

const zoneIn = ({ terms: { zone } }: Trip): string => (typeof zone === "string" ? zone : DEFAULT_TIME_ZONE);

/** Wall-clock time for the user, epoch milliseconds on the wire. */
export const moment = {
  to: (value: string, trip: Trip) => momentOf(value, zoneIn(trip)),
  from: (answer: unknown, trip: Trip) => {
    const moment = numberFrom(answer);
    return moment === undefined ? undefined : timeAt(moment, zoneIn(trip));
  },
} as const;
