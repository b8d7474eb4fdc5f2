import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { refusals, rollbackOf } from "../../cli/rollback/plan";
import { root } from "../../scripts/setup.js";
import { document, reviewed, task } from "../review/previews";

const ASSET = { "4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17", path: "sql/a.sql" };

describe("data-tasks promote and data-tasks rollback", () => {
  let folder = "";
  beforeEach(() => void (folder = mkdtempSync(path.join(os.tmpdir(), "data-tasks-promote-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const run = (...args: string[]) => {
    const ran = spawnSync(process.execPath, [path.join(root, "dist", "cli", "main.js"), ...args], {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, PATH: folder },
    });
    return { code: ran.status, out: ran.stdout, errors: ran.stderr };
  };
  const file = (name: string, content: unknown): string => {
    writeFileSync(path.join(folder, name), JSON.stringify(content));
    return name;
  };

  it("say in one sentence what is missing or does not go together", () => {
    const cases: [string[], RegExp][] = [
      [["promote"], /give --from and --to, the stack that is promoted and the target; or the file of an earlier run/],
      [["promote", "--from", "dev"], /give --from and --to/],
      [["promote", "--from", "dev", "--to", "dev"], /--from and --to are both dev/],
      [
        ["promote", "--from", "dev", "--to", "prod", "--yes"],
        /--yes deploys what was reviewed: write it to a file first/,
      ],
      [["promote", "--from", "dev", "--to", "prod"], /the pulumi command is not on PATH/],
      [
        ["promote", "p.json", "--from", "dev"],
        /give either p\.json, which says what is promoted, or --from, and not both/,
      ],
      [["promote", "p.json"], /p\.json can't be read: ENOENT/],
      [["promote", file("review.json", reviewed(document([])))], /review\.json is no promotion/],
      [["rollback", file("empty.json", {})], /empty\.json is no review; give what data-tasks review --json/],
      [["rollback", file("list.json", [])], /list\.json is no review/],
    ];
    for (const [args, sentence] of cases) {
      const { code, errors } = run(...args);
      assert.match(errors, sentence, args.join(" "));
      assert.deepEqual([code, errors.split("\n").length], [1, 2], errors);
    }
  });

  it("do not deploy what is unexplained, whoever asks", () => {
    const promotion = {
      ...{ version: 1, what: "promotion", from: "dev", to: "prod", at: "", refresh: false, differences: [] },
      counts: { unexplained: 2, pending: 0, declared: 0 },
      ...{ remarks: [], review: reviewed(document([])), fingerprint: { state: {}, program: {} } },
    };
    const { code, errors } = run("promote", file("p.json", promotion), "--yes");
    assert.deepEqual(
      [code, errors],
      [4, "data-tasks: p.json has 2 unexplained, nothing pending; what is unexplained is not deployed\n"],
    );
  });

  it("print the source change of a rollback without an engine, and refuse a file of another stack or version", () => {
    const review = reviewed(
      document([{ name: "a", before: task("a", { rerunTimes: 1 }), after: task("a", { rerunTimes: 2 }) }]),
    );
    const { code, out } = run("rollback", file("review.json", review), "a", "--no-preview");
    assert.equal(code, 0);
    assert.match(out, /## Rollback `warehouse\/prod` to before 2026-11-28T08:00:00\.000Z\n\n### `a`\n/);
    assert.match(out, /```ts\nrerunTimes: 1,\n```/);
    assert.match(
      run("rollback", "review.json", "b", "--no-preview").errors,
      /the file has no task b; did you mean a\?\n$/,
    );
    assert.match(
      run("rollback", "review.json", "--stack", "dev").errors,
      /is about the stack prod, and --stack is dev/,
    );
    assert.match(run("rollback", "review.json", "--yes", "--no-preview").errors, /take --no-preview out/);
    const [only] = review.tasks;
    const { previous: _, ...without } = only ?? assert.fail();
    assert.match(
      run("rollback", file("former.json", { ...review, tasks: [without] })).errors,
      /was written by an earlier version of data-tasks, and has no earlier arguments/,
    );
  });

  it("refuse to deploy in part what a rollback has to do by hand, and name the rest", () => {
    const script = (hash: string) => ({ script: { command: "ODPS_SQL", content: { ...ASSET, hash } } });
    const { tasks } = reviewed(
      document([
        { name: "gone", before: task("gone") },
        { name: "made", after: task("made") },
        { name: "moved", before: task("moved", { rerunTimes: 1 }), after: task("moved", { rerunTimes: 2 }) },
        { name: "file", before: task("file", script("1".repeat(64))), after: task("file", script("2".repeat(64))) },
      ]),
    );
    const all = rollbackOf({ tasks } as Parameters<typeof rollbackOf>[0], []);
    assert.deepEqual(refusals(all), [
      "gone: deleted, and made again by putting the declaration back and deploying it",
      "made: made by the change, and deleted by taking the declaration out and deploying that",
      "file: the earlier script is not at hand; put the file back and deploy that",
      "to deploy the rest, name it: moved",
    ]);
    assert.deepEqual(refusals(all.filter(({ task: { name } }) => name === "moved")), []);
  });

  it("keep no secret in the file, and the text of a script's file where it is at hand", () => {
    const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:hunter2" };
    const { tasks } = reviewed(
      document([
        {
          name: "a",
          op: "update",
          before: task("a", { description: secret }),
          after: task("a", { description: secret, owner: "1" }),
        },
      ]),
    );
    assert.equal(tasks[0]?.previous?.["description"], "[secret]");
    assert.equal(JSON.stringify(tasks).includes("hunter2"), false);
  });
});
