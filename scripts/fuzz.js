"use strict";
// npm run fuzz. The version check comes first, and in a file that any Node can read.
require("./setup/node-version.js");
const { spawn } = require("node:child_process");
const path = require("node:path");
const { prepareSources, root, runMain } = require("./setup.js");

/** Sets up what is missing (no engine is needed), then hands over to `scripts/fuzz/main.ts` with the same arguments. */
runMain(async () => {
  await prepareSources();
  const program = path.join(root, "scripts", "fuzz", "main.ts");
  const args = ["--require", "ts-node/register/transpile-only", program, ...process.argv.slice(2)];
  const child = spawn(process.execPath, args, { cwd: root, stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
  process.exitCode = await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => resolve(code ?? 1));
  });
});
