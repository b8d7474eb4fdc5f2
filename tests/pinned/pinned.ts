import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

/** Writes the sections anew instead of comparing; what is new in them is for people to read. */
const WRITES = process.env["PIN"] === "1";

/**
 * A file with what is to be seen, in sections, each under its title: a test compares its lines with its section. Somebody
 * who changes behaviour on purpose writes the file anew with `PIN=1`, and shows the difference in the review.
 */
export class Pinned {
  readonly #file: string;
  readonly #sections: Map<string, string>;

  constructor(name: string) {
    this.#file = path.join(__dirname, `${name}.txt`);
    this.#sections = new Map(
      !existsSync(this.#file)
        ? []
        : readFileSync(this.#file, "utf8")
            .replaceAll("\r\n", "\n")
            .split(/^## /m)
            .slice(1)
            .map((section) => {
              const end = section.indexOf("\n");
              return [section.slice(0, end), section.slice(end + 1).trimEnd()] as const;
            }),
    );
  }

  /** The lines are those of the section. */
  has(title: string, lines: readonly string[]): void {
    const text = lines.join("\n").trimEnd();
    if (!WRITES) return assert.deepEqual(text.split("\n"), (this.#sections.get(title) ?? "").split("\n"), title);
    this.#sections.set(title, text);
    const all = [...this.#sections].map(([name, section]) => `## ${name}\n${section}\n`);
    writeFileSync(this.#file, all.join("\n"));
  }
}
