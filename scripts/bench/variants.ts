import { emulatorProcess } from "./emulator";
import type { Behaviour, EmulatorProcess } from "./emulator";
import type { Grounds, Round, Taken } from "./measure";
import { benchStack } from "./stack";
import type { Action, BenchStack, Cost, Plan, RunOptions } from "./stack";

/** The tasks that the variants declare. */
export type Tasks = Omit<Plan, "form" | "revision">;

/** An emulator for one measure. */
export async function emulated(grounds: Grounds, behaviour: Behaviour = {}): Promise<EmulatorProcess> {
  const emulator = await emulatorProcess(behaviour);
  grounds.afterwards(() => emulator.close());
  return emulator;
}

/** Where the tasks of a shape live in an emulator; those to be adopted are made there. */
export async function tasksOf(emulator: EmulatorProcess, shape: Plan["shape"], count: number): Promise<Tasks> {
  const { projectId, legacyProjectId, wedataProjectId, wedataWorkflowId } = emulator;
  return {
    ...{ shape, count, legacyProjectId, workflowId: wedataWorkflowId },
    projectId: shape === "wedata" ? wedataProjectId : projectId,
    ...(shape === "adopted" && { ids: await emulator.createTasks(count) }),
  };
}

/** A stack for one measure. */
export async function stackOf(
  grounds: Grounds,
  emulator: EmulatorProcess,
  name: string,
  plan: Omit<Plan, "revision">,
): Promise<BenchStack> {
  const stack = await benchStack(name, { ...plan, revision: 0 }, emulator.configuration);
  grounds.afterwards(() => stack.remove());
  return stack;
}

/** Two stacks side by side: what is measured, and what it is measured against. */
export interface Pair {
  readonly ours: BenchStack;
  readonly baseline: BenchStack;
}

export const pair = async (
  grounds: Grounds,
  emulator: EmulatorProcess,
  ours: Omit<Plan, "revision">,
  baseline: Omit<Plan, "revision">,
): Promise<Pair> => ({
  ours: await stackOf(grounds, emulator, "ours", ours),
  baseline: await stackOf(grounds, emulator, "baseline", baseline),
});

/** Resources of this package, and as many empty hooks with the same arguments. */
export async function besideEmpty(grounds: Grounds, shape: Plan["shape"], count: number): Promise<Pair> {
  const emulator = await emulated(grounds);
  const tasks = await tasksOf(emulator, shape, count);
  return pair(grounds, emulator, { form: "tasks", ...tasks }, { form: "empty", ...tasks });
}

/** Makes the resources of both, unmeasured. */
export async function created({ ours, baseline }: Pair): Promise<void> {
  for (const stack of [ours, baseline]) await stack.run("up", { skipCheckpoints: true });
}

/** Edits every task of both from now on. */
export function edited({ ours, baseline }: Pair, revision: number): void {
  for (const stack of [ours, baseline]) stack.plan({ revision });
}

/** Runs both, one after the other, the first one changing from round to round. */
export async function inTurn(
  { ours, baseline }: Pair,
  round: number,
  run: (stack: BenchStack) => Promise<Cost>,
): Promise<{ ours: Cost; baseline: Cost }> {
  const costs = new Map<BenchStack, Cost>();
  for (const stack of round % 2 === 0 ? [baseline, ours] : [ours, baseline]) costs.set(stack, await run(stack));
  return { ours: costs.get(ours) as Cost, baseline: costs.get(baseline) as Cost };
}

/** The time of ours as a multiple of the baseline's, and the same of the CPU, which a busy machine disturbs less. */
export const timeRatio = ({ ours, baseline }: { ours: Cost; baseline: Cost }): Round => ({
  value: ours.milliseconds / baseline.milliseconds,
  cpu: ours.cpu / baseline.cpu,
  ourMilliseconds: ours.milliseconds,
  baselineMilliseconds: baseline.milliseconds,
});

/** Measures one action of both, round by round. `before` brings them to where they are to be measured from. */
export async function compared(
  grounds: Grounds,
  stacks: Pair,
  action: Action,
  { before, ...options }: RunOptions & { before?: (round: number) => Promise<void> } = {},
): Promise<Taken> {
  const rounds: Round[] = [];
  for (let round = 1; round <= grounds.runs; round += 1) {
    await before?.(round);
    const taken = timeRatio(await inTurn(stacks, round, (stack) => stack.run(action, options)));
    rounds.push(taken);
    grounds.progress(
      `${action} ${round} of ${grounds.runs}: ${taken.value.toFixed(3)} (CPU ${taken["cpu"]?.toFixed(3)})`,
    );
  }
  return {
    rounds,
    explain: async () => {
      await before?.(grounds.runs + 1);
      return profileOf(await stacks.ours.run(action, { ...options, profile: true }));
    },
  };
}

/** Where the time of a run went: by process, and by function. */
export function profileOf({ cpu, programCpu, providerCpu, functions }: Cost): string {
  const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(2)} s`;
  const list = (role: "program" | "provider") =>
    functions[role].map(([name, milliseconds]) => `    ${seconds(milliseconds).padStart(9)}  ${name}`);
  return [
    `  CPU: engine ${seconds(cpu - programCpu - providerCpu)}, program ${seconds(programCpu)}, provider ${seconds(providerCpu)}`,
    ...(["program", "provider"] as const).flatMap((role) =>
      functions[role].length === 0 ? [] : [`  ${role}, functions by their own time (profiled):`, ...list(role)],
    ),
  ].join("\n");
}
