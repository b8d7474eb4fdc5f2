import * as pulumi from "@pulumi/pulumi";
import * as runtimeState from "@pulumi/pulumi/runtime/state";
import { perRun } from "./run";

/** How a program ended. */
export interface ProgramEnd {
  /** The program threw, so that not all of its resources were declared. */
  readonly failed: boolean;
}
type Callback = (end: ProgramEnd) => void | Promise<void>;

/** Exported at run time, and marked internal in the types. */
const { getStore } = runtimeState as unknown as {
  getStore?: () => { settings?: { rpcDone?: Promise<unknown> } };
};

const callbacksOf = perRun((): Callback[] => []);

/**
 * Calls back when the program has run and everything it has asked the engine for is answered, resources made in `apply`
 * included: in a preview, and in an update after its last resource. Works in programs of the CLI and of the Automation
 * API, each run by itself. What is logged or awaited in the callback still belongs to the run; nothing keeps the process
 * alive otherwise, and a failure of the callback is shown without failing the program. Outside of a run: never.
 */
export function atProgramEnd(callback: (end: ProgramEnd) => void | Promise<void>): void {
  const callbacks = callbacksOf();
  const stack = pulumi.runtime.getStackResource();
  if (callbacks === undefined || stack === undefined) return;
  callbacks.push(callback);
  if (callbacks.length > 1) return;
  const returned = (stack.outputs as unknown as { promise(): Promise<unknown> }).promise();
  const end = returned.then(
    () => finish(callbacks, { failed: false }),
    () => finish(callbacks, { failed: true }),
  );
  end.catch(() => undefined);
}

async function finish(callbacks: Callback[], end: ProgramEnd): Promise<void> {
  const release = await drained();
  try {
    for (const callback of callbacks.splice(0)) {
      try {
        await callback(end);
      } catch (error) {
        await pulumi.log.warn(`at the end of the program: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  } finally {
    release();
  }
}

/**
 * Waits until nothing asked of the engine is open, and gives what ends the claim that holds the connection meanwhile. The
 * engine's own wait at the end of a program looks at the same chain of claims: ours is always behind what it waits for.
 */
async function drained(): Promise<() => void> {
  const { settings } = getStore?.() ?? {};
  let open = settings?.rpcDone;
  let release = pulumi.runtime.rpcKeepAlive();
  for (;;) {
    const own = settings?.rpcDone;
    await open;
    // What was answered last may have an `apply` that makes the next resource.
    await new Promise((resolve) => setImmediate(resolve));
    if (settings === undefined || settings.rpcDone === own) return release;
    open = settings.rpcDone;
    const next = pulumi.runtime.rpcKeepAlive();
    release();
    release = next;
  }
}
