import { styleText } from "node:util";
import type { Report } from "../engine-stack";
import { trimmedDiff } from "./trimmed-diff";

type Style = Parameters<typeof styleText>[0];

/** The text in colour on a terminal that shows colours, and as it is anywhere else. */
export function paint(style: Style, text: string): string {
  return process.stdout.isTTY && process.stdout.hasColors() ? styleText(style, text, { validateStream: false }) : text;
}

export const say = (text = ""): void => void process.stdout.write(`${text}\n`);

let steps = 0;

/** A numbered heading, and one sentence that says what happens under it and why. */
export function heading(title: string, sentence: string): void {
  say(`\n${paint("bold", `${++steps}. ${title}`)}\n   ${paint("dim", sentence)}\n`);
}

/** The line a user would type; the time it took follows when it is done. */
export async function command<T extends Report>(line: string, run: () => Promise<T>): Promise<T> {
  process.stdout.write(`   ${paint("cyan", `$ ${line}`)} `);
  try {
    const report = await run();
    say(paint("dim", `(${(report.milliseconds / 1000).toFixed(1)} s)`));
    return report;
  } catch (error) {
    say();
    throw error;
  }
}

const marks: Readonly<Record<string, { mark: string; style: Style; done: string }>> = {
  create: { mark: "+", style: "green", done: "created" },
  update: { mark: "~", style: "yellow", done: "updated" },
  delete: { mark: "-", style: "red", done: "deleted" },
  replace: { mark: "±", style: "magenta", done: "replaced" },
  same: { mark: " ", style: "dim", done: "unchanged" },
};
const markOf = (op: string) => marks[op] ?? { mark: "·", style: "dim" as const, done: op };

/** `dataworks:Task` for `pulumi-nodejs:dynamic/dataworks:Task`. */
export const shortType = (type: string): string => type.replace(/^(pulumi-nodejs:dynamic\/|pulumi-data-tasks:)/, "");

/** One line for each resource that the engine touched, the stack itself aside. */
export function resources({ changes }: Report): void {
  for (const { op, type, name } of changes) {
    if (type === "pulumi:pulumi:Stack") continue;
    const { mark, style } = markOf(op);
    say(`   ${paint(style, mark)} ${name} ${paint("dim", shortType(type))}`);
  }
}

/** The engine's own field-by-field difference, without what stays the same. */
export function difference({ text }: Report): void {
  for (const line of trimmedDiff(text)) {
    const { style } = Object.values(marks).find(({ mark }) => mark !== " " && line.trimStart().startsWith(mark)) ?? {};
    say(`   ${style === undefined ? line : paint(style, line)}`);
  }
}

let explained = false;

/** How many resources got what, such as `5 to update, 5 unchanged`; a run that has happened says `updated`. */
export function totals({ summary }: Report, happened: boolean): void {
  const parts = Object.entries(summary)
    .filter(([, count]) => count > 0)
    .sort(([one], [other]) => Number(one === "same") - Number(other === "same"))
    .map(([op, count]) => `${count} ${happened || op === "same" ? markOf(op).done : `to ${op}`}`);
  say(`   ${paint("bold", parts.join(", "))}${explained ? "" : paint("dim", " (the stack itself counts as one)")}`);
  explained = true;
}

const shown = new Set<string>();

/** Warnings that were not shown before: the first few, and how many more there are. */
export function warnings({ diagnostics }: Report, atMost = 3): void {
  const fresh = diagnostics
    .filter(({ severity, message }) => severity === "warning" && !shown.has(message))
    .map(({ message }) => message);
  for (const message of fresh) shown.add(message);
  for (const message of fresh.slice(0, atMost)) say(`   ${paint("yellow", "!")} ${message.trim()}`);
  if (fresh.length > atMost) say(paint("dim", `   ! … and ${fresh.length - atMost} more warnings of this kind`));
}
