import type { Measure, Round } from "../measure";
import { compared, created, edited, emulated, inTurn, pair, profileOf, tasksOf, timeRatio } from "../variants";
import type { Grounds } from "../measure";
import type { Pair } from "../variants";

const SETS = 10;

/** Sets of this package, and as many empty hooks with the same arguments. */
async function sets(grounds: Grounds): Promise<Pair> {
  const emulator = await emulated(grounds);
  const tasks = { ...(await tasksOf(emulator, "adopted", grounds.tasks(1_000))), sets: SETS };
  return pair(grounds, emulator, { form: "sets", ...tasks }, { form: "empty", ...tasks });
}

export const setMeasures: readonly Measure[] = [
  {
    name: "sets-create",
    title: "creation of 1,000 tasks as 10 sets / 10 empty hooks with the same arguments, time",
    goal: 1.5,
    async take(grounds) {
      const stacks = await sets(grounds);
      // Adopted tasks are left as they are by destroy: every round takes them up anew.
      const destroyed = async () => {
        for (const stack of [stacks.ours, stacks.baseline]) await stack.run("destroy", { skipCheckpoints: true });
      };
      return compared(grounds, stacks, "up", { before: destroyed });
    },
  },
  {
    name: "sets-update",
    title: "up that edits 1,000 tasks as 10 sets / 10 empty hooks with the same arguments, time",
    goal: 1.5,
    async take(grounds) {
      const stacks = await sets(grounds);
      await created(stacks);
      return compared(grounds, stacks, "up", { before: async (round) => edited(stacks, round) });
    },
  },
  {
    name: "sets-against-single",
    title: "up that edits 1,000 tasks as 10 sets / as 1,000 resources, time",
    goal: 1 / 30,
    async take(grounds) {
      const emulator = await emulated(grounds);
      const tasks = await tasksOf(emulator, "adopted", grounds.tasks(1_000));
      const others = await tasksOf(emulator, "adopted", grounds.tasks(1_000));
      const single = { form: "tasks", ...others } as const;
      const stacks = await pair(grounds, emulator, { form: "sets", sets: SETS, ...tasks }, single);
      await created(stacks);
      const rounds: Round[] = [];
      for (let round = 1; round <= grounds.runs; round += 1) {
        edited(stacks, round);
        rounds.push(timeRatio(await inTurn(stacks, round, (stack) => stack.run("up"))));
        grounds.progress(`${round} of ${grounds.runs}: 1/${(1 / (rounds.at(-1)?.value ?? NaN)).toFixed(1)}`);
      }
      return {
        rounds,
        explain: async () => {
          edited(stacks, grounds.runs + 1);
          return profileOf(await stacks.ours.run("up", { profile: true }));
        },
      };
    },
  },
];
