import path from "node:path";
import { LocalWorkspace } from "@pulumi/pulumi/automation";
import { engineCommand, engineEnvironment, engineStack } from "./engine-stack";
import type { EngineOptions, EngineStack } from "./engine-stack";

export interface ProjectOptions extends EngineOptions {
  /** Where the state is kept; `.state` in the project's folder when left out. */
  stateFolder?: string;
  passphrase?: string;
  /** PULUMI_HOME; the set-up's own when left out. */
  home?: string;
  /** Whether the program's types are checked when it runs, as Pulumi does by default. It costs some seconds a run. */
  typeCheck?: boolean;
}

/**
 * The stack of a Pulumi project kept in a folder (Pulumi.yaml and a Node program), made if it is not there yet. The
 * program is run by the CLI, exactly as `pulumi up` in that folder runs it.
 */
export async function runProject(
  folder: string,
  stackName: string,
  {
    stateFolder = path.join(folder, ".state"),
    passphrase,
    home,
    env,
    typeCheck = false,
    ...values
  }: ProjectOptions = {},
): Promise<EngineStack> {
  const environment = {
    ...(await engineEnvironment(stateFolder, {
      ...(passphrase !== undefined && { passphrase }),
      ...(home !== undefined && { home }),
    })),
    ...(!typeCheck && { PULUMI_NODEJS_TRANSPILE_ONLY: "true" }),
    ...env,
  };
  const stack = await LocalWorkspace.createOrSelectStack(
    { stackName, workDir: folder },
    { pulumiCommand: await engineCommand(), envVars: environment, secretsProvider: "passphrase" },
  );
  const project = engineStack(stack, folder, environment);
  await project.configure(values);
  return project;
}
