import { startEmulator } from "../../../emulator/index";
import type { Emulator, FaultRule } from "../../../emulator/index";
import { services } from "../../../emulator/services";

/** How fast the emulated clouds live: 1 is the real pace, 10 is ten times as fast in everything. */
export type Pace = 1 | 10;

/** At the real pace. */
export const REQUESTS_PER_SECOND = 20;
const LATENCY_MILLISECONDS = [50, 800] as const;
const STAGE_MILLISECONDS = 300;
const CHANCE = 0.02;

/**
 * What fails by chance, and what a run has to survive without anybody's help. The others are no accidents: a refused key,
 * a used-up quota, a wrong argument, a refusal of one task in a batch come again at every repeat, so they end the operation
 * at once, and the part `classes` holds them against what they have to leave.
 */
export const accidents = ["throttle", "error500", "busy", "drop-before", "drop-after", "html502", "cut-json"] as const;

const operationsOf = (cloud: "dataworks" | "wedata"): string[] =>
  services.filter(({ version }) => version.startsWith(cloud)).flatMap(({ operations }) => Object.keys(operations));

function rules(): FaultRule[] {
  const chance = { probability: CHANCE, times: 0 };
  return accidents.flatMap((kind): FaultRule[] =>
    kind === "busy"
      ? [
          // A refusal with a business code that means: not now.
          { kind: "error", code: "9990020002", operation: operationsOf("dataworks"), ...chance },
          { kind: "error", code: "InvalidParameter.ServiceIsBusy", operation: operationsOf("wedata"), ...chance },
        ]
      : [{ kind, ...chance }],
  );
}

/** The emulated clouds of this part: slow, strict, and unreliable from `strike` on. */
export async function loadedService(seed: number, pace: Pace) {
  const [from, to] = LATENCY_MILLISECONDS;
  const emulator = await startEmulator({
    seed,
    limits: { perSecond: REQUESTS_PER_SECOND * pace },
    latencyMilliseconds: [from / pace, to / pace],
    stageMilliseconds: STAGE_MILLISECONDS / pace,
  });
  return {
    emulator,
    strike: async () => {
      for (const rule of rules()) await emulator.fault(rule);
    },
  };
}

/** What one cloud holds, by the names of the tasks; names that are there twice stand twice. */
export async function taskNames(
  emulator: Emulator,
): Promise<Record<"dataworks" | "dataworks-files" | "wedata", string[]>> {
  const named = async (service: string, name: string) =>
    ((await emulator.tasks(service)) as Record<string, unknown>[])
      .filter((task) => task["DeletedStatus"] === undefined || task["DeletedStatus"] === "NORMAL")
      .map((task) => String(({ ...task, ...(task["settings"] as object) } as Record<string, unknown>)[name]));
  return {
    dataworks: await named("dataworks", "Name"),
    "dataworks-files": await named("dataworks-files", "FileName"),
    wedata: await named("wedata", "TaskName"),
  };
}

/** Calls that the limit itself refused, not an injected fault. */
export const refusedByLimit = async (emulator: Emulator): Promise<number> =>
  (await emulator.calls()).filter(
    ({ outcome, fault }) => fault === undefined && /^(Throttling|RequestLimitExceeded)/.test(outcome),
  ).length;
