import type { EmulatorProcess } from "../emulator";
import type { Grounds, Measure, Round, Taken } from "../measure";
import type { BenchStack, Plan } from "../stack";
import { emulated, stackOf, tasksOf } from "../variants";

type Counts = Readonly<Record<string, number>>;

const sum = (counts: Counts, operations: (name: string) => boolean = () => true): number =>
  Object.entries(counts).reduce((all, [name, count]) => all + (operations(name) ? count : 0), 0);

/** The calls by operation are what a missed goal is explained with. */
const taken = (rounds: readonly Round[], last: () => Counts): Taken => ({
  rounds,
  explain: () =>
    `  ${Object.entries(last())
      .map(([name, count]) => `${name} ${count}`)
      .join(", ")}`,
});

/** What is read off the calls of a case. */
interface Reading {
  name: string;
  title: string;
  goal: number;
  value: (counts: Counts, tasks: number) => number;
}

interface Case {
  shape: Plan["shape"];
  sets?: number;
  tasks?: number;
  /** What is done to the stack, once its tasks are there; the calls made meanwhile are counted. */
  act: (stack: BenchStack, round: number) => Promise<unknown>;
  /** Also without having made the tasks before. */
  fresh?: boolean;
}

/** Measures that are read off the same runs: the first that is taken makes them. */
const counted = (
  { shape, sets, tasks: own = 1_000, act, fresh = false }: Case,
  ...readings: readonly Reading[]
): Measure[] => {
  const run = async (grounds: Grounds, name: string): Promise<{ count: number; rounds: Counts[] }> => {
    const emulator = await emulated(grounds);
    const tasks = await tasksOf(emulator, shape, grounds.tasks(own));
    const form = sets === undefined ? "tasks" : "sets";
    const stack = await stackOf(grounds, emulator, name, { form, ...tasks, ...(sets !== undefined && { sets }) });
    if (!fresh) await stack.run("up", { skipCheckpoints: true });
    const rounds: Counts[] = [];
    for (let round = 1; round <= (fresh ? 1 : grounds.runs); round += 1) {
      const counts = await callsOf(emulator, () => act(stack, round));
      rounds.push(counts);
      grounds.progress(`${round}: ${sum(counts)} calls`);
    }
    return { count: tasks.count, rounds };
  };
  let made: ReturnType<typeof run> | undefined;
  return readings.map(({ name, title, goal, value }) => ({
    name,
    title,
    goal,
    async take(grounds) {
      const { count, rounds } = await (made ??= run(grounds, name));
      return taken(
        rounds.map((counts) => ({ value: value(counts, count), ...counts })),
        () => rounds.at(-1) ?? {},
      );
    },
  }));
};

async function callsOf(emulator: EmulatorProcess, act: () => Promise<unknown>): Promise<Counts> {
  await emulator.reset();
  await act();
  return emulator.counts();
}

const edit = (parallel?: number) => (stack: BenchStack, round: number) => {
  stack.plan({ revision: round });
  return stack.run("up", parallel === undefined ? {} : { parallel });
};
/** Writes of a task, whichever operation carries them. */
const isUpdate = (name: string) => /^(Batch)?Update|^Modify/.test(name);
const perTask = (counts: Counts, tasks: number) => sum(counts) / tasks;
const writesPerTask = (counts: Counts, tasks: number) => sum(counts, isUpdate) / tasks;

/** WeData takes 20 calls a second of each operation: 1,000 edits need 50 s, however they are sent. */
const paced: Measure = {
  name: "wedata-paced",
  title: "1,000 WeData edits in 10 sets at 20 calls a second / the time that so many calls take (none may be refused)",
  goal: 1.15,
  async take(grounds: Grounds) {
    const emulator = await emulated(grounds, { edition: "Enterprise" });
    const tasks = await tasksOf(emulator, "wedata", grounds.tasks(1_000));
    const stack = await stackOf(grounds, emulator, "paced", { form: "sets", sets: 10, ...tasks });
    await stack.run("up", { skipCheckpoints: true });
    let counts: Counts = {};
    const rounds: Round[] = [];
    for (let round = 1; round <= grounds.runs; round += 1) {
      stack.plan({ revision: round });
      await emulator.reset();
      const { milliseconds } = await stack.run("up");
      counts = await emulator.counts();
      const refused = await emulator.refused();
      const value = refused > 0 ? Infinity : milliseconds / ((tasks.count / 20) * 1000);
      rounds.push({ value, milliseconds, refused });
      grounds.progress(`${round} of ${grounds.runs}: ${(milliseconds / 1000).toFixed(1)} s, ${refused} refused`);
    }
    return taken(rounds, () => counts);
  },
};

export const calls: readonly Measure[] = [
  ...counted(
    {
      ...{ shape: "adopted", tasks: 100 },
      act: async (stack) => {
        await stack.run("preview");
        await stack.run("up");
      },
    },
    {
      name: "calls-no-change",
      title: "calls in a preview and an up without change",
      goal: 0,
      value: (counts) => sum(counts),
    },
  ),
  ...counted(
    { shape: "created", tasks: 100, fresh: true, act: (stack) => stack.run("up") },
    { name: "calls-create", title: "calls per DataWorks task that is created and published", goal: 8, value: perTask },
  ),
  ...counted(
    { shape: "adopted", act: edit(64) },
    {
      name: "calls-update-writes",
      title: "writing calls for 1,000 schedule edits, --parallel 64 / one per task",
      ...{ goal: 0.03, value: writesPerTask },
    },
    {
      name: "calls-update-all",
      title: "all calls for 1,000 schedule edits, --parallel 64 / one per task",
      ...{ goal: 0.05, value: perTask },
    },
  ),
  ...counted(
    { shape: "adopted", act: (stack) => stack.run("refresh", { parallel: 64 }) },
    {
      name: "calls-refresh-64",
      title: "calls for refreshing 1,000 unchanged tasks, --parallel 64 / one per task",
      ...{ goal: 0.02, value: perTask },
    },
  ),
  ...counted(
    { shape: "adopted", act: (stack) => stack.run("refresh") },
    {
      name: "calls-refresh",
      title: "calls for refreshing 1,000 unchanged tasks, default --parallel / one per task",
      ...{ goal: 0.03, value: perTask },
    },
  ),
  ...counted(
    { shape: "adopted", sets: 10, act: edit() },
    {
      name: "calls-update-sets-writes",
      title: "writing calls for 1,000 schedule edits in 10 sets / one per task",
      ...{ goal: 0.02, value: writesPerTask },
    },
    {
      name: "calls-update-sets-all",
      title: "all calls for 1,000 schedule edits in 10 sets / one per task",
      ...{ goal: 0.04, value: perTask },
    },
  ),
  paced,
];
