import { LONGEST, headline, markdown as reviewMarkdown, plural, writingCalls } from "../review/markdown";
import { cell, code, folded, prose } from "../review/markdown-text";
import type { Difference, Promotion } from "./model";

/** So many rows are shown of what is unexplained, and of what is declared. */
const MOST_UNEXPLAINED = 120;
const MOST_DECLARED = 40;
/** However many they are, rows of long values leave room for the review. */
const LONGEST_UNEXPLAINED = 25_000;
const LONGEST_DECLARED = 10_000;
/** So many remarks are told. */
const MOST_REMARKS = 20;
/** So many tasks are named in a row. */
const NAMED = 5;

/** Hidden in the text, so that a comment is found again and put in place of itself. */
const marker = ({ project = "", from, to }: Promotion): string =>
  `<!-- data-tasks promotion ${[project, from, to].map(encodeURIComponent).join("/")} -->`;

/** The counts in words. */
export function promotionHeadline({ counts, review }: Promotion): string {
  const { unexplained, pending, declared } = counts;
  const changes = review.tasks.length + review.others.length;
  if (unexplained + pending + declared + changes === 0) return "both stacks are the same";
  return [
    ...(unexplained > 0 ? [`${unexplained} unexplained`] : []),
    ...(pending > 0 || changes > 0 ? [`${pending} pending (${headline(review)})`] : ["nothing pending"]),
    ...(declared > 0 ? [`${declared} declared`] : []),
  ].join(", ");
}

/** The promotion card: what is unexplained first, then what is pending as a review tells it, then what is declared, folded. */
export function promotionMarkdown(promotion: Promotion): string {
  const { project, from, to, differences, remarks, review } = promotion;
  const where = `${project === undefined ? "" : `${code(project)} `}${code(from)} → ${code(to)}`;
  const unexplained = differences.filter(({ kind }) => kind === "unexplained");
  const more = remarks.length - MOST_REMARKS;
  const told = [...remarks.slice(0, MOST_REMARKS), ...(more > 0 ? [`${more} more stand in the JSON document`] : [])];
  const head = [
    marker(promotion),
    `## Promotion ${where}: ${promotionHeadline(promotion)}`,
    ...(told.length > 0 ? [told.map((remark) => `> **Note:** ${prose(remark)}`).join("\n>\n")] : []),
    ...(unexplained.length > 0
      ? [
          `### Unexplained (${unexplained.length})`,
          `No declaration explains these. The promotion is not deployed while there are any.`,
          table(unexplained, promotion, MOST_UNEXPLAINED, LONGEST_UNEXPLAINED),
        ]
      : []),
    pendingHead(promotion),
  ].join("\n\n");
  const declared = declaredText(promotion);
  const changes = review.tasks.length + review.others.length > 0;
  const body =
    changes || review.warnings.length > 0
      ? reviewMarkdown(review, { head, longest: LONGEST - declared.length - 10 }).trimEnd()
      : head;
  return `${[body, ...(declared === "" ? [] : [declared])].join("\n\n")}\n`;
}

function pendingHead({ counts, to, review }: Promotion): string {
  if (counts.pending === 0 && review.tasks.length + review.others.length === 0)
    return `### Pending (0)\n\nThe program brings nothing to ${code(to)}.`;
  const { calls, counts: tasks } = review;
  return [
    `### Pending (${counts.pending})`,
    ...(calls.total > 0 ? [`${writingCalls(calls)}.`] : []),
    ...(tasks.unchanged > 0 ? [`${plural(tasks.unchanged, "task")} unchanged.`] : []),
  ].join("\n\n");
}

function declaredText(promotion: Promotion): string {
  const declared = promotion.differences.filter(({ kind }) => kind === "declared");
  if (declared.length === 0) return "";
  return folded(
    plural(declared.length, "declared difference"),
    table(declared, promotion, MOST_DECLARED, LONGEST_DECLARED),
  );
}

/** A row for all tasks in which the same property differs in the same way. */
function table(differences: readonly Difference[], { from, to }: Promotion, most: number, longest: number): string {
  const rows = new Map<string, { readonly first: Difference; readonly tasks: string[] }>();
  for (const difference of differences) {
    const { property, from: was, now, after, reason } = difference;
    const key = JSON.stringify([property, was, now, after, reason]);
    const row = rows.get(key) ?? { first: difference, tasks: [] };
    row.tasks.push(difference.task);
    rows.set(key, row);
  }
  const value = (text: string | undefined) => (text === undefined ? "—" : cell(text));
  const all = [...rows.values()].map(({ first, tasks }) => {
    const named = tasks.slice(0, NAMED).map(cell).join(", ");
    const more = tasks.length > NAMED ? ` and ${tasks.length - NAMED} more` : "";
    const { property, from: was, now, after } = first;
    return `| ${named}${more} | ${property === undefined ? "the task" : cell(property)} | ${value(was)} | ${value(now)} | ${value(after)} | ${prose(first.reason)} |`;
  });
  const shown: string[] = [];
  let length = 0;
  for (const row of all.slice(0, most)) {
    length += row.length + 1;
    if (length > longest && shown.length > 0) break;
    shown.push(row);
  }
  const more = all.length - shown.length;
  const left = more > 0 ? `\n\n${plural(more, "more row stands", "more rows stand")} in the JSON document.` : "";
  const heading = `| Task | Property | ${cell(from)} | ${cell(to)} now | ${cell(to)} after | Why |`;
  return [heading, "| --- | --- | --- | --- | --- | --- |", ...shown].join("\n") + left;
}
