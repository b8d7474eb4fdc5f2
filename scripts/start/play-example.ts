import { cpSync } from "node:fs";
import path from "node:path";
import { startEmulator } from "../../emulator/index";
import type { Emulator } from "../../emulator/index";
import type { EngineStack } from "../engine-stack";
import { runProject } from "../run-project";
import { root } from "../setup.js";
import { exampleNames, examples, folderOf, valuesOf } from "./examples";
import type { Example, ExampleStack } from "./examples";
import { demonstrationPace } from "./journey";
import { interrupted, writeEnvironment } from "./keeping";
import { command, difference, heading, paint, resources, say, totals, warnings } from "./screen";
import { callsOf, tasksOf } from "./summary";
import { StartFailure, freshFolder, leaveFolder } from "./workspace";

/** Plays one example in a copy of its folder: preview, up, preview again, and destroy unless it is to be kept. */
export async function playExample(name: string, { keep }: { keep: boolean }): Promise<void> {
  const example = Object.hasOwn(examples, name) ? examples[name] : undefined;
  if (example === undefined) {
    throw new StartFailure(`There is no example "${name}": name one of ${exampleNames().join(", ")}.`);
  }
  const folder = freshFolder(path.join(root, ".state", "examples", name));
  // A copy, because a stack's settings are written beside Pulumi.yaml.
  const project = path.join(folder, "project");
  cpSync(folderOf(name), project, { recursive: true, filter: (file) => path.basename(file) !== "node_modules" });
  const emulator = await startEmulator(demonstrationPace);
  try {
    const stacks: EngineStack[] = [];
    for (const each of example.stacks) stacks.push(await deployed(name, example, each, project, folder, emulator));
    heading("Summary", "What the stacks hold, and what was called for it.");
    for (const stack of stacks) await tasksOf(stack, stack.stack.name);
    await callsOf(emulator);
    if (keep) await playground(stacks, folder, project);
    else await destroyed(example, stacks, emulator);
  } finally {
    leaveFolder(folder);
    await emulator.close();
  }
}

async function deployed(
  name: string,
  example: Example,
  each: ExampleStack,
  project: string,
  folder: string,
  emulator: Emulator,
): Promise<EngineStack> {
  heading(`examples/${name}, stack ${each.name}`, "An emulator plays the clouds; a preview shows what would be made.");
  const stack = await runProject(project, each.name, {
    stateFolder: path.join(folder, "state"),
    passphrase: "demo",
    ...(await valuesOf(each, emulator)),
  });
  const planned = await command("pulumi preview", () => stack.preview());
  resources(planned);
  warnings(planned);
  totals(planned, false);
  await up(stack);
  if (example.adopts === true) {
    say("\n   The task is recorded, and nothing was written. Once its values are read, the differences show:\n");
    totals(await command("pulumi refresh", () => stack.refresh()), true);
    const differing = await command("pulumi preview --diff", () => stack.preview({ diff: true, color: "never" }));
    difference(differing);
    totals(differing, false);
    await up(stack);
  }
  const calm = await command("pulumi preview", () => stack.preview());
  totals(calm, false);
  if (calm.changes.length > 0) {
    throw new StartFailure(
      `The preview after the deployment still changes ${calm.changes.map((one) => one.name).join(", ")}.`,
    );
  }
  return stack;
}

async function up(stack: EngineStack): Promise<void> {
  const done = await command("pulumi up", () => stack.up());
  resources(done);
  warnings(done);
  totals(done, true);
}

async function destroyed(example: Example, stacks: readonly EngineStack[], emulator: Emulator): Promise<void> {
  heading("Destroy", "The tasks that were made here are taken offline and deleted; adopted ones stay.");
  for (const stack of stacks) {
    const gone = await command(`pulumi destroy --stack ${stack.stack.name}`, () => stack.destroy());
    totals(gone, true);
  }
  if (example.adopts !== true) return;
  const left = await emulator.tasks("dataworks");
  say(`   DataWorks still has ${left.length === 1 ? "the adopted task" : `${left.length} tasks`}.`);
}

async function playground(stacks: readonly EngineStack[], folder: string, project: string): Promise<void> {
  const stopped = interrupted();
  const [first] = stacks;
  if (first === undefined) return;
  heading("Your turn", "The emulator runs until you press Ctrl-C here. In another terminal:");
  const others = stacks.slice(1).map((stack) => `pulumi preview --stack ${stack.stack.name}`);
  for (const text of [
    `cd ${project}`,
    writeEnvironment(folder, first),
    "pulumi preview --diff",
    ...others,
    "pulumi destroy",
  ]) {
    say(`   ${paint("cyan", text)}`);
  }
  await stopped;
  say("\nThe emulator stops. The next run of this example begins afresh.");
}
