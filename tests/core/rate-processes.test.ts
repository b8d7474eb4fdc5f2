import assert from "node:assert/strict";
import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { after, afterEach, before, beforeEach, describe, it } from "mocha";
import ts from "typescript";
import { monotonic } from "../../provider/core/rate";
import { mostWithin } from "./simulated-time";

const PROGRAM = "tests/core/rate-child";
const NEEDS = ["provider/core/book-file", "provider/core/rate", "provider/core/schedule", "provider/core/time"];

describe("processes with one limiter", () => {
  let scratch: string;
  let folder: string;
  let children: ChildProcess[];
  let server: http.Server;
  let url: string;
  /** When each caller's calls came in, without the first one, which opens the connection. */
  let seen: Map<string, number[]>;
  /** The longest that a call took from its turn to the service. */
  let slowest: number;

  before(async () => {
    // Compiled once, so that each child is a plain Node process that starts in no time.
    scratch = mkdtempSync(path.join(os.tmpdir(), "limits-"));
    for (const name of [PROGRAM, ...NEEDS]) {
      const source = readFileSync(path.join(__dirname, "..", "..", `${name}.ts`), "utf8");
      const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2023, esModuleInterop: true };
      const file = path.join(scratch, `${name}.js`);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, ts.transpileModule(source, { compilerOptions }).outputText);
    }
    server = http.createServer((request, response) => {
      const caller = String(request.headers.caller);
      const times = seen.get(caller);
      const now = monotonic();
      if (times === undefined) seen.set(caller, []);
      else {
        times.push(now);
        slowest = Math.max(slowest, now - Number(request.headers.turn));
      }
      response.end();
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
    rmSync(scratch, { recursive: true, force: true });
  });
  beforeEach(() => {
    folder = mkdtempSync(path.join(scratch, "folder-"));
    children = [];
    seen = new Map();
    slowest = 0;
  });
  afterEach(() => {
    for (const child of children) child.kill("SIGKILL");
  });

  const start = (perSecond: number, milliseconds: number): ChildProcess => {
    const child = fork(path.join(scratch, `${PROGRAM}.js`), [folder, url, String(perSecond), String(milliseconds)], {
      execArgv: [],
    });
    children.push(child);
    return child;
  };
  const ended = (child: ChildProcess): Promise<unknown[]> => once(child, "exit");
  const all = (): number[] => [...seen.values()].flat();

  /**
   * The most calls in any second. Where this machine is so busy that calls came later than the 30 ms for which the
   * limiter has a margin, they came closer together than they had left, and the second is shorter by as much.
   */
  const inSecond = (): number => mostWithin(1000 - Math.min(500, Math.max(0, slowest - 30)), all());

  it("never send more together than the limit in any second that the service sees, and get on all of them", async () => {
    const codes = await Promise.all(Array.from({ length: 10 }, () => ended(start(40, 2500)).then(([code]) => code)));
    assert.deepEqual(codes, Array(10).fill(0));
    assert.ok(inSecond() <= 40, `${String(inSecond())} in a second`);
    assert.ok(all().length >= 80, `${String(all().length)} in all`);
    const counts = [...seen.values()].map((times) => times.length);
    assert.equal(counts.length, 10);
    assert.ok(Math.min(...counts) >= 4, `calls of each: ${String(counts)}`);
  });

  it("go on at once when one of them is killed in the middle of a booking", async () => {
    const doomed = start(20, 0);
    await once(doomed, "message");
    doomed.kill("SIGKILL");
    await ended(doomed);
    const killed = monotonic();
    await Promise.all([start(20, 1800), start(20, 1800)].map(ended));
    const first = Math.min(...all()) - killed;
    assert.ok(first < 2000, `the next call came ${String(first)} ms later`);
    assert.ok(inSecond() <= 20, `${String(inSecond())} in a second`);
    assert.ok(all().length >= 20);
  });

  it("go on while one of them is stopped", async function () {
    if (process.platform === "win32") return this.skip();
    const stopped = start(20, 60_000);
    while (all().length < 5) await new Promise((resolve) => setTimeout(resolve, 20));
    stopped.kill("SIGSTOP");
    const before = all().length;
    await ended(start(20, 1800));
    assert.ok(all().length - before >= 20, `${String(all().length - before)} calls beside the stopped one`);
  });
});
