"use strict";
// An emulator in a process that can be killed. It loads everything first, and listens when it is told with which options.
const { startEmulator } = require("pulumi-data-tasks/emulator");

process.on("message", (options) => {
  startEmulator(options).then(
    (emulator) => process.send({ emulator: JSON.parse(JSON.stringify(emulator)) }),
    ({ message }) => process.send({ error: message }),
  );
});
process.on("disconnect", () => process.exit());
process.send({ ready: true });
