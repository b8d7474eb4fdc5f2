import assert from "node:assert/strict";
import fc from "fast-check";
import { type Edge, ordered } from "../../sdk/flowspec/order";

const same = (task: number, upstream: number): Edge => ({ task, upstream, crossCycle: false });
const earlier = (task: number, upstream: number): Edge => ({ task, upstream, crossCycle: true });

describe("the order of tasks", () => {
  it("stays as given where no edge says otherwise", () => assert.deepEqual(ordered(3, []).order, [0, 1, 2]));
  it("puts an upstream before its task and changes nothing else", () =>
    assert.deepEqual(ordered(4, [same(0, 2)]).order, [2, 0, 1, 3]));

  it("gives up an edge to an earlier cycle before one of the same", () => {
    const { order, dropped } = ordered(3, [earlier(0, 2), same(1, 0), same(2, 1)]);
    assert.deepEqual(order, [0, 1, 2]);
    assert.deepEqual(
      dropped.map(({ edge }) => edge),
      [earlier(0, 2)],
    );
  });

  it("keeps edges to an earlier cycle that close nothing", () =>
    assert.deepEqual(ordered(2, [earlier(0, 1)]), { order: [1, 0], dropped: [] }));

  it("keeps edges to an earlier cycle between two circles, and gives up one on each", () => {
    const circles = [earlier(0, 1), same(1, 0), earlier(5, 4), same(4, 5)];
    const between = [earlier(1, 2), earlier(2, 3), earlier(3, 4)];
    const { dropped } = ordered(6, [...circles, ...between]);
    assert.deepEqual(
      dropped.map(({ edge }) => edge),
      [circles[0], circles[2]],
    );
  });

  it("takes chains and circles of 50,000 tasks", () => {
    const count = 50_000;
    const chain = Array.from({ length: count - 1 }, (_, task) => same(task, task + 1));
    assert.equal(ordered(count, [...chain, earlier(count - 1, 0)]).dropped.length, 1);
  });

  it("has every task once and after its upstreams, and drops nothing without need", () => {
    const graph = fc.integer({ min: 2, max: 12 }).chain((count) =>
      fc.tuple(
        fc.constant(count),
        fc.array(
          fc
            .record({ task: fc.nat(count - 1), upstream: fc.nat(count - 1), crossCycle: fc.boolean() })
            .filter(({ task, upstream }) => task !== upstream),
          { maxLength: 30 },
        ),
      ),
    );
    fc.assert(
      fc.property(graph, ([count, edges]) => {
        const { order, dropped } = ordered(count, edges);
        const place = new Map(order.map((task, index) => [task, index]));
        const gone = new Set<Edge>(dropped.map(({ edge }) => edge));
        assert.deepEqual(
          [...order].sort((a, b) => a - b),
          Array.from({ length: count }, (_, task) => task),
        );
        for (const edge of edges)
          if (!gone.has(edge)) assert.ok((place.get(edge.upstream) ?? 0) < (place.get(edge.task) ?? 0));
        // What goes lies on a circle: its upstream waits for its task.
        for (const edge of gone) {
          const reached = new Set([edge.upstream]);
          for (const task of reached)
            for (const { upstream } of edges.filter((each) => each.task === task)) reached.add(upstream);
          assert.ok(reached.has(edge.task));
        }
        // A same-cycle edge goes only for a circle of same-cycle edges.
        const sameOnly = ordered(
          count,
          edges.filter(({ crossCycle }) => !crossCycle),
        );
        assert.equal([...gone].filter(({ crossCycle }) => !crossCycle).length, sameOnly.dropped.length);
      }),
      { numRuns: 500, seed: 7 },
    );
  });
});
