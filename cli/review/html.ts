import { createHash } from "node:crypto";
import { headline, leftOutNote, plural, writingCalls } from "./markdown";
import { html } from "./markdown-text";
import type { DocumentChange, Review, ScheduleText, ScriptChange, TaskReview } from "./model";
import { SCRIPT } from "./page-script";
import { policyCounts, violationsByRule } from "./policies";
import { STYLE } from "./page-style";
import { picture } from "./picture";
import { sideBySide } from "./side-by-side";

const code = (text: string): string => `<code>${html(text)}</code>`;
const hashed = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** The review as one page that needs no network, and lets none be used: what somebody wrote into a task runs nowhere. */
export function page(review: Review): string {
  const { project, stack, counts, calls, at, tasks, hasBefore, leftOut = 0 } = review;
  const title = `${project === undefined ? "Scheduled tasks" : `${project}/${stack ?? ""}`}: ${headline(review)}`;
  const policy = `default-src 'none'; style-src ${hashed(STYLE)}; script-src ${hashed(SCRIPT)}; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${html(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<h1>${html(title)}</h1>
<p class="soft">${html(writingCalls(calls))}; ${plural(counts.unchanged, "task")} unchanged. Fire times from ${html(at)}.${hasBefore ? "" : " An update plan has no values from before the change."}${leftOut > 0 ? ` ${html(leftOutNote(leftOut).replaceAll("`", ""))}` : ""}</p>
${[policies(review), warnings(review)].filter((part) => part !== "").join("\n")}
<h2 id="tasks">Tasks</h2>
${tasks.length === 0 ? "<p>No task changes.</p>" : `${controls(review)}\n${tasks.map(taskHtml).join("\n")}`}
${pictureOf(review)}
${calendar(review)}
<script>${SCRIPT}</script>
</body>
</html>
`;
}

function policies(review: Review): string {
  const rules = violationsByRule(review);
  if (rules.length === 0) return "";
  const lines = rules.map(({ rule, level, description, violations }) => {
    const own = violations.map(
      ({ task, message }) => `<li>${task === undefined ? "" : `${code(task)} `}${html(message)}</li>`,
    );
    const mark = level === "mandatory" ? "<strong>mandatory</strong> " : "";
    return `<details${level === "mandatory" ? " open" : ""}><summary>${mark}${code(rule)} ${html(description)} <span class="soft">${violations.length}</span></summary><ul>${own.join("\n")}</ul></details>`;
  });
  return `<h2>Policies: ${policyCounts(review)}</h2>\n${lines.join("\n")}`;
}

function warnings({ warnings: all }: Review): string {
  const list = all.filter(({ policy }) => policy === undefined);
  if (list.length === 0) return "";
  const lines = list.map(
    ({ severity, code: name, message, task }) =>
      `<li>${severity === "error" ? "<strong>error</strong> " : ""}${task === undefined ? "" : `${code(task)} `}${html(message)}${name === undefined ? "" : ` ${code(name)}`}</li>`,
  );
  return `<h2>Warnings (${list.length})</h2>\n<ul>${lines.join("\n")}</ul>`;
}

/** What a task is found by: what happens to it, and how important that is. */
const kindsOf = (task: TaskReview): string[] => [
  task.operation,
  task.importance,
  ...(task.schedule?.after?.mode === "paused" && task.operation !== "delete" ? ["pause"] : []),
];

function controls({ tasks }: Review): string {
  const kinds = ["destructive", "schedule", "delete", "replace", "pause", "update", "create"]
    .map((kind) => ({ kind, count: tasks.filter((task) => kindsOf(task).includes(kind)).length }))
    .filter(({ count }) => count > 0);
  const buttons = kinds.map(
    ({ kind, count }) => `<button type="button" value="${kind}" aria-pressed="false">${kind} ${count}</button>`,
  );
  return `<input type="search" placeholder="Search tasks, properties, values ( / )" aria-label="Search tasks, properties, values">
<div class="filters">${buttons.join("")}<span id="count" class="soft" role="status"></span></div>`;
}

function taskHtml(task: TaskReview, index: number): string {
  const { operation, name, kind, resource, id, reasons, calls, importance } = task;
  const mark = kindsOf(task).includes("pause") ? "pause" : importance === "schedule" ? "schedule" : operation;
  const words = [
    ...[name, resource, kind, id ?? "", ...reasons],
    ...task.properties.flatMap(({ property, before, after }) => [property, before ?? "", after ?? ""]),
    ...[...task.documents, ...task.scripts].map(({ property }) => property),
    ...calls.map((call) => call.operation),
  ];
  const by = calls.length === 0 ? "" : ` By ${calls.map((call) => html(call.operation)).join(", ")}.`;
  const facts = `${html(kind)}${resource === name ? "" : `, ${code(resource)} in the program`}${id === undefined ? "" : `, id ${code(id)}`}.${reasons.map((reason) => ` ${html(reason.charAt(0).toUpperCase() + reason.slice(1))}.`).join("")}${by}`;
  const body = [
    `<p class="soft">${facts}</p>`,
    downstream(task),
    schedule(task),
    properties(task),
    ...task.documents.map(documentHtml),
    ...task.scripts.map(scriptHtml),
  ];
  const summary = `<span class="mark ${mark}">${mark}</span> ${code(name)} <span class="soft">${html(gist(task))}</span>`;
  return `<details class="task" id="task-${index + 1}" data-kind="${kindsOf(task).join(" ")}" data-text="${html(words.join(" ").toLowerCase())}"${importance === "destructive" ? " open" : ""}>
<summary>${summary}</summary>
<div class="body">${body.filter((part) => part !== "").join("\n")}</div>
</details>`;
}

function gist({ properties: list, documents, scripts, downstream: waiting }: TaskReview): string {
  const names = [...list, ...documents, ...scripts].map(({ property }) => property);
  const shown = `${names.slice(0, 4).join(", ")}${names.length > 4 ? ", …" : ""}`;
  return `${shown}${waiting.length === 0 ? "" : `${shown === "" ? "" : "; "}${waiting.length} downstream`}`;
}

function downstream({ downstream: list, direct }: TaskReview): string {
  if (list.length === 0) return "";
  const names = list.map(({ name, where }) => `${code(name)}${where === "live" ? " (live)" : ""}`);
  return `<p><strong>${list.length} downstream</strong>, ${direct} directly: ${names.slice(0, 50).join(", ")}${names.length > 50 ? " …" : ""}</p>`;
}

function schedule({ schedule: change }: TaskReview): string {
  if (change === undefined) return "";
  const row = (label: string, text: ScheduleText | undefined): string => {
    if (text === undefined) return "";
    const words = [text.english, text.chinese].filter((each) => each !== undefined).map(html);
    const said = [
      text.cron === undefined ? "" : code(text.cron),
      ...words,
      text.mode === "runs" ? "" : html(text.mode),
    ];
    return `<tr><th scope="row">${label}</th><td>${said.filter((each) => each !== "").join("<br>")}</td><td>${text.next.map(html).join("<br>") || "—"}</td><td>${code(text.zone)}</td></tr>`;
  };
  const facts = [...(change.firstDifference === undefined ? [] : [change.firstDifference]), ...change.remarks];
  const said = facts.map((fact) => `<strong>${html(fact.charAt(0).toUpperCase() + fact.slice(1))}.</strong>`).join(" ");
  return `<div class="scroll" tabindex="0"><table><thead><tr><th>Schedule</th><th></th><th>Next runs</th><th>Zone</th></tr></thead><tbody>${row("before", change.before)}${row("after", change.after)}</tbody></table></div>${said === "" ? "" : `<p>${said}</p>`}`;
}

function properties({ properties: list, operation }: TaskReview): string {
  if (list.length === 0) return "";
  const one = operation === "create" || operation === "delete";
  const rows = list.map(({ property, before, after, callout }) => {
    const name = callout === undefined ? code(property) : `<strong>${code(property)}</strong> (${callout})`;
    const value = (text: string | undefined): string => (text === undefined ? "—" : code(text));
    return `<tr><td>${name}</td>${one ? `<td>${value(after ?? before)}</td>` : `<td>${value(before)}</td><td>${value(after)}</td>`}</tr>`;
  });
  const head = one ? "<th>Property</th><th>Value</th>" : "<th>Property</th><th>Before</th><th>After</th>";
  return `<div class="scroll" tabindex="0"><table><thead><tr>${head}</tr></thead><tbody>${rows.join("")}</tbody></table></div>`;
}

const sides = (before: string | undefined, after: string | undefined, changed: boolean): string => {
  const side = (text: string | undefined, name: string): string =>
    `<td${changed && text !== undefined ? ` class="${name}"` : ""}>${text === undefined ? "" : html(text)}</td>`;
  return `<tr>${side(before, "take")}${side(after, "add")}</tr>`;
};

function documentHtml({ property, paths }: DocumentChange): string {
  const rows = paths.map(
    ({ path, before, after }) => `<tr class="gap"><td colspan="2">${html(path)}</td></tr>${sides(before, after, true)}`,
  );
  return `<h3>${html(property)}</h3><div class="scroll" tabindex="0"><table class="diff"><tbody>${rows.join("")}</tbody></table></div>`;
}

function scriptHtml({ property, diff, digests, source }: ScriptChange): string {
  if (diff === undefined) {
    if (digests === undefined) return "";
    return `<h3>${html(property)}</h3><p>The text before is not at hand; digest ${code(digests.before ?? "none")} → ${code(digests.after ?? "none")}</p>`;
  }
  const rows = sideBySide(diff).map((row) =>
    row === undefined ? '<tr class="gap"><td colspan="2">⋯</td></tr>' : sides(row.before, row.after, row.changed),
  );
  const from =
    source === undefined || source === "state" ? "" : ` <span class="soft">(the text before from ${source})</span>`;
  return `<h3>${html(property)}${from}</h3><div class="scroll" tabindex="0"><table class="diff"><tbody>${rows.join("")}</tbody></table></div>`;
}

function pictureOf(review: Review): string {
  const drawn = picture(review);
  if (drawn === undefined) return "";
  const left = drawn.left > 0 ? `<p class="soft">${drawn.left} more tasks are not in the picture.</p>` : "";
  return `<h2>Who waits for whom</h2>\n<div class="scroll" tabindex="0">${drawn.svg}</div>${left}`;
}

function calendar({ calendar: { zone, hours, pileUps } }: Review): string {
  const most = Math.max(0, ...hours.map(({ after }) => after));
  if (most === 0 && hours.every(({ before }) => before === 0)) return "";
  const days = [...new Set(hours.map(({ at }) => at.slice(0, 10)))];
  const cell = (day: string, hour: number): string => {
    const slot = hours.find(({ at }) => at.startsWith(`${day} ${String(hour).padStart(2, "0")}`));
    if (slot === undefined) return "<td></td>";
    const { before, after } = slot;
    const text = before === after ? (after === 0 ? "" : String(after)) : `${before}→${after}`;
    const moved = before === after ? "" : ' class="moved"';
    const shade = most === 0 || after === 0 ? 0 : Math.max(1, Math.round((after / most) * 10));
    return `<td${moved} data-heat="${shade}">${text}</td>`;
  };
  const rows = days.map(
    (day) => `<tr><th scope="row">${day}</th>${Array.from({ length: 24 }, (_, hour) => cell(day, hour)).join("")}</tr>`,
  );
  const head = Array.from({ length: 24 }, (_, hour) => `<th scope="col">${String(hour).padStart(2, "0")}</th>`).join(
    "",
  );
  const piles = pileUps.map(
    ({ at, before, after, tasks }) =>
      `<li>${after === before ? `${after} tasks start` : `${after} tasks start, ${before} before,`} at <strong>${html(at)}</strong>: ${tasks.map(code).join(", ")}${Math.max(after, before) > tasks.length ? ", …" : ""}</li>`,
  );
  return `<h2>The coming seven days</h2>
<p class="soft">How many runs start in each hour, in ${html(zone)}; before→after where that differs.</p>
<div class="scroll" tabindex="0"><table class="calendar"><thead><tr><th></th>${head}</tr></thead><tbody>${rows.join("")}</tbody></table></div>
${piles.length === 0 ? "" : `<h3>Pile-ups</h3><ul>${piles.join("\n")}</ul>`}`;
}
