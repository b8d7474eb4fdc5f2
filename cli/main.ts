#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { Command, InvalidArgumentError } from "commander";

const { version } = JSON.parse(readFileSync(require.resolve("pulumi-data-tasks/package.json"), "utf8")) as {
  version: string;
};

const port = (text: string): number => {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number > 65_535) throw new InvalidArgumentError("A port is a number from 0 to 65535.");
  return number;
};
const milliseconds = (text: string): number => {
  if (!/^\d{1,7}$/.test(text)) throw new InvalidArgumentError("Give whole milliseconds.");
  return Number(text);
};

const program = new Command("data-tasks")
  .description("Scheduled tasks of Alibaba Cloud DataWorks and Tencent Cloud WeData as code.")
  .version(version)
  .showHelpAfterError();

interface EmulatorFlags {
  port: number;
  host?: string;
  state?: string;
  edition?: "Basic" | "Standard" | "Professional" | "Enterprise";
  latency?: number;
  stage?: number;
  json?: true;
}

program
  .command("emulator")
  .description("Play both clouds on one HTTP port of this machine, to try and test without an account.")
  .option("--port <number>", "port to listen on, 0 for any free one", port, 0)
  .option("--host <address>", "address to listen on (default: this machine only)")
  .option("--state <file>", "file that keeps the emulated clouds across restarts (default: in memory)")
  .option(
    "--edition <name>",
    "apply the documented rate limits of an edition: Basic, Standard, Professional, Enterprise",
  )
  .option("--latency <milliseconds>", "how long every call takes", milliseconds)
  .option("--stage <milliseconds>", "how long every step of a publication takes", milliseconds)
  .option("--json", "print endpoints, keys and ids as one line of JSON")
  .action(async ({ port, host, state, edition, latency, stage, json }: EmulatorFlags) => {
    const editions = ["Basic", "Standard", "Professional", "Enterprise"];
    if (edition !== undefined && !editions.includes(edition)) {
      throw new InvalidArgumentError(`--edition must be one of ${editions.join(", ")}, got ${JSON.stringify(edition)}`);
    }
    // Loaded here, so that no other command pays for it.
    const { runEmulatorCommand } = await import("../emulator/command.js");
    await runEmulatorCommand({
      port,
      ...(host !== undefined && { host }),
      ...(state !== undefined && { state }),
      ...(edition !== undefined && { edition }),
      ...(latency !== undefined && { latencyMilliseconds: latency }),
      ...(stage !== undefined && { stageMilliseconds: stage }),
      ...(json && { json }),
    });
  });

program
  .command("stats")
  .description(
    "Show what the last run asked of the clouds: calls by operation, and the properties that updates carried.",
  )
  .option("--run <id>", "another run than the newest")
  .option("--here", "only runs of the Pulumi project in this folder")
  .option("--list", "name the recorded runs, oldest first")
  .option("--json", "print JSON")
  .action(async (flags: { run?: string; here?: true; list?: true; json?: true }) => {
    const { stats } = await import("./stats.js");
    console.log(stats(flags));
  });

program.parseAsync().catch((error: unknown) => {
  console.error(`data-tasks: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
