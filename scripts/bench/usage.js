"use strict";
// Loaded into every Node process of a measured run (NODE_OPTIONS). The program and the provider process note what they have
// used up in a file each: the engine ends its provider process from outside, so that it can't be asked at the end.
const fs = require("node:fs");
const Module = require("node:module");
const path = require("node:path");

const EVERY_MILLISECONDS = 50;
const folder = process.env.BENCH_USAGE;
const main = process.argv[1] ?? "";
const role = /@pulumi[\\/]pulumi[\\/]cmd[\\/]dynamic-provider/.test(main)
  ? "provider"
  : /@pulumi[\\/]pulumi[\\/]cmd[\\/]run(?:[\\/]|$)/.test(main)
    ? "program"
    : undefined;

if (folder !== undefined && role !== undefined) {
  const file = fs.openSync(path.join(folder, `${role}-${process.pid}.json`), "w");
  const loading = watchLoading();
  const profile = process.env.BENCH_PROFILE === "yes" ? startProfile() : undefined;
  let rss = 0;
  const note = () => {
    const { user, system } = process.cpuUsage();
    rss = Math.max(rss, process.memoryUsage.rss());
    const text = JSON.stringify({
      role,
      cpuMilliseconds: (user + system) / 1000,
      rssBytes: rss,
      loadMilliseconds: loading(),
      ...(profile !== undefined && { functions: profile() }),
    });
    // A text that has become shorter leaves blanks behind.
    fs.writeSync(file, text.padEnd(256), 0);
    if (profile !== undefined) fs.ftruncateSync(file, Buffer.byteLength(text.padEnd(256)));
  };
  setInterval(note, EVERY_MILLISECONDS).unref();
  process.on("exit", note);
}

/** The CPU time that modules have taken to load since the process's own main module was there. */
function watchLoading() {
  const load = Module._load;
  let inside = false;
  let started = false;
  let microseconds = 0;
  Module._load = function (...args) {
    if (inside) return load.apply(this, args);
    inside = true;
    const before = process.cpuUsage();
    try {
      return load.apply(this, args);
    } finally {
      inside = false;
      const { user, system } = process.cpuUsage(before);
      if (started) microseconds += user + system;
      started = true;
    }
  };
  return () => microseconds / 1000;
}

/** Waiting, and the profiler itself. */
const OVERHEAD = new Set(["(idle)", "(program)", "dispatch"]);

/** Where the time goes, summed up second by second: the functions with the most time of their own. */
function startProfile() {
  const { Session } = require("node:inspector");
  const session = new Session();
  const times = new Map();
  session.connect();
  session.post("Profiler.enable");
  session.post("Profiler.start");
  let last = Date.now();
  const take = () => {
    session.post("Profiler.stop", (error, answer) => {
      if (error !== null) return;
      const { nodes, samples, timeDeltas } = answer.profile;
      const names = new Map(nodes.map(({ id, callFrame }) => [id, named(callFrame)]));
      samples.forEach((id, index) => {
        const name = names.get(id);
        if (!OVERHEAD.has(name)) times.set(name, (times.get(name) ?? 0) + timeDeltas[index] / 1000);
      });
    });
    session.post("Profiler.start");
  };
  process.on("exit", take);
  return () => {
    if (Date.now() - last > 1000) {
      take();
      last = Date.now();
    }
    return [...times].sort(([, a], [, b]) => b - a).slice(0, 12);
  };
}

function named({ functionName, url, lineNumber }) {
  const where = url
    .replace(/^file:\/\//, "")
    .replace(/^.*node_modules[\\/]/, "")
    .replace(/^.*[\\/]dist[\\/]/, "dist/");
  return url === "" ? functionName : `${functionName || "(anonymous)"} ${where}:${lineNumber + 1}`;
}
