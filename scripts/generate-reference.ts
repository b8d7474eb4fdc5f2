// Writes docs/reference/*.md from the field tables and the doc comments of the arguments, and the table of switches in
// docs/emulator.md; with `--check`, says whether what is there is up to date:
//   npx ts-node -T scripts/generate-reference.ts [--check]
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import * as prettier from "prettier";
import { pages } from "./reference/pages";
import { withSwitches } from "./reference/switches";

const folder = path.join(__dirname, "..", "docs", "reference");
const emulator = path.join(__dirname, "..", "docs", "emulator.md");

async function generate(checksOnly: boolean): Promise<void> {
  const made = new Map<string, string>();
  const texts = [...pages()].map(([name, text]): [string, string] => [path.join(folder, name), text]);
  for (const [file, text] of [...texts, [emulator, withSwitches(readFileSync(emulator, "utf8"))] as const]) {
    const config = await prettier.resolveConfig(file);
    made.set(file, await prettier.format(text, { ...config, parser: "markdown" }));
  }
  const there = existsSync(folder) ? readdirSync(folder).map((name) => path.join(folder, name)) : [];
  const stale = [
    ...[...made]
      .filter(([file, text]) => !existsSync(file) || readFileSync(file, "utf8") !== text)
      .map(([file]) => file),
    ...there.filter((file) => !made.has(file)),
  ];
  if (checksOnly) {
    for (const file of stale) console.error(`${path.relative(process.cwd(), file)} is not up to date`);
    if (stale.length > 0) {
      console.error("Run: npx ts-node -T scripts/generate-reference.ts");
      process.exitCode = 1;
    }
    return;
  }
  mkdirSync(folder, { recursive: true });
  for (const file of stale) {
    const text = made.get(file);
    if (text === undefined) rmSync(file);
    else writeFileSync(file, text);
  }
}

void generate(process.argv.includes("--check"));
