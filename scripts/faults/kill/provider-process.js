"use strict";
// A process of our own in place of the engine's provider process: the package's hooks, called over a channel.
const provider = require("pulumi-data-tasks/provider");

const hooksOf = {
  DataWorksTask: provider.dataworksTask,
  DataWorksDISyncTask: provider.dataworksDISyncTask,
  WeDataTask: provider.wedataTask,
};

async function answer({ type, hook, args }) {
  if (hook === "configure") {
    const [config] = args;
    return hooksOf.DataWorksTask.configure({ config: { get: (key) => config[key] } });
  }
  return hooksOf[type][hook](...args);
}

process.on("message", ({ call, ...request }) => {
  answer(request).then(
    (result) => process.send({ call, result }),
    // Only what the engine's own host passes on.
    ({ message, id, properties, reasons }) => process.send({ call, error: { message, id, properties, reasons } }),
  );
});
process.on("disconnect", () => process.exit());
process.send({ ready: true });
