import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";

export const root = path.resolve(__dirname, "..", "..");

/** A fenced block of a page: its language, its text, and the line it begins on. */
export interface Block {
  language: string;
  text: string;
  line: number;
  /** `docs/accounts.md:12`, for messages. */
  place: string;
}

export interface Page {
  /** Relative to the repository, with `/`. */
  file: string;
  text: string;
  blocks: Block[];
}

/** The pages that users read: the README and everything in `docs/`, the reference included. */
export function pages(): Page[] {
  const docs = readdirSync(path.join(root, "docs"), { recursive: true, encoding: "utf8" })
    .map((name) => `docs/${name.split(path.sep).join("/")}`)
    .filter((name) => name.endsWith(".md"));
  return ["README.md", ...docs.sort()].map(page);
}

/** One page by its path in the repository. */
export function page(file: string): Page {
  const text = readFileSync(path.join(root, file), "utf8");
  return { file, text, blocks: blocksOf(file, text) };
}

function blocksOf(file: string, text: string): Block[] {
  const blocks: Block[] = [];
  let open: { language: string; line: number; lines: string[] } | undefined;
  for (const [index, line] of text.split("\n").entries()) {
    const fence = /^\s*```(\S*)/.exec(line);
    if (fence === null) open?.lines.push(line);
    else if (open === undefined) open = { language: fence[1] ?? "", line: index + 1, lines: [] };
    else {
      blocks.push({
        language: open.language,
        text: `${open.lines.join("\n")}\n`,
        line: open.line,
        place: `${file}:${open.line}`,
      });
      open = undefined;
    }
  }
  if (open !== undefined) throw new Error(`${file}:${open.line} opens a block that is never closed`);
  return blocks;
}

/** The rows of the table below a heading, as the texts of their cells; the head and the rule under it are left out. */
export function table({ file, text }: Page, heading: string): string[][] {
  const lines = text.split("\n");
  const at = lines.findIndex((line) => /^#+ /.test(line) && line.replace(/^#+ /, "") === heading);
  if (at < 0) throw new Error(`${file} has no heading "${heading}"`);
  const rows: string[][] = [];
  for (const line of lines.slice(at + 1)) {
    if (/^#+ /.test(line)) break;
    if (line.startsWith("|")) rows.push(cells(line));
  }
  if (rows.length < 3) throw new Error(`${file} has no table below "${heading}"`);
  return rows.slice(2);
}

const cells = (row: string): string[] =>
  row
    .replace(/^\||\|\s*$/g, "")
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim());

/** The texts between back quotes. */
export const quoted = (text: string): string[] => [...text.matchAll(/`([^`]+)`/g)].map(([, inside]) => inside ?? "");
