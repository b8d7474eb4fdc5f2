"use strict";
const https = require("node:https");
const path = require("node:path");
const { run, tail } = require("./command.js");
const { root } = require("./folders.js");
const { step } = require("./progress.js");

const site = "https://get.pulumi.com/install.sh";
const patience = 5_000;
const wholeDownload = 10 * 60_000;

/**
 * Tries the official download into `folder` and returns `{ done: true }`, or `{ done: false, why }` when it could not be
 * had. The site gets five seconds to answer at all, so that a machine that can't reach it loses no more than that.
 */
async function downloadEngine(version, folder) {
  const unreachable = await probe();
  if (unreachable !== undefined) {
    process.stderr.write(`Pulumi's download site can't be reached (${unreachable}).\n`);
    return { done: false, why: `its download site can't be reached (${unreachable})` };
  }
  return step(
    `Downloading Pulumi ${version}`,
    async (detail) => {
      const result = await run(process.execPath, [__filename, version, folder], {
        cwd: root,
        onLine: detail,
        timeLimit: wholeDownload,
      });
      if (result.code === 0) return { done: true };
      const why = result.timedOut ? "the download took more than ten minutes" : tail(result.stderr, 1);
      process.stderr.write(`\nThe download did not work: ${why}\n`);
      return { done: false, why: `its download failed (${why})` };
    },
    { expected: "about 150 MB" },
  );
}

/** Why the site can't be reached, or `undefined` when it answers. */
function probe() {
  return new Promise((resolve) => {
    const request = https.request(site, { method: "HEAD", timeout: patience }, (response) => {
      response.resume();
      resolve(response.statusCode < 400 ? undefined : `HTTP ${response.statusCode}`);
    });
    request.on("timeout", () => request.destroy(new Error("no answer in five seconds")));
    request.on("error", (error) => resolve(error.code ?? error.message));
    // The time-out above counts idle time; a name server that never answers is covered by this one.
    setTimeout(() => request.destroy(new Error("no answer in five seconds")), patience).unref();
    request.end();
  });
}

/** In a process of its own, so that the time limit ends the installer's programs too. */
async function install(version, folder) {
  const { PulumiCommand } = require("@pulumi/pulumi/automation");
  const { SemVer } = require("semver");
  await PulumiCommand.install({ version: new SemVer(version), root: path.resolve(folder) });
}

if (require.main === module) {
  install(process.argv[2], process.argv[3]).catch((error) => {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  });
}

module.exports = { downloadEngine };
