import { cpSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import path from "node:path";
import { LocalWorkspace } from "@pulumi/pulumi/automation";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import type { Emulator } from "../../emulator/index";
import { engineCommand, engineEnvironment, engineStack } from "../../scripts/engine-stack";
import type { EngineOptions, EngineStack, Report } from "../../scripts/engine-stack";
import { runProject } from "../../scripts/run-project";
import type { ProjectOptions } from "../../scripts/run-project";
import { root } from "../../scripts/setup.js";

export { EngineFailure } from "../../scripts/engine-stack";
export type { EngineStack, Report, ResourceChange, UpReport } from "../../scripts/engine-stack";

const folders: string[] = [];

/** A fresh folder inside the repository, from which the package resolves by its name; removed when the tests are over. */
export function temporaryFolder(name: string): string {
  const parent = path.join(root, ".state", "tests");
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(path.join(parent, `${name}-`));
  folders.push(folder);
  return folder;
}

after(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

export interface InlineOptions extends EngineOptions {
  projectName?: string;
}

/** A stack on the real engine, with a state of its own, whose program is the given function. */
export async function inlineStack(
  name: string,
  program: PulumiFn,
  { projectName = "tests", env, ...values }: InlineOptions = {},
): Promise<EngineStack> {
  const folder = temporaryFolder(name);
  const environment = { ...(await testEnvironment(folder)), ...env };
  const stack = await LocalWorkspace.createOrSelectStack(
    { stackName: name, projectName, program },
    {
      workDir: folder,
      pulumiCommand: await engineCommand(),
      envVars: environment,
      secretsProvider: "passphrase",
      projectSettings: { name: projectName, runtime: "nodejs", main: folder },
    },
  );
  const inline = engineStack(stack, folder, environment);
  await inline.configure(values);
  return inline;
}

/** A stack of a copy of the Pulumi project in `source` (an example, for instance), its program run by the CLI. */
export async function localProject(
  source: string,
  { stackName = "test", ...options }: Omit<ProjectOptions, "stateFolder" | "home"> & { stackName?: string } = {},
): Promise<EngineStack> {
  const folder = temporaryFolder(path.basename(source));
  const project = path.join(folder, "project");
  cpSync(source, project, { recursive: true, filter: (file) => path.basename(file) !== "node_modules" });
  return runProject(project, stackName, {
    ...options,
    stateFolder: path.join(folder, "state"),
    home: path.join(folder, "home"),
  });
}

function testEnvironment(folder: string): Promise<Record<string, string>> {
  return engineEnvironment(path.join(folder, "state"), { passphrase: "test", home: path.join(folder, "home") });
}

/** What a run means to do, or has done, by resource: the operation, and the paths that differ. */
export const differences = ({ changes }: Report): Record<string, string[]> =>
  Object.fromEntries(changes.map(({ op, name, detailedDiff }) => [name, [op, ...Object.keys(detailedDiff).sort()]]));

/** A resource as the state has it, secrets in plain text. */
export interface Stored {
  urn: string;
  id: string;
  parent?: string;
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
}

/** A resource of a stack as the state has it, by its name in the program. */
export async function stored(stack: EngineStack, name: string): Promise<Stored> {
  const { resources } = (await stack.exportState()).deployment as { resources: Stored[] };
  const found = resources.find(({ urn }) => urn.endsWith(`::${name}`));
  if (found === undefined) throw new Error(`the state has no resource ${name}`);
  return JSON.parse(JSON.stringify(found), (_key, value: unknown) => withoutMark(value)) as Stored;
}

/** A secret is exported as an object with its JSON text. */
function withoutMark(value: unknown): unknown {
  const { plaintext } = (value ?? {}) as { plaintext?: unknown };
  return typeof plaintext === "string" ? (JSON.parse(plaintext) as unknown) : value;
}

/** A call that changes something, as the emulator got it. */
export interface Write {
  operation: string;
  parameters: Record<string, unknown>;
}

/** The calls since the last reset that change something, in order. */
export async function writes(emulator: Emulator): Promise<Write[]> {
  return (await emulator.calls())
    .filter(({ operation }) => !/^(Get|List|Describe|Check)/.test(operation))
    .map(({ operation, parameters }) => ({ operation, parameters: parameters as Record<string, unknown> }));
}
