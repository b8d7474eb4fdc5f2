import type { Grounds, Measure, Round, Taken } from "../measure";
import type { Cost } from "../stack";
import { besideEmpty, created, emulated, inTurn, pair, profileOf, tasksOf } from "../variants";
import type { Pair } from "../variants";

const MIB = 2 ** 20;

/** Tasks of both clouds in one provider process, and as many empty hooks. */
async function bothClouds(grounds: Grounds): Promise<Pair> {
  const emulator = await emulated(grounds);
  const { wedataProjectId } = emulator;
  const tasks = { ...(await tasksOf(emulator, "adopted", grounds.tasks(50))), wedataProjectId, shape: "both" } as const;
  const stacks = await pair(grounds, emulator, { form: "tasks", ...tasks }, { form: "empty", ...tasks });
  await created(stacks);
  return stacks;
}

/** A refresh asks both clouds for every task: their clients are loaded, signed with, and answered to. */
const overFloor = (name: string, title: string, goal: number, of: (cost: Cost) => number): Measure => ({
  name,
  title,
  goal,
  async take(grounds) {
    const stacks = await bothClouds(grounds);
    const rounds: Round[] = [];
    for (let round = 1; round <= grounds.runs; round += 1) {
      const { ours, baseline } = await inTurn(stacks, round, (stack) => stack.run("refresh"));
      rounds.push({ value: of(ours) - of(baseline), ours: of(ours), baseline: of(baseline) });
    }
    return { rounds, explain: async () => profileOf(await stacks.ours.run("refresh", { profile: true })) };
  },
});

/** What the program spends on each resource, the cost of its own start taken off. */
const programCpu = (shape: "adopted" | "created" | "wedata", name: string, kind: string): Measure => ({
  name,
  title: `program CPU per resource, 1,000 ${kind} / as many empty hooks`,
  goal: 1.2,
  async take(grounds): Promise<Taken> {
    const count = grounds.tasks(1_000);
    const stacks = await besideEmpty(grounds, shape, count);
    const rounds: Round[] = [];
    const measured = async (tasks: number, round: number) => {
      for (const stack of [stacks.ours, stacks.baseline]) stack.plan({ count: tasks });
      return inTurn(stacks, round, (stack) => stack.run("preview"));
    };
    for (let round = 1; round <= grounds.runs; round += 1) {
      const one = await measured(1, round);
      const all = await measured(count, round);
      const each = (of: "ours" | "baseline") => (all[of].programCpu - one[of].programCpu) / (count - 1);
      const [ours, baseline] = [each("ours"), each("baseline")];
      rounds.push({ value: ours / baseline, ourMilliseconds: ours, baselineMilliseconds: baseline });
      grounds.progress(`${round} of ${grounds.runs}: ${ours.toFixed(2)} ms / ${baseline.toFixed(2)} ms`);
    }
    return { rounds, explain: async () => profileOf(await stacks.ours.run("preview", { profile: true })) };
  },
});

export const start: readonly Measure[] = [
  overFloor(
    "provider-load",
    "CPU time of loading modules in the provider process, both clouds, over empty hooks, ms",
    200,
    ({ providerLoad }) => providerLoad,
  ),
  overFloor(
    "provider-memory",
    "memory of the provider process, both clouds, over empty hooks, MiB",
    60,
    ({ providerRss }) => providerRss / MIB,
  ),
  programCpu("adopted", "program-cpu-adopted", "adopted DataWorks tasks"),
  programCpu("created", "program-cpu-created", "DataWorks tasks with a script"),
  programCpu("wedata", "program-cpu-wedata", "WeData tasks"),
];
