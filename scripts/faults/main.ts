import { Command, InvalidArgumentError } from "commander";
import type { Row } from "./part";
import { parts } from "./parts";

interface Options {
  seed: number;
  part?: string;
  all?: boolean;
}

const names = parts.map(({ name }) => name);

const whole = (text: string): number => {
  if (/^\d+$/.test(text) && Number(text) < 2 ** 31) return Number(text);
  throw new InvalidArgumentError(`It must be a whole number from 0 to ${2 ** 31 - 1}.`);
};
const known = (text: string): string => {
  if (names.includes(text)) return text;
  throw new InvalidArgumentError(`There are ${names.join(", ")}.`);
};

const command = new Command("npm run faults --")
  .description("Puts the provider to all kinds of trouble, and counts how often everything was well afterwards.")
  .option("--seed <number>", "another choice of faults", whole, Date.now() % 2 ** 31)
  .option("--part <name>", `only this part: ${names.join(", ")}`, known)
  .option("--all", "everything instead of a sample")
  .helpOption("-h, --help");

async function main(): Promise<void> {
  const { seed, part: only, all = false } = command.parse().opts<Options>();
  console.log(`seed ${seed}`);
  const table: { part: string; row: Row }[] = [];
  let failures = 0;
  for (const part of parts.filter(({ name }) => only === undefined || name === only)) {
    console.log(`\n${part.name}: ${part.title}`);
    const started = Date.now();
    const took = () => `${((Date.now() - started) / 1000).toFixed(1)} s`;
    await part.run(
      { seed, all },
      (row) => {
        table.push({ part: part.name, row });
        const mark = row.tried > 0 && row.converged === row.tried ? "✔" : "✖";
        console.log(`${mark} ${row.name}: tried ${row.tried}, converged ${row.converged} (${took()})`);
      },
      (failure) => {
        failures += 1;
        console.log(`  ${failure}`);
      },
    );
  }
  console.log("");
  for (const { part, row } of table) {
    console.log(`${part}: ${row.name}: tried ${row.tried}, converged ${row.converged}`);
  }
  // Something of which nothing was tried has not been shown.
  const short = table.filter(({ row }) => row.tried === 0 || row.converged < row.tried).length;
  process.exitCode = table.length === 0 || short + failures > 0 ? 1 : 0;
}

void main();
