import type { Context } from "../service";
import { position } from "./switches";

/** How a cycle is called in the three vocabularies: the number on input, the word on read, the letter in the list of operations. */
const cycles: Readonly<Record<number, { word: string; letter: string }>> = {
  0: { word: "CRONTAB_CYCLE", letter: "C" },
  1: { word: "MINUTE_CYCLE", letter: "I" },
  2: { word: "HOUR_CYCLE", letter: "H" },
  3: { word: "DAY_CYCLE", letter: "D" },
  4: { word: "WEEK_CYCLE", letter: "W" },
  5: { word: "MONTH_CYCLE", letter: "M" },
  6: { word: "ONEOFF_CYCLE", letter: "O" },
  12: { word: "YEAR_CYCLE", letter: "Y" },
  // Nobody has published the words of these four. A reader must live with words it does not know: these are ours.
  7: { word: "USER_DRIVEN_CYCLE", letter: "R" },
  10: { word: "FLEXIBLE_WEEK_CYCLE", letter: "W" },
  11: { word: "FLEXIBLE_MONTH_CYCLE", letter: "M" },
  13: { word: "INSTANT_CYCLE", letter: "R" },
};

/** The word for a cycle on read. */
export const cycleWord = (cycle: number): string => cycles[cycle]?.word ?? "DAY_CYCLE";

/** A cycle in a read: a word, a letter or a number, as the switch says. */
export function cycleAnswer(cycle: number, context: Pick<Context, "switches">): string {
  const form = position(context, "cycleTypeAnswers");
  return form === "letter" ? cycleLetter(cycle) : form === "number" ? String(cycle) : cycleWord(cycle);
}

/** A self dependency in a read: a word, or the number of the write side. */
export function selfDependAnswer(kind: number, context: Pick<Context, "switches">): string | null {
  if (position(context, "selfDependAnswers") === "number") return String(kind);
  return selfDependWords(context)[kind - 1] ?? null;
}

/** The letter for a cycle in the list of operations. */
export const cycleLetter = (cycle: number): string => cycles[cycle]?.letter ?? "D";

/** The number of a cycle given as a number or as its word; undefined when it is neither. */
export function cycleNumber(value: unknown): number | undefined {
  const known = Object.keys(cycles).map(Number);
  return known.find((cycle) => cycleWord(cycle) === value || String(cycle) === String(value));
}

/** The words of the self dependencies 1, 2, 3, in the order the switch chooses. */
export const selfDependWords = (context: Pick<Context, "switches">): string[] =>
  position(context, "selfDependWords") === "ordered-is-serial"
    ? ["serial", "orderly", "parallel"]
    : ["orderly", "serial", "parallel"];

/** What a task type is called and where it is sorted in. */
export function taskType(id: number): { TypeId: number; TypeDesc: string; TypeSort: string } {
  const known: Readonly<Record<number, string>> = {
    26: "Offline Sync",
    30: "Python",
    31: "PySpark",
    32: "DLC SQL",
    33: "Impala",
    34: "Hive SQL",
    35: "Shell",
    36: "Spark SQL",
    39: "Spark",
    40: "TCHouse-P",
    92: "MapReduce",
  };
  const TypeSort = id === 26 ? "Data Integration" : id === 35 || id === 30 ? "General" : "EMR";
  return { TypeId: id, TypeDesc: known[id] ?? `Type ${id}`, TypeSort };
}

/** A time as WeData writes it: `yyyy-MM-dd HH:mm:ss` in UTC+8. */
export const clock = (milliseconds: number): string =>
  new Date(milliseconds + 8 * 3_600_000).toISOString().slice(0, 19).replace("T", " ");

/** A value wrapped in semicolons, as lists of names and ids come back; nothing stays nothing. */
export const wrapped = (value: string): string | null => (value === "" ? null : `;${value.replace(/^;|;$/g, "")};`);
