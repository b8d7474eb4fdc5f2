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

/** A part of the sources, and the tests that know it best: all of them for each change would take days. */
interface Area {
  readonly name: string;
  readonly files: RegExp;
  readonly tests: readonly RegExp[];
  readonly resource?: string;
}
/** Rules and tables, which take no time. */
const TABLES = /^tests\/(pinned\/(rules|outlook|wire)|resources\/(codes|cron|rules|time|[^/]+-rules|mapping))\./;
const PROPERTIES = /^tests\/properties\//;
/** What a person has read once; the broadest first. */
const PINNED = ["readings", "failures", "unusual", "turns", "fields"].map(
  (name) => new RegExp(`^tests/pinned/${name}\\.`),
);
/** Of all resources together. (Approvals are not among them: their clock runs fast, which these copies are too slow for.) */
const SHARED = /^tests\/(resources\/coalescing|review\/outlook|sets\/sets)\./;
const ANSWERS = /^tests\/pinned\/answers\./;
const areas: readonly Area[] = [
  {
    name: "core",
    files: /^provider\/core\/(?!set\/)/,
    tests: [
      /^tests\/(core|cli|pinned\/(core|hooks|pace))\b/,
      TABLES,
      ...PINNED,
      PROPERTIES,
      /^tests\/clouds\//,
      SHARED,
      ANSWERS,
    ],
  },
  {
    name: "sets of tasks",
    files: /^provider\/core\/set\//,
    tests: [/^tests\/pinned\/(sets|core)\./, /^tests\/sets\//, /^tests\/review\/sets\./, /^tests\/core\/token\./],
  },
  {
    name: "what the resources share",
    files: /^provider\/resources\/[^/]+\.ts$/,
    tests: [TABLES, ...PINNED, PROPERTIES, /^tests\/sdk\/(lookups|program)\./, SHARED, ANSWERS],
  },
  ...[
    ["dataworks-task", "DataWorksTask", "dataworks-task"],
    ["dataworks-di-sync-task", "DataWorksDISyncTask", "di-sync"],
    ["wedata-task", "WeDataTask", "wedata"],
  ].map(([folder, resource, tests]): Area => ({
    name: String(resource),
    files: new RegExp(`^provider/resources/${String(folder)}/`),
    tests: [
      TABLES,
      ...PINNED,
      PROPERTIES,
      ANSWERS,
      new RegExp(`^tests/resources/(coverage\\.|${String(tests)})`),
      SHARED,
      /^tests\/sdk\/(lookups|program)\./,
      new RegExp(`^tests/resources/assumptions-${String(tests)}`),
    ],
    resource: String(resource),
  })),
];

function subjectsOf(only: string): Subject[] {
  const sources = [...sourcesIn(root, "provider/core"), ...sourcesIn(root, "provider/resources")];
  const all = [
    "tests/core",
    "tests/cli",
    "tests/clouds",
    "tests/pinned",
    "tests/properties",
    "tests/resources",
    "tests/review",
    "tests/sdk",
    "tests/sets",
  ].flatMap((folder) => sourcesIn(root, folder));
  const usable = all.filter((file) => file.endsWith(".test.ts") && !isUnfit(file));
  return areas
    .map(({ name, files, tests, resource }) => ({
      name,
      folder: root,
      parts: ["provider", "emulator", "sdk", "cli", "scripts", "tests", "docs", "package.json", "tsconfig.json"],
      files: sources.filter((file) => files.test(file) && file.includes(only) && !PROSE.test(file)),
      // In the order of the patterns: the quickest first.
      tests: [...new Set(tests.flatMap((pattern) => usable.filter((file) => pattern.test(file))))],
      types: ["provider"],
      environment: {
        PROPERTY_RUNS: resource === undefined ? "4" : "10",
        PROPERTY_SHRINKING: "0",
        ...(resource !== undefined && { PROPERTY_RESOURCE: resource }),
      },
    }))
    .filter(({ files }) => files.length > 0);
}

/** A test that looks at the sources as text would see Stryker's switches in them; one with processes of its own sees none. */
const isUnfit = (file: string): boolean =>
  /readFileSync\(path\.join\(root|typescript"|child_process|engine\/support"/.test(
    readFileSync(path.join(root, file), "utf8"),
  );

/** What is known after each part, since the whole takes its time. */
function progress({ name }: Subject, { drawn, uncompilable, killed, timedOut, survivors }: Result): void {
  for (const { file, line, change, uncovered } of survivors) {
    console.log(`${file}:${line}: ${change}${uncovered ? " (no test comes past)" : ""}`);
  }
  console.log(
    `${name}: drawn ${drawn}, not compiling ${uncompilable}, killed ${killed}, ${timedOut} of them by time, survived ${survivors.length}\n`,
  );
}

function told({ total, drawn, uncompilable, killed, timedOut, survivors }: Result): number {
  const tried = killed + survivors.length;
  const percent = tried === 0 ? 0 : (100 * killed) / tried;
  console.log(`${drawn} of ${total} mutants drawn, ${uncompilable} of them do not compile`);
  console.log(
    `tried ${tried}, killed ${killed}, ${timedOut} of them by time, survived ${survivors.length}, ${percent.toFixed(1)} %`,
  );
  return percent;
}

async function main(): Promise<void> {
  const { seed, count, files, workers, verbose = false } = command.parse().opts<Options>();
  const subjects = subjectsOf(files);
  if (subjects.length === 0) command.error(`error: no source file has "${files}" in its path`);
  console.log(`seed ${seed}, ${count} mutants, ${workers} at a time`);
  try {
    const percent = told(await mutationCheck(subjects, { seed, count, workers, verbose }, progress));
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
