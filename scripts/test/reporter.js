"use strict";
const fs = require("node:fs");
const { reporters } = require("mocha");

/** mocha's own report, and the counts in the file PULUMI_DATA_TASKS_COUNTS names, for the closing line of `npm test`. */
module.exports = class CountingReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once("end", () => {
      const { passes, failures, pending } = this.stats;
      const file = process.env.PULUMI_DATA_TASKS_COUNTS;
      if (file) fs.writeFileSync(file, JSON.stringify({ passed: passes, failed: failures, skipped: pending }));
    });
  }
};
