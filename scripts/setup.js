"use strict";
// What every command of this repository needs before its main job: packages, dist/, an engine. Plain JavaScript without
// dependencies, because it runs before `npm ci`. As a command it prints what it found; as a module see setup.d.ts.
require("./setup/node-version.js");
const fs = require("node:fs");
const path = require("node:path");
const { buildDist, distIsCurrent } = require("./setup/dist.js");
const { findEngine } = require("./setup/engine.js");
const { SetupFailure } = require("./setup/failure.js");
const { cacheFolder, root } = require("./setup/folders.js");
const { withLock } = require("./setup/lock.js");
const { installPackages, linkOwnPackage, packagesAreCurrent } = require("./setup/packages.js");

async function prepareSources() {
  const isCurrent = () => packagesAreCurrent() && distIsCurrent();
  if (!isCurrent()) {
    await withLock(path.join(root, ".state", "setup.lock"), async () => {
      if (!packagesAreCurrent()) await installPackages();
      if (!distIsCurrent()) await buildDist();
    });
  }
  linkOwnPackage();
}

async function prepare() {
  await prepareSources();
  const engine = await findEngine();
  const home = path.resolve(process.env.PULUMI_HOME || path.join(cacheFolder(), "pulumi-home"));
  fs.mkdirSync(home, { recursive: true });
  return { ...engine, home };
}

/** Runs `main`; a failure of the set-up is shown as its sentence, anything else with its stack. */
function runMain(main) {
  main().catch((error) => {
    process.stderr.write(`\n${error instanceof SetupFailure ? error.message : (error?.stack ?? error)}\n`);
    process.exitCode = 1;
  });
}

module.exports = { prepare, prepareSources, root, runMain };

if (require.main === module) {
  runMain(async () => {
    const started = Date.now();
    const { pulumi, version, source, home, pathDirectories, languageHost } = await prepare();
    console.log(`pulumi          ${pulumi} (${version}, ${source})`);
    console.log(`PULUMI_HOME     ${home}`);
    console.log(`PATH            ${pathDirectories.join(path.delimiter)}`);
    console.log(`language host   ${languageHost}`);
    console.log(`ready in        ${((Date.now() - started) / 1000).toFixed(1)} s`);
  });
}
