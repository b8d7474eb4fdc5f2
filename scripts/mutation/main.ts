import { Command, InvalidArgumentError } from "commander";
import { readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { root } from "../setup.js";
import { MutationFailure, mutationCheck, sourcesIn } from "./check";
import type { Result, Subject } from "./check";

interface Options {
  seed: number;
  count: number;
  files: string;
  workers: number;
  verbose?: boolean;
}

/** Percent of the mutants that the tests have to kill. */
const WANTED = 85;
/** Only texts, which the reference prints. */
const PROSE = /\/(unmapped|codes)\.ts$/;

const whole = (text: string): number => {
  if (/^\d{1,9}$/.test(text) && Number(text) > 0) return Number(text);
  throw new InvalidArgumentError("It must be a whole number above 0.");
};

const command = new Command("npm run mutation --")
  .description("Changes the sources in small ways, one at a time, in a copy, and sees whether the tests notice.")
  .option("--seed <number>", "another choice of mutants", whole, 20260101)
  .option(
    "--count <number>",
    "how many mutants are drawn; about half of them compile, and only those count",
    whole,
    300,
  )
  .option("--files <text>", "only files whose path contains this, such as provider/core", "")
  .option(
    "--workers <number>",
    "how many are tried at the same time",
    whole,
    Math.min(4, os.availableParallelism() + 1),
  )
  .option("--verbose", "show what Stryker says")
  .helpOption("-h, --help");

/** The provider's core and its resources, against the tests that need no engine. */
function subjectOf(files: string): Subject {
  const sources = [...sourcesIn(root, "provider/core"), ...sourcesIn(root, "provider/resources")];
  const tests = ["tests/core", "tests/properties", "tests/resources"]
    .flatMap((folder) => sourcesIn(root, folder))
    .filter((file) => file.endsWith(".test.ts") && !readsSources(file));
  return {
    folder: root,
    parts: ["provider", "emulator", "sdk", "scripts", "tests", "docs", "package.json", "tsconfig.json"],
    files: sources.filter((file) => file.includes(files) && !PROSE.test(file)),
    tests,
    types: ["provider"],
    environment: { PROPERTY_RUNS: "4", PROPERTY_SHRINKING: "0" },
  };
}

/** A test that looks at the sources as text would see the mutants' switches in them. */
const readsSources = (file: string): boolean =>
  /readFileSync|readdirSync|typescript"/.test(readFileSync(path.join(root, file), "utf8"));

function told({ total, drawn, uncompilable, killed, survivors }: Result): number {
  for (const { file, line, change, uncovered } of survivors) {
    console.log(`${file}:${line}: ${change}${uncovered ? " (no test comes past)" : ""}`);
  }
  const tried = killed + survivors.length;
  const percent = tried === 0 ? 0 : (100 * killed) / tried;
  console.log(`\n${drawn} of ${total} mutants drawn, ${uncompilable} of them do not compile`);
  console.log(`tried ${tried}, killed ${killed}, survived ${survivors.length}, ${percent.toFixed(1)} %`);
  return percent;
}

async function main(): Promise<void> {
  const { seed, count, files, workers, verbose = false } = command.parse().opts<Options>();
  const subject = subjectOf(files);
  if (subject.files.length === 0) command.error(`error: no source file has "${files}" in its path`);
  console.log(`seed ${seed}: ${count} mutants of ${subject.files.length} files, ${workers} at a time`);
  try {
    const percent = told(await mutationCheck(subject, { seed, count, workers, verbose }));
    if (percent < WANTED) {
      console.log(`At least ${WANTED} % have to be killed.`);
      process.exitCode = 1;
    }
  } catch (error) {
    console.error(error instanceof MutationFailure ? error.message : error);
    process.exitCode = 1;
  }
}

void main();
