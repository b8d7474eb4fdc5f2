import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { createTwoFilesPatch } from "diff";

/** A piece of a text and what comes in its place. */
export interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The text with all pieces replaced; they do not overlap. */
export const spliced = (text: string, splices: readonly Splice[]): string =>
  [...splices]
    .sort((one, other) => other.start - one.start)
    .reduce((result, { start, end, text: now }) => result.slice(0, start) + now + result.slice(end), text);

/** The files of a project with the changes that are to be made to them; on the disk they change when they are written. */
export class ProjectFiles {
  readonly folder: string;
  readonly #texts = new Map<string, { readonly before: string; now: string }>();

  constructor(folder: string) {
    this.folder = folder;
  }

  /** The text as it is to be; `undefined` for what is no readable file of the project. */
  read(file: string): string | undefined {
    const name = this.nameOf(file);
    if (name === undefined) return undefined;
    const known = this.#texts.get(name);
    if (known !== undefined) return known.now;
    try {
      const bytes = readFileSync(path.join(this.folder, name));
      const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
      this.#texts.set(name, { before: text, now: text });
      return text;
    } catch {
      return undefined;
    }
  }

  change(file: string, text: string): void {
    const known = this.#texts.get(this.nameOf(file) ?? "");
    if (known !== undefined) known.now = text;
  }

  /** The path from the project's folder; `undefined` for a file outside of it, or of a package. */
  nameOf(file: string): string | undefined {
    const name = path.relative(this.folder, path.resolve(this.folder, file)).split(path.sep).join("/");
    return name === "" || name.startsWith("../") || path.isAbsolute(name) || /(^|\/)node_modules\//.test(name)
      ? undefined
      : name;
  }

  /** All changes as a patch that `git apply` takes. */
  patch(): string {
    return this.#changed()
      .map(([name, { before, now }]) =>
        createTwoFilesPatch(`a/${name}`, `b/${name}`, before, now, undefined, undefined, { context: 3 }).replace(
          /^={3,}\n/,
          "",
        ),
      )
      .join("");
  }

  write(): void {
    for (const [name, { now }] of this.#changed()) writeFileSync(path.join(this.folder, name), now);
  }

  #changed(): [string, { readonly before: string; now: string }][] {
    return [...this.#texts].filter(([, { before, now }]) => before !== now).sort(([a], [b]) => (a < b ? -1 : 1));
  }
}
