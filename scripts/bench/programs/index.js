"use strict";
// The program of every measured stack: `program.json` beside it says which one, and with what.
const { readFileSync } = require("node:fs");
const path = require("node:path");

const plan = JSON.parse(readFileSync(path.join(__dirname, "program.json"), "utf8"));
require(`./${plan.form}`)(plan);
