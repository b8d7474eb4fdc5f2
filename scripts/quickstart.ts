// npm start, once everything it needs is there (scripts/start/main.js sees to that).
import { Command } from "commander";
import { EngineFailure } from "./engine-stack";
import { exampleNames } from "./start/examples";
import { journey } from "./start/journey";
import { playExample } from "./start/play-example";
import { paint } from "./start/screen";
import { StartFailure } from "./start/workspace";

const program = new Command("npm start --")
  .description("Deploys the quickstart (or an example) through a real Pulumi engine into an emulator of both clouds.")
  .option("--keep", "leave the emulator and the stack running, to go on with pulumi by hand")
  .option("--example <name>", `play one of the examples: ${exampleNames().join(", ")}`)
  .helpOption("--help", "show this help")
  .action(async ({ keep = false, example }: { keep?: boolean; example?: string }) => {
    await (example === undefined ? journey({ keep }) : playExample(example, { keep }));
  });

program.parseAsync().catch((error: unknown) => {
  const known = error instanceof StartFailure || error instanceof EngineFailure;
  console.error(
    `\n${paint("red", known ? error.message : error instanceof Error ? (error.stack ?? error.message) : String(error))}`,
  );
  process.exitCode = 1;
});
