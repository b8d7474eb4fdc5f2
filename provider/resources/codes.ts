import { LEVELS, type Finding, type Level, type Levels, error } from "../core/findings";
import { type Rule, meant, show } from "../core/check";
import { isObject } from "../core/fields";

/** What stands behind the code of an error or a warning; the page of the reference is made from it. */
export interface Code {
  readonly severity: "error" | "warning";
  /** An error that is only our caution: it may be lowered or turned off, as every warning may. */
  readonly caution?: true;
  /** Why it is said. */
  readonly cause: string;
  /** What to do. */
  readonly remedy: string;
}

/** Every code there is, in the order of the reference. */
export const CODES = {
  "unknown-property": {
    severity: "error",
    cause: "The property is not one of this resource, or not one at this place.",
    remedy: "Spell it as the sentence suggests, or look it up in the reference.",
  },
  required: {
    severity: "error",
    cause: "A property is missing without which the task can't be made, or which another property asks for.",
    remedy: "Give it.",
  },
  type: {
    severity: "error",
    cause: "The value is of another type than the property takes.",
    remedy: "Write numbers without quotes, ids in quotes, lists in brackets.",
  },
  empty: {
    severity: "error",
    cause: "An empty value has no meaning to the service here: it would be accepted and change nothing.",
    remedy: "Leave the property out to keep what the service has.",
  },
  enum: {
    severity: "error",
    cause: "The value is not one of the words or numbers that the service knows.",
    remedy: "Use one of those that the sentence lists.",
  },
  length: { severity: "error", cause: "The text is too long.", remedy: "Shorten it." },
  range: {
    severity: "error",
    cause: "The number lies outside the documented limits, or between its steps.",
    remedy: "Use a value inside the limits that the sentence names.",
  },
  format: {
    severity: "error",
    cause: "The text does not have the documented form.",
    remedy: "Write it as the sentence shows.",
  },
  json: { severity: "error", cause: "The text is no JSON object.", remedy: "Give an object, or valid JSON." },
  cycle: {
    severity: "error",
    cause: "Tasks of the program wait for each other in a circle within one cycle, so that none of them would ever run.",
    remedy: "Take one of the dependencies out, or wait for the previous cycle instead.",
  },
  "duplicate-output": {
    severity: "error",
    cause: "Two tasks of one workspace and environment have the same output, which is unique there.",
    remedy: "Give one of them another output.",
  },
  "prod-on-dev": {
    severity: "error",
    caution: true,
    cause:
      "A task in production waits for a task of the development environment. By object or id that is certain, and can't be turned off; by an output it is our caution: the output may be produced in production by somebody else.",
    remedy: "Depend on the task of production; declare it before the task that waits for its output.",
  },
  "unproduced-output": {
    severity: "warning",
    cause: "No task of the program has the output that a dependency names: it is misspelt, or lives elsewhere.",
    remedy: "Correct it, look the task up with `getDataWorksTask`, or turn the warning off.",
  },
  "kept-value": {
    severity: "warning",
    cause: "A property was taken away that no operation clears.",
    remedy: "Declare the value that you want, or leave it: the service keeps the old one, and it is not compared.",
  },
} satisfies Record<string, Code>;

const known: Readonly<Record<string, Code>> = CODES;

/** Whether a code may be turned off, lowered or raised. */
export const isSettable = (code: string): boolean =>
  Object.hasOwn(known, code) && (known[code]?.severity === "warning" || known[code]?.caution === true);

/** What is wrong with one entry of a setting of rules, or `undefined`. */
export function problemOfLevel(code: string, level: unknown): string | undefined {
  const settable = Object.keys(known).filter(isSettable);
  if (!Object.hasOwn(known, code)) return `is no code of a rule${meant(code, settable)}`;
  if (!isSettable(code)) return "is an error that the documents demand, and can't be turned off";
  if (!LEVELS.includes(level as Level)) return `must be one of ${LEVELS.join(", ")}, got ${show(level)}`;
  return undefined;
}

/** The rule over the argument `rules` itself. */
export const levelRule: Rule = function* ({ value }) {
  const given = value("rules");
  if (!isObject(given)) return;
  for (const [code, level] of Object.entries(given)) {
    const problem = problemOfLevel(code, level);
    if (problem !== undefined) yield error(`rules.${code}`, "enum", problem) satisfies Finding;
  }
};

/** The levels that a stack configures as a JSON object; what is no level is left out, since the program has said so. */
export function levelsFrom(text: string | undefined): Levels {
  try {
    const parsed: unknown = JSON.parse(text ?? "{}");
    if (!isObject(parsed)) return {};
    return Object.fromEntries(
      Object.entries(parsed).filter(([code, level]) => problemOfLevel(code, level) === undefined),
    ) as Levels;
  } catch {
    return {};
  }
}
