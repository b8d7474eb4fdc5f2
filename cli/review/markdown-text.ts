/** Text that Markdown and its renderers take as plain, whatever is in it. */

/** What has no place on a line: control characters, and marks that turn the direction of text round. */
const ODD = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g; // eslint-disable-line no-control-regex

const visible = (text: string): string =>
  text.replace(/\r?\n/g, "⏎").replace(ODD, (odd) => `\\u${odd.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** A code span: nothing in it is a link, a mention, HTML or a mark. */
export function code(text: string): string {
  const line = visible(text);
  if (line === "") return "` `";
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  const room = line.startsWith("`") || line.endsWith("`") ? " " : "";
  return `${fence}${room}${line}${room}${fence}`;
}

/** A code span inside a table, where a bar would end the cell. */
export const cell = (text: string): string => code(text).replaceAll("|", "\\|");

/** Prose with somebody else's words in it. */
export const prose = (text: string): string =>
  visible(text)
    .replace(/[\\`*_{}[\]<>|~#@!]/g, (mark) => `\\${mark}`)
    // A zero-width joiner keeps an address from becoming a link.
    .replace(/:\/\//g, ":\u200b//");

/** A fenced block that nothing in the text can end. */
export function block(language: string, text: string): string {
  const clean = text.replace(/\r\n/g, "\n").replace(ODD, (odd) => (odd === "\n" || odd === "\t" ? odd : "�"));
  const longest = Math.max(2, ...(clean.match(/`{3,}/g) ?? []).map((run) => run.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}${language}\n${clean}\n${fence}`;
}

/** Something that can be opened. GitHub wants empty lines around the Markdown in it. */
export const folded = (summary: string, body: string): string =>
  `<details><summary>${summary}</summary>\n\n${body}\n\n</details>`;

/** Text inside HTML. */
export const html = (text: string): string =>
  visible(text).replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
