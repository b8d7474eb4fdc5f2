"use strict";
// Loaded into the processes of a run: at a signal the process does nothing for a while, as on a machine without a free
// processor. (A stopped process would get the kernel's SIGHUP with the end of its engine.)
const MILLISECONDS = 3_500;

process.on("SIGUSR2", () => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, MILLISECONDS);
});
