export interface LaneOptions<Item, Result> {
  /** How many items one batch may carry. */
  maxItems: number;
  /** Sends a batch; its outcomes stand in the order of the items. A rejection fails the whole batch. */
  send: (items: Item[]) => Promise<readonly (Result | Error)[]>;
  /** Two items with one key never share a batch; the earlier leaves first. */
  key?: (item: Item) => string;
}

interface Waiting<Item, Result> {
  item: Item;
  key: string | undefined;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

/**
 * A function that submits one item and settles with that item's own outcome.
 * Group commit: a lone item leaves at once; what arrives while a batch is under way gathers and leaves together
 * when it has come back. Nothing ever waits for company, because a fixed delay gathers nothing in an engine that
 * writes checkpoints between its operations (design.md §2.13).
 */
export function lane<Item, Result = void>(options: LaneOptions<Item, Result>): (item: Item) => Promise<Result> {
  const { maxItems, send, key } = options;
  const waiting: Waiting<Item, Result>[] = [];
  let running = false;

  const nextBatch = (): Waiting<Item, Result>[] => {
    const batch: Waiting<Item, Result>[] = [];
    const keys = new Set<string>();
    for (let i = 0; i < waiting.length && batch.length < Math.max(1, maxItems);) {
      const entry = waiting[i] as Waiting<Item, Result>;
      if (entry.key !== undefined && keys.has(entry.key)) {
        i += 1;
        continue;
      }
      if (entry.key !== undefined) keys.add(entry.key);
      batch.push(entry);
      waiting.splice(i, 1);
    }
    return batch;
  };

  const run = async (): Promise<void> => {
    for (let batch = nextBatch(); batch.length > 0; batch = nextBatch()) {
      try {
        const outcomes = await send(batch.map(({ item }) => item));
        batch.forEach(({ resolve, reject }, i) => {
          const outcome = outcomes[i];
          if (i >= outcomes.length)
            reject(new Error(`a batch of ${String(batch.length)} came back without item ${String(i + 1)}`));
          else if (outcome instanceof Error) reject(outcome);
          else resolve(outcome as Result);
        });
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
    }
    running = false;
  };

  return (item) =>
    new Promise<Result>((resolve, reject) => {
      waiting.push({ item, key: key?.(item), resolve, reject });
      if (running) return;
      running = true;
      // One microtask later, so that items submitted in the same breath travel together.
      queueMicrotask(() => void run());
    });
}
