import { monotonic } from "./rate";
import { sleep as realSleep } from "./time";
import type { Sleep } from "./time";

export interface LaneOptions<Item, Result> {
  /** How many items one batch may carry; asked anew for each batch, since a service may turn out to take fewer. */
  maxItems: number | (() => number);
  /** Sends a batch; its outcomes stand in the order of the items. A rejection fails the whole batch. */
  send: (items: Item[]) => Promise<readonly (Result | Error)[]>;
  /** Two items with one key never share a batch, nor are they under way together; the earlier leaves first. */
  key?: (item: Item) => string;
  /** Items come in crowds by themselves, when what precedes them comes back: no looking whether there would be more. */
  comeTogether?: boolean;
  /** How many more items are known to come soon. Before anything is learned, the first batch waits for most of them. */
  toCome?: () => number;
  /** Milliseconds that an item has left when it arrives; it waits for others for half of them at most. */
  timeLeft?: (item: Item) => number;
  now?: () => number;
  sleep?: Sleep;
}

interface Waiting<Item, Result> {
  item: Item;
  key: string | undefined;
  /** When it does not wait for others any more. */
  latest: number;
  resolve: (result: Result) => void;
  reject: (error: unknown) => void;
}

/** Full batches may be under way side by side, as fast as the limiter lets them; one that is not full goes alone. */
const MOST_UNDER_WAY = 4;

/** A batch waits no longer than this for those it expects, whatever keeps arriving; and for those that are known to come. */
const [LONGEST_HOLD, LONGEST_HOLD_FOR_KNOWN] = [15_000, 120_000];
/** How long nobody may have arrived before the others are not expected any more. */
const SHORTEST_QUIET = 20;
const [LONGEST_QUIET, LONGEST_QUIET_FOR_KNOWN] = [5_000, 30_000];
/** The same for who looks whether there is company at all; who has never seen any gives up soon. */
const [LONGEST_PROBE, LONGEST_PROBE_FOR_KNOWN] = [1_000, 2_000];
const LONGEST_PROBE_ALONE = 250;
/** So few outstanding items are not waited for: an engine that runs so few at once would stand still meanwhile. */
const SMALL_CROWD = 16;
/** The part of a crowd for which a batch waits: the engine is busy with the others. */
const AWAITED = 0.75;
/** How long nobody may have arrived until the first batch leaves without those that are to come. */
const FIRST_QUIET = 400;
/** So many show at which pace they arrive. */
const SHOWS_PACE = 4;
/** Longer silences say nothing about how close together items arrive. */
const [LONGEST_GAP, LONGEST_GAP_OF_KNOWN] = [400, 2_000];
/** So often it may be in vain to wait for those that are known to come. */
const TRIES = 2;
/** After how many batches one looks whether there would be more company; each time in vain makes it so much rarer. */
const FIRST_PROBE = 3;
const RARER = 5;

/**
 * A function that submits one item and settles with that item's own outcome.
 *
 * Group commit: a lone item leaves at once; what arrives while a batch is under way gathers and leaves together when it
 * has come back, and a full batch does not wait for that. A fixed delay would gather nothing in an engine that writes
 * checkpoints between its operations (design.md §2.13). Where many items are outstanding together (`--parallel 64`), a
 * batch waits for most of them, as long as they go on arriving at the pace that was seen: it costs no time, since the
 * engine works on the others meanwhile. How many there are is learned: from those that are known to come at first, from what
 * gathers, from a wait in vain, and by a short look now and then, which becomes rarer each time it was in vain. Few at once,
 * or a chain, never wait otherwise.
 */
export function lane<Item, Result = void>(options: LaneOptions<Item, Result>): (item: Item) => Promise<Result> {
  const {
    maxItems,
    send,
    key,
    comeTogether = false,
    toCome = () => 0,
    timeLeft = () => Infinity,
    now = monotonic,
    sleep = realSleep,
  } = options;
  const most = (): number => Math.max(1, typeof maxItems === "number" ? maxItems : maxItems());
  const waiting: Waiting<Item, Result>[] = [];
  const keysUnderWay = new Set<string>();
  let batchesUnderWay = 0;
  let itemsUnderWay = 0;
  /** How many are likely to be outstanding together. */
  let crowd = 1;
  /** After waits in vain, for so many batches, what is under way is not taken for part of the crowd; each doubles it. */
  let ignoredBatches = 0;
  let doubt = 1;
  let batchesToProbe = FIRST_PROBE;
  let probeEvery = FIRST_PROBE;
  let lastEvent = -Infinity;
  let lastArrival = -Infinity;
  /** Smoothed milliseconds: from one arrival to the next, and from leaving to coming back. */
  let gap = 0;
  let duration = 0;
  let lastSize = 0;
  /** How often it may still be in vain to wait for those that are known to come: an engine may run few at once. */
  let triesLeft = TRIES;
  /** Nothing has left yet, so nothing is learned. */
  let isFirst = true;
  let hold: AbortController | undefined;
  let scheduled = false;

  const sendable = (): number => {
    const keys = new Set<string>();
    let count = 0;
    for (const { key: one } of waiting) {
      if (one !== undefined && (keysUnderWay.has(one) || keys.has(one))) continue;
      if (one !== undefined) keys.add(one);
      count += 1;
    }
    return count;
  };

  const nextBatch = (): Waiting<Item, Result>[] => {
    const batch: Waiting<Item, Result>[] = [];
    const limit = most();
    const keys = new Set<string>();
    for (let i = 0; i < waiting.length && batch.length < limit;) {
      const entry = waiting[i] as Waiting<Item, Result>;
      if (entry.key !== undefined && (keysUnderWay.has(entry.key) || keys.has(entry.key))) {
        // A later one of the same key must not overtake it: it is left for a later batch.
        keys.add(entry.key);
        i += 1;
        continue;
      }
      if (entry.key !== undefined) keys.add(entry.key);
      batch.push(entry);
      waiting.splice(i, 1);
    }
    return batch;
  };

  const leave = async (): Promise<void> => {
    const batch = nextBatch();
    isFirst = false;
    const keys = batch.flatMap(({ key: one }) => one ?? []);
    const left = now();
    batchesUnderWay += 1;
    itemsUnderWay += batch.length;
    for (const one of keys) keysUnderWay.add(one);
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
    batchesUnderWay -= 1;
    itemsUnderWay -= batch.length;
    for (const one of keys) keysUnderWay.delete(one);
    lastEvent = now();
    lastSize = batch.length;
    ignoredBatches -= 1;
    duration = smoothed(duration, lastEvent - left, 4);
    pump();
  };

  const pump = (): void => {
    while (hold === undefined && waiting.length > 0 && batchesUnderWay < MOST_UNDER_WAY) {
      const ready = sendable();
      if (ready === 0) return;
      const isFull = ready >= most();
      if (batchesUnderWay > 0 && !isFull) return;
      if (!isFull && (ready < awaited() || probes())) return void holdOn();
      if (!isFull) batchesToProbe -= 1;
      void leave();
    }
  };
  /** So many are known to come that they make a crowd, however slowly: an engine may write its checkpoints far away. */
  const isKnown = (): boolean => triesLeft > 0 && toCome() > SMALL_CROWD;
  /** Whether it is time to look for company that is not known of; a lane that is hardly used has none. */
  const probes = (): boolean =>
    !comeTogether && crowd <= SMALL_CROWD && batchesToProbe <= 0 && gap > 0 && (gap < LONGEST_GAP || isKnown());

  /** For how many a batch waits. */
  const awaited = (): number => {
    if (isFirst) return Math.min(most(), Math.max(1, sendable()) + toCome());
    return crowd <= SMALL_CROWD ? 1 : crowd >= most() ? most() : Math.floor(AWAITED * crowd);
  };

  /**
   * How long a silence has to last until nobody is expected any more: the engine writes a checkpoint for each item that
   * came back before it can begin another.
   */
  const quiet = (isProbe: boolean): number => {
    const usual = SHORTEST_QUIET + 3 * duration + 4 * gap + 1.5 * gap * lastSize;
    if (isFirst) return waiting.length < SHOWS_PACE ? Math.max(FIRST_QUIET, usual) : 2 * usual;
    if (isKnown()) return Math.min(isProbe ? LONGEST_PROBE_FOR_KNOWN : LONGEST_QUIET_FOR_KNOWN, usual);
    return Math.min(!isProbe ? LONGEST_QUIET : crowd > 1 ? LONGEST_PROBE : LONGEST_PROBE_ALONE, usual);
  };

  /** Waits for as many as are expected, then lets the batch leave, and learns from who came. */
  const holdOn = async (): Promise<void> => {
    const isProbe = probes();
    let isDry = false;
    const began = now();
    lastEvent = now();
    for (;;) {
      if (sendable() >= (isProbe ? most() : awaited())) break;
      const longest = began + (isKnown() ? LONGEST_HOLD_FOR_KNOWN : LONGEST_HOLD);
      const end = Math.min(longest, ...waiting.map(({ latest }) => latest));
      const rest = Math.min(end, lastEvent + quiet(isProbe)) - now();
      if (rest <= 0) {
        isDry = true;
        break;
      }
      hold = new AbortController();
      await sleep(rest, hold.signal).catch(() => undefined);
    }
    const gathered = sendable();
    const isSmall = isDry && gathered <= SMALL_CROWD;
    // Some came at a pace, and then nobody: so many run at once.
    const isClear = isFirst && gathered >= SHOWS_PACE;
    if (isSmall) triesLeft = isClear ? 0 : triesLeft - 1;
    else triesLeft = TRIES;
    if (isProbe || isClear) {
      probeEvery = gathered > SMALL_CROWD ? FIRST_PROBE : probeEvery * RARER;
      batchesToProbe = probeEvery;
    } else batchesToProbe -= 1;
    if (isDry && !isProbe) ignoredBatches = doubt *= 2;
    else if (!isDry) doubt = 1;
    crowd = isDry ? Math.max(1, gathered) : Math.max(crowd, gathered);
    hold = undefined;
    void leave();
    pump();
  };

  return (item) =>
    new Promise<Result>((resolve, reject) => {
      const time = now();
      waiting.push({ item, key: key?.(item), latest: time + timeLeft(item) / 2, resolve, reject });
      if (Number.isFinite(lastArrival)) {
        const longest = isKnown() ? LONGEST_GAP_OF_KNOWN : LONGEST_GAP;
        gap = smoothed(gap, Math.min(time - lastArrival, longest), 8);
      }
      lastArrival = lastEvent = time;
      if (batchesUnderWay > 0 && ignoredBatches <= 0)
        crowd = Math.max(crowd, Math.min(most(), waiting.length + itemsUnderWay));
      // Who waits for others looks again.
      hold?.abort();
      if (scheduled) return;
      scheduled = true;
      // One microtask later, so that items submitted in the same breath travel together.
      queueMicrotask(() => {
        scheduled = false;
        pump();
      });
    });
}

const smoothed = (before: number, value: number, over: number): number =>
  before === 0 ? value : (before * (over - 1) + value) / over;
