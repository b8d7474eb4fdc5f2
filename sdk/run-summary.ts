import * as pulumi from "@pulumi/pulumi";
import * as runtimeState from "@pulumi/pulumi/runtime/state";
import { summaryOf } from "../provider/run-summary";
import { recordedRuns, runsFolder } from "../provider/runs";

/** Exported at run time, and marked internal in the types. */
const { getStore } = runtimeState as unknown as {
  getStore?: () => { settings?: { options?: { engineAddr?: string } } };
};

/**
 * Says what the run has asked of the clouds so far: what the provider process of the same engine has recorded. Deletions
 * follow after the program, and `data-tasks stats` has them too.
 */
export async function tellCalls(): Promise<void> {
  const engine = getStore?.().settings?.options?.engineAddr;
  if (engine === undefined || engine === "" || pulumi.runtime.isDryRun()) return;
  const lines = summaryOf(recordedRuns(runsFolder()).filter((run) => run.engine === engine));
  await Promise.all(lines.map((line) => pulumi.log.info(line)));
}
