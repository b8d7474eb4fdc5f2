import type { Grounds, Measure, Round, Taken } from "../measure";
import { definitions } from "../../../provider/index";
import { hooks } from "../../../provider/core/lifecycle";
import type { Declaration } from "../../../sdk/declaration";
import { readFlowSpec } from "../../../sdk/flowspec/reader";
import { TaskGraph } from "../../../sdk/graph";
import { growth } from "../statistics";

/**
 * The time grows with this power of the size at most: 1 is linear, 2 the square. Tables of twice the size are looked up
 * more slowly, in memory that is farther away, which alone comes to more than 1.1.
 */
const LINEAR = 1.25;

/** By which power of the size the CPU time grows. Each round measures the work at half and whole size. */
async function growing(grounds: Grounds, own: number, prepare: (size: number) => () => unknown): Promise<Taken> {
  const size = Math.max(2, Math.floor(grounds.tasks(own) / 2));
  const timed = async (work: () => unknown) => {
    const before = process.cpuUsage();
    await work();
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
  // What the first run compiles is nobody's growth.
  await prepare(Math.min(size, 2_000))();
  const rounds: Round[] = [];
  for (let round = 1; round <= grounds.runs; round += 1) {
    const points: { size: number; cost: number }[] = [];
    for (const each of [size, 2 * size]) points.push({ size: each, cost: await timed(prepare(each)) });
    const milliseconds = Object.fromEntries(
      points.map((point): [string, number] => [`milliseconds${point.size}`, point.cost]),
    );
    rounds.push({ value: growth(points), ...milliseconds });
  }
  return { rounds, explain: () => `  ${rounds.map((round) => JSON.stringify(round)).join("\n  ")}` };
}

/** Nodes in layers, each below three of the layer above: some of them declared before what they wait for. */
const upstreamsOf = (index: number): number[] =>
  index < 100 ? [] : [1, 7, 31].map((step) => Math.max(0, index - 100 + step - (index % 13)));

function flow(nodes: number): string {
  const node = (index: number) => ({
    id: `${1_000_000 + index}`,
    name: `task_${index}`,
    script: { path: "shop/dwd", runtime: { command: "ODPS_SQL" }, content: `select ${index};` },
    trigger: { type: "Scheduler", cron: "00 30 02 * * ?", timezone: "Asia/Shanghai" },
    outputs: { nodeOutputs: [{ data: `shop.task_${index}`, artifactType: "NodeOutput" }] },
  });
  const spec = {
    nodes: Array.from({ length: nodes }, (_, index) => node(index)),
    flow: Array.from({ length: nodes }, (_, index) => ({
      nodeId: `${1_000_000 + index}`,
      depends: upstreamsOf(index).map((upstream) => ({ type: "Normal", output: `shop.task_${upstream}` })),
    })),
  };
  return JSON.stringify({ version: "1.1.0", kind: "CycleWorkflow", spec });
}

const declaration = (index: number): Declaration => ({
  name: `task ${index}`,
  place: "dataworks cn-shanghai",
  project: "10001",
  env: "Prod",
  produces: [{ output: `shop.task_${index}`, property: "outputs.taskOutputs[0]" }],
  needs: upstreamsOf(index).map((upstream, at) => ({
    property: `dependencies[${at}].upstreamOutput`,
    upstream: { output: `shop.task_${upstream}` },
    sameCycle: true,
  })),
  levels: {},
});

/** Numbers in an order without sense, the same every time. */
const shuffled = (size: number): number[] =>
  Array.from({ length: size }, (_, index) => index).sort(
    (a, b) => ((a * 2_654_435_761) % 2 ** 32) - ((b * 2_654_435_761) % 2 ** 32),
  );

const graph = (name: string, order: string, numbers: (size: number) => number[]): Measure => ({
  name,
  title: `growth of the checks of the graph from 25,000 to 50,000 tasks declared ${order}, CPU exponent`,
  goal: LINEAR,
  take: (grounds) =>
    growing(grounds, 50_000, (size) => {
      const declarations = numbers(size).map(declaration);
      return () => {
        const tasks = new TaskGraph();
        for (const each of declarations) tasks.declare(each);
        tasks.atEnd();
      };
    }),
});

const checkAndDiff: Measure = {
  name: "check-and-diff",
  title: "growth of check and diff from 10,000 to 20,000 tasks in one process, CPU exponent",
  goal: LINEAR,
  take: (grounds) =>
    growing(grounds, 20_000, (size) => async () => {
      const nothing = () => undefined;
      const task = hooks(definitions.WeDataTask, { ready: () => Promise.resolve(), warn: nothing, inform: nothing });
      for (let index = 0; index < size; index += 1) {
        const args = { projectId: "1", workflowId: "2", taskType: 35, name: `task_${index}`, retriable: true };
        const { inputs } = await task.check({}, { ...args, creationToken: `t${index}` });
        await task.diff(`1/${index}`, { applied: `1t${index}.` }, inputs);
      }
    }),
};

export const big: readonly Measure[] = [
  {
    name: "flowspec",
    title: "growth of loading a FlowSpec from 25,000 to 50,000 nodes, CPU exponent",
    goal: LINEAR,
    take: (grounds) =>
      growing(grounds, 50_000, (size) => {
        const text = flow(size);
        return () => readFlowSpec(text);
      }),
  },
  graph("graph-checks", "upstream first", (size) => Array.from({ length: size }, (_, index) => index)),
  graph("graph-checks-shuffled", "in any order", shuffled),
  checkAndDiff,
];
