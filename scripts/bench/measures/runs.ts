import type { Grounds, Measure, Taken } from "../measure";
import { median } from "../statistics";
import { besideEmpty, compared, created, edited, emulated, pair, stackOf, tasksOf } from "../variants";
import type { Pair } from "../variants";

const unchanged = (action: "up" | "preview" | "refresh", name: string): Measure => ({
  name,
  title: `${name.replaceAll("-", " ")} of 1,000 tasks / as many empty hooks, time`,
  goal: 1.1,
  async take(grounds) {
    const stacks = await besideEmpty(grounds, "adopted", grounds.tasks(1_000));
    await created(stacks);
    return compared(grounds, stacks, action);
  },
});

/** Every round edits all tasks once more. */
const edits = (grounds: Grounds, stacks: Pair): Promise<Taken> =>
  compared(grounds, stacks, "up", { before: async (round) => edited(stacks, round) });

const changing = (shape: "wedata" | "adopted", word: string, kind: string): Measure[] => [
  {
    name: `up-all-${word}`,
    title: `up that edits 200 ${kind} / as many empty hooks, time`,
    goal: 1.15,
    async take(grounds) {
      const stacks = await besideEmpty(grounds, shape, grounds.tasks(200));
      await created(stacks);
      return edits(grounds, stacks);
    },
  },
  {
    name: `destroy-${word}`,
    title: `destroy of 200 ${kind} / as many empty hooks, time`,
    goal: 1.15,
    async take(grounds) {
      const stacks = await besideEmpty(grounds, shape, grounds.tasks(200));
      return compared(grounds, stacks, "destroy", { before: () => created(stacks) });
    },
  },
];

const guide: Measure = {
  name: "up-all-guide",
  title: "up that edits 200 adopted DataWorks tasks, 50 ms a call / a provider written as in Pulumi's guide, time",
  goal: 0.3,
  async take(grounds) {
    const emulator = await emulated(grounds, { latency: 50 });
    const tasks = await tasksOf(emulator, "adopted", grounds.tasks(200));
    const { dataworks: endpoint, accessKeyId, accessKeySecret } = emulator;
    const guided = { form: "guide", ...tasks, endpoint, accessKeyId, accessKeySecret } as const;
    const stacks = await pair(grounds, emulator, { form: "tasks", ...tasks }, guided);
    await created(stacks);
    const taken = await edits(grounds, stacks);
    // What the engine alone takes: less than this nobody can reach.
    const floor = async (): Promise<string> => {
      const empty = await stackOf(grounds, emulator, "floor", { form: "empty", ...tasks });
      await empty.run("up", { skipCheckpoints: true });
      empty.plan({ revision: 1 });
      const { milliseconds } = await empty.run("up");
      const guides = median(taken.rounds.map(({ baselineMilliseconds = NaN }) => baselineMilliseconds));
      return `  as many empty hooks / the provider of the guide: ${(milliseconds / guides).toFixed(3)}`;
    };
    return { ...taken, explain: async () => `${await floor()}\n${await taken.explain()}` };
  },
};

export const runs: readonly Measure[] = [
  ...changing("wedata", "wedata", "WeData tasks"),
  ...changing("adopted", "dataworks", "adopted DataWorks tasks"),
  guide,
  unchanged("preview", "preview"),
  unchanged("up", "up-no-change"),
  unchanged("refresh", "refresh"),
];
