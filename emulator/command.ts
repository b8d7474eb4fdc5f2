import { startEmulator } from "./index";
import type { Emulator, EmulatorOptions } from "./index";

export interface EmulatorCommand extends EmulatorOptions {
  /** Print one line of JSON instead of a table. */
  json?: boolean;
}

const address = (emulator: Emulator): Record<string, unknown> => {
  const { dataworks, wedata, accessKeyId, accessKeySecret, secretId, secretKey } = emulator;
  const { projectId, legacyProjectId, wedataProjectId, wedataWorkflowId, control } = emulator;
  const { otherProjectId, standardProjectId, legacyStandardProjectId, otherWedataProjectId, otherWedataWorkflowId } =
    emulator;
  return {
    ...{ dataworks, wedata, accessKeyId, accessKeySecret, secretId, secretKey },
    ...{ projectId, legacyProjectId, wedataProjectId, wedataWorkflowId, control },
    ...{ otherProjectId, standardProjectId, legacyStandardProjectId, otherWedataProjectId, otherWedataWorkflowId },
    ...{ account: emulator.account, wedataAccount: emulator.wedataAccount, temporary: emulator.temporary },
  };
};

const table = (emulator: Emulator, state: string | undefined): string =>
  [
    `The emulator of DataWorks and WeData listens at ${emulator.dataworks}`,
    "",
    `  DataWorks   endpoint            ${emulator.dataworks}`,
    `              access key          ${emulator.accessKeyId}`,
    `              access key secret   ${emulator.accessKeySecret}`,
    `              workspace           ${emulator.projectId} (new Data Studio), ${emulator.standardProjectId} (standard mode)`,
    `              earlier workspace   ${emulator.legacyProjectId}`,
    `  WeData      endpoint            ${emulator.wedata}`,
    `              secret id           ${emulator.secretId}`,
    `              secret key          ${emulator.secretKey}`,
    `              project, workflow   ${emulator.wedataProjectId}, ${emulator.wedataWorkflowId}`,
    `  Control     ${emulator.control}/calls, /counts, /tasks, /touch, /faults, /switches`,
    `  State       ${state ?? "in memory (keep it with --state FILE)"}`,
    "",
    "The keys are made up and open nothing but this emulator. Press Ctrl+C to stop.",
  ].join("\n");

/** Runs the emulator until SIGINT or SIGTERM; resolves when its state is written and its port closed. */
export async function runEmulatorCommand({ json = false, ...options }: EmulatorCommand): Promise<void> {
  const emulator = await startEmulator(options).catch((error: unknown) => {
    const taken = (error as NodeJS.ErrnoException).code === "EADDRINUSE";
    throw taken
      ? new Error(`Port ${options.port} is in use. Choose another with --port, or 0 for any free one.`, {
          cause: error,
        })
      : error;
  });
  console.log(json ? JSON.stringify(address(emulator)) : table(emulator, options.state));
  await new Promise<void>((resolve) => {
    process.once("SIGINT", resolve);
    process.once("SIGTERM", resolve);
  });
  await emulator.close();
}
