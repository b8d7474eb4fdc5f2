import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { format } from "prettier";
import { createGenerator } from "ts-json-schema-generator";
import { root } from "./setup.js";

/** Writes the JSON schemas that are published, from the types; with `--check` says whether they are up to date. */
const SCHEMAS = [
  { type: "Review", source: "cli/review/model.ts", file: "docs/schemas/review.schema.json" },
  { type: "Drift", source: "cli/drift/model.ts", file: "docs/schemas/drift.schema.json" },
  { type: "Promotion", source: "cli/promote/model.ts", file: "docs/schemas/promotion.schema.json" },
  { type: "PolicyFile", source: "cli/policy/file.ts", file: "docs/schemas/policy.schema.json" },
] as const;

async function main(): Promise<void> {
  for (const { type, source, file } of SCHEMAS) {
    const schema = createGenerator({
      path: path.join(root, source),
      tsconfig: path.join(root, "tsconfig.json"),
      type,
      skipTypeCheck: true,
      additionalProperties: false,
      sortProps: true,
    }).createSchema(type);
    const text = await format(JSON.stringify(schema), { parser: "json", printWidth: 120 });
    const target = path.join(root, file);
    if (!process.argv.includes("--check")) {
      mkdirSync(path.dirname(target), { recursive: true });
      writeFileSync(target, text);
    } else if (readFileSync(target, "utf8") !== text) {
      console.error(`${file} is not up to date: npx ts-node --transpile-only scripts/generate-schemas.ts`);
      process.exitCode = 1;
    }
  }
}

void main();
