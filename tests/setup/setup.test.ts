import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import { root } from "../../scripts/setup.js";

const run = promisify(execFile);
const setup = path.join(root, "scripts", "setup");

describe("the set-up", function () {
  this.timeout(30_000);
  let folder: string;
  before(function () {
    if (process.platform === "win32") this.skip(); // The programs on PATH are played by shell scripts.
    folder = mkdtempSync(path.join(tmpdir(), "data-tasks-setup-"));
  });
  after(() => {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  });

  /** A PATH with Node, a shell and the programs given as shell scripts. */
  function programs(name: string, scripts: Record<string, string>): string {
    const bin = path.join(folder, name);
    mkdirSync(bin);
    symlinkSync(process.execPath, path.join(bin, "node"));
    for (const [program, script] of Object.entries(scripts)) {
      writeFileSync(path.join(bin, program), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    }
    return bin;
  }

  async function evaluate(code: string, PATH: string, env: Record<string, string> = {}): Promise<string> {
    const { stdout } = await run(process.execPath, ["-e", code], {
      cwd: root,
      env: { PATH, HOME: folder, PULUMI_DATA_TASKS_CACHE: path.join(folder, "cache"), ...env },
    });
    return stdout.trim();
  }

  const build = `require(${JSON.stringify(path.join(setup, "engine-build.js"))})
    .buildEngine("0.0.0", "nowhere", { why: "its download site can't be reached" })
    .catch((error) => console.log(error.name + ": " + error.message))`;

  it("says what to do where there is neither Pulumi nor Go", async () => {
    assert.equal(
      await evaluate(build, programs("bare", {})),
      "SetupFailure: There is no Pulumi engine here: pulumi is not on PATH, its download site can't be reached, and there " +
        "is no Go to build it with; install Pulumi (https://www.pulumi.com/docs/install/) or Go 1.25.8 or newer " +
        "(https://go.dev/dl/), and run the same command again.",
    );
  });

  const goRefusals: [string, string, RegExp][] = [
    [
      "an old Go",
      "go: go.mod requires go >= 1.25.8 (running go 1.22.1; GOTOOLCHAIN=local)",
      /^SetupFailure: Building Pulumi needs Go 1\.25\.8 and found 1\.22\.1: install a newer Go/,
    ],
    [
      "no network",
      "dial tcp: lookup proxy.example: no such host",
      /^SetupFailure: Building Pulumi could not reach the Go module proxy: check the network/,
    ],
    [
      "a full disk",
      "write /x: no space left on device",
      /^SetupFailure: Building Pulumi needs about 3 GB of disk space/,
    ],
  ];
  for (const [what, says, sentence] of goRefusals) {
    it(`says what to do about ${what}`, async () => {
      const bin = programs(what.replaceAll(" ", "-"), { go: `echo "${says}" >&2; exit 1` });
      assert.match(await evaluate(build, bin), sentence);
    });
  }

  it("passes over an engine on PATH that is too old, and takes one that is new enough", async () => {
    const find = `require(${JSON.stringify(path.join(setup, "engine.js"))}).findEngine()
      .then(({ version, source, languageHost }) => console.log(version, source, languageHost))`;
    const kept = path.join(folder, "cache", "engine", `${pinnedVersion()}-${process.platform}-${process.arch}`);
    mkdirSync(path.join(kept, "bin"), { recursive: true });
    writeFileSync(path.join(kept, "bin", "pulumi"), "1234");
    writeFileSync(path.join(kept, "engine.json"), JSON.stringify({ source: "built from its Go module", bytes: 4 }));

    const old = programs("old", { pulumi: "echo v3.150.0" });
    assert.equal(await evaluate(find, old), `${pinnedVersion()} built from its Go module stand-in`);
    assert.ok(existsSync(path.join(kept, "bin", "pulumi-resource-pulumi-nodejs")));

    const official = programs("official", { pulumi: "echo v3.250.1", "pulumi-language-nodejs": "exit 0" });
    assert.equal(await evaluate(find, official), "3.250.1 found on PATH official");
  });

  it("lets one process at a time do the work", async () => {
    const log = path.join(folder, "log");
    const work = `const fs = require("node:fs");
      require(${JSON.stringify(path.join(setup, "lock.js"))}).withLock(${JSON.stringify(path.join(folder, "lock"))}, async () => {
        fs.appendFileSync(${JSON.stringify(log)}, "in ");
        await new Promise((resolve) => setTimeout(resolve, 100));
        fs.appendFileSync(${JSON.stringify(log)}, "out ");
      })`;
    const bin = programs("lock-programs", {});
    await Promise.all([1, 2, 3].map(() => evaluate(work, bin)));
    assert.equal(readFileSync(log, "utf8"), "in out in out in out ");
    assert.equal(existsSync(path.join(folder, "lock")), false);
  });

  it("takes over the lock of a process that is gone", async () => {
    const lock = path.join(folder, "left");
    const take = (body: string) =>
      `require(${JSON.stringify(path.join(setup, "lock.js"))}).withLock(${JSON.stringify(lock)}, async () => { ${body} })`;
    const bin = programs("left-programs", {});
    await evaluate(take("process.kill(process.pid, 'SIGKILL')"), bin).catch(() => undefined);
    assert.ok(existsSync(lock));
    assert.equal(await evaluate(take("console.log('mine')"), bin), "mine");
  });

  it("refuses an old Node in one sentence", async () => {
    const pretend = path.join(folder, "old-node.js");
    writeFileSync(pretend, 'Object.defineProperty(process.versions, "node", { value: "18.19.0" });');
    for (const script of ["start.js", "test.js", "setup.js"]) {
      await assert.rejects(
        run(process.execPath, ["--require", pretend, path.join(root, "scripts", script)]),
        ({ code, stderr }: { code: number; stderr: string }) =>
          code === 1 && /^This needs Node 20\.19 or newer, and found 18\.19\.0: install .* again\.\n$/.test(stderr),
      );
    }
  });

  it("pins the same engine in the Go module, the dev dependency and the set-up", () => {
    const module = readFileSync(path.join(root, "scripts", "engine", "go.mod"), "utf8");
    assert.match(module, new RegExp(`github\\.com/pulumi/pulumi/pkg/v3 v${pinnedVersion()}\\b`));
    assert.match(readFileSync(path.join(setup, "engine.js"), "utf8"), new RegExp(`pinned = "${pinnedVersion()}"`));
  });
});

function pinnedVersion(): string {
  const manifest = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as {
    devDependencies: Record<string, string>;
  };
  return manifest.devDependencies["@pulumi/pulumi"] ?? "";
}
