#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { Command, InvalidArgumentError } from "commander";
import type { CommentFlags } from "./comment/command";
import type { DriftFlags } from "./drift/command";
import type { PromoteFlags } from "./promote/command";
import type { ReviewFlags } from "./review/command";
import type { RollbackFlags } from "./rollback/command";

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

const latency = (text: string): number | readonly [number, number] => {
  const [from = "", to] = text.split("-");
  return to === undefined ? milliseconds(from) : [milliseconds(from), milliseconds(to)];
};
const perSecond = (text: string): number => {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError("Give a whole number of at least 1.");
  return Number(text);
};
const seed = (text: string): number => {
  if (!/^\d{1,10}$/.test(text)) throw new InvalidArgumentError("Give a whole number.");
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
  requestsPerSecond?: number;
  latency?: number | readonly [number, number];
  seed?: number;
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
  .option("--requests-per-second <number>", "refuse more calls of one cloud than that within any second", perSecond)
  .option("--latency <milliseconds>", "how long every call takes, or from-to, such as 50-800", latency)
  .option("--seed <number>", "make ids, latencies and random faults the same in every start", seed)
  .option("--stage <milliseconds>", "how long every step of a publication takes", milliseconds)
  .option("--json", "print endpoints, keys and ids as one line of JSON")
  .action(async (flags: EmulatorFlags) => {
    const { port, host, state, edition, requestsPerSecond, latency, seed, stage, json } = flags;
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
      ...(requestsPerSecond !== undefined && { limits: { perSecond: requestsPerSecond } }),
      ...(latency !== undefined && { latencyMilliseconds: latency }),
      ...(seed !== undefined && { seed }),
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

const list = (value: string, before: readonly string[] | undefined): string[] => [
  ...(before ?? []),
  ...value.split(","),
];

program
  .command("review")
  .description("Show what a preview will do to the scheduled tasks, for a pull request and for pipelines.")
  .argument(
    "[file]",
    "what `pulumi preview --json` printed, an event log, or an update plan; - for standard input; left out: the preview is run",
  )
  .option("--stack <name>", "run the preview of this stack")
  .option("--refresh", "run the preview with a refresh first")
  .option("--cwd <folder>", "the folder of the Pulumi project, where paths of scripts begin")
  .option("--state <file>", "what `pulumi stack export` printed: the values before the change, for an update plan")
  .option("--base <revision>", "the git revision that has the scripts before the change (default: their history)")
  .option(
    "--live",
    "ask the services, with the stack's credentials, for scripts that the state has only as a digest, and for tasks of others that wait for a task",
  )
  .option("--at <time>", "count fire times from here (default: SOURCE_DATE_EPOCH, the time in the file, now)")
  .option(
    "--markdown <file>",
    "write Markdown of at most 60,000 characters; - for standard output: the default where no other output is asked for",
  )
  .option("--full <file>", "write Markdown however long it gets")
  .option("--html <file>", "write one page of HTML that needs no network")
  .option("--json <file>", "write JSON")
  .option("--sarif <file>", "write the warnings as SARIF")
  .option(
    "--fail-on <what>",
    "fail only on: destructive, warning, policy (mandatory rules), or the code of a warning; may be repeated",
    list,
  )
  .option("--policy <file>", "hold the tasks against the rules of this policy file, YAML or JSON")
  .addHelpText(
    "after",
    "\nExit codes: 0 nothing changes, 2 tasks change, 3 destructive changes, 4 a mandatory policy is violated, 1 error.",
  )
  .action(async (file: string | undefined, flags: ReviewFlags) => {
    const { review } = await import("./review/command.js");
    process.exitCode = await review(file, flags, version);
  });

program
  .command("drift")
  .description("Show what was edited outside of the program: every task of a stack is read, and nothing is changed.")
  .argument(
    "[file]",
    "what `pulumi preview --refresh --json` printed, or the events of a refresh; - for standard input; left out: the tasks are read",
  )
  .option("--stack <name>", "read the tasks of this stack (default: the selected one)")
  .option("--cwd <folder>", "the folder of the Pulumi project")
  .option("--at <time>", "count fire times from here (default: SOURCE_DATE_EPOCH, now)")
  .option(
    "--markdown <file>",
    "write Markdown of at most 60,000 characters; - for standard output: the default where no other output is asked for",
  )
  .option("--json <file>", "write JSON")
  .option("--patch <file>", "write the edits as a patch of the program, which `git apply` takes")
  .option("--write", "apply that patch to the files of the project")
  .option("--accept <task[:property]>", "take over only this; may be repeated (default: every edit)", list)
  .addHelpText("after", "\nExit codes: 0 no drift, 2 drift, 1 an error, or tasks that could not be read.")
  .action(async (file: string | undefined, flags: DriftFlags) => {
    const { drift } = await import("./drift/command.js");
    process.exitCode = await drift(file, flags);
  });

program
  .command("comment")
  .description("Post a review to its pull request, or put it in place of the one that is there.")
  .argument("<file>", "what `data-tasks review --markdown` wrote; - for standard input")
  .option("--host <name>", "github, gitlab, gitee or codeup (default: the build's own)")
  .option("--base-url <url>", "where the host's API is, for a host of your own")
  .option("--repository <name>", "owner/name, or <organization>/<repository> at Codeup (default: the build's own)")
  .option("--number <number>", "number of the pull request (default: the build's own)")
  .option("--token-variable <name>", "the environment variable that has the token")
  .option(
    "--labels <file>",
    "set the label data-tasks/destructive, /schedule or /changes by what `review --json` wrote",
  )
  .option("--dry-run", "print what would be posted, and call nothing")
  .action(async (file: string, flags: CommentFlags) => {
    const { comment } = await import("./comment/command.js");
    console.log(await comment(file, flags));
  });

program
  .command("promote")
  .description("Show what is different between two stacks and what a promotion brings, and deploy what was reviewed.")
  .argument("[file]", "what an earlier run wrote with --json: whether it still holds, and with --yes its deployment")
  .option("--from <stack>", "the stack that is promoted")
  .option("--to <stack>", "the target")
  .option("--cwd <folder>", "the folder of the Pulumi project")
  .option("--refresh", "refresh the target first")
  .option("--base <revision>", "the git revision that has the scripts before the change (default: their history)")
  .option("--at <time>", "count fire times from here (default: SOURCE_DATE_EPOCH, now)")
  .option("--markdown <file>", "write the promotion card; - for standard output, the default")
  .option("--json <file>", "write everything as JSON, for the deployment and for data-tasks rollback")
  .option("--yes", "with a file: deploy it")
  .option("--no-target-check", "do not ask the clouds whether the credentials see the workspaces of the target")
  .addHelpText("after", "\nExit codes: 0 everything is explained, 4 something is not, 1 error.")
  .action(async (file: string | undefined, flags: PromoteFlags) => {
    const { promote } = await import("./promote/command.js");
    process.exitCode = await promote(file, flags);
  });

program
  .command("rollback")
  .description("Show what brings tasks back to what they were before a review or a promotion, and deploy it.")
  .argument("<file>", "what `data-tasks review --json` or `data-tasks promote --json` wrote")
  .argument("[tasks...]", "names of tasks or of their resources (default: all of them)")
  .option("--stack <name>", "the stack (default: that of the file)")
  .option("--cwd <folder>", "the folder of the Pulumi project")
  .option("--no-preview", "print the change of the source alone, without running the engine")
  .option("--at <time>", "count fire times from here (default: SOURCE_DATE_EPOCH, now)")
  .option("--yes", "deploy it after the preview")
  .action(async (file: string, tasks: string[], flags: RollbackFlags) => {
    const { rollback } = await import("./rollback/command.js");
    process.exitCode = await rollback(file, tasks, flags);
  });

program.parseAsync().catch((error: unknown) => {
  console.error(`data-tasks: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
});
