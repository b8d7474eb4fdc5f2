import { isCloudError, isParameter } from "./errors";
import { lane } from "./lane";
import { monotonic } from "./rate";
import type { Sleep } from "./time";

/** One thing that somebody wants to see, and for whom the call is made. */
export interface Ask {
  readonly id: string;
  readonly about: string;
  readonly deadline: number;
}

/** What a list says: the things of a page, and how many there are in all. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly total: number;
}

export interface ListingOptions<Item> {
  readonly idOf: (item: Item) => string;
  /** The things with these ids, in one call. */
  readonly byIds: (asks: readonly Ask[]) => Promise<readonly Item[]>;
  /** One page of everything that is there, counted from 1, in an order that creations do not disturb. */
  readonly page?: (number: number, size: number, ask: Ask) => Promise<Page<Item>>;
  /** How many ids one call may carry, and things one page, where that is not as many. */
  readonly most: PageSize;
  readonly pages?: PageSize;
  readonly now?: () => number;
  readonly sleep?: Sleep;
}

export interface Listing<Item> {
  /**
   * The thing as it was at most so many milliseconds ago. `undefined` only says that the lists did not show it: it may
   * be there all the same, on a page that came back incomplete, or in a list that is not to be had.
   */
  find: (ask: Ask, oldest?: number) => Promise<Item | undefined>;
  /** Nothing that was read of it before counts any more. */
  forget: (id: string) => void;
}

/** How much fits one call, where that is not documented: it becomes less when the service refuses. */
export class PageSize {
  #size: number;
  readonly #least: number;
  constructor(first: number, least = 1) {
    this.#size = first;
    this.#least = least;
  }
  get size(): number {
    return this.#size;
  }
  /** The result of a call with the present size; one that is refused for its parameters is made again with half of it. */
  async within<T>(call: (size: number) => Promise<T>): Promise<T> {
    let refusal: unknown;
    for (let size = this.#size; ; size = Math.max(this.#least, Math.floor(size / 2))) {
      try {
        const result = await call(size);
        if (refusal !== undefined) this.#size = Math.min(this.#size, size);
        return result;
      } catch (error) {
        refusal ??= error;
        // Where the smallest is refused as well, it was not for its size.
        if (!isParameter(error) || size <= this.#least) throw refusal;
      }
    }
  }
}

/** So many calls by ids, for so many different things, come before everything there is may be paged through once. */
const CALLS_BEFORE_PAGING = 2;
const IDS_BEFORE_PAGING = 8;
/** Paging may cost so many calls beside twice those that were made by ids: of a big place a few things are asked for by id. */
const PAGES_AT_ONCE = 8;
/** For how long what was paged through is used: a refresh of many things takes that long. */
const LIFE_MILLISECONDS = 60_000;

/** The service will not list here, now or later; anything else fails what was asked for. */
const isRefusal = (error: unknown): boolean =>
  isCloudError(error) &&
  !error.unclear &&
  ["auth", "missing", "parameter", "business", "unknown"].includes(error.errorClass);

interface Seen<Item> {
  readonly item: Item;
  readonly at: number;
}

/**
 * The things of one place, read many at a time: by ids what is asked for together, and by paging through all of them once
 * when many are asked for, few at a time. What paging has brought is given out once for each thing, so that who asks again
 * sees it anew.
 */
export function listing<Item>(options: ListingOptions<Item>): Listing<Item> {
  const { idOf, byIds, page, most, pages = most, now = monotonic, sleep } = options;
  const shelf = new Map<string, Seen<Item>>();
  const writes = new Map<string, number>();
  const recent: { at: number; ids: readonly string[] }[] = [];
  let total: number | undefined;
  let paging: Promise<void> | undefined;
  let isRefusing = false;
  let pagesRefused = page === undefined;

  const ask = lane<Ask, Item | undefined>({
    maxItems: () => most.size,
    now,
    ...(sleep && { sleep }),
    key: ({ id }) => id,
    comeTogether: true,
    send: async (asks) => {
      recent.push({ at: now(), ids: asks.map(({ id }) => id) });
      const items = await inParts(asks);
      const found = new Map(items.map((item) => [idOf(item), item]));
      return asks.map(({ id }) => found.get(id));
    },
  });

  const inParts = async (asks: readonly Ask[]): Promise<readonly Item[]> => {
    if (isRefusing) return [];
    try {
      return await most.within(async (size) => {
        const parts: Promise<readonly Item[]>[] = [];
        for (let at = 0; at < asks.length; at += size) parts.push(byIds(asks.slice(at, at + size)));
        return (await Promise.all(parts)).flat();
      });
    } catch (error) {
      // Who may not list, or asks for what is no place of this kind, finds out thing by thing.
      if (!isRefusal(error)) throw error;
      isRefusing = true;
      return [];
    }
  };

  /** Whether paging through everything is likely to cost less than going on by ids. */
  const paysOff = (): boolean => {
    while (recent[0] !== undefined && recent[0].at < now() - LIFE_MILLISECONDS) recent.shift();
    const ids = new Set(recent.flatMap((call) => call.ids));
    if (recent.length < CALLS_BEFORE_PAGING || ids.size < IDS_BEFORE_PAGING) return false;
    return total === undefined || Math.ceil(total / pages.size) <= PAGES_AT_ONCE + 2 * recent.length;
  };

  const pageThrough = async (first: Ask): Promise<void> => {
    const at = now();
    const take = ({ items, total: all }: Page<Item>): number => {
      total = all;
      for (const item of items) shelf.set(idOf(item), { item, at });
      return items.length;
    };
    const pageOf = page as NonNullable<typeof page>;
    const size = await pages.within(async (each) => {
      const taken = take(await pageOf(1, each, first));
      // A service may cut the size down and say nothing.
      return taken > 0 && taken < Math.min(each, total ?? 0) ? taken : each;
    });
    const goesOn = paysOff();
    recent.length = 0;
    if (!goesOn) return;
    const others = Array.from({ length: Math.max(0, Math.ceil((total ?? 0) / size) - 1) }, (_, index) => index + 2);
    for (const each of await Promise.all(others.map((number) => pageOf(number, size, first)))) take(each);
  };

  const fromShelf = (id: string, since: number): Item | undefined => {
    const seen = shelf.get(id);
    shelf.delete(id);
    return seen !== undefined && seen.at >= Math.max(since, writes.get(id) ?? 0) ? seen.item : undefined;
  };

  return {
    async find(wanted, oldest = 0) {
      if (isRefusing) return undefined;
      const { id } = wanted;
      if (oldest > 0) {
        const since = now() - Math.min(oldest, LIFE_MILLISECONDS);
        const known = fromShelf(id, since);
        if (known !== undefined) return known;
        if (!pagesRefused && (paging !== undefined || paysOff())) {
          paging ??= pageThrough(wanted)
            .catch((error: unknown) => {
              if (!isRefusal(error)) throw error;
              pagesRefused = true;
            })
            .finally(() => (paging = undefined));
          await paging;
          const paged = fromShelf(id, since);
          if (paged !== undefined) return paged;
        }
      }
      return ask(wanted);
    },
    forget: (id) => void writes.set(id, now()),
  };
}
