/** What each task waits for, by key. */
export type Upstreams = ReadonlyMap<string, readonly string[]>;

/**
 * The keys, each behind what it waits for, and what it waits for without the edges that would go round in a circle. Those
 * are waits for another cycle, as a rule, which put nothing in order.
 */
export function ordered(keys: Iterable<string>, upstreams: Upstreams): { keys: string[]; upstreams: Upstreams } {
  const kept = new Map<string, string[]>();
  const order: string[] = [];
  const known = new Set(keys);
  const under = new Set<string>();
  const done = new Set<string>();
  for (const root of known) {
    const stack = [{ key: root, next: 0 }];
    while (stack.length > 0) {
      const top = stack[stack.length - 1] as { key: string; next: number };
      const { key } = top;
      if (done.has(key)) {
        stack.pop();
        continue;
      }
      under.add(key);
      const own = kept.get(key) ?? [];
      kept.set(key, own);
      const upstream = (upstreams.get(key) ?? [])[top.next++];
      if (upstream === undefined) {
        under.delete(key);
        done.add(key);
        order.push(key);
        stack.pop();
      } else if (known.has(upstream) && !under.has(upstream)) {
        own.push(upstream);
        stack.push({ key: upstream, next: 0 });
      }
    }
  }
  return { keys: order, upstreams: kept };
}

/** A way round among the keys, its first key at the end again; `undefined` where there is none. */
export function circleIn(upstreams: Upstreams): string[] | undefined {
  const { upstreams: kept } = ordered(upstreams.keys(), upstreams);
  for (const [key, all] of upstreams) {
    const closing = all.find((upstream) => upstreams.has(upstream) && !(kept.get(key) ?? []).includes(upstream));
    if (closing === undefined) continue;
    const came = new Map<string, string | undefined>([[closing, undefined]]);
    for (const at of came.keys()) for (const next of kept.get(at) ?? []) if (!came.has(next)) came.set(next, at);
    const way: string[] = [];
    for (let at: string | undefined = key; at !== undefined; at = came.get(at)) way.unshift(at);
    return [key, ...way];
  }
  return undefined;
}

/** The same edges the other way round. */
export function reversed(upstreams: Upstreams): Upstreams {
  const downstreams = new Map<string, string[]>([...upstreams.keys()].map((key) => [key, []]));
  for (const [key, all] of upstreams) for (const upstream of all) downstreams.get(upstream)?.push(key);
  return downstreams;
}

/** How a run goes through the tasks. */
export interface Run {
  readonly upstreams: Upstreams;
  /** Takes one of the places that tasks share; the result gives it back. */
  readonly place: () => Promise<() => void>;
  /** Does one task. */
  readonly work: (key: string) => Promise<void>;
}

/** Does every task as soon as what it waits for is over, well or not, and there is a place; nothing here fails. */
export async function inOrder(keys: readonly string[], { upstreams, place, work }: Run): Promise<void> {
  const { keys: order, upstreams: kept } = ordered(keys, upstreams);
  const over = new Map<string, Promise<void>>();
  for (const key of order) {
    const before = (kept.get(key) ?? []).map((upstream) => over.get(upstream) as Promise<void>);
    over.set(
      key,
      Promise.all(before).then(async () => {
        const leave = await place();
        try {
          await work(key);
        } finally {
          leave();
        }
      }),
    );
  }
  await Promise.all(over.values());
}

/** So many places, given to who asks first. */
export function places(count: number): () => Promise<() => void> {
  let free = count;
  const waiting: (() => void)[] = [];
  const leave = () => {
    const next = waiting.shift();
    if (next) next();
    else free += 1;
  };
  return () => {
    if (free > 0) {
      free -= 1;
      return Promise.resolve(leave);
    }
    return new Promise((resolve) => waiting.push(() => resolve(leave)));
  };
}
