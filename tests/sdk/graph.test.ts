import assert from "node:assert/strict";
import fc from "fast-check";
import { Acyclic } from "../../sdk/acyclic";
import type { Declaration, Need } from "../../sdk/declaration";
import { TaskGraph } from "../../sdk/graph";

const output = (name: string, index = 0, sameCycle = true): Need => ({
  property: `dependencies[${index}].upstreamOutput`,
  upstream: { output: name },
  sameCycle,
});
const byId = (id: string, env?: "Prod" | "Dev"): Need => ({
  property: "dependencies[0].upstreamTaskId",
  upstream: { id, ...(env && { env }) },
  sameCycle: true,
});
const object = (task: number): Need => ({ property: "dependsOnTasks[0]", upstream: { task }, sameCycle: true });
const task = (name: string, produces: string[], needs: Need[] = [], more: Partial<Declaration> = {}): Declaration => ({
  name,
  place: "dataworks cn-shanghai",
  project: "10001",
  env: "Prod",
  produces: produces.map((each, index) => ({ output: each, property: `outputs.taskOutputs[${index}]` })),
  needs,
  levels: {},
  ...more,
});
const codes = ({ findings }: ReturnType<TaskGraph["declare"]>) =>
  findings.map(({ severity, code, property }) => `${severity} ${code} ${property}`);
const late = (graph: TaskGraph) =>
  graph.atEnd().map(({ task: number, finding }) => `${number} ${finding.severity} ${finding.code} ${finding.property}`);

describe("the task graph of a program", () => {
  it("says nothing about tasks that wait for each other in a line, in any order of declaration", () => {
    const chain = [
      task("a", ["a"]),
      task("b", ["b"], [output("a")]),
      task("c", ["c"], [output("b")]),
      task("d", [], [output("c"), output("a", 1)]),
    ];
    for (const order of [chain, chain.toReversed(), [2, 0, 3, 1].map((index) => chain[index] as Declaration)]) {
      const graph = new TaskGraph();
      assert.deepEqual(
        order.flatMap((each) => codes(graph.declare(each))),
        [],
      );
      assert.deepEqual(late(graph), []);
    }
  });

  it("refuses the task that closes a circle, names the way round, and is as it was before", () => {
    const graph = new TaskGraph();
    graph.declare(task("a", ["a"], [output("c")]));
    graph.declare(task("b", ["b"], [output("a")]));
    const closing = graph.declare(task("c", ["c"], [output("x"), output("b", 1)], { crossCycle: "CrossCycle…" }));
    assert.deepEqual(codes(closing), ["error cycle dependencies[1].upstreamOutput"]);
    assert.match(closing.findings[0]?.reason ?? "", /^"b" closes a circle: c → b → a → c, .*CrossCycle…/);
    assert.deepEqual(codes(graph.declare(task("c", ["c"]))), []);
    assert.deepEqual(late(graph), []);
  });

  it("refuses a task that waits for itself, and not one that waits for its previous cycle", () => {
    const graph = new TaskGraph();
    assert.deepEqual(codes(graph.declare(task("a", ["a"], [output("a")]))), [
      "error cycle dependencies[0].upstreamOutput",
    ]);
    assert.deepEqual(codes(graph.declare(task("a", [], [byId("7")], { id: "7" }))), [
      "error cycle dependencies[0].upstreamTaskId",
    ]);
    assert.deepEqual(codes(graph.declare(task("a", ["a"], [output("a", 0, false)]))), []);
  });

  it("finds a circle through objects, outputs and ids together", () => {
    const graph = new TaskGraph();
    const a = graph.declare(task("a", [], [output("c")], { id: "1" }));
    graph.declare(task("b", ["b"], [byId("1")]));
    const c = graph.declare(task("c", ["c"], [object(a.task)]));
    assert.deepEqual(codes(c), ["error cycle dependsOnTasks[0]"]);
  });

  it("refuses a second task with the same output in one workspace and environment, and no other", () => {
    const graph = new TaskGraph();
    graph.declare(task("a", ["x", "a"]));
    const again = graph.declare(task("b", ["b", "a"]));
    assert.deepEqual(codes(again), ["error duplicate-output outputs.taskOutputs[1]"]);
    assert.match(again.findings[0]?.reason ?? "", /^"a" of b is an output of a too \(its outputs.taskOutputs\[1\]\)/);
    assert.deepEqual(codes(graph.declare(task("b", ["b", "b"]))), []);
    assert.deepEqual(codes(graph.declare(task("c", ["a"], [], { project: "10002" }))), []);
    assert.deepEqual(codes(graph.declare(task("d", ["a"], [], { env: "Dev" }))), []);
    assert.deepEqual(codes(graph.declare(task("e", ["a"], [], { place: "dataworks cn-beijing" }))), []);
  });

  it("looks for an output in its own workspace first, then in the others", () => {
    const graph = new TaskGraph();
    graph.declare(task("a1", ["x"], [output("y")]));
    graph.declare(task("a2", ["y"]));
    assert.deepEqual(codes(graph.declare(task("b1", ["y"], [output("x")], { project: "10002" }))), []);
  });

  it("finds a circle through two workspaces", () => {
    const graph = new TaskGraph();
    graph.declare(task("a", ["a"], [output("b")]));
    assert.deepEqual(codes(graph.declare(task("b", ["b"], [output("a")], { project: "10002" }))), [
      "error cycle dependencies[0].upstreamOutput",
    ]);
  });

  it("refuses a task in production that waits for one of the development environment, by object and by id", () => {
    const graph = new TaskGraph();
    const dev = graph.declare(task("dev", ["x"], [], { env: "Dev", id: "5" }));
    assert.deepEqual(codes(graph.declare(task("a", [], [object(dev.task)]))), ["error prod-on-dev dependsOnTasks[0]"]);
    assert.deepEqual(codes(graph.declare(task("a", [], [byId("5")]))), [
      "error prod-on-dev dependencies[0].upstreamTaskId",
    ]);
    assert.deepEqual(codes(graph.declare(task("a", [], [byId("9", "Dev")]))), [
      "error prod-on-dev dependencies[0].upstreamTaskId",
    ]);
    assert.deepEqual(codes(graph.declare(task("a", [], [byId("5")], { env: "Dev" }))), []);
    graph.declare(task("prod", [], [], { id: "5" }));
    assert.deepEqual(codes(graph.declare(task("a", [], [byId("5")]))), []);
  });

  it("refuses to adopt a development task that a task in production already waits for", () => {
    const graph = new TaskGraph();
    graph.declare(task("a", [], [byId("5")]));
    assert.deepEqual(codes(graph.declare(task("dev", [], [], { env: "Dev", id: "5" }))), ["error prod-on-dev adopt"]);
  });

  it("is cautious about an id without an environment, which is the same in both", () => {
    const off = { levels: { "prod-on-dev": "off" as const } };
    const before = new TaskGraph();
    before.declare(task("dev", [], [], { env: "Dev", id: "5" }));
    assert.deepEqual(codes(before.declare(task("a", [], [byId("5")], off))), []);
    assert.deepEqual(codes(before.declare(task("b", [], [byId("5", "Dev")], off))).length, 1);
    const after = new TaskGraph();
    after.declare(task("a", [], [byId("5")]));
    assert.deepEqual(codes(after.declare(task("dev", [], [], { env: "Dev", id: "5", ...off }))), []);
  });

  it("is cautious about an output that only a development task has, as the user wants it", () => {
    const graph = () => {
      const made = new TaskGraph();
      made.declare(task("dev", ["x"], [], { env: "Dev", id: "5" }));
      return made;
    };
    const cautious = (level?: "off" | "warning") =>
      task("a", [], [output("x")], level && { levels: { "prod-on-dev": level } });
    assert.deepEqual(codes(graph().declare(cautious())), ["error prod-on-dev dependencies[0].upstreamOutput"]);
    assert.deepEqual(codes(graph().declare(cautious("warning"))), [
      "warning prod-on-dev dependencies[0].upstreamOutput",
    ]);
    assert.deepEqual(codes(graph().declare(cautious("off"))), []);
    const certain = graph();
    assert.equal(codes(certain.declare(task("a", [], [object(0)], { levels: { "prod-on-dev": "off" } }))).length, 1);
    const warned = graph();
    warned.declare(cautious("warning"));
    assert.deepEqual(late(warned), []);
  });

  it("says at the end that only a development task has an output, when that came later", () => {
    const graph = new TaskGraph();
    graph.declare(task("a", [], [output("x")]));
    graph.declare(task("dev", ["x"], [], { env: "Dev", id: "5" }));
    assert.deepEqual(late(graph), ["0 error prod-on-dev dependencies[0].upstreamOutput"]);
    graph.declare(task("prod", ["x"]));
    assert.deepEqual(late(graph), []);
  });

  it("warns at the end about outputs that nobody has, each dependency by itself", () => {
    const graph = new TaskGraph();
    graph.declare(task("a", ["a"], [output("nobody"), output("b", 1), output("later", 2, false)]));
    graph.declare(task("b", ["b"], [output("nobody"), output("shop_root", 1), output("shop.502_out", 2)]));
    graph.declare(task("later", ["later"]));
    graph.declare(task("c", [], [output("nobody")], { levels: { "unproduced-output": "off" } }));
    graph.declare(task("d", [], [output("nobody")], { levels: { "unproduced-output": "error" } }));
    assert.deepEqual(late(graph), [
      "0 warning unproduced-output dependencies[0].upstreamOutput",
      "1 warning unproduced-output dependencies[0].upstreamOutput",
      "4 error unproduced-output dependencies[0].upstreamOutput",
    ]);
  });

  it("takes outputs as known that a look-up found, that the service makes up, or that lie in another workspace", () => {
    const graph = new TaskGraph();
    graph.exists("found");
    graph.declare(task("a", [], [output("found"), output("shop.orders", 1), output("elsewhere", 2)]));
    graph.declare(task("orders", [], [], { ownOutput: "orders" }));
    graph.declare(task("other", ["elsewhere"], [], { project: "10002" }));
    assert.deepEqual(late(graph), []);
  });

  it("does not warn while some outputs of the program are not known", () => {
    const graph = new TaskGraph();
    graph.declare(task("a", [], [output("x")]));
    graph.declare(task("b", [], [], { hasMoreOutputs: true }));
    assert.deepEqual(late(graph), []);
  });

  it("keeps places apart, and leaves a task alone whose place or workspace is not known", () => {
    const graph = new TaskGraph();
    graph.declare(task("a", ["a"], [output("b")]));
    assert.deepEqual(codes(graph.declare(task("b", ["b"], [output("a")], { place: "dataworks cn-beijing" }))), []);
    assert.deepEqual(late(graph).length, 2);
    assert.deepEqual(codes(graph.declare(task("b", ["b"], [output("a")], { project: undefined }))), []);
    assert.deepEqual(codes(graph.declare(task("a", ["a", "b"], [output("a")], { place: undefined }))), []);
    assert.deepEqual(late(graph), []);
  });

  describe("with 50,000 tasks", function () {
    this.timeout(60_000);
    const size = 50_000;
    const chain = Array.from({ length: size }, (_, at) =>
      task(`t${at}`, [`t${at}`], at === 0 ? [] : [output(`t${at - 1}`)]),
    );
    /** Two lines of tasks, and a layer between them: every task of the layer can only be judged by a search. */
    const waist = Array.from({ length: size }, (_, at) => {
      const third = Math.floor(size / 3);
      if (at < third) return task(`t${at}`, [`t${at}`], at === 0 ? [] : [output(`t${at - 1}`)]);
      if (at < 2 * third) return task(`t${at}`, [`t${at}`], [output(`t${third - 1}`)]);
      const before =
        at === 2 * third
          ? Array.from({ length: third }, (__, one) => output(`t${third + one}`))
          : [output(`t${at - 1}`)];
      return task(`t${at}`, [`t${at}`], before);
    });
    const third = Math.floor(size / 3);
    const cases: [name: string, tasks: Declaration[], closing: Declaration][] = [
      ["in order", chain, task("last", ["last"], [output(`t${size - 1}`)])],
      ["backwards", chain.toReversed(), task("last", ["last"], [output(`t${size - 1}`)])],
      ["shuffled", chain.map((_, at) => chain[(at * 7919) % size] as Declaration), task("last", ["last"], [])],
      [
        "waist last",
        [...waist.slice(2 * third), ...waist.slice(0, third), ...waist.slice(third, 2 * third)],
        task("last", [], []),
      ],
    ];
    for (const [name, tasks, closing] of cases) {
      it(`takes them ${name} within a few million steps`, () => {
        const graph = new TaskGraph();
        const began = process.cpuUsage().user;
        for (const each of tasks) assert.deepEqual(graph.declare(each).findings, []);
        graph.declare(closing);
        graph.atEnd();
        const seconds = (process.cpuUsage().user - began) / 1e6;
        assert.ok(graph.steps < 400 * size, `${graph.steps} steps`);
        assert.ok(seconds < 20, `${seconds} s`);
      });
    }

    it("names a circle through all of them without running out of stack", () => {
      const graph = new TaskGraph();
      for (const each of chain.slice(1)) graph.declare(each);
      const closing = graph.declare(task("t0", ["t0"], [output(`t${size - 1}`)]));
      assert.deepEqual(codes(closing), ["error cycle dependencies[0].upstreamOutput"]);
      assert.match(closing.findings[0]?.reason ?? "", /t0 → t49999 → t49998 → .*… \(\d+ more\) → t0,/);
    });
  });
});

describe("a graph without cycles", () => {
  it("refuses exactly the edges that would close one, whatever the order, and after removals", () => {
    const nodes = 12;
    const edge = fc.tuple(fc.nat(nodes - 1), fc.nat(nodes - 1), fc.boolean());
    fc.assert(
      fc.property(fc.array(edge, { maxLength: 60 }), fc.integer({ min: 1, max: 4 }), (edges, reach) => {
        const graph = new Acyclic(reach);
        for (let node = 0; node < nodes; node++) graph.node();
        const kept = new Map<number, Set<number>>();
        const leads = (from: number, to: number, seen = new Set<number>()): boolean =>
          from === to ||
          [...(kept.get(from) ?? [])].some((next) => !seen.has(next) && (seen.add(next), leads(next, to, seen)));
        for (const [from, to, removes] of edges) {
          if (removes && kept.get(from)?.has(to) === true) {
            graph.unlink(from, to);
            kept.get(from)?.delete(to);
            continue;
          }
          const fits = !leads(to, from);
          assert.equal(graph.link(from, to), fits, `${from} → ${to}`);
          if (fits) kept.set(from, (kept.get(from) ?? new Set()).add(to));
          else assert.equal(graph.way(to, from)[0], to);
        }
      }),
      { numRuns: 2_000, seed: 4 },
    );
  });
});
