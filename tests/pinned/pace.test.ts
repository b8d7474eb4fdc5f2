import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { bookInFile } from "../../provider/core/book-file";
import { bookByScript } from "../../provider/core/book-script";
import { CloudError } from "../../provider/core/errors";
import { lane } from "../../provider/core/lane";
import { PageSize, listing } from "../../provider/core/listing";
import { limiter } from "../../provider/core/rate";
import { simulated } from "../core/simulated-time";
import { Pinned } from "./pinned";

/** Whole milliseconds, the same ones for many in a row only once. */
const times = (all: readonly number[]): string => all.map((time) => Math.round(time)).join(" ");

interface Engine {
  readonly n: number;
  readonly parallel: number;
  readonly checkpoint: number;
  readonly latency: number;
  readonly most?: number;
  readonly comeTogether?: boolean;
  readonly keys?: number;
}

/** An engine that runs so many operations at once, one checkpoint at a time; the batches that leave, and when. */
async function played({ n, parallel, checkpoint, latency, most = 50, comeTogether = false, keys }: Engine) {
  const time = simulated({ seed: 7, late: 1 });
  const batches: string[] = [];
  const submit = lane<number, number>({
    maxItems: () => most,
    comeTogether,
    ...(keys !== undefined && { key: (item) => String(item % keys) }),
    now: time.now,
    sleep: time.sleep,
    send: async (items) => {
      batches.push(`${items.length}@${Math.round(time.now())}`);
      await time.sleep(latency);
      return items;
    },
  });
  let disk: Promise<void> = Promise.resolve();
  const checkpointed = () => (disk = disk.then(() => time.sleep(checkpoint)));
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < n) {
      const item = (next += 1);
      await checkpointed();
      await submit(item);
      await checkpointed();
    }
  };
  await time.during(Array.from({ length: parallel }, worker));
  return [`  ${batches.length} batches in ${Math.round(time.now())} ms: ${batches.join(" ")}`];
}

describe("the pace of calls", () => {
  const pinned = new Pinned("pace");

  it("of a lane in engines of all kinds", async () => {
    const engines: Engine[] = [
      { n: 12, parallel: 1, checkpoint: 5, latency: 50 },
      { n: 60, parallel: 4, checkpoint: 5, latency: 50 },
      { n: 120, parallel: 16, checkpoint: 20, latency: 30 },
      { n: 120, parallel: 17, checkpoint: 20, latency: 30 },
      { n: 200, parallel: 32, checkpoint: 10, latency: 100 },
      { n: 400, parallel: 64, checkpoint: 2, latency: 20 },
      { n: 400, parallel: 64, checkpoint: 40, latency: 20 },
      { n: 400, parallel: 64, checkpoint: 40, latency: 20, comeTogether: true },
      { n: 300, parallel: 200, checkpoint: 1, latency: 400 },
      { n: 300, parallel: 40, checkpoint: 600, latency: 10 },
      { n: 100, parallel: 40, checkpoint: 10, latency: 20, keys: 7 },
      { n: 100, parallel: 40, checkpoint: 10, latency: 20, most: 10 },
      { n: 20, parallel: 20, checkpoint: 10, latency: 20, most: 0 },
    ];
    const lines: string[] = [];
    for (const engine of engines) lines.push(JSON.stringify(engine), ...(await played(engine)));
    pinned.has("lanes", lines);
  });

  it("of a lane whose company goes and comes", async () => {
    const time = simulated({ seed: 3, late: 1 });
    const batches: string[] = [];
    const submit = lane<number, number>({
      maxItems: 50,
      now: time.now,
      sleep: time.sleep,
      send: async (items) => {
        batches.push(`${items.length}@${Math.round(time.now())}`);
        await time.sleep(40);
        return items;
      },
    });
    const crowd = async (count: number, gap: number): Promise<void> => {
      const all: Promise<number>[] = [];
      for (let index = 0; index < count; index++) {
        all.push(submit(index));
        if (gap > 0) await time.sleep(gap);
      }
      await Promise.all(all);
    };
    const story = async (): Promise<void> => {
      for (const [count, gap] of [
        [64, 1],
        [64, 1],
        [3, 10],
        [1, 0],
        [1, 0],
        [40, 30],
        [40, 30],
        [5, 500],
        [30, 5],
        [1, 0],
        [100, 0],
        [2, 0],
      ] as const) {
        batches.push(`| ${count} with gaps of ${gap}:`);
        await crowd(count, gap);
        await time.sleep(1_000);
      }
    };
    await time.during([story()]);
    pinned.has("a lane with changing company", [batches.join(" ")]);
  });

  it("of reading what many ask for", async () => {
    const refused = (errorClass: "parameter" | "auth" | "transient", unclear = false) =>
      new CloudError({ cloud: "wedata", operation: "List", code: errorClass, detail: "", errorClass, unclear });
    interface Story {
      readonly there: number;
      readonly asks: number;
      /** How many ask at once, and how old what they get may be. */
      readonly atOnce: number;
      readonly oldest?: number;
      readonly takes?: number;
      readonly pages?: "none" | "refused" | "broken" | "small";
      readonly ids?: "refused" | "broken";
      readonly forgets?: boolean;
    }
    const stories: Story[] = [
      { there: 30, asks: 30, atOnce: 30 },
      { there: 30, asks: 40, atOnce: 3, oldest: 10_000 },
      { there: 30, asks: 40, atOnce: 3 },
      { there: 30, asks: 30, atOnce: 3, oldest: 10_000, pages: "none" },
      { there: 30, asks: 30, atOnce: 3, oldest: 10_000, pages: "refused" },
      { there: 30, asks: 30, atOnce: 3, oldest: 10_000, pages: "broken" },
      { there: 30, asks: 30, atOnce: 3, oldest: 10_000, pages: "small" },
      { there: 900, asks: 60, atOnce: 4, oldest: 10_000 },
      { there: 150, asks: 60, atOnce: 4, oldest: 1_000_000, forgets: true },
      { there: 30, asks: 30, atOnce: 30, takes: 4 },
      { there: 30, asks: 30, atOnce: 5, ids: "refused", oldest: 10_000 },
      { there: 30, asks: 30, atOnce: 5, ids: "broken" },
    ];
    const lines: string[] = [];
    for (const story of stories) {
      const { there, asks, atOnce, oldest, takes = 10, pages, ids, forgets } = story;
      const time = simulated({ seed: 5, late: 1 });
      const calls: string[] = [];
      const known = (id: string) => Number(id) < there;
      const list = listing<{ id: string }>({
        idOf: ({ id }) => id,
        most: new PageSize(10, 2),
        ...(pages === "small" && { pages: new PageSize(8, 2) }),
        now: time.now,
        sleep: time.sleep,
        byIds: async (wanted) => {
          calls.push(`${wanted.length} ids`);
          await time.sleep(20);
          if (ids !== undefined) throw refused(ids === "refused" ? "auth" : "transient");
          if (wanted.length > takes) throw refused("parameter");
          return wanted.filter(({ id }) => known(id)).map(({ id }) => ({ id }));
        },
        ...(pages !== "none" && {
          page: async (number, size) => {
            calls.push(`page ${number} of ${size}`);
            await time.sleep(20);
            if (pages === "refused") throw refused("auth");
            if (pages === "broken") throw refused("auth", true);
            const each = pages === "small" ? Math.min(size, 5) : size;
            const items = Array.from({ length: there }, (_, index) => ({ id: String(index) }));
            return { items: items.slice((number - 1) * each, number * each), total: there };
          },
        }),
      });
      let [found, failed] = [0, 0];
      let next = 0;
      const worker = async (): Promise<void> => {
        while (next < asks) {
          const id = String((next += 1) - 1);
          if (forgets && next % 10 === 0) list.forget(id);
          await list.find({ id, about: id, deadline: Infinity }, oldest).then(
            (item) => (found += item?.id === id ? 1 : 0),
            () => (failed += 1),
          );
          await time.sleep(30);
        }
      };
      await time.during(Array.from({ length: atOnce }, worker));
      lines.push(
        JSON.stringify(story),
        `  found ${found}, failed ${failed}, in ${Math.round(time.now())} ms: ${calls.join(", ")}`,
      );
    }
    pinned.has("listings", lines);
  });

  it("of limiters, alone, together, and by a file", async () => {
    const lines: string[] = [];
    for (const [perSecond, calls, late] of [
      [1, 4, 0],
      [0.4, 3, 0],
      [20, 45, 0],
      [20, 45, 90],
      [5, 20, 700],
      [50, 120, 10],
    ] as const) {
      const time = simulated({ seed: 11, late });
      const { turn, pause } = limiter({ perSecond, now: time.now, sleep: time.sleep });
      const seen: number[] = [];
      const all = Array.from({ length: calls }, (_, index) =>
        turn().then(() => {
          seen.push(time.now());
          if (index === 2) pause(700);
        }),
      );
      await time.during(all);
      lines.push(`${calls} at ${perSecond} a second, up to ${late} ms late: ${times(seen)}`);
    }
    const folder = mkdtempSync(path.join(os.tmpdir(), "limits-"));
    try {
      for (const [name, perSecond, processes, calls, start] of [
        ["a", 20, 1, 45, 0],
        ["b", 20, 3, 20, 0],
        ["c", 20, 3, 20, 297_000],
        ["d", 2, 4, 3, 298_000],
        ["e", 0.5, 2, 2, 0],
        ["f", 5, 7, 4, 250],
      ] as const) {
        const time = simulated({ seed: 13, late: 3, start });
        const seen = Array.from({ length: processes }, (): number[] => []);
        await time.during(
          seen.flatMap((own, index) => {
            const broken = () => own.push(NaN);
            const book = bookInFile({ folder, name, perSecond, now: time.now, broken });
            const { turn, pause } = limiter({ perSecond, now: time.now, sleep: time.sleep, book });
            return Array.from({ length: calls }, (_, nth) =>
              turn().then(() => {
                own.push(time.now() - start);
                if (index === 0 && nth === 3) pause(900);
              }),
            );
          }),
        );
        lines.push(`${processes} processes, ${calls} each at ${perSecond} a second from ${start}:`);
        lines.push(...seen.map((own) => `  ${times(own)}`));
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    pinned.has("limiters", lines);
  });

  it("of a book on a server whose clock is another one", async () => {
    let now = 1_000;
    const asked: string[] = [];
    let answer: unknown = [];
    const book = bookByScript({
      name: "reads",
      perSecond: 20,
      now: () => now,
      run: (script, keys, given) => {
        const [what] = script.includes("ZCARD") ? ["book"] : ["held"];
        asked.push(
          `${what} ${keys.join(" ")} ${given.map((each) => (/^[\w-]{12}$/.test(each) ? "<writer>" : each)).join(" ")}`,
        );
        now += 30;
        return Promise.resolve(answer);
      },
    });
    answer = ["5000.000", "5000.000", "5025.000", "6030.500"];
    asked.push(JSON.stringify(await book.book(3, 20)));
    asked.push(JSON.stringify(await book.book(500, 40)));
    answer = ["5200", "7000"];
    asked.push(JSON.stringify(await book.held()));
    await book.hold(now + 500);
    await book.hold(now + 10 * 60_000 + 5_000);
    await book.hold(now);
    await book.hold(now - 1);
    answer = ["5200"];
    asked.push(JSON.stringify(await book.held()));
    for (const odd of ["OK", null, []]) {
      answer = odd;
      asked.push(await Promise.resolve(book.book(1, 20)).then((got) => JSON.stringify(got), String));
    }
    pinned.has("a book on a server", asked);
  });
});
