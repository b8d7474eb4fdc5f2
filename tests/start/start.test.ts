import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { root } from "../../scripts/setup.js";
import { StartFailure, freshFolder, leaveFolder } from "../../scripts/start/workspace";

const run = promisify(execFile);
const script = path.join(root, "scripts", "start.js");

/** How `npm start -- …` ends. */
async function start(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  try {
    return { code: 0, ...(await run(process.execPath, [script, ...args], { cwd: root })) };
  } catch (error) {
    return error as { code: number; stdout: string; stderr: string };
  }
}

describe("npm start", function () {
  this.timeout(180_000);

  it("explains itself", async () => {
    const { code, stdout } = await start("--help");
    assert.equal(code, 0);
    assert.match(stdout, /--keep[^]*--example <name>[^]*environments/);
  });

  for (const [args, sentence] of [
    [["--kep"], /^error: unknown option '--kep'\n\(Did you mean --keep\?\)$/],
    [["--example", "nothing"], /^There is no example "nothing": name one of adopt, .*wedata-chain\.$/],
    [["now"], /^error: too many arguments\. Expected 0 arguments but got 1\.$/],
  ] as const) {
    it(`answers ${args.join(" ")} with a sentence`, async () => {
      const { code, stderr } = await start(...args);
      assert.equal(code, 1);
      assert.match(stderr.trim(), sentence);
    });
  }

  it("plays the quickstart through, and with --keep leaves it to pulumi in the folder", async function () {
    const folder = path.join(root, ".state", "quickstart");
    try {
      leaveFolder(freshFolder(folder));
    } catch (error) {
      // Somebody is playing with it right now: their state is not ours to replace.
      if (error instanceof StartFailure) return this.skip();
      throw error;
    }
    const child = spawn(process.execPath, [script, "--keep"], { cwd: root, stdio: ["ignore", "pipe", "pipe"] });
    let text = "";
    const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
    const ready = new Promise<void>((resolve) => {
      for (const stream of [child.stdout, child.stderr]) {
        stream.on("data", (chunk: Buffer) => {
          text += chunk.toString();
          if (text.includes("pulumi destroy")) resolve();
        });
      }
    });
    try {
      await Promise.race([ready, ended]);
      for (const line of [
        "10 created",
        '~ cron: "0 0 2 * * ?" => "0 30 3 * * ?"',
        "~ concurrent: 2 => 4",
        "~ access-report has moved: trigger.cron",
        "~ retryWaitMinutes: 30 => 5",
        "10 unchanged",
        "8: ",
        "UpdateDISyncTask 1",
      ]) {
        assert.ok(text.includes(line), `${line} is missing in:\n${text}`);
      }
      const commands = `. ${path.join(folder, "env.sh")} && pulumi config set priority medium && pulumi preview --non-interactive`;
      const byHand = await run("sh", ["-c", commands], {
        cwd: root,
        env: { PATH: process.env["PATH"], HOME: process.env["HOME"] },
      });
      assert.match(byHand.stdout, /~ 3 to update/);
    } finally {
      child.kill("SIGINT");
      assert.equal(await ended, 0, text);
    }
    assert.equal(existsSync(path.join(root, "Pulumi.local.yaml")), false);
  });
});

describe("the folder of a run", () => {
  const parent = mkdtempSync(path.join(tmpdir(), "data-tasks-start-"));
  const folder = path.join(parent, "run");
  after(() => rmSync(parent, { recursive: true, force: true }));

  it("is empty at the beginning", () => {
    freshFolder(folder);
    writeFileSync(path.join(folder, "old"), "");
    freshFolder(folder);
    assert.equal(existsSync(path.join(folder, "old")), false);
    assert.equal(readFileSync(path.join(folder, "running"), "utf8"), String(process.pid));
  });

  it("is refused while another run is alive there", () => {
    writeFileSync(path.join(folder, "running"), String(process.ppid));
    assert.throws(
      () => freshFolder(folder),
      /Another npm start \(process \d+\) is working in .*: end it with Ctrl-C first\./,
    );
    leaveFolder(folder);
    freshFolder(folder);
  });
});
