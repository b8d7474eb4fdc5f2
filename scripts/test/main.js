"use strict";
const { prepare } = require("../setup.js");
const { SetupFailure } = require("../setup/failure.js");
const { runBehaviour } = require("./behaviour.js");
const { runChecks } = require("./checks.js");

/** Everything, or with arguments (`npm test -- --grep cron`) only the tests that mocha then runs. */
async function main(args) {
  const results = [];
  try {
    await prepare();
    if (args.length === 0) results.push(await runChecks());
    results.push(await runBehaviour(args));
  } catch (error) {
    console.error(`\n${error instanceof SetupFailure ? error.message : (error?.stack ?? error)}`);
    results.push({ passed: 0, failed: 1, skipped: 0 });
  }
  const total = (key) => results.reduce((sum, counts) => sum + counts[key], 0);
  if (total("failed") > 0) process.exitCode = 1;
  const skipped = total("skipped") > 0 ? `, ${total("skipped")} skipped` : "";
  console.log(`${total("passed")} passed, ${total("failed")} failed${skipped}`);
}

void main(process.argv.slice(2));
