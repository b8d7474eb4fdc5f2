import { inOneLine } from "./quoting";

/** One thing to say about the arguments, before any call. `reason` completes the sentence “<property> …”. */
export interface Finding {
  readonly severity: "error" | "warning";
  /** Stable, for the reference and for turning a caution off. */
  readonly code: string;
  readonly property: string;
  readonly reason: string;
  /** An error that is only our caution, and so may be turned off; every warning may. */
  readonly caution?: boolean;
}

/** What a user makes of a caution. */
export type Level = "off" | "warning" | "error";
export const LEVELS: readonly Level[] = ["off", "warning", "error"];
/** Levels by code; what is not named stays as it is. */
export type Levels = Readonly<Record<string, Level>>;

const LONGEST_PROPERTY = 200;
const LONGEST_REASON = 500;

export const error = (property: string, code: string, reason: string): Finding => ({
  severity: "error",
  code,
  // Both may hold what the user wrote, however long and whatever is in it.
  property: inOneLine(property, LONGEST_PROPERTY),
  reason: inOneLine(reason, LONGEST_REASON),
});
/** A refusal that nobody's document demands. */
export const caution = (property: string, code: string, reason: string): Finding => ({
  ...error(property, code, reason),
  caution: true,
});
export const warning = (property: string, code: string, reason: string): Finding => ({
  ...error(property, code, reason),
  severity: "warning",
});

/** The findings as the user wants them: cautions turned off are gone, others are raised or lowered. */
export function withLevels(findings: readonly Finding[], levels: Levels): Finding[] {
  return findings.flatMap((finding) => {
    const level = Object.hasOwn(levels, finding.code) ? levels[finding.code] : undefined;
    const settled = finding.severity === "error" && finding.caution !== true;
    if (level === undefined || settled) return [finding];
    return level === "off" ? [] : [{ ...finding, severity: level }];
  });
}

/** A finding as a sentence, with its code. */
export const sentenceOf = ({ property, reason, code }: Finding): string => `${property} ${reason} [${code}]`;
