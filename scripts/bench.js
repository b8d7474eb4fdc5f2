"use strict";
// npm run bench. The version check comes first, and in a file that any Node can read.
require("./setup/node-version.js");
require("./source-program.js").runSource("bench", "main.ts");
