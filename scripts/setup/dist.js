"use strict";
const crypto = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");
const { run, tail } = require("./command.js");
const { SetupFailure } = require("./failure.js");
const { root } = require("./folders.js");
const { step } = require("./progress.js");

const sources = ["provider", "sdk", "cli", "emulator"];
const dist = path.join(root, "dist");
const stamp = path.join(dist, ".sources");
const incremental = path.join(root, ".state", "build.tsbuildinfo");

/** Whether `dist/` was built from exactly the sources that are here now. */
function distIsCurrent() {
  try {
    return fs.readFileSync(stamp, "utf8") === digest();
  } catch {
    return false;
  }
}

function digest() {
  const hash = crypto.createHash("sha256");
  const files = ["tsconfig.json", "tsconfig.build.json", "node_modules/typescript/package.json", ...sourceFiles()];
  for (const file of files) hash.update(`${file}\0`).update(fs.readFileSync(path.join(root, file)));
  return hash.digest("hex");
}

function sourceFiles() {
  return sources.flatMap((folder) => filesUnder(path.join(root, folder))).map((file) => path.relative(root, file));
}

function filesUnder(folder) {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const file = path.join(folder, entry.name);
      return entry.isDirectory() ? filesUnder(file) : [file];
    });
}

/**
 * Compiles the sources to `dist/` and returns the compiler's complaints (empty when there are none). `clean` starts from
 * nothing, as a release does; otherwise only what changed is compiled again, and what has no source any more goes away.
 */
async function compile({ clean = false } = {}) {
  const before = digest();
  if (clean || !fs.existsSync(dist)) {
    fs.rmSync(dist, { recursive: true, force: true });
    fs.rmSync(incremental, { force: true });
  }
  const tsc = path.join(root, "node_modules", "typescript", "bin", "tsc");
  const args = [
    tsc,
    "-p",
    "tsconfig.build.json",
    "--incremental",
    "--tsBuildInfoFile",
    incremental,
    "--pretty",
    "false",
  ];
  const result = await run(process.execPath, args, { cwd: root });
  if (!fs.existsSync(dist)) {
    throw new SetupFailure(`The TypeScript compiler made nothing:\n${tail(result.stdout + result.stderr)}`);
  }
  removeOrphans();
  const command = path.join(dist, "cli", "main.js");
  if (fs.existsSync(command)) fs.chmodSync(command, 0o755);
  fs.writeFileSync(stamp, before);
  return result.code === 0 ? "" : `${result.stdout}${result.stderr}`;
}

function removeOrphans() {
  const kept = new Set(sourceFiles().map((file) => file.replace(/\.[^.]+$/, "")));
  for (const file of filesUnder(dist)) {
    const name = path.relative(dist, file);
    if (name.startsWith(".")) continue;
    if (!kept.has(name.replace(/(\.d\.ts|\.js\.map|\.js|\.json)$/, ""))) fs.rmSync(file);
  }
}

/** Brings `dist/` up to date. A type error is shown and does not stop: `npm test` is where it counts. */
async function buildDist() {
  const complaints = await step("Compiling the sources to dist/", () => compile());
  if (complaints === "") return;
  const errors = complaints.split("\n").filter((line) => line.includes(": error TS"));
  process.stderr.write(`The compiler found ${errors.length} errors (npm test shows them all), first:\n${errors[0]}\n`);
}

module.exports = { buildDist, compile, dist, distIsCurrent };
