"use strict";
// npm run build, and what `npm pack` and `npm publish` do first: dist/ from nothing, and no type error is let through.
require("./setup/node-version.js");
const { compile } = require("./setup/dist.js");

async function main() {
  const complaints = await compile({ clean: true });
  if (complaints === "") return;
  process.stderr.write(complaints);
  process.exitCode = 1;
}

void main();
