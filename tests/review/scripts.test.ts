import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { ASSET_SIGNATURE, ASSET_VALUE } from "../../provider/core/fields";
import { documentChange } from "../../cli/review/documents";
import { scriptChange } from "../../cli/review/scripts";

const hash = (text: string) => createHash("sha256").update(text).digest("hex");
const asset = (file: string, text: string) => ({ [ASSET_SIGNATURE]: ASSET_VALUE, path: file, hash: hash(text) });

describe("the difference of a script", () => {
  let folder = "";
  before(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), "data-tasks-scripts-"));
    const git = (...args: string[]) => execFileSync("git", args, { cwd: folder, stdio: "ignore" });
    mkdirSync(path.join(folder, "sql"));
    git("init", "-q");
    for (const text of ["select 1;\n", "select 2;\n", "select 3;\n"]) {
      writeFileSync(path.join(folder, "sql", "a.sql"), text);
      git("add", ".");
      git("-c", "user.name=t", "-c", "user.email=t@t", "commit", "-q", "-m", text.trim());
    }
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const change = (before: unknown, after: unknown, base?: string) =>
    scriptChange("script.content", "urn", before, after, { folder, ...(base !== undefined && { base }) });

  it("finds the text before in the history of the file, by its digest", () => {
    const { diff, source } = change(asset("sql/a.sql", "select 1;\n"), asset("sql/a.sql", "select 3;\n"));
    assert.equal(source, "git");
    assert.equal(diff, "@@ -1,1 +1,1 @@\n-select 1;\n+select 3;");
  });

  it("takes the revision that is named, where its text is the one that was deployed", () => {
    const old = asset("sql/a.sql", "select 2;\n");
    assert.equal(change(old, "select 3;\n", "HEAD~1").diff, "@@ -1,1 +1,1 @@\n-select 2;\n+select 3;");
    assert.deepEqual(change(old, "select 3;\n", "HEAD").digests, {
      before: hash("select 2;\n").slice(0, 12),
      after: hash("select 3;\n").slice(0, 12),
    });
  });

  it("shows digests where a text is not at hand, or is another one than the state means", () => {
    const { diff, digests } = change("select 1;", asset("sql/a.sql", "select 4;\n"));
    assert.equal(diff, undefined);
    assert.deepEqual(digests, { before: hash("select 1;").slice(0, 12), after: hash("select 4;\n").slice(0, 12) });
  });
});

describe("the difference of a document", () => {
  const paths = (before: unknown, after: unknown) =>
    documentChange("taskContent", before, after)?.paths.map(({ path: at, before: was, after: is }) => [at, was, is]);

  it("names the paths that differ, whatever the order of keys, and text or object", () => {
    assert.deepEqual(paths({ a: 1, b: { c: "x" } }, '{"b": {"c": "y"}, "a": 1}'), [["b.c", '"x"', '"y"']]);
    assert.deepEqual(paths({ "a b": 1 }, { "a b": 2, c: null }), [
      ['["a b"]', "1", "2"],
      ["c", undefined, "null"],
    ]);
  });

  it("tells an entry that was put into a list, and not all that moved", () => {
    assert.deepEqual(paths({ columns: ["id", "day"] }, { columns: ["id", "region", "day"] }), [
      ["columns[1]", undefined, '"region"'],
    ]);
    assert.deepEqual(paths({ steps: [{ name: "a", n: 1 }, { name: "b" }] }, { steps: [{ name: "a", n: 2 }] }), [
      ["steps[0].n", "1", "2"],
      ["steps[1]", '{"name":"b"}', undefined],
    ]);
  });

  it("keeps numbers that JavaScript would round", () => {
    assert.deepEqual(paths('{"id": 9223372036854775807}', '{"id": 9223372036854775806}'), [
      ["id", "9223372036854775807", "9223372036854775806"],
    ]);
  });
});
