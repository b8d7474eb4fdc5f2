"use strict";
const { spawn } = require("node:child_process");
const path = require("node:path");
const fs = require("node:fs");

/**
 * Runs a program to its end and returns `{ code, stdout, stderr }`; a program that can't be started has code 127. Its
 * standard input is empty, so that nothing can wait for an answer. `onLine` gets each line of either stream as it comes.
 */
function run(program, args, { cwd, env, onLine, timeLimit, shell } = {}) {
  return new Promise((resolve) => {
    const windows = process.platform === "win32";
    const child = spawn(program, args, {
      cwd,
      env: env ?? process.env,
      shell: shell ?? false,
      stdio: ["ignore", "pipe", "pipe"],
      // Its own group, so that a time limit ends what it has started too.
      detached: !windows && timeLimit !== undefined,
    });
    let stdout = "";
    let stderr = "";
    let timedOut = false;
    const lines = (chunk) => {
      if (onLine) for (const line of chunk.split(/[\r\n]+/)) if (line.trim() !== "") onLine(line.trim());
    };
    child.stdout.setEncoding("utf8").on("data", (chunk) => {
      stdout += chunk;
      lines(chunk);
    });
    child.stderr.setEncoding("utf8").on("data", (chunk) => {
      stderr += chunk;
      lines(chunk);
    });
    const limit =
      timeLimit === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true;
            try {
              if (windows) child.kill();
              else process.kill(-child.pid, "SIGKILL");
            } catch {
              // It ended by itself in the meantime.
            }
          }, timeLimit);
    child.on("error", (error) => {
      clearTimeout(limit);
      resolve({ code: 127, stdout, stderr: `${stderr}${error.message}\n`, timedOut });
    });
    child.on("close", (code) => {
      clearTimeout(limit);
      resolve({ code: code ?? 1, stdout, stderr, timedOut });
    });
  });
}

/** The first executable of that name in the folders of PATH, or `undefined`. */
function findOnPath(name, searchPath = process.env.PATH ?? "") {
  const names = process.platform === "win32" ? [`${name}.exe`, `${name}.cmd`] : [name];
  for (const folder of searchPath.split(path.delimiter)) {
    if (folder === "") continue;
    for (const candidate of names) {
      const file = path.join(folder, candidate);
      try {
        fs.accessSync(file, fs.constants.X_OK);
        if (fs.statSync(file).isFile()) return file;
      } catch {
        // Not here.
      }
    }
  }
  return undefined;
}

/** The last lines of a program's output, for the sentence about its failure. */
function tail(text, count = 12) {
  return text.trim().split(/\r?\n/).slice(-count).join("\n");
}

module.exports = { findOnPath, run, tail };
