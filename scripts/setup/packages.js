"use strict";
const fs = require("node:fs");
const path = require("node:path");
const { run, tail } = require("./command.js");
const { SetupFailure } = require("./failure.js");
const { root } = require("./folders.js");
const { step } = require("./progress.js");

const modules = path.join(root, "node_modules");

/** Whether `node_modules` holds exactly the versions `package-lock.json` names (what npm skipped as optional aside). */
function packagesAreCurrent() {
  const wanted = readPackages(path.join(root, "package-lock.json"));
  const present = readPackages(path.join(modules, ".package-lock.json"));
  if (wanted === undefined) return true;
  if (present === undefined) return false;
  return Object.entries(wanted).every(
    ([place, entry]) =>
      place === "" || entry.link === true || entry.optional === true || present[place]?.version === entry.version,
  );
}

function readPackages(file) {
  try {
    return JSON.parse(fs.readFileSync(file, "utf8")).packages;
  } catch {
    return undefined;
  }
}

/** Installs the locked packages with `npm ci`. No package of ours needs its install script, so none is run. */
async function installPackages() {
  await step(
    "Installing the packages with npm ci",
    async (detail) => {
      const args = ["ci", "--include=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
      const result = await npm(args, { cwd: root, onLine: detail });
      if (result.code === 0) return;
      const output = `${result.stdout}\n${result.stderr}`;
      if (result.code === 127) throw new SetupFailure("npm could not be started: install Node with npm and run again.");
      throw new SetupFailure(
        /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|network/i.test(output)
          ? "npm ci could not reach the package registry: check the network (or npm's registry and proxy settings) and run the same command again."
          : `npm ci failed; its last lines say why:\n${tail(output)}`,
      );
    },
    { expected: "about half a minute the first time" },
  );
}

/** Runs npm (the one this process was started by, where there is one) and returns its outcome. */
function npm(args, options) {
  const script = process.env.npm_execpath;
  if (script !== undefined && path.basename(script) === "npm-cli.js" && fs.existsSync(script)) {
    return run(process.execPath, [script, ...args], options);
  }
  return run("npm", args, { ...options, shell: process.platform === "win32" });
}

/**
 * Makes the package resolvable by its own name from every folder of the repository. The provider process loads it by
 * name (`require("pulumi-data-tasks/provider")`) starting from the program's folder, as it does in a user's project.
 */
function linkOwnPackage() {
  const link = path.join(modules, "pulumi-data-tasks");
  try {
    if (fs.realpathSync(link) === fs.realpathSync(root)) return;
  } catch {
    // Not there, or pointing nowhere.
  }
  fs.rmSync(link, { recursive: true, force: true });
  const windows = process.platform === "win32";
  try {
    fs.symlinkSync(windows ? root : "..", link, windows ? "junction" : "dir");
  } catch (error) {
    if (error.code !== "EEXIST") throw error; // Another process was quicker, with the same link.
  }
}

module.exports = { installPackages, linkOwnPackage, npm, packagesAreCurrent };
