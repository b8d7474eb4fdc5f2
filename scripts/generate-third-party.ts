// Writes THIRD-PARTY.md, the packages that come with this one and their licences, from the lockfile and what is installed;
// with `--check`, says whether it is up to date:
//   npx ts-node -T scripts/generate-third-party.ts [--check]
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import * as prettier from "prettier";
import { productionPackages } from "./third-party/packages";

const file = path.join(__dirname, "..", "THIRD-PARTY.md");

async function generate(checksOnly: boolean): Promise<void> {
  const packages = productionPackages();
  const rows = packages.map(
    ({ name, version, licence, holder }) => `| ${name} | ${version} | ${licence} | ${holder} |`,
  );
  const text = [
    "# Third-party packages",
    "",
    `Made by \`scripts/generate-third-party.ts\`. Installing \`pulumi-data-tasks\` brings these ${packages.length} packages along,`,
    "each under its own licence, whose text it carries. `@pulumi/pulumi` (Apache-2.0) comes from your own project.",
    "",
    "| Package | Version | Licence | By |",
    "| --- | --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
  const made = await prettier.format(text, { ...(await prettier.resolveConfig(file)), parser: "markdown" });
  if (existsSync(file) && readFileSync(file, "utf8") === made) return;
  if (!checksOnly) return writeFileSync(file, made);
  console.error(`THIRD-PARTY.md is not up to date\nRun: npx ts-node -T scripts/generate-third-party.ts`);
  process.exitCode = 1;
}

void generate(process.argv.includes("--check"));
