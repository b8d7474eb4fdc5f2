"use strict";
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");

const beat = 2_000;
const staleAfter = 30_000;

/**
 * Runs `work` while this process alone holds `folder` (created for that, removed afterwards), and returns its result.
 * Whoever holds it touches it every two seconds; one that has gone silent, or whose process is gone, is taken over.
 */
async function withLock(folder, work) {
  fs.mkdirSync(path.dirname(folder), { recursive: true });
  let said = false;
  while (!take(folder)) {
    if (isStale(folder)) {
      fs.rmSync(folder, { recursive: true, force: true });
      continue;
    }
    if (!said) process.stderr.write("Another process is setting up the same thing; waiting for it …\n");
    said = true;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const release = () => fs.rmSync(folder, { recursive: true, force: true });
  const timer = setInterval(() => {
    try {
      fs.utimesSync(folder, new Date(), new Date());
    } catch {
      // Gone with its parent folder: nothing left to hold.
    }
  }, beat);
  process.once("exit", release);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    process.off("exit", release);
    release();
  }
}

function take(folder) {
  try {
    fs.mkdirSync(folder);
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
  fs.writeFileSync(path.join(folder, "owner"), JSON.stringify({ process: process.pid, host: os.hostname() }));
  return true;
}

function isStale(folder) {
  try {
    if (Date.now() - fs.statSync(folder).mtimeMs > staleAfter) return true;
    const owner = JSON.parse(fs.readFileSync(path.join(folder, "owner"), "utf8"));
    return owner.host === os.hostname() && !isAlive(owner.process);
  } catch {
    return false; // Being made or being removed right now: look again.
  }
}

function isAlive(id) {
  try {
    process.kill(id, 0);
    return true;
  } catch (error) {
    return error.code === "EPERM";
  }
}

module.exports = { withLock };
