import os from "node:os";
import { Deployment } from "./deployment";
import type { EngineStack } from "../../engine-stack";
import type { Row } from "../part";

/** What the documented Enterprise edition lets through in one second (contracts.md §5.3). */
const READS = 50;
const WRITES = 20;

interface Seen {
  operation: string;
  time: string;
  outcome: string;
}

const isRead = (operation: string): boolean => /^(Get|List|Describe|Check)/.test(operation);

/** The most calls that came in within one second. */
export function mostInASecond(times: readonly number[]): number {
  const sorted = [...times].sort((one, other) => one - other);
  let [most, from] = [0, 0];
  for (const [at, time] of sorted.entries()) {
    while ((sorted[from] ?? time) <= time - 1_000) from += 1;
    most = Math.max(most, at - from + 1);
  }
  return most;
}

/** Whether the calls of an account stay inside its limits, and how many did not. */
export function overTheLimit(calls: readonly Seen[]): string[] {
  const times = (read: boolean) =>
    calls.filter(({ operation }) => isRead(operation) === read).map(({ time }) => Date.parse(time));
  const [reads, writes] = [mostInASecond(times(true)), mostInASecond(times(false))];
  const throttled = calls.filter(({ outcome }) => outcome.startsWith("Throttling")).length;
  return [
    ...(throttled > 0 ? [`${throttled} calls were throttled`] : []),
    ...(reads > READS ? [`${reads} reads came within a second, ${READS} are allowed`] : []),
    ...(writes > WRITES ? [`${writes} writes came within a second, ${WRITES} are allowed`] : []),
  ];
}

/** Ten engines deploy ten stacks of one account at once. */
export async function tenStacks(row: (row: Row) => void, report: (failure: string) => void): Promise<void> {
  const deployment = await Deployment.open({ edition: "Enterprise" });
  try {
    const { control, projectId } = deployment.emulator.emulator;
    const [first, ...stacks] = (await deployment.stacks(11)) as [EngineStack, ...EngineStack[]];
    const up = (stack: EngineStack, index: number) => {
      const declared = Array.from({ length: 5 }, (_, nth) => ({
        name: `orders-${nth}`,
        type: "DataWorksTask" as const,
        args: {
          projectId,
          name: `orders_${index}_${nth}`,
          script: { command: "ODPS_SQL", content: "select 1;" },
          trigger: { type: "Scheduler", cron: "0 0 1 * * ?" },
        },
      }));
      deployment.declare(declared, stack);
      return stack.up();
    };
    // The service says when a call came: it must be warm, and its clients must not take the time in which it looks at its clock.
    await up(first, 10);
    os.setPriority(os.constants.priority.PRIORITY_BELOW_NORMAL);
    const began = Date.now();
    const runs = await Promise.allSettled(stacks.map(up));
    const failed = runs.flatMap((run, index) =>
      run.status === "rejected" ? [`stack ${index}: ${String(run.reason).slice(0, 500)}`] : [],
    );
    const all = (await (await fetch(`${control}/calls`)).json()) as Seen[];
    const calls = all.filter(({ time }) => Date.parse(time) >= began);
    const over = overTheLimit(calls);
    for (const failure of [...failed, ...over]) report(`ten stacks at once: ${failure}`);
    row({
      name: "ten stacks at once, inside the limits",
      tried: 10,
      converged: over.length > 0 ? 0 : 10 - failed.length,
    });
  } finally {
    await deployment.close();
  }
}
