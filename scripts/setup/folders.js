"use strict";
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");

const root = path.resolve(__dirname, "..", "..");

/** The folder that keeps the engine between runs and clones; inside the repository where there is no home to write to. */
function cacheFolder() {
  for (const candidate of candidates()) {
    try {
      fs.mkdirSync(candidate, { recursive: true });
      fs.accessSync(candidate, fs.constants.W_OK);
      return candidate;
    } catch {
      // Not writable: the next one.
    }
  }
  return path.join(root, ".engine");
}

function* candidates() {
  const { PULUMI_DATA_TASKS_CACHE, XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  if (PULUMI_DATA_TASKS_CACHE) {
    yield path.resolve(PULUMI_DATA_TASKS_CACHE);
    return;
  }
  if (XDG_CACHE_HOME && path.isAbsolute(XDG_CACHE_HOME)) yield path.join(XDG_CACHE_HOME, "pulumi-data-tasks");
  if (process.platform === "win32" && LOCALAPPDATA) yield path.join(LOCALAPPDATA, "pulumi-data-tasks");
  const home = homeFolder();
  if (home === undefined) return;
  yield process.platform === "darwin"
    ? path.join(home, "Library", "Caches", "pulumi-data-tasks")
    : path.join(home, ".cache", "pulumi-data-tasks");
}

function homeFolder() {
  if (process.env.HOME === "") return undefined;
  try {
    const home = os.homedir();
    return path.isAbsolute(home) ? home : undefined;
  } catch {
    return undefined; // A user without an entry in the password file.
  }
}

module.exports = { cacheFolder, homeFolder, root };
