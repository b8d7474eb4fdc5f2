import assert from "node:assert/strict";
import { Redis } from "ioredis";
import { after, afterEach, before, beforeEach, describe, it } from "mocha";
import { limiterServers } from "../../provider/clouds/limiter-settings";
import { keepLimits } from "../../provider/clouds/limits";
import type { Store } from "../../provider/clouds/limits";
import { onSharedServer } from "../../provider/clouds/shared-server";
import { bookByScript } from "../../provider/core/book-script";
import type { RunScript } from "../../provider/core/book-script";
import { ledgerHere } from "../../provider/core/ledger";
import { bookHere, limiter, monotonic } from "../../provider/core/rate";
import { mostWithin } from "../core/simulated-time";
import { serverProgram, startServer } from "./redis";
import type { RunningServer } from "./redis";

describe("a limiter on a server that several machines share", () => {
  let program: string;
  let server: RunningServer;
  let warnings: string[];
  before(function () {
    this.timeout(400_000);
    const there = serverProgram();
    if ("program" in there) program = there.program;
    else {
      console.log(`      skipped: ${there.missing}`);
      this.skip();
    }
  });
  beforeEach(async () => {
    warnings = [];
    server = await startServer(program);
  });
  afterEach(() => server.stop());
  after(() => keepLimits());

  const alone: Store = { book: (_key, perSecond) => bookHere(perSecond), ledger: () => ledgerHere() };
  const store = (more: Partial<Parameters<typeof onSharedServer>[0]> = {}): Store =>
    onSharedServer({
      address: `redis://127.0.0.1:${String(server.port)}`,
      isRequired: false,
      cloud: "dataworks",
      warn: (message) => warnings.push(message),
      otherwise: alone,
      ...more,
    });
  const limiterOf = (where: Store, perSecond = 20) => limiter({ perSecond, book: where.book("account", perSecond) });

  it("lets never more through within a second than the limit, all machines together, and gets all through", async () => {
    const machines = [store(), store(), store()];
    const starts: number[] = [];
    const begun = monotonic();
    await Promise.all(
      machines.map(async (machine) => {
        const { turn } = limiterOf(machine);
        await Promise.all(Array.from({ length: 20 }, () => turn().then(() => starts.push(monotonic()))));
      }),
    );
    assert.equal(starts.length, 60);
    assert.ok(mostWithin(1000, starts) <= 20, String(mostWithin(1000, starts)));
    assert.ok(monotonic() - begun < 10_000);
    assert.deepEqual(warnings, []);
  });

  it("lets a lone machine use all of it", async () => {
    const { turn } = limiterOf(store(), 10);
    const begun = monotonic();
    await Promise.all(Array.from({ length: 20 }, () => turn()));
    assert.ok(monotonic() - begun < 4_500, `${String(monotonic() - begun)} ms`);
  });

  it("holds all machines back when the service asks one of them to wait", async () => {
    const [one, other] = [limiterOf(store()), limiterOf(store())];
    await Promise.all([one.turn(), other.turn()]);
    one.pause(600);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const begun = monotonic();
    await other.turn();
    assert.ok(monotonic() - begun > 400, `${String(monotonic() - begun)} ms`);
  });

  for (const back of [300, 20 * 60_000])
    it(`keeps the limit, and makes nobody wait, when its clock is set back by ${String(back)} ms`, async () => {
      const client = new Redis({ host: "127.0.0.1", port: server.port });
      let time = Date.parse("2026-03-01T12:00:00Z");
      let ahead = 0;
      const run: RunScript = (script, keys, given) => {
        const server = time + ahead;
        const clock = `{ '${String(Math.floor(server / 1000))}', '${String((server % 1000) * 1000)}' }`;
        assert.ok(script.includes("redis.call('TIME')"));
        return client.eval(script.replace("redis.call('TIME')", clock), keys.length, ...keys, ...given);
      };
      const books = [1, 2, 3].map(() => bookByScript({ run, name: "account", perSecond: 5, now: () => time }));
      const starts: number[] = [];
      const bookAll = async (): Promise<void> => {
        for (const book of books) {
          const booking = await book.book(5, 20);
          starts.push(...("starts" in booking ? booking.starts : []));
        }
      };
      try {
        await bookAll();
        await bookAll();
        await books[0]?.hold(time + 2500);
        time += 10;
        ahead = -back;
        await bookAll();
        const held = (await books[1]?.held()) ?? 0;
        assert.ok(held >= time + 2400 && held <= time + 2500, `held for ${String(held - time)} ms`);
        time += 100;
        await bookAll();
        // What was booked before is waited for, and nothing else.
        const last = Math.max(...starts) - time;
        assert.ok(last < 6000, `the last start is ${String(last)} ms ahead`);
        assert.ok(mostWithin(1000, starts) <= 5, String(mostWithin(1000, starts)));
        const lives = await Promise.all((await client.keys("*")).map((key) => client.pttl(key)));
        assert.ok(lives.length === 3 && Math.max(...lives) < 15_000, `kept for ${String(lives)} ms`);
      } finally {
        client.disconnect();
      }
    });

  it("counts the calls of a day for all of them", async () => {
    const [one, other] = [store().ledger("account"), store().ledger("account")];
    assert.deepEqual([await one.spend("2026-01-01", 9), await other.spend("2026-01-01", 9)], [1, 2]);
    assert.equal(await one.spend("2026-01-02", 9), 1);
  });

  it("lets no more of a day's calls through than there are, and counts none that it refuses", async () => {
    const ledgers = [store(), store(), store()].map((machine) => machine.ledger("account"));
    const spend = (most: number) => Promise.all(ledgers.map(async (ledger) => ledger.spend("2026-01-01", most)));
    const sum = (outcomes: unknown[]) => outcomes.filter((spent) => spent !== undefined).sort();
    assert.deepEqual(sum([...(await spend(5)), ...(await spend(5)), ...(await spend(5))]), [1, 2, 3, 4, 5]);
    assert.deepEqual(await Promise.all(ledgers.map(async (ledger) => ledger.spent("2026-01-01"))), [5, 5, 5]);
    assert.deepEqual(sum(await spend(7)), [6, 7]);
    assert.equal(await ledgers[0]?.spent("2026-01-02"), 0);
  });

  it("goes on for this machine alone once the server is lost, and says so once", async () => {
    const where = store();
    const { turn } = limiterOf(where);
    await turn();
    await server.stop();
    await Promise.all([turn(), turn()]);
    assert.equal(await where.ledger("account").spend("2026-01-01", 9), 1);
    assert.equal(warnings.length, 1);
    assert.match(
      warnings[0] ?? "",
      /^dataworks:limiter redis:\/\/127\.0\.0\.1:\d+ can't be used: .+; the limits of calls are kept for this machine alone, other machines don't see them$/,
    );
  });

  it("sends nothing without the server where it is required", async () => {
    const where = store({ isRequired: true });
    await server.stop();
    await assert.rejects(limiterOf(where).turn(), {
      name: "TaskError",
      message: /nothing more is sent, since dataworks:limiterRequired is set\. Bring the server back/,
    });
    assert.deepEqual(warnings, []);
  });

  it("shows its password to the server alone", async () => {
    const guarded = await startServer(program, "s3cret-word");
    const at = (password: string) => `redis://${password}127.0.0.1:${String(guarded.port)}/0`;
    try {
      await limiterOf(store({ address: at(":s3cret-word@") })).turn();
      const environment = { DATA_TASKS_LIMITER_PASSWORD: "s3cret-word" };
      await limiterOf(store({ address: at(""), environment })).turn();
      assert.deepEqual(warnings, []);
      await limiterOf(store({ address: at(":wrong-word@") })).turn();
      await limiterOf(store({ address: at(""), environment: {} })).turn();
      assert.equal(warnings.length, 2);
      assert.match(warnings.join("\n"), /it refuses the password/);
      assert.doesNotMatch(warnings.join("\n"), /s3cret|wrong-word/);
    } finally {
      await guarded.stop();
    }
  });
});

describe("the setting of a shared limiter", () => {
  const of = (settings: Record<string, string>) => limiterServers({ get: (key) => settings[key] });

  it("is an address for each cloud, and whether the server is required", () => {
    assert.deepEqual(of({}), {});
    assert.deepEqual(of({ "wedata:limiter": " rediss://cache:6380/2 ", "wedata:limiterRequired": "true" }), {
      wedata: { address: "rediss://cache:6380/2", isRequired: true },
    });
  });

  for (const address of ["cache:6379", "http://cache", "redis://", "redis://cache/first", "redis://:word@cache/a/b"]) {
    it(`is refused as ${address}, without repeating it`, () => {
      assert.throws(() => of({ "dataworks:limiter": address }), {
        message:
          "dataworks:limiter must be the address of a server of the Redis protocol, redis://host[:port][/database], or rediss:// with TLS",
      });
    });
  }

  for (const address of ["redis://cache?db=3", "rediss://cache/2?password=hunter2", "redis://cache#hunter2"]) {
    it(`is refused as ${address.replace("hunter2", "…")}, which would have no effect, without repeating it`, () => {
      assert.throws(() => of({ "dataworks:limiter": address }), {
        message:
          'dataworks:limiter must be the address of a server of the Redis protocol, redis://host[:port][/database], or rediss:// with TLS, without "?" and "#": write the number of the database behind the slash, and the password before the host or into DATA_TASKS_LIMITER_PASSWORD',
      });
    });
  }

  it("is refused where a server is required and none is named", () => {
    assert.throws(() => of({ "wedata:limiterRequired": "true" }), {
      message:
        "wedata:limiterRequired is true, but wedata:limiter names no server: set wedata:limiter, or take wedata:limiterRequired away",
    });
    assert.deepEqual(of({ "wedata:limiterRequired": "false" }), {});
  });

  it("is refused where required is neither true nor false", () => {
    assert.throws(() => of({ "dataworks:limiterRequired": "yes" }), /limiterRequired must be true or false, got "yes"/);
  });
});
