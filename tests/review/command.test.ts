import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { exitCode, momentOf } from "../../cli/review/command";
import { root } from "../../scripts/setup.js";
import { document, reviewed, task } from "./previews";

const changed = document([{ name: "a", before: task("a"), after: task("a", { rerunTimes: 2 }) }]);
const deleted = document([{ name: "a", before: task("a") }]);
const same = document([{ name: "a", before: task("a"), after: task("a") }], {
  diagnostics: [{ severity: "warning", message: "warning: name is long [name-length]" }],
});

describe("data-tasks review", () => {
  let folder = "";
  beforeEach(() => void (folder = mkdtempSync(path.join(os.tmpdir(), "data-tasks-review-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const run = (args: readonly string[], input = "", env: Record<string, string> = {}) => {
    const ran = spawnSync(process.execPath, [path.join(root, "dist", "cli", "main.js"), "review", ...args], {
      cwd: folder,
      input,
      encoding: "utf8",
      env: { ...process.env, ...env },
    });
    return { code: ran.status, out: ran.stdout, errors: ran.stderr };
  };

  it("writes everything it is asked for, and tells a pipeline by its exit code", () => {
    writeFileSync(path.join(folder, "preview.json"), changed);
    const at = ["--at", "2026-11-28T08:00:00Z"];
    const files = ["--markdown", "out/review.md", "--json", "out/review.json", "--sarif", "out/review.sarif"];
    const { code, out, errors } = run(["preview.json", ...at, ...files, "--full", "-"]);
    assert.deepEqual([code, errors], [2, ""]);
    assert.match(out, /1 updated/);
    assert.equal(readFileSync(path.join(folder, "out/review.md"), "utf8"), out);
    const review = JSON.parse(readFileSync(path.join(folder, "out/review.json"), "utf8")) as { at: string };
    assert.equal(review.at, "2026-11-28T08:00:00.000Z");
    assert.match(readFileSync(path.join(folder, "out/review.sarif"), "utf8"), /"version": "2\.1\.0"/);
  });

  it("reads standard input, and says in one sentence what it can't read", () => {
    assert.equal(run(["-"], deleted).code, 3);
    const broken = run(["-"], '{"steps": [');
    assert.deepEqual([broken.code, broken.out], [1, ""]);
    assert.match(broken.errors, /^data-tasks: - is no readable JSON: [^\n]*\n$/);
    assert.match(run(["missing.json"]).errors, /^data-tasks: missing\.json can't be read: ENOENT[^\n]*\n$/);
    assert.match(run([folder]).errors, / is no file\n$/);
    assert.match(run(["-", "--stack", "prod"], deleted).errors, /either a file or --stack/);
    assert.match(run(["-", "--at", "soon"], deleted).errors, /--at must be a time/);
  });

  it("says that there is no pulumi where it is to run one", () => {
    const { code, errors } = run(["--stack", "prod"], "", { PATH: folder });
    assert.equal(code, 1);
    assert.match(errors, /^data-tasks: the pulumi command is not on PATH/);
  });

  it("fails by its exit code on what --fail-on names, and on nothing else", () => {
    const cases: [string, string[], number][] = [
      [same, [], 0],
      [changed, [], 2],
      [deleted, [], 3],
      [deleted, ["destructive"], 3],
      [deleted, ["warning"], 0],
      [changed, ["destructive"], 0],
      [same, ["warning"], 1],
      [same, ["name-length"], 1],
      [same, ["timeout-disputed"], 0],
      [same, ["destructive", "name-length"], 1],
    ];
    for (const [text, failOn, expected] of cases)
      assert.equal(exitCode(reviewed(text), failOn), expected, `${failOn.join(" ")}`);
  });

  it("counts fire times from the moment that is given, that of reproducible builds, or that in the file", () => {
    const epoch = { SOURCE_DATE_EPOCH: "1795852800" };
    assert.equal(momentOf("2026-01-31T08:00:00Z", 5, epoch), Date.parse("2026-01-31T08:00:00Z"));
    assert.equal(momentOf(undefined, 5, epoch), 1795852800000);
    assert.equal(momentOf(undefined, 5, {}), 5);
    assert.ok(Math.abs(momentOf(undefined, undefined, {}) - Date.now()) < 5_000);
  });
});
