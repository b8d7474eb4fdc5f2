"use strict";
const fs = require("node:fs");
const path = require("node:path");
const { run } = require("../setup/command.js");
const { root } = require("../setup/folders.js");
const { spoken } = require("../setup/progress.js");

const bin = (name, file) => path.join(root, "node_modules", name, file);

/** What `npm test` looks at besides behaviour; each counts as one test. */
function checks() {
  return [
    ["format (prettier)", [bin("prettier", "bin/prettier.cjs"), "--check", "--log-level=warn", "."]],
    ["lint (eslint)", [bin("eslint", "bin/eslint.js"), ".", "--max-warnings=0"]],
    ["types (tsc)", [bin("typescript", "bin/tsc"), "--noEmit", "-p", "tsconfig.json"]],
    ["package entries (publint)", [bin("publint", "src/cli.js"), "run", "--strict", "--pack=false"]],
    ...generators().map((script) => [
      `generated files (${script})`,
      [bin("ts-node", "dist/bin.js"), "--transpile-only", path.join("scripts", script), "--check"],
    ]),
  ].filter(([, [program]]) => fs.existsSync(program));
}

/** Scripts that write generated files from what is in the repository say with `--check` whether those are up to date. */
function generators() {
  return fs
    .readdirSync(path.join(root, "scripts"))
    .filter((name) => /^generate-.*\.ts$/.test(name))
    .filter((name) => fs.readFileSync(path.join(root, "scripts", name), "utf8").includes('"--check"'));
}

/** Runs the checks two at a time, shows what they complain about, and returns the counts. */
async function runChecks() {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const waiting = checks();
  const worker = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const [title, args] = check;
      const started = Date.now();
      const { code, stdout, stderr } = await run(process.execPath, args, { cwd: root });
      const ok = code === 0;
      counts[ok ? "passed" : "failed"]++;
      console.log(`${ok ? "✔" : "✖"} ${title} (${spoken(Date.now() - started)})`);
      if (!ok) console.log(`${stdout}${stderr}`.trim());
    }
  };
  await Promise.all([worker(), worker()]);
  return counts;
}

module.exports = { runChecks };
