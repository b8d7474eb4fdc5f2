/** `task` waits for `upstream`, both by their position. */
export interface Edge {
  readonly task: number;
  readonly upstream: number;
  /** Whether it is an edge to an earlier cycle, which the scheduler allows in a circle. */
  readonly crossCycle: boolean;
}

export interface Ordered<E extends Edge> {
  /** Upstream before downstream, and otherwise as given. */
  readonly order: readonly number[];
  /** Edges that had to go because they close a circle, with the tasks on it. */
  readonly dropped: readonly { edge: E; circle: readonly number[] }[];
}

/**
 * An order in which every task comes after its upstreams. Where there is a circle an edge goes: one to an earlier cycle
 * if the circle has one, else the one that closes it. Takes time proportional to tasks and edges.
 */
export function ordered<E extends Edge>(count: number, edges: readonly E[]): Ordered<E> {
  const sameCycle = visit(
    count,
    edges.filter((edge) => !edge.crossCycle),
  );
  const gone = new Set<E>(sameCycle.closing.map(({ edge }) => edge));
  const all = visit(
    count,
    edges.filter((edge) => !gone.has(edge)),
  );
  if (all.closing.length === 0) return { order: all.order, dropped: sameCycle.closing };
  const place = new Array<number>(count);
  sameCycle.order.forEach((task, index) => (place[task] = index));
  const circles = circlesIn(
    all.order,
    edges.filter((edge) => !gone.has(edge)),
  );
  const backward = edges.filter(
    ({ task, upstream, crossCycle }) =>
      crossCycle && circles[task] === circles[upstream] && (place[upstream] ?? 0) >= (place[task] ?? 0),
  );
  for (const edge of backward) gone.add(edge);
  return {
    order: visit(
      count,
      edges.filter((edge) => !gone.has(edge)),
    ).order,
    dropped: [...sameCycle.closing, ...backward.map((edge) => ({ edge, circle: [edge.task, edge.upstream] }))],
  };
}

/** Depth first along the upstreams, without recursion: chains of 50,000 tasks are real. */
function visit<E extends Edge>(
  count: number,
  edges: readonly E[],
): { order: number[]; closing: { edge: E; circle: number[] }[] } {
  const upstreams: E[][] = Array.from({ length: count }, () => []);
  for (const edge of edges) upstreams[edge.task]?.push(edge);
  const order: number[] = [];
  const closing: { edge: E; circle: number[] }[] = [];
  const state = new Uint8Array(count); // 0 not seen, 1 on the way, 2 done
  const next = new Uint32Array(count);
  for (let start = 0; start < count; start++) {
    if (state[start] !== 0) continue;
    const way = [start];
    state[start] = 1;
    while (way.length > 0) {
      const task = way[way.length - 1] as number;
      const edge = upstreams[task]?.[next[task] as number];
      next[task] = (next[task] as number) + 1;
      if (!edge) {
        state[task] = 2;
        order.push(task);
        way.pop();
      } else if (state[edge.upstream] === 0) {
        state[edge.upstream] = 1;
        way.push(edge.upstream);
      } else if (state[edge.upstream] === 1) {
        closing.push({ edge, circle: way.slice(way.lastIndexOf(edge.upstream)).reverse() });
      }
    }
  }
  return { order, closing };
}

/**
 * By task, the number of the circles that it is on: the same for tasks that wait for each other. An edge between two circles
 * is on none. `finished` is the order in which `visit` was done with the tasks (the second half of Kosaraju's algorithm).
 */
function circlesIn(finished: readonly number[], edges: readonly Edge[]): Int32Array {
  const downstreams: number[][] = finished.map(() => []);
  for (const { task, upstream } of edges) downstreams[upstream]?.push(task);
  const circles = new Int32Array(finished.length).fill(-1);
  for (const start of [...finished].reverse()) {
    if (circles[start] !== -1) continue;
    circles[start] = start;
    const open = [start];
    for (let task = open.pop(); task !== undefined; task = open.pop())
      for (const next of downstreams[task] ?? []) {
        if (circles[next] !== -1) continue;
        circles[next] = start;
        open.push(next);
      }
  }
  return circles;
}
