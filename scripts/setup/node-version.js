// Runs before anything else and on any Node: no syntax here that an old one can't parse.
"use strict";

var required = [20, 19];
var found = process.versions.node.split(".").map(Number);

if (found[0] < required[0] || (found[0] === required[0] && found[1] < required[1])) {
  console.error(
    "This needs Node " +
      required.join(".") +
      " or newer, and found " +
      process.versions.node +
      ": install a newer Node (https://nodejs.org) and run the same command again.",
  );
  process.exit(1);
}
