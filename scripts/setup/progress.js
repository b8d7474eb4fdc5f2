"use strict";

const spinner = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
const quietInterval = 15_000;

/** The elapsed time as people say it: `0.4 s`, `12 s`, `2 min 5 s`. */
function spoken(milliseconds) {
  const seconds = milliseconds / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

/**
 * Runs `work` and shows on standard error what it is doing and for how long: a line that moves on a terminal, otherwise
 * a line at the start and one every 15 seconds. `work` gets a function that says which detail it has come to, and
 * returns its result; the closing line carries the time.
 */
async function step(title, work, { expected } = {}) {
  const out = process.stderr;
  const live = out.isTTY === true && process.env.CI === undefined;
  const started = Date.now();
  const elapsed = () => spoken(Date.now() - started);
  let detail = "";
  let frame = 0;
  const hint = expected === undefined ? "" : ` (${expected})`;

  const draw = () => {
    const line = `${spinner[frame++ % spinner.length]} ${title}${hint} … ${elapsed()}${detail ? `, ${detail}` : ""}`;
    out.write(`\r\u001b[2K${line.slice(0, Math.max(20, (out.columns ?? 80) - 1))}`);
  };
  if (!live) out.write(`${title}${hint} …\n`);
  const timer = setInterval(
    live ? draw : () => out.write(`  still at it after ${elapsed()}${detail ? `: ${detail}` : ""}\n`),
    live ? 100 : quietInterval,
  );
  try {
    const result = await work((text) => {
      detail = text;
    });
    clearInterval(timer);
    out.write(`${live ? "\r\u001b[2K" : ""}✓ ${title} (${elapsed()})\n`);
    return result;
  } catch (error) {
    clearInterval(timer);
    out.write(`${live ? "\r\u001b[2K" : ""}✗ ${title} (${elapsed()})\n`);
    throw error;
  }
}

module.exports = { spoken, step };
