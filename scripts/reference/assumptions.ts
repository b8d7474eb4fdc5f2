import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { row, table } from "./fields";
import { kinds, type Kind } from "./kinds";
import { root } from "./sources";

/** A point that the documents leave open, as the table at the top of its test says it. */
export interface Assumption {
  readonly item: string;
  /** Files, relative to the package, and the rest of what names the place. */
  readonly files: readonly string[];
  readonly place: string;
  readonly switches: string;
  readonly outcome: string;
}

/** The tests that play both answers, by kind. */
const TESTS: Readonly<Record<Kind["name"], string>> = {
  DataWorksTask: "tests/resources/assumptions-dataworks-task.test.ts",
  DataWorksDISyncTask: "tests/resources/assumptions-di-sync.test.ts",
  WeDataTask: "tests/resources/assumptions-wedata.test.ts",
};

/** What is assumed about one kind: the rows of the table in the comment of its test. */
export function assumptionsOf({ name, folder }: Kind): Assumption[] {
  const rows = readFileSync(path.join(root, TESTS[name]), "utf8")
    .split("\n")
    .map((line) => /^ \* \|(.*)\|\s*$/.exec(line)?.[1])
    .filter((cells) => cells !== undefined)
    .map((cells) => cells.split("|").map((cell) => cell.trim()));
  const found = rows.slice(2).map(([item = "", place = "", switches = "", outcome = ""]) => {
    const named = place.match(/[\w./-]+\.ts\b/g) ?? [];
    return { item: item.replace(/§[\d.]+(, )?/g, "").trim(), files: named.map(located), place, switches, outcome };
  });
  if (found.length === 0) throw new Error(`${TESTS[name]} has no table of assumptions`);
  return found;

  /** A file where its kind has it, or where its path below the provider leads. */
  function located(file: string): string {
    const places = [`${folder}/${file}`, `provider/${file}`, `provider/resources/${file}`];
    const place = places.find((each) => existsSync(path.join(root, each)));
    if (place === undefined) throw new Error(`${TESTS[name]} names ${file}, which is not there`);
    return place;
  }
}

/** The page on what is assumed where the documents leave two answers. */
export function assumptionsPage(): string {
  const sections = kinds.map((kind) => {
    const rows = assumptionsOf(kind).map(({ item, files, place, switches, outcome }) =>
      row([item, linked(place, files), quoted(switches), outcome]),
    );
    return `## ${kind.name}\n\n${table(["Point", "Assumed in", "Switch", "What comes of it"], rows)}\n`;
  });
  return `# Assumptions

The clouds' documents contradict themselves in places, or leave a question open. Each point is one assumption, named in one
place of the code. The [emulator](../emulator.md#switches) plays the other answer by a switch, and under both a test creates, changes,
refreshes, previews and deletes: _converges_ means that the service has the declared values and no difference is left.

${sections.join("\n")}`;
}

/** The place with its files as links. */
const linked = (place: string, files: readonly string[]): string => {
  let index = 0;
  return place.replace(/[\w./-]+\.ts\b/g, (file) => `[${file}](../../${files[index++] ?? ""})`);
};

const quoted = (switches: string): string => switches.replace(/\b[a-z]+[A-Z]\w*\b/g, (name) => `\`${name}\``);
