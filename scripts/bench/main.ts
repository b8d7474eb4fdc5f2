import { writeFileSync } from "node:fs";
import { Command, InvalidArgumentError } from "commander";
import type { Grounds, Measure, Round, Taken } from "./measure";
import { big } from "./measures/big";
import { calls } from "./measures/calls";
import { growing } from "./measures/growth";
import { runs } from "./measures/runs";
import { setMeasures } from "./measures/sets";
import { start } from "./measures/start";
import { state } from "./measures/state";
import { median } from "./statistics";

/** From cheap to dear. */
const measures: readonly Measure[] = [...big, ...state, ...start, ...calls, ...runs, ...setMeasures, ...growing];

interface Options {
  only: string[];
  json?: string;
  runs: number;
  tasks?: number;
  list?: boolean;
}

/** One line of the table, and one entry of the JSON file. */
interface Result {
  measure: string;
  title: string;
  value: number | null;
  goal: number;
  met: boolean;
  runs: readonly Round[];
  /** Why there is no value. */
  error?: string;
}

const whole = (text: string): number => {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It must be a whole number from 1 to 999999.");
};
const known = (text: string, before: string[]): string[] => {
  if (measures.some(({ name }) => name.startsWith(text))) return [...before, text];
  throw new InvalidArgumentError(`There are ${measures.map(({ name }) => name).join(", ")}.`);
};

const command = new Command("npm run bench --")
  .description("Measures this package against baselines in the same run, each figure a ratio with a goal.")
  .option("--only <name>", "only the measures whose name begins so; may be repeated", known, [])
  .option("--json <file>", "write the results there as well")
  .option("--runs <number>", "how often each is measured, the variants taking turns", whole, 3)
  .option("--tasks <number>", "at most so many tasks, for a small machine: the goals are meant for all of them", whole)
  .option("--list", "name the measures with their goals, and measure nothing")
  .helpOption("-h, --help");

const figure = (value: number): string =>
  Number.isInteger(value) ? String(value) : value >= 100 ? value.toFixed(0) : value.toPrecision(3);

async function measured(measure: Measure, options: Options): Promise<Result> {
  const started = Date.now();
  const clearing: (() => void | Promise<void>)[] = [];
  const grounds: Grounds = {
    runs: options.runs,
    tasks: (own) => Math.min(own, options.tasks ?? own),
    progress: (text) => console.log(`  ${text} (${((Date.now() - started) / 1000).toFixed(0)} s)`),
    afterwards: (clear) => void clearing.push(clear),
  };
  const { name, title, goal } = measure;
  try {
    const taken: Taken = await measure.take(grounds);
    const value = taken.value ?? median(taken.rounds.map((round) => round.value));
    const met = value <= goal;
    console.log(`${met ? "✔" : "✖"} ${figure(value)} (goal ≤ ${figure(goal)})`);
    if (!met) console.log(await taken.explain());
    return { measure: name, title, value: Number.isFinite(value) ? value : null, goal, met, runs: taken.rounds };
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    console.log(`✖ not measured: ${text}`);
    return { measure: name, title, value: null, goal, met: false, runs: [], error: text };
  } finally {
    for (const clear of clearing.reverse()) await clear();
  }
}

async function main(): Promise<void> {
  const options = command.parse().opts<Options>();
  const chosen = measures.filter(
    ({ name }) => options.only.length === 0 || options.only.some((o) => name.startsWith(o)),
  );
  if (options.list === true) {
    for (const { name, title, goal } of chosen) console.log(`${name.padEnd(26)} ${title} ≤ ${figure(goal)}`);
    return;
  }
  const results: Result[] = [];
  for (const measure of chosen) {
    console.log(`\n${measure.name}: ${measure.title}`);
    results.push(await measured(measure, options));
    // After each: what takes hours must not be lost with its last measure.
    if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(results, undefined, 2)}\n`);
  }
  console.log("");
  for (const { measure, value, goal, met } of results)
    console.log(
      `${met ? "✔" : "✖"} ${measure.padEnd(26)} ${(value === null ? "–" : figure(value)).padStart(9)}  goal ≤ ${figure(goal)}`,
    );
  if (options.tasks !== undefined)
    console.log(`\nWith at most ${options.tasks} tasks, for which the goals are not meant.`);
  process.exitCode = results.length > 0 && results.every(({ met }) => met) ? 0 : 1;
}

void main();
