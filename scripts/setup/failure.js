"use strict";

/** A set-up step that can't go on: its message is one sentence that says what to do, and no stack is shown. */
class SetupFailure extends Error {
  name = "SetupFailure";
}

module.exports = { SetupFailure };
