// Loaded by Stryker, in its own processes: which mutants are tried, and which texts are none of the tests' business.
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { cwd } from "node:process";
import { PluginKind, declareClassPlugin, declareValuePlugin } from "@stryker-mutator/api/plugin";

/** Names a mutant the same way in every process; see `keyOf` in sample.ts. */
const keyOf = ({ fileName, location: { start, end }, mutatorName, replacement }) =>
  [
    relative(cwd(), fileName)
      .replace(/^.*\.stryker-tmp\/[^/]+\//, "")
      .replaceAll("\\", "/"),
    ...[start.line, start.column, end.line, end.column, mutatorName, replacement],
  ].join(":");

/** Lets the chosen mutants pass; the others count as if they did not compile. */
class Sample {
  async init() {
    this.chosen = new Set(JSON.parse(readFileSync("mutation-sample.json", "utf8")));
  }

  async check(mutants) {
    return Object.fromEntries(
      mutants.map((mutant) => [
        mutant.id,
        this.chosen.has(keyOf(mutant)) ? { status: "passed" } : { status: "compileError", reason: "not chosen" },
      ]),
    );
  }

  async group(mutants) {
    return [mutants.map(({ id }) => id)];
  }
}

/** Members whose texts only the reference prints. */
const PROSE = new Set(["default", "unit", "cause", "remedy"]);

const prose = {
  shouldIgnore({ node }) {
    const isProse = node.type === "ObjectProperty" && PROSE.has(node.key.name) && /Literal$/.test(node.value.type);
    return isProse ? "text of the reference" : undefined;
  },
};

export const strykerPlugins = [
  declareClassPlugin(PluginKind.Checker, "sample", Sample),
  declareValuePlugin(PluginKind.Ignore, "prose", prose),
];
