import assert from "node:assert/strict";
import fc from "fast-check";
import { isObject } from "../../provider/core/fields";
import { Unfinished } from "../../provider/core/lifecycle";
import type { Properties } from "../../provider/core/definition";
import { withoutToken } from "../../provider/core/token";
import { SetStage, dataworks, wedata } from "./stage";
import type { Cloud, Tasks, Told } from "./stage";

const RUNS = Number(process.env["PROPERTY_RUNS"] ?? 3);
const KEYS = ["a", "b", "c", "d", "e"];

/** One task at one step: absent, or with a text, an upstream among the keys before it, and perhaps as another task. */
interface Wanted {
  readonly isThere: boolean;
  readonly text: string;
  readonly upstream: number;
  readonly isOther: boolean;
}
interface Step {
  readonly tasks: readonly Wanted[];
  /** Something that goes wrong, and how often. */
  readonly fault?: {
    readonly kind: "business-failure" | "drop-after" | "drop-before";
    readonly nth: number;
    readonly times: number;
  };
}

const wanted: fc.Arbitrary<Wanted> = fc.record({
  isThere: fc.oneof({ weight: 3, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
  text: fc.constantFrom("one", "two", "three"),
  upstream: fc.nat(9),
  isOther: fc.oneof({ weight: 5, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
});
const step: fc.Arbitrary<Step> = fc.record(
  {
    tasks: fc.array(wanted, { minLength: KEYS.length, maxLength: KEYS.length }),
    fault: fc.record({
      kind: fc.constantFrom("business-failure", "drop-after", "drop-before"),
      nth: fc.integer({ min: 1, max: 6 }),
      times: fc.integer({ min: 1, max: 4 }),
    }),
  },
  { requiredKeys: ["tasks"] },
);
const stories = fc.array(step, { minLength: 2, maxLength: 4 });

/** The arguments of a step. An upstream is one of the keys that are there and come before. */
function tasksOf(cloud: Cloud, { tasks }: Step): Tasks {
  const there = KEYS.filter((_, index) => tasks[index]?.isThere);
  return Object.fromEntries(
    there.map((key, place) => {
      const { text, upstream, isOther } = tasks[KEYS.indexOf(key)] as Wanted;
      const before = upstream < place ? there[upstream] : undefined;
      // Nothing clears the edges of a task but an empty list.
      const edge = before === undefined ? { dependencies: [] } : cloud.waitsFor(before);
      return [
        key,
        {
          ...cloud.task(key, text),
          ...edge,
          ...(isOther && mayBeReplaced(cloud, key) && cloud.replacing),
          force: true,
        },
      ];
    }),
  );
}

/** DataWorks takes no task off production that others wait for: only the last one here never has any. */
const mayBeReplaced = (cloud: Cloud, key: string) => cloud === wedata || key === KEYS.at(-1);

/** What the service holds, in words that do not go by ids: by name, the text and the upstreams. */
async function world(stage: SetStage): Promise<Record<string, unknown>> {
  const stored = (await stage.stored()) as (Properties & { settings?: Properties })[];
  const names = new Map(stored.map((task) => [String(task["TaskId"] ?? task["Id"]), String(stage.cloud.nameOf(task))]));
  const entries = stored.map((task) => {
    const { Description, Dependencies, Notes } = { ...task, ...task.settings };
    const edges = (Dependencies ?? []) as Properties[];
    const ends = edges.map(({ UpstreamOutput, UpstreamTaskId, ParentTaskId }) =>
      String(UpstreamOutput ?? names.get(String(ParentTaskId ?? UpstreamTaskId)) ?? "lost"),
    );
    const script = isObject(task["Script"]) ? task["Script"]["Content"] : task.settings?.["Content"];
    const shown = {
      text: withoutToken(String(Description ?? Notes)),
      script,
      ends: ends.sort(),
      type: task["TaskType"],
    };
    return [stage.cloud.nameOf(task), shown] as const;
  });
  assert.equal(new Set(entries.map(([name]) => name)).size, entries.length, "a task is there twice");
  return Object.fromEntries(entries.sort()) as Record<string, unknown>;
}

/** The same tasks, each a resource of its own, in the order in which the engine goes through them. */
async function singly(stage: SetStage, states: Map<string, Told>, tasks: Tasks): Promise<void> {
  const { single, cloud } = stage;
  const naming = cloud.definition.upstreams;
  assert.ok(naming);
  for (const [key, own] of Object.entries(tasks)) {
    const text = JSON.stringify({ ...cloud.common(stage.emulator), ...own });
    const named = text.replace(/"tasks\.(\w)"/g, (_, other: string) =>
      JSON.stringify(naming.name((states.get(other) as Told).id)),
    );
    const common = cloud.common(stage.emulator)["script"];
    const args = JSON.parse(named) as Properties;
    if (isObject(common)) args["script"] = { ...common, ...(args["script"] as object) };
    const was = states.get(key);
    const { inputs, failures } = await single.check(was?.inputs ?? {}, {
      ...args,
      creationToken: `stack0000000000${key}`,
    });
    assert.deepEqual(failures, []);
    const diff = was && (await single.diff(was.id, was.outs, inputs));
    if (was && diff?.replaces.length === 0) {
      const outs = diff.changes ? (await single.update(was.id, was.outs, inputs)).outs : was.outs;
      states.set(key, { id: was.id, outs, inputs });
      continue;
    }
    if (was) await single.delete(was.id, was.outs);
    states.set(key, { inputs, ...(await single.create(inputs)) });
  }
  for (const [key, { id, outs }] of [...states].reverse()) {
    if (Object.hasOwn(tasks, key)) continue;
    await single.delete(id, outs);
    states.delete(key);
  }
}

const WRITES: Readonly<Record<string, readonly string[]>> = {
  dataworks: ["CreateNode", "UpdateNode", "CreatePipelineRun", "BatchUpdateTasks", "DeleteNode"],
  wedata: ["CreateTaskNew", "ModifyTaskInfo", "CreateTaskVersionDs", "DeleteTaskDs"],
};

/** Goes on until there is nothing left to do, as a pipeline would, and says how often it took. */
async function settled(stage: SetStage, told: Told | undefined, tasks: Tasks): Promise<Told> {
  let at = told;
  for (let round = 0; round < 6; round++) {
    if (round > 0) await stage.emulator.clearFaults();
    if (at === undefined) {
      const inputs = await stage.checked(stage.news(tasks));
      const made = await stage.set.create(inputs).catch((error: unknown) => error as Error);
      if (made instanceof Unfinished) at = { id: made.id, outs: made.properties, inputs };
      else if (!(made instanceof Error)) at = { inputs, ...made };
      continue;
    }
    const next = await stage.up(at, tasks);
    if (!next.changed) return next;
    at = next;
  }
  throw new Error("there is always something left to do");
}

for (const cloud of [dataworks, wedata]) {
  describe(`a ${cloud.name} of any tasks, edited in any way`, function () {
    this.timeout(Math.max(120_000, RUNS * 20_000));
    it("comes, whatever call fails, to the state of the same tasks as resources of their own", async () => {
      await fc.assert(
        fc.asyncProperty(stories, async (steps) => {
          const worlds: unknown[] = [];
          const one = await SetStage.open(cloud);
          try {
            let told: Told | undefined;
            for (const each of steps) {
              const { fault } = each;
              if (fault) await one.emulator.fault({ ...fault, operation: [...(WRITES[cloud.service] ?? [])] });
              told = await settled(one, told, tasksOf(cloud, each));
              await one.emulator.clearFaults();
              worlds.push(await world(one));
              assert.equal((await one.set.read(told.id, told.outs)).inputs, undefined, "a refresh finds something");
            }
            if (told) await one.set.delete(told.id, told.outs);
            assert.deepEqual(await world(one), {}, "the deletion leaves something behind");
          } finally {
            await one.emulator.close();
          }
          const other = await SetStage.open(cloud);
          try {
            const states = new Map<string, Told>();
            for (const [index, each] of steps.entries()) {
              await singly(other, states, tasksOf(cloud, each));
              assert.deepEqual(worlds[index], await world(other), `step ${index + 1}`);
            }
          } finally {
            await other.emulator.close();
          }
        }),
        { seed: 20260301, numRuns: RUNS, endOnFailure: true },
      );
    });
  });
}
