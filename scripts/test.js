"use strict";
// npm test. The version check comes first, and in a file that any Node can read.
require("./setup/node-version.js");
require("./test/main.js");
