import { type Trip, type Wire, choice } from "../../core/fields";
import { type Shape } from "../../core/document";
import { type Dependency, type WireInnerTask } from "./dependencies";
import { spellings, wordOf } from "./words";

/** How the wire spells values: parameters by operation, and what an answer means whatever JSON type it has. */

/** ModifyTaskInfo, and its successor on the mainland site. */
export const set = (name: string): Wire => ({ ModifyTaskInfo: name, ModifyTaskInfoDs: name });
/** The same where only the table of the successor says what the value is; it goes there where there is one. */
export const setBySuccessor = (name: string): Wire => ({ ModifyTaskInfoDs: name, ModifyTaskInfo: name });
/** The three reads of a task; the list of the operations centre has names of its own. */
export const shown = (name: string, listed = name): Wire => ({
  DescribeTaskDetailDs: name,
  DescribeDependTaskLists: name,
  DescribeOperateOpsTasks: listed,
});

/** What writes depend on beside the value. */
export interface WriteTerms {
  /** The creation token that the task carries. */
  readonly token?: string | undefined;
  /** The task was created here, and has its token in TaskExt too. */
  readonly made?: boolean;
  /** What the international site wants to be told of the tasks that dependencies name. */
  readonly known?: ReadonlyMap<string, WireInnerTask>;
  /** The live entries of TaskExt, and what of them was ours. */
  readonly extension?: { readonly live: Readonly<Record<string, string>>; readonly ours: Shapes };
  readonly projectId?: string;
  /** ModifyTaskInfo counts the longest run in seconds. */
  readonly ttlInSeconds?: boolean;
}

/** The declared keys of TaskExt, each with the shape of its JSON; an empty one for other text. */
export type Shapes = Readonly<Record<string, Shape>>;

/** What reads depend on beside the answer. */
export interface ReadTerms {
  readonly reading?: {
    readonly taskExt?: Shapes;
    readonly dependencies?: readonly Dependency[];
    readonly selfDepend?: "known" | "swapped";
    readonly countsRuns?: boolean;
  };
  /** What is known of the declared arguments. */
  readonly declared?: {
    readonly cycleType?: unknown;
    readonly selfDepend?: unknown;
    readonly owners?: readonly string[];
  };
  /** The word of SelfDepend means what we assume, although nothing has confirmed it for this task. */
  readonly trusting?: boolean;
}

export const writing = ({ terms }: Trip): WriteTerms => terms;
export const reading = ({ terms }: Trip): ReadTerms => terms;

export const isNothing = (value: unknown): value is null | undefined => value === undefined || value === null;

/** An id or a word, also where it comes as a number (contracts.md §6.33). */
export const asText = (answer: unknown): string | undefined =>
  typeof answer === "string"
    ? answer
    : typeof answer === "number" || typeof answer === "bigint"
      ? String(answer)
      : undefined;

/** A number, also where it comes as text (contracts.md §6.32). */
export function asNumber(answer: unknown): number | undefined {
  const value = typeof answer === "string" && answer.trim() !== "" ? Number(answer) : answer;
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** 1 and 0, also as text or as a truth value. */
export const asFlag = (answer: unknown): boolean | undefined =>
  isNothing(answer) || answer === "" ? undefined : answer === true || answer === "yes" || Number(answer) === 1;

/** Some reads wrap ids and names in semicolons, as in `;8738;` (contracts.md §4.2). */
export const unwrapped = (value: string): string => value.replace(/^[;\s]+|[;\s]+$/g, "");

export const decode = (base64: string): string => Buffer.from(base64, "base64").toString("utf8");
export const encode = (text: string): string => Buffer.from(text, "utf8").toString("base64");

/** A word of ours for a number on the wire. */
export const wordFor = <W extends string, N extends number>(words: Readonly<Record<W, N>>) => ({
  canonical: (value: W | N) => wordOf(words, value),
  to: (value: W | N) => (typeof value === "string" ? words[value] : value),
  from: (answer: unknown) => {
    const number = asNumber(answer);
    return number === undefined ? undefined : wordOf<string>(words, number);
  },
});

/** A choice between words, which may also be given as the wire's numbers. */
export const numbered = <W extends string, N extends number>(
  words: Readonly<Record<W, N>>,
  traits: { wire: Wire; default?: string; from?: (answer: unknown, trip: Trip) => unknown },
) => choice(spellings(words), { ...wordFor(words), ...traits });
