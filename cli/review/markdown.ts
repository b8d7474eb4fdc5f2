import { block, cell, code, folded, html, prose } from "./markdown-text";
import { mermaid } from "./mermaid";
import { IMPORTANCES } from "./model";
import { policyCounts, policyText } from "./policies";
import type {
  DocumentChange,
  PropertyChange,
  Review,
  ScheduleChange,
  ScheduleText,
  ScriptChange,
  TaskReview,
  Warning,
} from "./model";

/** GitHub takes 65,535 characters in a comment; some room is left for what a pipeline adds. */
export const LONGEST = 60_000;

/** So many violations of one policy are shown. */
const MOST_OF_A_RULE = 5;

/** So many resources that are no tasks are named. */
const MOST_OTHERS = 50;

/** How much of a task is shown: all of it, its table alone, or one line. */
const DETAILS = ["all", "table", "line"] as const;
type Detail = (typeof DETAILS)[number];

const SIGNS: Readonly<Record<TaskReview["operation"], string>> = {
  delete: "➖ delete",
  replace: "♻️ replace",
  update: "✏️ update",
  create: "➕ create",
};

const TITLES = {
  destructive: "Destructive",
  schedule: "Schedule shifts",
  change: "Other changes",
} as const;

/** Hidden in the text, so that a comment is found again and put in place of itself. */
export const marker = ({ project, stack }: Pick<Review, "project" | "stack">): string =>
  `<!-- data-tasks review ${encodeURIComponent(project ?? "")}/${encodeURIComponent(stack ?? "")} -->`;

/** The review for a pull request. `full`: however long it gets. `head`: what stands above instead of its own headline. */
export function markdown(
  review: Review,
  { full = false, longest = LONGEST, head = headOf(review) }: { full?: boolean; longest?: number; head?: string } = {},
): string {
  const others = review.warnings.filter(({ policy }) => policy === undefined);
  const warnings = besides(policyText(review, full ? Infinity : MOST_OF_A_RULE), warningsOf(others));
  const bodies = review.tasks.map((task) => ({ task, texts: DETAILS.map((detail) => taskText(task, detail)) }));
  const levels: number[] = bodies.map(() => 0);
  const lengthWith = (tail: readonly string[]) =>
    bodies.reduce(
      (sum, { texts }) => sum + (texts[0]?.length ?? 0) + 2,
      [head, warnings, ...tail].join("\n\n").length + 600,
    );
  const named = tailOf(review, full ? Infinity : MOST_OTHERS);
  // What are no tasks goes before anything of a task does.
  const tail = full || lengthWith(named) <= longest ? named : tailOf(review, 0);
  let length = lengthWith(tail);
  const foldedTasks = { table: 0, line: 0 };
  if (!full) {
    // The least important first, down to a line each, before anything of what is more important goes.
    for (const importance of [...IMPORTANCES].reverse()) {
      for (let level = 1; level < DETAILS.length && length > longest; level++) {
        for (let at = bodies.length - 1; at >= 0 && length > longest; at--) {
          if (bodies[at]?.task.importance !== importance) continue;
          const texts = bodies[at]?.texts ?? [];
          length += (texts[level]?.length ?? 0) - (texts[level - 1]?.length ?? 0);
          levels[at] = level;
        }
      }
    }
  }
  for (const level of levels) {
    if (level === 1) foldedTasks.table += 1;
    if (level === 2) foldedTasks.line += 1;
  }
  const lines = bodies.map(({ texts }, at) => texts[levels[at] ?? 0] ?? "");
  let left = 0;
  let shownTail: readonly string[] = tail;
  let shownWarnings = warnings;
  if (!full && length > longest) {
    // Still too long: the picture goes, then the last of the lines.
    shownTail = tail.filter((text) => !text.includes("```mermaid"));
    length -= tail.join("").length - shownTail.join("").length;
    if (shownWarnings.length > 6_000) {
      length -= shownWarnings.length;
      const left = `### Warnings\n\n${others.length} warnings stand in the full report.`;
      shownWarnings = besides(policyText(review, 0), others.length === 0 ? "" : left);
      length += shownWarnings.length;
    }
    while (lines.length > 0 && length > longest) {
      length -= (lines.pop()?.length ?? 0) + 2;
      left += 1;
    }
  }
  const sections = IMPORTANCES.flatMap((importance) => {
    const own = lines.filter((_, at) => bodies[at]?.task.importance === importance);
    const count = review.tasks.filter((task) => task.importance === importance).length;
    return count === 0 ? [] : [`### ${TITLES[importance]} (${count})`, joined(own)];
  });
  const cutShort = foldedNote(foldedTasks, left);
  return `${[head, ...(cutShort === "" ? [] : [cutShort]), ...sections, ...(shownWarnings === "" ? [] : [shownWarnings]), ...shownTail].join("\n\n")}\n`;
}

const besides = (...texts: readonly string[]): string => texts.filter((text) => text !== "").join("\n\n");

/** Tasks with an empty line between them; those of one line each are a list. */
const joined = (texts: readonly string[]): string =>
  texts
    .map(
      (text, at) =>
        `${at === 0 ? "" : text.startsWith("- ") && texts[at - 1]?.startsWith("- ") ? "\n" : "\n\n"}${text}`,
    )
    .join("");

function foldedNote({ table, line }: { table: number; line: number }, left: number): string {
  const parts = [
    ...(table > 0 ? [`documents and scripts of ${table} tasks`] : []),
    ...(line > 0 ? [`the properties of ${line} tasks`] : []),
    ...(left > 0 ? [`${left} tasks altogether`] : []),
  ];
  return parts.length === 0 ? "" : `> Left out for length: ${parts.join(", ")}. The full report has them.`;
}

export const plural = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`;

/** The headline in words, without marks. */
export function headline({ counts, tasks, others }: Review): string {
  const { create, update, replace, delete: gone, pause } = counts;
  if (tasks.length + others.length === 0) return "no task changes";
  const shifts = tasks.filter(({ importance }) => importance === "schedule").length;
  const plain =
    update - tasks.filter(({ operation, importance }) => operation === "update" && importance !== "change").length;
  const parts = [
    ...(gone > 0 ? [`${gone} deleted`] : []),
    ...(replace > 0 ? [`${replace} replaced`] : []),
    ...(pause > 0 ? [`${pause} paused`] : []),
    ...(shifts > 0 ? [plural(shifts, "schedule shift")] : []),
    ...(plain > 0 ? [`${plain} ${update > plain ? "otherwise " : ""}updated`] : []),
    ...(create > 0 ? [`${create} created`] : []),
    ...(others.length > 0 ? [plural(others.length, "other resource")] : []),
  ];
  return parts.join(", ");
}

/** How many writing calls there will be, and of which operations. */
export function writingCalls({ total, byOperation }: Review["calls"]): string {
  const operations = byOperation.map(({ operation, calls }) => `${operation} ${calls}`).join(", ");
  return `${plural(total, "writing call")}${operations === "" ? "" : ` (${operations})`}`;
}

/** What a preview without its unchanged resources can't tell. */
export const leftOutNote = (count: number): string =>
  `The preview leaves out ${plural(count, "unchanged resource")}: whether tasks wait there, and what policies have against them, is not known. \`pulumi preview --json --show-sames\` has them.`;

function headOf(review: Review): string {
  const { project, stack, counts, calls, hasBefore, leftOut = 0 } = review;
  const policies = policyCounts(review);
  const where = project === undefined ? "" : ` ${code(`${project}/${stack ?? ""}`)}`;
  const budget =
    calls.daily === undefined
      ? ""
      : `, ${Math.round((calls.total / calls.daily) * 100)} % of the ${calls.daily} calls that the edition allows in a day`;
  return [
    marker(review),
    `## Scheduled tasks${where}: ${headline(review)}`,
    ...(calls.total > 0 ? [`${writingCalls(calls)}${budget}; the tasks are read back besides.`] : []),
    ...(policies === "" ? [] : [`Policies: ${policies.includes("mandatory") ? `**${policies}**` : policies}.`]),
    ...(counts.unchanged > 0 ? [`${plural(counts.unchanged, "task")} unchanged.`] : []),
    ...(leftOut > 0 ? [leftOutNote(leftOut)] : []),
    ...(hasBefore ? [] : ["An update plan has no values from before the change: give `--state` to see them."]),
  ].join("\n\n");
}

function taskText(task: TaskReview, detail: Detail): string {
  const { operation, name, kind, id, resource } = task;
  const title = `${SIGNS[operation]} ${code(name)}`;
  if (detail === "line") return `- ${title} (${kind})${lineOf(task)}`;
  const called = resource === name ? "" : `, ${code(resource)} in the program`;
  const parts = [
    `#### ${title}`,
    `${kind}${called}${id === undefined ? "" : `, id ${code(id)}`}${task.reasons.map((reason) => `. ${sentence(reason)}`).join("")}${callsOf(task)}`,
    radius(task),
    task.schedule === undefined ? "" : scheduleText(task.schedule),
    tableOf(task),
    ...(detail === "all" ? [...task.documents.map(documentText), ...task.scripts.map(scriptText)] : []),
  ];
  return parts.filter((part) => part !== "").join("\n\n");
}

const sentence = (text: string): string => prose(text.charAt(0).toUpperCase() + text.slice(1));

function lineOf({ properties, documents, scripts, schedule, downstream }: TaskReview): string {
  const names = [
    ...properties.map(({ property }) => property),
    ...documents.map(({ property }) => property),
    ...scripts.map(({ property }) => property),
  ];
  const moved = schedule?.firstDifference === undefined ? "" : `; ${schedule.firstDifference}`;
  const waiting = downstream.length === 0 ? "" : `; ${plural(downstream.length, "task")} downstream`;
  return `${names.length === 0 ? "" : `: ${names.slice(0, 6).join(", ")}${names.length > 6 ? ", …" : ""}`}${moved}${waiting}`;
}

function callsOf({ calls, operation, id, reasons }: TaskReview): string {
  if (calls.length === 0)
    return operation === "update" && id !== undefined && reasons.length === 0 ? ". No call is needed" : "";
  return `. By ${calls.map((call) => call.operation).join(", ")}`;
}

/** So many tasks are named. */
const NAMED = 8;

function radius({ downstream, direct, operation }: TaskReview): string {
  if (downstream.length === 0) return "";
  const names = downstream
    .slice(0, NAMED)
    .map(({ name, where }) => `${code(name)}${where === "live" ? " (live)" : ""}`);
  const more = downstream.length > NAMED ? ` and ${downstream.length - NAMED} more` : "";
  const verb = operation === "delete" ? "waited" : "waiting";
  const directly =
    direct === downstream.length ? `${verb} for it directly` : `${direct} of them ${verb} for it directly`;
  return `**${plural(downstream.length, "task")} downstream**, ${directly}: ${names.join(", ")}${more}.`;
}

function tableOf({ properties, operation }: TaskReview): string {
  if (properties.length === 0) return "";
  if (operation === "create" || operation === "delete") {
    const given = properties.map(({ property, before, after }) => `${code(property)} ${code(after ?? before ?? "")}`);
    return folded(plural(properties.length, "property", "properties"), given.map((line) => `- ${line}`).join("\n"));
  }
  return changeTable(properties, SIDES);
}

/** What the two sides of a difference are called. */
export type Sides = readonly [before: string, after: string];
const SIDES: Sides = ["Before", "After"];

/** The properties that differ, a row each. */
export function changeTable(properties: readonly PropertyChange[], [one, other]: Sides): string {
  const rows = properties.map(({ property, before, after, callout }) => {
    const label = callout === undefined ? cell(property) : `**${cell(property)}** (${callout})`;
    return `| ${label} | ${before === undefined ? "—" : cell(before)} | ${after === undefined ? "—" : cell(after)} |`;
  });
  return [`| Property | ${one} | ${other} |`, "| --- | --- | --- |", ...rows].join("\n");
}

const MODES: Readonly<Record<ScheduleText["mode"], string>> = {
  runs: "",
  skips: "runs dry: each run succeeds at once without executing",
  paused: "paused: no run executes, and what depends on it is blocked",
  manual: "only started by hand",
  unknown: "by the service's own schedule",
};

export function scheduleText(
  { before, after, firstDifference, remarks }: ScheduleChange,
  [one, other]: Sides = ["before", "after"],
): string {
  const side = (label: string, text: ScheduleText | undefined): string[] => {
    if (text === undefined) return [];
    const words = [text.english, text.chinese].filter((each) => each !== undefined).map(html);
    const cron = text.cron === undefined ? "" : cell(text.cron);
    const said = [cron, ...words.map((each) => each.replaceAll("|", "\\|")), MODES[text.mode]].filter(
      (each) => each !== "",
    );
    return [`| ${label} | ${said.join("<br>")} | ${text.next.map(html).join("<br>") || "—"} | ${cell(text.zone)} |`];
  };
  const table = [
    "| Schedule | | Next runs | Zone |",
    "| --- | --- | --- | --- |",
    ...side(one, before),
    ...side(other, after),
  ].join("\n");
  const facts = [...(firstDifference === undefined ? [] : [firstDifference]), ...remarks];
  return facts.length === 0 ? table : `${table}\n\n${facts.map((fact) => `**${sentence(fact)}.**`).join(" ")}`;
}

export function documentText({ property, paths }: DocumentChange): string {
  const lines = paths.flatMap(({ path, before, after }) => [
    ...(before === undefined ? [] : [`- ${path}: ${before}`]),
    ...(after === undefined ? [] : [`+ ${path}: ${after}`]),
  ]);
  const count = paths.length === 1 ? "1 path differs" : `${paths.length} paths differ`;
  return folded(`${html(property)}: ${count}`, block("diff", lines.join("\n")));
}

export function scriptText({ property, diff, digests, source }: ScriptChange): string {
  if (diff !== undefined) {
    const from = source === undefined || source === "state" ? "" : `, the text before from ${source}`;
    return folded(`${html(property)}${from}`, block("diff", diff));
  }
  if (digests === undefined) return "";
  return `${code(property)}: the text before is not at hand; digest ${code(digests.before ?? "none")} → ${code(digests.after ?? "none")}`;
}

function warningsOf(warnings: readonly Warning[]): string {
  if (warnings.length === 0) return "";
  const lines = warnings.map(({ severity, code: name, message, task }) => {
    const whose = task === undefined ? "" : `${code(task)} `;
    return `- ${severity === "error" ? "**error** " : ""}${whose}${prose(message)}${name === undefined ? "" : ` ${code(name)}`}`;
  });
  return `### Warnings (${warnings.length})\n\n${lines.join("\n")}`;
}

function tailOf(review: Review, most: number): string[] {
  const picture = mermaid(review);
  const left =
    picture !== undefined && picture.left > 0 ? `\n\n${picture.left} more tasks are not in the picture.` : "";
  return [
    ...othersText(review.others, most),
    ...(picture === undefined ? [] : [folded("Who waits for whom", `${block("mermaid", picture.text)}${left}`)]),
  ];
}

function othersText(others: Review["others"], most: number): string[] {
  if (others.length === 0) return [];
  const all = plural(others.length, "other resource");
  if (most === 0) return [`${all}, which the full report names.`];
  const lines = others
    .slice(0, most)
    .map(({ operation, type, name }) => `- ${operation} ${code(name)} (${code(type)})`);
  const more = others.length - lines.length;
  return [folded(all, [...lines, ...(more > 0 ? [`- and ${more} more`] : [])].join("\n"))];
}
