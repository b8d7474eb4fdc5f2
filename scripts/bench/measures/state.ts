import { readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Measure, Round } from "../measure";
import type { BenchStack, Plan } from "../stack";
import { besideEmpty, created } from "../variants";

interface Resource {
  type: string;
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
}

/** The tasks of a stack as its state file has them. */
function tasksIn({ engine }: BenchStack): Resource[] {
  const folder = fileURLToPath(engine.environment["PULUMI_BACKEND_URL"] ?? "");
  const text = readFileSync(path.join(folder, ".pulumi", "stacks", "bench", "bench.json"), "utf8");
  const { checkpoint } = JSON.parse(text) as { checkpoint: { latest: { resources: Resource[] } } };
  return checkpoint.latest.resources.filter(({ type }) => type.startsWith("pulumi-nodejs:dynamic/"));
}

/** The bytes that a member takes in JSON: its name and value. */
const bytesOf = (members: Record<string, unknown>): [string, number][] =>
  Object.entries(members).map(([name, value]) => [name, Buffer.byteLength(JSON.stringify({ [name]: value })) - 1]);

const total = (members: Record<string, unknown>): number => bytesOf(members).reduce((sum, [, bytes]) => sum + bytes, 0);
const mean = (tasks: readonly Resource[], of: (task: Resource) => number): number =>
  tasks.reduce((sum, task) => sum + of(task), 0) / tasks.length;

const stateBytes = (shape: Plan["shape"], name: string, kind: string): Measure => ({
  name,
  title: `state bytes per ${kind}, beyond its arguments and the engine's fields (floor: empty hooks)`,
  goal: 300,
  async take(grounds) {
    const count = grounds.tasks(20);
    const stacks = await besideEmpty(grounds, shape, count);
    await created(stacks);
    const [ours, floor] = [tasksIn(stacks.ours), tasksIn(stacks.baseline)];
    const content = ({ inputs, outputs }: Resource) => total(inputs) + total(outputs);
    const fileBytes = ((await stacks.ours.engine.stateBytes()) - (await stacks.baseline.engine.stateBytes())) / count;
    // Nothing in it depends on the time it takes: once is enough.
    const round: Round = {
      value: mean(ours, content) - mean(floor, content),
      ...{ ours: mean(ours, content), baseline: mean(floor, content), inTheFile: fileBytes },
    };
    return {
      rounds: [round],
      explain: () => {
        const [task] = ours;
        const lines = (["inputs", "outputs"] as const).flatMap((part) =>
          bytesOf(task?.[part] ?? {}).map(([member, bytes]) => `    ${String(bytes).padStart(6)}  ${part}.${member}`),
        );
        return ["  bytes by member of one task, arguments included:", ...lines].join("\n");
      },
    };
  },
});

export const state: readonly Measure[] = [
  stateBytes("least", "state-bytes-simple", "DataWorks task with a name and a script"),
  stateBytes("adopted", "state-bytes-adopted", "adopted DataWorks task"),
  stateBytes("wedata", "state-bytes-wedata", "WeData task"),
  stateBytes("full", "state-bytes-full", "DataWorks task with every property"),
  stateBytes("sync", "state-bytes-sync", "synchronisation task with 20 kB of content"),
];
