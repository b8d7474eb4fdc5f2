import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { contracts } from "../../emulator/contracts.gen";
import { faultKinds } from "../../emulator/faults";
import { knownSwitches } from "../../emulator/switches";
import { alibabaSettings, tencentSettings } from "../../provider/clouds/configuration";
import { type Table, leaves } from "../../provider/core/fields";
import { definitions } from "../../provider/index";
import { fitsBatch } from "../../provider/resources/dataworks-task/wire";
import { page, pages, quoted, root, table } from "./documents";

/** The keys that the code asks the stack's configuration for. */
function configurationKeys(): string[] {
  const asked = new Set<string>();
  const source = {
    get: (key: string) => {
      asked.add(key);
      return undefined;
    },
  };
  alibabaSettings(source, {});
  tencentSettings(source, {});
  return [...asked, "dataworks:connections", "wedata:connections"].sort();
}

const operations = new Set(Object.values(contracts).flatMap((version) => Object.keys(version)));
const isOperation = (word: string) =>
  /^(Create|Update|BatchUpdate|Get|List|Delete|Describe|Modify|Submit|Deploy|Exec|Rename|Move|Freeze|Check|Batch)[A-Z]\w+$/.test(
    word,
  );

describe("the facts in the documentation", () => {
  it("list exactly the configuration keys that the provider reads", () => {
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

  for (const [name, definition] of Object.entries(definitions)) {
    it(`list every property of ${name}, and no other`, () => {
      const fields = definition.fields as unknown as Table;
      const known = [...new Set(leaves(fields).map(({ path: property }) => property))].filter(
        (property) => !["adopt", "publish", "onDelete", "force", "connection", "timeouts"].includes(property),
      );
      const rows = table(page("docs/resources.md"), `Properties of ${name}`);
      assert.deepEqual(rows.flatMap(([property = ""]) => quoted(property)).sort(), known.sort());
    });
  }

  it("say of each property what the code says: required, replaces, write-only, clears, batch", () => {
    for (const [name, definition] of Object.entries(definitions)) {
      const placed = new Map(
        leaves(definition.fields as unknown as Table).map(({ path: property, leaf }) => [property, leaf]),
      );
      for (const [property = "", , notes = ""] of table(page("docs/resources.md"), `Properties of ${name}`)) {
        const at = quoted(property)[0] ?? "";
        const leaf = placed.get(at);
        const says = (word: string): boolean => notes.split(/[,;]\s*/).some((note) => note.startsWith(word));
        const about = `${name} ${at}: ${notes}`;
        assert.equal(says("clears"), leaf?.clear !== undefined, about);
        if (leaf?.required) assert.ok(says("required"), about);
        if (leaf?.replace) assert.ok(says("replaces"), about);
        if (leaf?.writeOnly) assert.ok(says("write-only"), about);
        if (name === "DataWorksTask") assert.equal(says("batch"), fitsBatch(at), about);
      }
    }
  });

  it("list every option that the three resources have in common", () => {
    const rows = table(page("docs/resources.md"), "Options of all three");
    assert.deepEqual(
      rows.flatMap(([property = ""]) => quoted(property)),
      ["adopt", "publish", "onDelete", "force", "connection", "timeouts"],
    );
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
