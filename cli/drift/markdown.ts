import { block, code, folded, prose } from "../review/markdown-text";
import { LONGEST, type Sides, changeTable, documentText, plural, scheduleText, scriptText } from "../review/markdown";
import type { Drift, TakeOver, TaskDrift } from "./model";

const SIDES: Sides = ["Deployed", "Live"];

/** The headline in words, without marks. */
export function headline({ counts: { edited, unsure, gone, unread } }: Drift): string {
  const parts = [
    ...(gone > 0 ? [`${plural(gone, "task")} gone`] : []),
    ...(edited > 0 ? [`${plural(edited, "task")} edited outside of the program`] : []),
    ...(unsure > 0 ? [`${plural(unsure, "task")} not as declared, perhaps by an update that failed`] : []),
    ...(unread > 0 ? [`${plural(unread, "task")} could not be read`] : []),
  ];
  return parts.length === 0 ? "no drift" : parts.join(", ");
}

/** The report as Markdown of at most 60,000 characters: the last details go first, and the text says so. */
export function markdown(drift: Drift, longest = LONGEST): string {
  const { project, stack, counts } = drift;
  const where = project === undefined ? "" : ` ${code(`${project}/${stack ?? ""}`)}`;
  const gone = drift.tasks.filter(({ what }) => what === "gone");
  const edited = drift.tasks.filter(({ what }) => what !== "gone");
  const title = counts.unsure > 0 ? "Edited, or left so by an update that failed" : "Edited";
  const fixed = [
    `<!-- data-tasks drift ${encodeURIComponent(project ?? "")}/${encodeURIComponent(stack ?? "")} -->`,
    `## Drift${where}: ${headline(drift)}`,
    ...(counts.same > 0 ? [`${plural(counts.same, "task")} as deployed.`] : []),
    ...(gone.length === 0
      ? []
      : [
          `### Gone (${gone.length})`,
          "Deleted outside of the program; the next `pulumi up` makes them again.",
          some(
            gone.map(
              ({ name, kind, id, resource }) =>
                `- ${code(name)} (${kind}, ${code(resource)} in the program, id ${code(id)})`,
            ),
          ),
        ]),
    ...(counts.unread === 0 ? [] : [`### Not read (${counts.unread})`, some(byReason(drift))]),
  ];
  const tail = drift.takeOver === undefined ? [] : [takeOverText(drift.takeOver, longest / 3)];
  const room = longest - [...fixed, ...tail].join("\n\n").length - 400;
  const bodies = shortened(edited, room);
  return `${[...fixed, ...(edited.length > 0 ? [`### ${title} (${edited.length})`, ...bodies] : []), ...tail].join("\n\n")}\n`;
}

/** So many lines of a list are shown. */
const MOST_LINES = 100;
const some = (lines: readonly string[]): string =>
  [
    ...lines.slice(0, MOST_LINES),
    ...(lines.length > MOST_LINES ? [`- and ${lines.length - MOST_LINES} more`] : []),
  ].join("\n");

/** What went wrong for many tasks in the same way is told once. */
function byReason({ unread }: Drift): string[] {
  const names = new Map<string, string[]>();
  for (const { name, reason } of unread) names.set(reason, [...(names.get(reason) ?? []), name]);
  return [...names].map(([reason, [first = "", ...others]]) => {
    const more = others.length === 0 ? "" : ` and ${others.length} more`;
    return `- ${code(first)}${more}: ${prose(reason)}`;
  });
}

/** The tasks whole, then without documents and scripts, then a line each, until they fit. */
function shortened(tasks: readonly TaskDrift[], room: number): string[] {
  const details = [taskText, tableText, lineText];
  const levels = tasks.map(() => 0);
  const texts = tasks.map((task) => details.map((detail) => detail(task)));
  let length = texts.reduce((sum, [whole = ""]) => sum + whole.length + 2, 0);
  for (let level = 1; level < details.length; level++) {
    for (let at = tasks.length - 1; at >= 0 && length > room; at--) {
      length += (texts[at]?.[level]?.length ?? 0) - (texts[at]?.[level - 1]?.length ?? 0);
      levels[at] = level;
    }
  }
  const shown = texts.map((each, at) => each[levels[at] ?? 0] ?? "");
  let left = 0;
  while (shown.length > 0 && length > room) {
    length -= (shown.pop()?.length ?? 0) + 2;
    left += 1;
  }
  const cut = levels.filter((level) => level > 0).length;
  if (cut === 0 && left === 0) return shown;
  const note = `> Left out for length: ${[...(cut > 0 ? [`details of ${cut} tasks`] : []), ...(left > 0 ? [`${left} tasks altogether`] : [])].join(", ")}. \`--json\` has them.`;
  return [note, ...shown];
}

const titleOf = ({ name, kind, resource, id, position, editor, edited }: TaskDrift): string => {
  const called = resource === name ? "" : `, ${code(resource)} in the program`;
  const where = position === undefined ? "" : `, ${code(`${position.file}:${position.line}`)}`;
  const who = [
    ...(editor === undefined ? [] : [`by ${code(editor)}`]),
    ...(edited === undefined ? [] : [`at ${edited}`]),
  ];
  return `#### ${code(name)}\n\n${kind}${called}${where}, id ${code(id)}${who.length === 0 ? "" : `. Edited last ${who.join(" ")}`}`;
};

const unsureText = (paths: readonly string[]): string =>
  `What was deployed last of ${paths.map(code).join(", ")} is not certain, because an update failed or a refresh found it changed; the next \`pulumi up\` sends it again.`;

const tableText = (task: TaskDrift): string =>
  [
    titleOf(task),
    task.unsure === undefined ? "" : unsureText(task.unsure),
    task.schedule === undefined ? "" : scheduleText(task.schedule, ["deployed", "live"]),
    task.properties.length === 0 ? "" : changeTable(task.properties, SIDES),
  ]
    .filter((part) => part !== "")
    .join("\n\n");

const taskText = (task: TaskDrift): string =>
  [tableText(task), ...task.documents.map(documentText), ...task.scripts.map(scriptText)]
    .filter((part) => part !== "")
    .join("\n\n");

const lineText = ({ name, kind, properties, documents, scripts }: TaskDrift): string => {
  const names = [...properties, ...documents, ...scripts].map(({ property }) => property);
  return `- ${code(name)} (${kind}): ${names.slice(0, 6).join(", ")}${names.length > 6 ? ", …" : ""}`;
};

function takeOverText({ patch, written, edits }: TakeOver, longest: number): string {
  const byHand = edits.filter(({ reason }) => reason !== undefined);
  const parts = [
    "### Taking the edits over",
    ...(patch === ""
      ? []
      : [
          written ? "Written into the program:" : "As a patch of the program, which `--write` applies:",
          patch.length > longest
            ? `The patch has ${patch.length} characters; \`--patch <file>\` writes it.`
            : folded("patch", block("diff", patch.trimEnd())),
        ]),
    ...(byHand.length === 0 ? [] : ["Not in the patch:", ...byHandTexts(byHand, longest)]),
  ];
  return parts.join("\n\n");
}

/** What is to be put in by hand, and why. */
function byHandTexts(edits: TakeOver["edits"], longest: number): string[] {
  const texts: string[] = [];
  let length = 0;
  for (const { task, property, reason = "", snippet } of edits) {
    const line = `- ${code(task)} ${code(property)}: ${prose(reason)}`;
    const text = snippet === undefined ? line : `${line}\n\n${block("ts", snippet).replace(/^(?=.)/gm, "  ")}`;
    length += text.length;
    if (length > longest) return [...texts, `and ${edits.length - texts.length} more, which \`--json\` has.`];
    texts.push(text);
  }
  return texts;
}
