import { Command, InvalidArgumentError } from "commander";
import { properties } from "../../tests/properties/properties";
import type { Property } from "../../tests/properties/properties";
import { described, kinds, open, run } from "../../tests/properties/run";
import type { Sample } from "../../tests/properties/run";
import type { Kind } from "../../tests/properties/kind";

interface Options {
  seed: number;
  runs: number;
  resource: string;
  property: string;
  path?: string;
  fields?: boolean;
}

const whole =
  (least: number, most: number) =>
  (text: string): number => {
    const number = Number(text);
    if (/^\d+$/.test(text) && number >= least && number <= most) return number;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };

const command = new Command("npm run fuzz --")
  .description("Holds generated arguments of every kind of task against the emulator, property by property.")
  .option("--seed <number>", "another sequence of arguments", whole(0, 2 ** 31 - 1), Date.now() % 2 ** 31)
  .option("--runs <number>", "argument sets per property and resource", whole(1, 1_000_000), 100)
  .option("--resource <name>", "only resources whose name contains this, such as DataWorksTask", "")
  .option("--property <letters>", "only these properties, such as abd", "")
  .option("--path <path>", "repeat one failure, as it was printed")
  .option("--fields", "say how often each field was edited, taken away, changed at the console, refused")
  .helpOption("-h, --help");

/** One line for the end, and whether all is well. */
interface Line {
  readonly text: string;
  readonly failed: number;
}

async function ofKind(kind: Kind, chosen: readonly Property[], options: Options): Promise<Line[]> {
  const lines: Line[] = [];
  const theatre = await open(kind);
  try {
    for (const property of chosen) {
      const started = Date.now();
      const { seed, runs, path } = options;
      const sample: Sample = { seed, runs: path === undefined ? runs : 1, ...(path !== undefined && { path }) };
      const { tried, refused, failures } = await run(theatre, property, sample);
      for (const failure of failures) console.log(`\n${described(kind, property, failure)}\n`);
      const without = refused === 0 ? "" : `, refused by the rules ${refused}`;
      const text = `${kind.name} (${property.letter}) ${property.title}: tried ${tried}, failed ${failures.length}${without}`;
      lines.push({ text, failed: failures.length });
      console.log(`${failures.length === 0 ? "✔" : "✖"} ${text} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
    }
    if (options.fields === true) {
      for (const [what, count] of [...theatre.counts].sort()) console.log(`  ${what}: ${count}`);
    }
    return lines;
  } finally {
    await theatre.close();
  }
}

async function main(): Promise<void> {
  const options = command.parse().opts<Options>();
  // The exact name means that one alone: "WeDataTask" is also a part of another.
  const exact = kinds.filter(({ name }) => name === options.resource);
  const chosen = exact.length > 0 ? exact : kinds.filter(({ name }) => name.includes(options.resource));
  const asked = properties.filter(({ letter }) => options.property === "" || options.property.includes(letter));
  const names = kinds.map(({ name }) => name).join(", ");
  if (chosen.length === 0) command.error(`error: there is no resource "${options.resource}"; there are ${names}`);
  if (asked.length === 0)
    command.error(`error: the properties are ${properties.map(({ letter }) => letter).join(" ")}`);
  console.log(`seed ${options.seed}, ${options.runs} sets of arguments for each property`);
  const lines: Line[] = [];
  for (const kind of chosen) lines.push(...(await ofKind(kind, asked, options)));
  console.log("");
  for (const { text } of lines) console.log(text);
  const failed = lines.reduce((sum, line) => sum + line.failed, 0);
  // A property of which nothing could be asked has not been shown.
  const untold = lines.filter(({ text }) => text.includes(": tried 0,")).length;
  process.exitCode = failed + untold > 0 ? 1 : 0;
}

void main();
