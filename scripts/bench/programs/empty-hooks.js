"use strict";
// Loaded by name in the engine's provider process, as the hooks of this package are.
let made = 0;

exports.emptyTask = {
  check: async (_olds, news) => ({ inputs: news, failures: [] }),
  // The outputs don't repeat the arguments, so that they can't be compared: the bench says what is to change.
  diff: async () => ({ changes: process.env.BENCH_CHANGES === "yes" }),
  create: async () => ({ id: `task-${process.pid}-${(made += 1)}`, outs: {} }),
  read: async (id, props) => ({ id, props }),
  update: async () => ({ outs: {} }),
  delete: async () => undefined,
};
