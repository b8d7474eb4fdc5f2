import * as pulumi from "@pulumi/pulumi";
import * as runtimeState from "@pulumi/pulumi/runtime/state";
import { leaveStack } from "../provider/clouds/origin";
import { oncePerRun } from "./run";

/** Exported at run time, and marked internal in the types. */
const { getStore } = runtimeState as unknown as {
  getStore?: () => { settings?: { options?: { engineAddr?: string } } };
};

/** Tells the provider process of this run, once, which stack it works for. */
export const recordStack: () => void = oncePerRun(() => {
  const engine = getStore?.().settings?.options?.engineAddr;
  if (engine === undefined || engine === "") return;
  leaveStack({ project: pulumi.getProject(), stack: pulumi.getStack() }, engine);
});
