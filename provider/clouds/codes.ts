import type { ErrorClass } from "../core/errors";
import type { Verdict } from "./transport";

/** Codes of one cloud that mean the same; the page of the reference is made from it. */
export interface Codes {
  /** `*` stands for anything, `#` for digits alone. */
  readonly codes: readonly string[];
  readonly errorClass: ErrorClass;
  /** The call may have taken effect all the same. */
  readonly unclear?: true;
  /** What the code says, as far as a document or an observation goes. */
  readonly meaning: string;
}

/** A function that gives the verdict on a code: that of the first entry with a pattern which fits. */
export function classifier(table: readonly Codes[]): (code: string) => Verdict | undefined {
  const patterns = table.flatMap(({ codes, errorClass, unclear }) =>
    codes.map((code) => ({ pattern: patternOf(code), verdict: { errorClass, ...(unclear && { unclear }) } })),
  );
  return (code) => patterns.find(({ pattern }) => pattern.test(code))?.verdict;
}

const patternOf = (text: string): RegExp =>
  new RegExp(`^${text.replace(/\./g, "\\.").replace(/\*/g, ".*").replace(/#/g, "\\d+")}$`);
