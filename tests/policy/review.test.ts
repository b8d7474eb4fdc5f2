import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { definitions } from "../../provider/index";
import { setOutputs } from "../../provider/core/set/record";
import { root } from "../../scripts/setup.js";
import { document, task } from "../review/previews";
import type { Edit } from "../review/previews";

const owned = (name: string): Edit => ({ name, before: task(name), after: task(name, { owner: "1000000001" }) });
const unowned = (name: string, changes = true): Edit => ({
  name,
  before: task(name),
  after: task(name, changes ? { rerunTimes: 2 } : {}),
});

describe("data-tasks review --policy", function () {
  this.timeout(60_000);
  let folder = "";
  beforeEach(() => void (folder = mkdtempSync(path.join(os.tmpdir(), "data-tasks-policy-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const read = (name: string): string => readFileSync(path.join(folder, name), "utf8");
  function run(policy: string, preview: string, ...args: string[]) {
    writeFileSync(path.join(folder, "policy.yaml"), policy);
    writeFileSync(path.join(folder, "preview.json"), preview);
    const outputs = ["--markdown", "r.md", "--html", "r.html", "--json", "r.json", "--sarif", "r.sarif"];
    const words = ["review", "preview.json", "--policy", "policy.yaml", ...outputs, ...args];
    const ran = spawnSync(process.execPath, [path.join(root, "dist", "cli", "main.js"), ...words], {
      cwd: folder,
      encoding: "utf8",
    });
    return { code: ran.status, errors: ran.stderr };
  }

  it("tells violations in every output, by rule, tasks that change first", () => {
    const policy = "owner-set: mandatory\nretries-set: { atLeast: 3 }\n";
    const { code, errors } = run(policy, document([unowned("a_same", false), unowned("b_changed"), owned("c")]));
    assert.equal(code, 4);
    assert.deepEqual(errors.trim().split("\n"), [
      "data-tasks: mandatory policy owner-set: a_same: owner is not set; name the account that answers for the task",
      "data-tasks: mandatory policy owner-set: b_changed: owner is not set; name the account that answers for the task",
    ]);
    const text = read("r.md");
    assert.match(text, /^Policies: \*\*2 mandatory and 3 advisory violations\*\*\.$/m);
    const section = text.slice(text.indexOf("### Policies"));
    assert.match(
      section,
      /^- \*\*mandatory\*\* `owner-set` Every task names an owner\. 2 violations\n {2}- `b_changed` owner .*\n {2}- `a_same` owner/m,
    );
    assert.match(read("r.html"), /<details open><summary><strong>mandatory<\/strong> <code>owner-set<\/code>/);
    const { warnings } = JSON.parse(read("r.json")) as { warnings: object[] };
    assert.deepEqual(warnings[0], {
      severity: "error",
      code: "owner-set",
      policy: "mandatory",
      message: "owner is not set; name the account that answers for the task",
      task: "a_same",
      urn: "urn:pulumi:prod::warehouse::pulumi-nodejs:dynamic/dataworks:Task::a_same",
      position: { file: "index.ts", line: 1, column: 1 },
    });
    const [{ results, tool }] = (JSON.parse(read("r.sarif")) as { runs: [{ results: object[]; tool: object }] }).runs;
    assert.equal(results.length, 5);
    assert.match(JSON.stringify(results[0]), /"ruleId":"owner-set".*"level":"error".*"startLine":1/);
    assert.match(JSON.stringify(tool), /"id":"owner-set".*Every task names an owner.*Declare `owner`/);
  });

  it("fails for a mandatory rule whatever --fail-on names, and for an advisory one where it is named", () => {
    const changed = document([unowned("a")]);
    const deleted = document([unowned("a", false), { name: "gone", before: task("gone") }]);
    const cases: [policy: string, preview: string, failOn: string[], code: number][] = [
      ["owner-set: mandatory", changed, [], 4],
      ["owner-set: mandatory", changed, ["--fail-on", "destructive"], 4],
      ["owner-set: mandatory", deleted, [], 4],
      ["owner-set: advisory", changed, [], 2],
      ["owner-set: advisory", deleted, [], 3],
      ["owner-set: advisory", changed, ["--fail-on", "destructive"], 0],
      ["owner-set: advisory", changed, ["--fail-on", "owner-set"], 1],
      ["owner-set: advisory", deleted, ["--fail-on", "policy"], 0],
      ["owner-set: mandatory", changed, ["--fail-on", "policy"], 4],
      ["owner-set: disabled", changed, ["--fail-on", "warning"], 0],
    ];
    for (const [policy, preview, failOn, code] of cases)
      assert.equal(run(policy, preview, ...failOn).code, code, `${policy} ${failOn.join(" ")}`);
  });

  it("says what is wrong with the policy before anything else, and runs no preview for it", () => {
    const { code, errors } = run("owner-set: { alow: [a] }\nquiet-window: mandatory\n", "no preview");
    assert.equal(code, 1);
    assert.deepEqual(errors.trim().split("\n"), [
      "data-tasks: policy.yaml: owner-set.alow is not an option of owner-set; did you mean allow?",
      "policy.yaml: quiet-window.from is required",
      "policy.yaml: quiet-window.to is required",
    ]);
  });

  it("names the argument of a task in a set as the program writes it", () => {
    const outs = { nodeId: "1", taskId: "11", phase: "published" };
    const state = { id: "554000/node/1", outs, after: [], identity: undefined };
    const preview = JSON.stringify({
      steps: [
        {
          op: "update",
          urn: "urn:pulumi:prod::warehouse::pulumi-nodejs:dynamic/dataworks:TaskSet::daily",
          oldState: {
            id: "daily-x",
            inputs: { tasks: { "ods orders": task("a") } },
            outputs: setOutputs(definitions.DataWorksTask as never, new Map([["ods orders", state]])),
          },
          newState: { inputs: { tasks: { "ods orders": task("a"), dwd: task("b", { owner: "[secret]" }) } } },
        },
      ],
    });
    const { errors } = run("owner-set: { enforcementLevel: mandatory, allow: ['1*'] }", preview);
    assert.match(
      errors,
      /^data-tasks: mandatory policy owner-set: a: tasks\["ods orders"\]\.owner is not set; [^\n]*\n$/,
    );
  });

  it("stays short with a thousand violations, and shows all of them in the full report", () => {
    const tasks = Array.from({ length: 1000 }, (_, index) => unowned(`t${index}`, index < 500));
    run(
      "owner-set: mandatory\nretries-set: { atLeast: 3 }\ntimeout-set: mandatory\n",
      document(tasks),
      "--full",
      "full.md",
    );
    const text = read("r.md");
    assert.ok(text.length <= 60_000, `${text.length} characters`);
    assert.match(text, /`owner-set` Every task names an owner\. 1000 violations/);
    assert.ok(read("full.md").includes("`t999` owner is not set"));
  });
});
