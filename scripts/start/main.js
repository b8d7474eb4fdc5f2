"use strict";
const { spawn } = require("node:child_process");
const path = require("node:path");
const { prepare, root, runMain } = require("../setup.js");

/** Sets up what is missing, then hands over to `scripts/quickstart.ts` with the same arguments. */
runMain(async () => {
  await prepare();
  const program = path.join(root, "scripts", "quickstart.ts");
  const args = ["--require", "ts-node/register/transpile-only", program, ...process.argv.slice(2)];
  const child = spawn(process.execPath, args, { cwd: root, stdio: "inherit" });
  // The terminal sends Ctrl-C to both; the quickstart decides how to end, and this process ends with it.
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
  process.exitCode = await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => resolve(code ?? 1));
  });
});
