import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { parse as parseYaml } from "yaml";
import { page, pages, root } from "./documents";

interface Line {
  place: string;
  words: string[];
}

/** The commands in the shell blocks: continued lines joined, comments and prompts gone, `&&` and `;` taken apart. */
function commandLines(): Line[] {
  return pages()
    .flatMap(({ blocks }) => blocks)
    .filter(({ language }) => ["sh", "bash", "shell", "console"].includes(language))
    .flatMap(({ text, place }) =>
      text
        .replace(/\\\n\s*/g, " ")
        .split("\n")
        .map((line) => line.replace(/^\$ /, "").replace(/(^|\s)#.*$/, ""))
        .flatMap((line) => line.split(/&&|;|\|/))
        .map((line) => line.trim().split(/\s+/))
        .filter(([first = ""]) => first !== "")
        .map((words) => ({ place, words: words.filter((word) => !/^[A-Z_]+=/.test(word)) })),
    );
}

const named = (name: string): Line[] =>
  commandLines()
    .map(({ place, words }) => ({ place, words: words[0] === "npx" ? words.slice(1) : words }))
    .filter(({ words }) => words[0] === name);

const help = async (...words: string[]): Promise<string> => {
  const cli = path.join(root, "cli", "main.ts");
  const args = ["--require", "ts-node/register/transpile-only", cli, ...words, "--help"];
  return (await promisify(execFile)(process.execPath, args, { cwd: root })).stdout;
};

describe("the commands in the documentation", function () {
  this.timeout(60_000);

  it("name npm scripts that exist", () => {
    const { scripts } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as {
      scripts: Record<string, string>;
    };
    const own = ["install", "ci", "init", "pack"];
    const wrong = named("npm")
      .filter(({ words: [, verb = "", script = ""] }) =>
        verb === "run" ? !(script in scripts) : !own.includes(verb) && !(verb in scripts),
      )
      .map(({ place, words }) => `${place}: ${words.join(" ")}`);
    assert.deepEqual(wrong, []);
    assert.ok(named("npm").length > 3);
  });

  it("name examples that exist", () => {
    const examples = named("npm").flatMap(({ place, words }) => {
      const at = words.indexOf("--example");
      return at < 0 ? [] : [{ place, name: words[at + 1] ?? "" }];
    });
    for (const { place, name } of examples) {
      assert.ok(name === "NAME" || existsSync(path.join(root, "examples", name, "Pulumi.yaml")), `${place}: ${name}`);
    }
  });

  it("name data-tasks commands and options that exist", async () => {
    const used = named("data-tasks");
    assert.ok(used.length > 0);
    const commands = new Map<string, string>();
    for (const { place, words } of used) {
      const [, command = ""] = words;
      if (!command.startsWith("-") && !commands.has(command)) commands.set(command, await help(command));
      const text = commands.get(command) ?? (await help());
      for (const option of words.filter((word) => word.startsWith("--"))) {
        assert.ok(text.includes(option), `${place}: data-tasks ${command} has no ${option}`);
      }
    }
    for (const command of commands.keys()) {
      assert.match(await help(), new RegExp(`^ +${command} `, "m"), `there is no data-tasks ${command}`);
    }
  });

  it("show every option of the emulator", async () => {
    const options = [...(await help("emulator")).matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, option]) => option ?? "");
    assert.ok(options.length > 4);
    const { text } = page("docs/emulator.md");
    assert.deepEqual(
      options.filter((option) => !text.includes(`\`${option}`)),
      [],
    );
  });

  it("stand beside YAML and JSON that can be read", () => {
    for (const { language, text, place } of pages().flatMap(({ blocks }) => blocks)) {
      try {
        if (language === "json") JSON.parse(text);
        if (language === "yaml") parseYaml(text);
      } catch (error) {
        assert.fail(`${place}: ${String(error)}`);
      }
    }
  });
});
