"use strict";
const fs = require("node:fs");
const path = require("node:path");
const { buildEngine } = require("./engine-build.js");
const { downloadEngine } = require("./engine-download.js");
const { findOnPath, run } = require("./command.js");
const { cacheFolder, root } = require("./folders.js");
const { withLock } = require("./lock.js");

/** The engine our own runs are pinned to; `scripts/engine/go.mod` and the dev dependency say the same. */
const pinned = "3.230.0";
/** The oldest engine on PATH that is taken as it is. */
const oldest = [3, 200];

const executable = process.platform === "win32" ? "pulumi.exe" : "pulumi";
const built = "built from its Go module";
const languageHost = "pulumi-language-nodejs";
const launchers = path.join(root, "scripts", "launcher");

/**
 * Finds a Pulumi engine, or gets one, and returns `{ pulumi, version, source, pathDirectories, languageHost }`: first
 * `pulumi` on PATH, then what an earlier run has kept, then the official download, then a build from the Go module.
 */
async function findEngine() {
  const cache = cacheFolder();
  const kept = path.join(cache, "engine", `${pinned}-${process.platform}-${process.arch}`);
  const found = (await engineOnPath(kept)) ?? engineKept(kept) ?? (await getEngine(cache, kept));
  return describe(found);
}

async function engineOnPath(kept) {
  const pulumi = findOnPath("pulumi");
  if (pulumi === undefined || pulumi.startsWith(kept)) return undefined;
  const { code, stdout } = await run(pulumi, ["version"], {
    env: { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" },
    timeLimit: 10_000,
  });
  const version = /^v?(\d+)\.(\d+)\.\S+/m.exec(stdout);
  if (code !== 0 || version === null) {
    process.stderr.write(`Passing over ${pulumi}: it does not answer \`pulumi version\`.\n`);
    return undefined;
  }
  const [text, major, minor] = version;
  if (Number(major) !== oldest[0] || Number(minor) < oldest[1]) {
    process.stderr.write(`Passing over ${pulumi}: it is ${text.trim()}, and ${oldest.join(".")} or newer is needed.\n`);
    return undefined;
  }
  return { pulumi, version: text.trim().replace(/^v/, ""), source: "found on PATH" };
}

function engineKept(kept) {
  const pulumi = path.join(kept, "bin", executable);
  try {
    const { source, bytes } = JSON.parse(fs.readFileSync(path.join(kept, "engine.json"), "utf8"));
    if (fs.statSync(pulumi).size !== bytes) return undefined; // Cut short, for instance by a full disk.
    return { pulumi, version: pinned, source };
  } catch {
    return undefined;
  }
}

async function getEngine(cache, kept) {
  return withLock(path.join(cache, "engine.lock"), async () => {
    const meanwhile = engineKept(kept);
    if (meanwhile !== undefined) return meanwhile;
    const engines = path.join(cache, "engine");
    fs.mkdirSync(engines, { recursive: true });
    // Only the holder of the lock makes one: what is lying here was left by a run that was killed.
    for (const left of fs.readdirSync(engines).filter((name) => name.startsWith(".making-"))) {
      fs.rmSync(path.join(engines, left), { recursive: true, force: true });
    }
    const making = path.join(engines, `.making-${process.pid}`);
    fs.mkdirSync(path.join(making, "bin"), { recursive: true });
    try {
      const download = await downloadEngine(pinned, making);
      if (!download.done) await buildEngine(pinned, path.join(making, "bin", executable), download);
      const source = download.done ? "downloaded" : built;
      const { size } = fs.statSync(path.join(making, "bin", executable));
      fs.writeFileSync(path.join(making, "engine.json"), JSON.stringify({ version: pinned, source, bytes: size }));
      // Whoever looks sees either nothing or the whole engine.
      fs.rmSync(kept, { recursive: true, force: true });
      fs.renameSync(making, kept);
    } finally {
      fs.rmSync(making, { recursive: true, force: true });
    }
    return engineKept(kept);
  });
}

/**
 * What runs need beside the executable: the folders to put first on PATH, and how Node programs are run. The official
 * distribution brings its own launchers for providers and programs; a built engine gets ours laid beside it, where it
 * takes them for its own.
 */
function describe(engine) {
  const folder = path.dirname(engine.pulumi);
  if (engine.source === built) installLaunchers(folder);
  const isOfficial = engine.source !== built && findOnPath(languageHost, folder) !== undefined;
  return {
    ...engine,
    pathDirectories: engine.source === built || isOfficial ? [folder] : [folder, launchers],
    languageHost: isOfficial ? "official" : "stand-in",
  };
}

/** Lays the launchers beside the engine, or renews those that an older or newer clone has left there. */
function installLaunchers(folder) {
  for (const name of fs.readdirSync(launchers)) {
    const wanted = fs.readFileSync(path.join(launchers, name));
    const file = path.join(folder, name);
    if (fs.existsSync(file) && fs.readFileSync(file).equals(wanted)) continue;
    const temporary = `${file}.${process.pid}`;
    fs.writeFileSync(temporary, wanted, { mode: 0o755 });
    fs.renameSync(temporary, file);
  }
}

module.exports = { findEngine, pinned };
