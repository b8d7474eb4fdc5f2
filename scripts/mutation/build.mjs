// Run by Stryker in its copy, once: the programs as JavaScript beside their sources. Every worker would translate them anew.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";

const { config } = ts.readConfigFile("tsconfig.json", ts.sys.readFile);
const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ".");
const compilerOptions = { ...options, noEmit: false, declaration: false, sourceMap: false };

for (const entry of readdirSync(".", { recursive: true, withFileTypes: true })) {
  const file = path.join(entry.parentPath, entry.name);
  if (!entry.isFile() || !file.endsWith(".ts") || file.endsWith(".d.ts") || /node_modules|\.stryker-tmp/.test(file))
    continue;
  const { outputText } = ts.transpileModule(readFileSync(file, "utf8"), {
    compilerOptions,
    fileName: path.basename(file),
  });
  writeFileSync(file.replace(/\.ts$/, ".js"), outputText);
}
