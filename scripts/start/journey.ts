import { rmSync } from "node:fs";
import path from "node:path";
import { startEmulator } from "../../emulator/index";
import type { Emulator } from "../../emulator/index";
import type { EngineStack } from "../engine-stack";
import { runProject } from "../run-project";
import { root } from "../setup.js";
import { connectedTo, exampleNames, quickstartConfig } from "./examples";
import { interrupted, writeEnvironment } from "./keeping";
import { command, difference, heading, paint, resources, say, totals, warnings } from "./screen";
import { callsOf, line, tasksOf } from "./summary";
import { StartFailure, freshFolder, leaveFolder } from "./workspace";

/** About as quick as the real services answer, so that the demonstration feels like them. */
export const demonstrationPace = { latencyMilliseconds: [5, 20], stageMilliseconds: 200 } as const;

const folder = path.join(root, ".state", "quickstart");
const stackName = "local";
/** Pulumi keeps a stack's configuration beside Pulumi.yaml; git ignores this one. */
const configFile = path.join(root, `Pulumi.${stackName}.yaml`);

const change: Readonly<Record<string, string>> = {
  "quickstart:reportCron": "0 30 3 * * ?",
  "quickstart:retries": "3",
  "quickstart:priority": "high",
  "quickstart:syncConcurrency": "4",
};

/** Plays the quickstart: deploy, change, outside change, back to what is declared; then a summary. */
export async function journey({ keep }: { keep: boolean }): Promise<void> {
  const started = Date.now();
  freshFolder(folder);
  rmSync(configFile, { force: true });
  const emulator = await startEmulator(demonstrationPace);
  try {
    const stack = await opened(emulator);
    await deploy(stack);
    await edit(stack);
    await drift(stack, emulator);
    await summary(stack, emulator, started);
    if (keep) await playground(stack, emulator);
    else whatNext();
  } finally {
    // It points at an emulator that is gone.
    rmSync(configFile, { force: true });
    leaveFolder(folder);
    await emulator.close();
  }
}

async function opened(emulator: Emulator): Promise<EngineStack> {
  heading(
    "The clouds",
    "An emulator plays both clouds on this machine: their operations, signatures and 64-bit ids. No account is needed.",
  );
  say(`   DataWorks and WeData at ${emulator.dataworks}`);
  say(`   DataWorks workspaces ${emulator.projectId} and ${emulator.legacyProjectId} (earlier generation)`);
  say(`   WeData project ${emulator.wedataProjectId}`);
  const { config, secretConfig } = connectedTo(emulator);
  return runProject(root, stackName, {
    stateFolder: path.join(folder, "state"),
    config: { ...config, ...quickstartConfig(emulator) },
    secretConfig,
  });
}

async function deploy(stack: EngineStack): Promise<void> {
  heading(
    "Preview",
    "The engine runs examples/quickstart/index.ts and asks every task what would happen. Nothing is called.",
  );
  const planned = await command("pulumi preview", () => stack.preview());
  resources(planned);
  warnings(planned);
  totals(planned, false);

  heading("Deploy", "Tasks are created, set up and published in the order of their dependencies, several at a time.");
  const created = await command("pulumi up", () => stack.up());
  resources(created);
  totals(created, true);
  warnings(created);
}

async function edit(stack: EngineStack): Promise<void> {
  heading(
    "Change",
    "Another cron, more retries, a higher priority, another sync script: configuration here, a commit elsewhere.",
  );
  for (const [key, value] of Object.entries(change)) {
    say(`   ${paint("cyan", `$ pulumi config set ${key} ${/\s/.test(value) ? `"${value}"` : value}`)}`);
  }
  await stack.configure({ config: change });
  const planned = await command("pulumi preview --diff", () => stack.preview({ diff: true, color: "never" }));
  difference(planned);
  totals(planned, false);
  expectSome(planned.summary.update, "The preview shows no update although the configuration has changed.");

  heading(
    "Deploy the change",
    "Only what changed is sent, through the operation that carries it, and published again.",
  );
  const updated = await command("pulumi up", () => stack.up());
  resources(updated);
  totals(updated, true);
  warnings(updated);
}

async function drift(stack: EngineStack, emulator: Emulator): Promise<void> {
  heading("Behind our back", "Somebody edits two tasks in the consoles: a schedule in DataWorks, a retry in WeData.");
  const { reportTaskId, wedataTaskIds } = await stack.stack.outputs();
  const report = String(reportTaskId?.value);
  const extract = String((wedataTaskIds?.value as unknown[] | undefined)?.[0]);
  await emulator.touch("dataworks", report, { Trigger: { Cron: "00 00 05 * * ?" } });
  say(`   DataWorks task ${report}: Trigger.Cron is now 00 00 05 * * ?`);
  await emulator.touch("wedata", extract, { RetryWait: 30 });
  say(`   WeData task ${extract}: RetryWait is now 30`);

  heading("Refresh", "The engine reads every task, and records what it finds.");
  const found = await command("pulumi refresh", () => stack.refresh());
  for (const { name, detailedDiff } of found.changes) {
    say(`   ${paint("yellow", "~")} ${name} has moved: ${Object.keys(detailedDiff).join(", ")}`);
  }
  totals(found, true);
  expectSome(found.summary.update, "The refresh has not noticed the edits.");
  const planned = await command("pulumi preview --diff", () => stack.preview({ diff: true, color: "never" }));
  difference(planned);
  totals(planned, false);

  heading("Put it right", "The program still says what is wanted; deploying it takes the edits back.");
  const repaired = await command("pulumi up", () => stack.up());
  resources(repaired);
  totals(repaired, true);
  warnings(repaired);
  const calm = await command("pulumi preview", () => stack.preview());
  totals(calm, false);
  if (calm.changes.length > 0) throw new StartFailure("The last preview still shows changes, and should show none.");
}

function expectSome(count: number | undefined, otherwise: string): void {
  if (count === undefined || count === 0) throw new StartFailure(otherwise);
}

async function summary(stack: EngineStack, emulator: Emulator, started: number): Promise<void> {
  heading("Summary", `All of that took ${((Date.now() - started) / 1000).toFixed(0)} seconds.`);
  await tasksOf(stack);
  await callsOf(emulator);
}

function whatNext(): void {
  line("State", `${path.join(folder, "state")}, kept to be looked at until the next npm start; the emulator stops now`);
  line("Next", "npm start -- --keep           leaves all this running, to go on with pulumi by hand");
  line("", `npm start -- --example NAME   plays one of ${exampleNames().join(", ")}`);
  line("", "examples/quickstart/index.ts  is the program; README.md says how to point it at your accounts");
}

async function playground(stack: EngineStack, emulator: Emulator): Promise<void> {
  const stopped = interrupted();
  const load = writeEnvironment(folder, stack);
  const touch = JSON.stringify({
    service: "dataworks",
    id: (await stack.stack.outputs())["reportTaskId"]?.value as string,
    changes: { Description: "edited at the console" },
  });
  line("State", `${path.join(folder, "state")} (stack ${stackName}), replaced by the next npm start`);
  heading("Your turn", "The emulator runs until you press Ctrl-C here. In another terminal:");
  for (const text of [
    `cd ${root}`,
    load,
    "pulumi config set priority medium",
    "pulumi preview --diff",
    "pulumi up",
    `curl -d '${touch}' ${emulator.control}/touch`,
    "pulumi refresh",
    `curl ${emulator.control}/counts`,
    "pulumi destroy",
  ]) {
    say(`   ${paint("cyan", text)}`);
  }
  await stopped;
  say("\nThe emulator stops, and the stack's configuration goes with it. The next npm start begins afresh.");
}
