"use strict";
const { spawn } = require("node:child_process");
const path = require("node:path");
const { prepareSources, root, runMain } = require("./setup.js");

/** Sets up what is missing (no engine is needed), then hands over to a program in `scripts/` with the same arguments. */
function runSource(...names) {
  runMain(async () => {
    await prepareSources();
    const program = path.join(root, "scripts", ...names);
    const args = ["--require", "ts-node/register/transpile-only", program, ...process.argv.slice(2)];
    const child = spawn(process.execPath, args, { cwd: root, stdio: "inherit" });
    // The terminal sends Ctrl-C to both; the program cleans up, and this process ends with it.
    for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
    process.exitCode = await new Promise((resolve, reject) => {
      child.on("error", reject);
      child.on("exit", (code) => resolve(code ?? 1));
    });
  });
}

module.exports = { runSource };
