"use strict";
const { spawn } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { root } = require("../setup/folders.js");

const longest = 75 * 60_000;

/** Runs mocha with the given arguments and returns its counts; a run that dies or finds no test counts as a failure. */
async function runBehaviour(args) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "data-tasks-test-"));
  const file = path.join(folder, "counts.json");
  try {
    const code = await mocha(args, file);
    const counts = fs.existsSync(file)
      ? JSON.parse(fs.readFileSync(file, "utf8"))
      : { passed: 0, failed: 0, skipped: 0 };
    if (counts.passed + counts.failed + counts.skipped === 0) {
      console.log(fs.existsSync(file) ? "No tests were found." : "The test run ended before it could report.");
      counts.failed++;
    } else if (code !== 0 && counts.failed === 0) {
      console.log(`The test run ended with exit code ${code} although no test failed.`);
      counts.failed++;
    }
    return counts;
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

function mocha(args, counts) {
  // Files named by the caller replace the whole suite.
  const named = args.some((arg) => arg.endsWith(".ts"));
  const all = [
    path.join(root, "node_modules", "mocha", "bin", "mocha.js"),
    // What a failed test leaves open must not hold up the closing line.
    "--exit",
    "--reporter",
    path.join(__dirname, "reporter.js"),
    ...(named ? [] : ["tests/**/*.test.ts"]),
    ...args,
  ];
  return new Promise((resolve) => {
    const child = spawn(process.execPath, all, {
      cwd: root,
      stdio: ["ignore", "inherit", "inherit"],
      env: { ...process.env, PULUMI_DATA_TASKS_COUNTS: counts },
    });
    const limit = setTimeout(() => {
      console.log(`The tests took more than ${longest / 60_000} minutes and were stopped.`);
      child.kill("SIGKILL");
    }, longest);
    child.on("error", () => resolve(1));
    child.on("close", (code) => {
      clearTimeout(limit);
      resolve(code ?? 1);
    });
  });
}

module.exports = { runBehaviour };
