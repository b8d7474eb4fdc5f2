import assert from "node:assert/strict";
import {
  appendFileSync,
  chmodSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, it } from "mocha";
import { bookInFile } from "../../provider/core/book-file";
import { limiter } from "../../provider/core/rate";
import type { Booking, Limiter } from "../../provider/core/rate";
import { mostWithin, simulated } from "./simulated-time";
import type { Time } from "./simulated-time";

const FILE_MILLISECONDS = 5 * 60_000;

describe("limiters of several processes with one file", () => {
  let folder: string;
  let broken: unknown[];
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), "limits-"));
    broken = [];
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const bookOf = (now: () => number, perSecond = 20) =>
    bookInFile({ folder, name: "reads", perSecond, now, broken: (error) => broken.push(error) });
  const sharing = ({ now, sleep }: Time, perSecond = 20): Limiter =>
    limiter({ perSecond, now, sleep, book: bookOf(now, perSecond) });
  const startsOf = (booking: Booking): readonly number[] => {
    assert.ok("starts" in booking);
    return booking.starts;
  };
  /** All that this book gives at this moment, a window's worth. */
  const fill = (book: ReturnType<typeof bookOf>): void => {
    for (let left = 20; left > 0;) left -= startsOf(book.book(left, 20)).length;
  };
  const files = (): string[] => readdirSync(folder).map((entry) => path.join(folder, entry));

  /** Start times of each of `processes`, which all want `calls` turns at once. */
  async function run(time: Time, processes: number, calls: number, perSecond = 20): Promise<number[][]> {
    const starts = Array.from({ length: processes }, (): number[] => []);
    await time.during(
      starts.flatMap((seen) => {
        const { turn } = sharing(time, perSecond);
        return Array.from({ length: calls }, () => turn().then(() => seen.push(time.now())));
      }),
    );
    return starts;
  }

  it("never start more calls together than the limit within any second", async () => {
    const starts = await run(simulated({ seed: 1 }), 10, 60);
    assert.equal(mostWithin(1000, starts.flat()), 20);
    assert.equal(starts.flat().length, 600);
  });

  it("use nearly the whole limit, and leave room for the delays that many of them make each other", async () => {
    for (const [processes, most] of [
      [1, 1.08],
      [2, 1.1],
      [10, 1.28],
    ] as const) {
      rmSync(folder, { recursive: true, force: true });
      const starts = (await run(simulated({ seed: 2 }), processes, 600 / processes)).flat();
      const part = (Math.max(...starts) - Math.min(...starts)) / ((600 / 20) * 1000);
      assert.ok(part < most, `${processes}: ${part}`);
      assert.ok(processes === 1 || part > 1.03 + (processes - 1) * 0.018, `${processes}: ${part}`);
    }
  });

  it("keep the limit when one file ends and the next begins", async () => {
    const starts = (await run(simulated({ seed: 3, start: FILE_MILLISECONDS - 3000 }), 4, 60)).flat();
    assert.ok(Math.min(...starts) < FILE_MILLISECONDS && Math.max(...starts) > FILE_MILLISECONDS + 3000);
    assert.equal(mostWithin(1000, starts), 20);
  });

  it("keep the limit, and go on, on a machine that wakes them late", async () => {
    const starts = (await run(simulated({ seed: 4, late: 200 }), 4, 40)).flat();
    assert.equal(starts.length, 160);
    assert.ok(mostWithin(1000, starts) <= 20);
  });

  it("get equal parts, also where there are more of them than places in a second", async () => {
    for (const perSecond of [5, 20]) {
      rmSync(folder, { recursive: true, force: true });
      const starts = await run(simulated({ seed: 5 }), 10, 20, perSecond);
      const half = starts.flat().sort((a, b) => a - b)[100] ?? 0;
      const counts = starts.map((own) => own.filter((start) => start < half).length);
      assert.ok(Math.min(...counts) >= 8 && Math.max(...counts) <= 14, `at ${String(perSecond)}: ${String(counts)}`);
    }
  });

  it("let a late-comer in within about two seconds", async () => {
    const time = simulated({ seed: 6 });
    let came = 0;
    const busy = Array.from({ length: 3 }, () => sharing(time)).flatMap(({ turn }) =>
      Array.from({ length: 100 }, () => turn()),
    );
    const late = time.sleep(5000).then(async () => {
      await sharing(time).turn();
      came = time.now();
    });
    await time.during([...busy, late]);
    assert.ok(came < 7500, `it came at ${String(came)}`);
  });

  it("wait together when the service asks one of them to", async () => {
    const time = simulated({ seed: 7, late: 0 });
    const [one, other] = [sharing(time), sharing(time)];
    const seen: number[] = [];
    one.pause(4000);
    await time.during([one, other].map(({ turn }) => turn().then(() => seen.push(time.now()))));
    assert.ok(
      seen.every((start) => start >= 4000 && start < 4100),
      String(seen),
    );
  });

  it("respect a pause that began while they held booked starts", async () => {
    const time = simulated({ seed: 8 });
    const [one, other] = [sharing(time), sharing(time)];
    const seen: number[] = [];
    const turns = Array.from({ length: 40 }, () => other.turn().then(() => seen.push(time.now())));
    const pause = time.sleep(500).then(() => one.pause(3000));
    await time.during([...turns, pause]);
    assert.equal(seen.filter((start) => start > 500 && start < 3500).length, 0);
  });

  it("carry a pause over into the next file", async () => {
    const time = simulated({ seed: 9, start: FILE_MILLISECONDS - 2500 });
    const [one, other] = [sharing(time), sharing(time)];
    one.pause(20_000);
    const seen: number[] = [];
    await time.during([one, other].map(({ turn }) => turn().then(() => seen.push(time.now()))));
    assert.ok(
      seen.every((start) => start >= FILE_MILLISECONDS + 17_500),
      String(seen),
    );
  });

  it("lose no more than its part of one second with one that ends", () => {
    const ended = bookOf(() => 10);
    ended.book(1, 20);
    assert.equal(startsOf(ended.book(100, 20)).length, 20);
    assert.ok((startsOf(bookOf(() => 20).book(1, 20))[0] ?? 0) < 1200);
  });

  it("read over what a process has left half-written, and over nonsense", () => {
    const first = bookOf(() => 10);
    fill(first);
    const [file = ""] = files();
    appendFileSync(file, '["torn",1,12,');
    const second = bookOf(() => 30);
    const [start = 0] = startsOf(second.book(1, 20));
    assert.ok(start > 1000 && start < 1200);
    appendFileSync(file, Buffer.from([0, 255, 10, 123, 10]));
    appendFileSync(
      file,
      '["x",1,-5,1,0,0]\n["x",1,1e9,1,0,0]\n["x",1,40,1e99,0,0]\n["x",1,40,1,1e99,0]\n[[],1,2,3,4,5]\n',
    );
    const [later = 0] = startsOf(first.book(1, 20));
    assert.ok(later < 3000, String(later));
    assert.deepEqual(broken, []);
  });

  it("respect what was booked while they were stopped between the clock and the file", () => {
    fill(bookOf(() => 5000));
    const looks = [10];
    const [start = 0] = startsOf(bookOf(() => looks.shift() ?? 6000).book(1, 20));
    assert.ok(start > 6000, String(start));
  });

  it("write nothing but numbers and a random name into a file that only its owner can read", () => {
    bookOf(() => 10).book(3, 20);
    const [file = ""] = files();
    assert.match(readFileSync(file, "utf8"), /^\n\["[\w-]{8}",1,10,3,100,0\]\n$/);
    assert.equal(statSync(file).mode & 0o777, process.platform === "win32" ? 0o666 : 0o600);
  });

  it("meet again after the file was removed", () => {
    const [one, other] = [bookOf(() => 10), bookOf(() => 10)];
    one.book(1, 20);
    other.book(1, 20);
    rmSync(folder, { recursive: true });
    fill(one);
    assert.ok((startsOf(other.book(1, 20))[0] ?? 0) > 1000);
    assert.deepEqual(broken, []);
  });

  it("remove files of theirs that nobody reads any more", () => {
    let now = 10;
    const book = bookOf(() => now);
    book.book(1, 20);
    const [old = ""] = files();
    const long = new Date(Date.now() - 2 * FILE_MILLISECONDS - 1000);
    utimesSync(old, long, long);
    now += FILE_MILLISECONDS;
    book.book(1, 20);
    assert.deepEqual(files(), [path.join(folder, "reads.1")]);
  });

  it("keep the limit alone, and say so once, where the folder can't be had", () => {
    writeFileSync(path.join(folder, "occupied"), "");
    const book = bookInFile({
      folder: path.join(folder, "occupied", "limits"),
      name: "reads",
      perSecond: 20,
      now: () => 10,
      broken: (error) => broken.push(error),
    });
    assert.equal(startsOf(book.book(100, 20)).length, 20);
    assert.ok((startsOf(book.book(1, 20))[0] ?? 0) > 1000);
    assert.equal(broken.length, 1);
  });

  it("keep the limit alone, with what the others have booked, when the file breaks under them", () => {
    const book = bookOf(() => 10);
    fill(bookOf(() => 10));
    book.book(1, 20);
    const [file = ""] = files();
    truncateSync(file, 65 * 1024 * 1024);
    assert.ok((startsOf(book.book(1, 20))[0] ?? 0) > 1000);
    assert.equal(broken.length, 1);
  });

  it("keep the limit alone where the folder is read-only", function () {
    if (process.getuid?.() === 0 || process.platform === "win32") return this.skip();
    chmodSync(folder, 0o500);
    assert.equal(startsOf(bookOf(() => 10).book(3, 20)).length, 3);
    chmodSync(folder, 0o700);
    assert.equal(broken.length, 1);
  });
});
