import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { contracts } from "../../emulator/contracts.gen";
import { faultKinds } from "../../emulator/faults";
import { knownSwitches } from "../../emulator/switches";
import { knownSettings } from "../../sdk/configuration";
import { page, pages, quoted, root, table } from "./documents";

/** Every setting of the stack's configuration that means something. */
const configurationKeys = (): string[] =>
  (["dataworks", "wedata"] as const)
    .flatMap((module) => knownSettings(module).map((name) => `${module}:${name}`))
    .sort();

const operations = new Set(Object.values(contracts).flatMap((version) => Object.keys(version)));
const isOperation = (word: string) =>
  /^(Create|Update|BatchUpdate|Get|List|Delete|Describe|Modify|Submit|Deploy|Exec|Rename|Move|Freeze|Check|Batch)[A-Z]\w+$/.test(
    word,
  );

describe("the facts in the documentation", () => {
  it("list exactly the configuration keys that are read", () => {
    const accounts = page("docs/accounts.md");
    const rows = [...table(accounts, "DataWorks settings"), ...table(accounts, "WeData settings")];
    assert.deepEqual(rows.map(([key = ""]) => quoted(key)[0]).sort(), configurationKeys());
  });

  it("name configuration keys that exist, wherever they do", () => {
    const known = new Set(configurationKeys());
    const wrong = pages().flatMap(({ file, text }) =>
      [...text.matchAll(/\b((?:dataworks|wedata):[a-z]\w*)/g)]
        .map(([, key = ""]) => key)
        .filter((key) => !known.has(key) && !key.endsWith(":index"))
        .map((key) => `${file}: ${key}`),
    );
    assert.deepEqual([...new Set(wrong)], []);
  });

  it("name operations that the contracts have", () => {
    const wrong = pages().flatMap(({ file, text }) =>
      quoted(text)
        .filter((word) => isOperation(word) && !operations.has(word))
        .map((word) => `${file}: ${word}`),
    );
    assert.deepEqual([...new Set(wrong)], []);
  });

  it("list every switch and every kind of fault of the emulator", () => {
    const emulator = page("docs/emulator.md");
    const switches = table(emulator, "Switches").map(([name = ""]) => quoted(name)[0]);
    assert.deepEqual(switches.sort(), Object.keys(knownSwitches).sort());
    const faults = table(emulator, "Faults").map(([kind = ""]) => quoted(kind)[0]);
    assert.deepEqual(faults.sort(), [...faultKinds].sort());
  });

  it("link to pages and headings that exist", () => {
    const anchors = (text: string) =>
      [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
        heading
          .toLowerCase()
          .replace(/[^\w\- ]/g, "")
          .replace(/ /g, "-"),
      );
    for (const { file, text } of pages()) {
      for (const [, target = ""] of text.matchAll(/\]\(([^)]+)\)/g)) {
        if (/^[a-z]+:/.test(target)) continue;
        const [where = "", anchor] = target.split("#");
        const linked = where === "" ? path.join(root, file) : path.join(root, path.dirname(file), where);
        assert.ok(existsSync(linked), `${file} links to ${target}`);
        if (anchor !== undefined) {
          assert.ok(anchors(readFileSync(linked, "utf8")).includes(anchor), `${file} links to ${target}`);
        }
      }
    }
  });
});
