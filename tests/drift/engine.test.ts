import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import type { Drift } from "../../cli/drift/model";
import type { Review } from "../../cli/review/model";
import { type Emulator, startEmulator } from "../../emulator/index";
import { root } from "../../scripts/setup.js";
import { runProject } from "../../scripts/run-project";
import type { EngineStack } from "../../scripts/engine-stack";
import { cloudsAt } from "../engine/clouds";
import { content } from "../engine/kinds";
import { temporaryFolder } from "../engine/support";

const PROGRAM = `import * as pulumi from "@pulumi/pulumi";
import { DataWorksDISyncTask, DataWorksTask, DataWorksTaskSet, WeDataTask } from "pulumi-data-tasks";

const config = new pulumi.Config();
const projectId = config.require("projectId");
const nightly = { type: "Scheduler", cron: "00 30 02 * * ?" } as const;

new DataWorksTask("orders", {
  projectId,
  name: "ods_orders",
  owner: "1107550004253538",
  script: { command: "ODPS_SQL", content: new pulumi.asset.FileAsset("sql/orders.sql") },
  trigger: nightly,
  timeoutSeconds: 7200,
});
for (const table of ["users"]) {
  new DataWorksTask(table, {
    projectId,
    name: \`ods_\${table}\`,
    script: { command: "ODPS_SQL", content: pulumi.secret("select 'hunter2hunter2';") },
    rerunTimes: 1,
  });
}
new DataWorksDISyncTask("sync", {
  projectId: config.require("legacyProjectId"),
  name: "mysql_orders",
  resourceGroup: "S_res_group_di",
  taskContent: ${JSON.stringify(content(), null, 2)},
});
new WeDataTask("load", {
  projectId: config.require("wedataProjectId"),
  workflowId: config.require("wedataWorkflowId"),
  taskType: 35,
  name: "load_orders",
  script: { content: "echo orders" },
  tryLimit: 3,
});
new DataWorksTaskSet("daily", {
  defaults: { projectId, script: { command: "ODPS_SQL" }, trigger: { type: "Scheduler", cron: "00 15 03 * * ?" } },
  tasks: {
    one: { name: "one", script: { content: "select 1;" } },
    two: { name: "two", script: { content: "select 2;" }, dependsOnTasks: ["one"] },
    three: { name: "three", script: { content: "select 3;" } },
  },
});
`;

describe("drift on the engine", function () {
  this.timeout(300_000);
  let emulator: Emulator;
  let stack: EngineStack;
  let folder = "";

  before(async () => {
    emulator = await startEmulator({ stageMilliseconds: 5 });
    folder = temporaryFolder("drift");
    const project = path.join(folder, "project");
    mkdirSync(path.join(project, "sql"), { recursive: true });
    for (const [name, text] of Object.entries({
      "Pulumi.yaml": "name: shop\nruntime: nodejs\n",
      "package.json": '{ "name": "shop", "private": true, "main": "index.ts" }\n',
      "tsconfig.json": readFileSync(path.join(root, "examples", "quickstart", "tsconfig.json"), "utf8"),
      "index.ts": PROGRAM,
      "sql/orders.sql": "select 1;\n",
    }))
      writeFileSync(path.join(project, name), text);
    const { config, secretConfig } = cloudsAt(emulator);
    stack = await runProject(project, "dev", {
      stateFolder: path.join(folder, "state"),
      home: path.join(folder, "home"),
      passphrase: "test",
      config: {
        ...config,
        "shop:projectId": emulator.projectId,
        "shop:legacyProjectId": emulator.legacyProjectId,
        "shop:wedataProjectId": emulator.wedataProjectId,
        "shop:wedataWorkflowId": emulator.wedataWorkflowId,
      },
      secretConfig,
    });
    await stack.up();
  });
  after(() => emulator.close());

  /** The command as users run it, in a process of its own: the emulator answers in this one. */
  const run = (...args: string[]): Promise<{ code: number | null; out: string; errors: string }> =>
    new Promise((resolve) => {
      const child = spawn(process.execPath, [path.join(root, "dist", "cli", "main.js"), ...args], {
        cwd: stack.folder,
        env: { ...process.env, ...stack.environment },
      });
      let [out, errors] = ["", ""];
      child.stdout.on("data", (chunk) => (out += String(chunk)));
      child.stderr.on("data", (chunk) => (errors += String(chunk)));
      child.on("close", (code) => resolve({ code, out, errors }));
    });
  const read = (name: string): string => readFileSync(path.join(stack.folder, name), "utf8");
  const tasks = async (service = "dataworks") => (await emulator.tasks(service)) as Record<string, unknown>[];
  const idOf = async (name: string) => String((await tasks()).find(({ Name }) => Name === name)?.["Id"]);

  it("finds none right after a deployment, and writes neither to the clouds nor to the state", async () => {
    const before = await stack.stateText();
    await emulator.reset();
    const { code, out, errors } = await run("drift", "--stack", "dev");
    assert.deepEqual([code, errors], [0, ""]);
    assert.match(out, /^## Drift `shop\/dev`: no drift$/m);
    assert.match(out, /^7 tasks as deployed\.$/m);
    assert.equal(await stack.stateText(), before);
    const calls = Object.keys(await emulator.counts());
    assert.deepEqual(
      calls.filter((operation) => !/^(Get|List|Describe)/.test(operation)),
      [],
    );
    assert.ok(calls.includes("ListTasks") && !calls.includes("GetTask"), calls.join(", "));
  });

  it("tells console edits of every kind of task and of a set, who made them, and what is gone", async () => {
    await emulator.touch("dataworks", await idOf("ods_orders"), {
      Trigger: { Cron: "00 00 05 * * ?" },
      Timeout: 3600,
      Script: { Content: "select 2;\n" },
    });
    await emulator.touch("dataworks", await idOf("ods_users"), {
      RerunTimes: 3,
      Script: { Content: "select 'hunter3hunter3';" },
    });
    await emulator.touch("dataworks", await idOf("one"), { Trigger: { Cron: "00 00 06 * * ?" } });
    await emulator.remove("dataworks", await idOf("three"));
    const [file] = await tasks("dataworks-files");
    const document = JSON.stringify(content({ concurrent: 8 }));
    await emulator.touch("dataworks-files", String(file?.["FileId"]), { Content: document });
    const [load] = await tasks("wedata");
    await emulator.touch("wedata", String(load?.["TaskId"]), { TryLimit: 5 });

    const before = await stack.stateText();
    await emulator.reset();
    const at = ["--at", "2026-11-28T08:00:00Z"];
    const { code, out, errors } = await run("drift", ...at, "--json", "drift.json", "--markdown", "-");
    assert.deepEqual([code, errors], [2, ""]);
    assert.equal(await stack.stateText(), before);
    const calls = Object.keys(await emulator.counts());
    assert.deepEqual(
      calls.filter((operation) => !/^(Get|List|Describe)/.test(operation)),
      [],
    );

    const drift = JSON.parse(read("drift.json")) as Drift;
    assert.deepEqual(drift.counts, { edited: 5, unsure: 0, gone: 1, same: 1, unread: 0 });
    assert.equal(drift.tasks[0]?.name, "three");
    const told = drift.tasks.map(({ name, what, properties, documents, scripts }) => [
      name,
      what,
      ...properties.map(({ property, before: was, after: is }) => `${property}: ${was ?? ""} → ${is ?? ""}`),
      ...documents.flatMap(({ property, paths }) =>
        paths.map(({ path: at, before: was, after: is }) => `${property} ${at}: ${was ?? ""} → ${is ?? ""}`),
      ),
      ...scripts.map(({ property, diff }) => `${property} ${diff ?? "hidden"}`),
    ]);
    assert.deepEqual(told, [
      ["three", "gone"],
      ["load_orders", "edited", "tryLimit: 3 → 5"],
      ["mysql_orders", "edited", "taskContent setting.speed.concurrent: 2 → 8"],
      [
        "ods_orders",
        "edited",
        "timeoutSeconds: 7200 s (2 h) → 3600 s (1 h)",
        "trigger.cron: 0 30 2 * * ? → 0 0 5 * * ?",
        "script.content @@ -1,1 +1,1 @@\n-select 1;\n+select 2;",
      ],
      ["ods_users", "edited", "rerunTimes: 1 → 3", "script.content: [secret] → [secret]", "script.content hidden"],
      ["one", "edited", "trigger.cron: 0 15 3 * * ? → 0 0 6 * * ?"],
    ]);
    const orders = drift.tasks.find(({ name }) => name === "ods_orders");
    assert.equal(orders?.editor, "1999999999999999");
    assert.match(orders.edited ?? "", /^\d{4}-\d\d-\d\dT/);
    assert.equal(drift.tasks.find(({ name }) => name === "load_orders")?.editor, "console_user");
    assert.match(out, /At 05:00<br>在05:00/);
    assert.match(out, /it comes at 2026-11-29 05:00:00 instead/);
    assert.doesNotMatch(out + read("drift.json"), /hunter/);
  });

  it("takes them over with --write: the next preview after a refresh wants none of them changed", async () => {
    const { code, out } = await run("drift", "--write");
    assert.equal(code, 2);
    assert.match(out, /^Written into the program:$/m);
    assert.match(out, /^- `ods_users` `rerunTimes`: no new DataWorksTask\("users", …\) with this name/m);
    assert.match(read("index.ts"), /const nightly = \{ type: "Scheduler", cron: "0 0 5 \* \* \?" \} as const;/);
    assert.match(read("index.ts"), /one: \{ name: "one", .*, trigger: \{ cron: "0 0 6 \* \* \?" \} \}/);
    assert.equal(read("sql/orders.sql"), "select 2;\n");

    const { changes } = await stack.preview({ refresh: true });
    const differing = Object.fromEntries(changes.map(({ name, detailedDiff }) => [name, Object.keys(detailedDiff)]));
    assert.equal(differing["orders"], undefined);
    // Whether production has an edit of these two no read tells: they are published again, with the values that they have.
    assert.deepEqual([differing["sync"], differing["load"]], [[], []]);
    assert.deepEqual(differing["daily"], ["tasks.three"]);
    // What stands in a loop was left alone.
    assert.deepEqual(differing["users"], ["rerunTimes"]);
    // Written once is written: a second time has nothing left to do.
    const again = await run("drift", "--patch", "-");
    assert.deepEqual([again.code, again.out], [2, ""]);
  });

  it("finds none after the program is deployed again", async () => {
    await stack.up({ refresh: true });
    const { code, errors } = await run("drift", "--json", "drift.json");
    assert.deepEqual([code, errors], [0, ""]);
  });

  it("lets a review ask the services for a script's text, and for the tasks of others that wait", async () => {
    const waiting = { Dependencies: [{ Type: "Normal", UpstreamTaskId: await idOf("ods_orders") }] };
    await emulator.createTasks("dataworks", { Name: "ads_of_another_team", ...waiting });
    writeFileSync(path.join(stack.folder, "sql", "orders.sql"), "select 3;\n");
    const { stdout } = await promisify(execFile)("pulumi", ["preview", "--json", "--stack", "dev"], {
      cwd: stack.folder,
      env: { ...process.env, ...stack.environment },
    });
    writeFileSync(path.join(stack.folder, "preview.json"), stdout);
    const { errors } = await run("review", "preview.json", "--live", "--json", "review.json");
    assert.equal(errors, "");
    const review = JSON.parse(read("review.json")) as Review;
    const orders = review.tasks.find(({ name }) => name === "ods_orders");
    assert.deepEqual(orders?.scripts[0], {
      property: "script.content",
      diff: "@@ -1,1 +1,1 @@\n-select 2;\n+select 3;",
      source: "live",
    });
    assert.deepEqual(orders.downstream, [{ name: "ads_of_another_team", where: "live" }]);
    assert.equal(orders.direct, 1);
    assert.deepEqual(
      review.warnings.filter(({ message }) => /was not/.test(message)),
      [],
    );
  });

  it("is an error when tasks can't be read, and a review is not: it warns", async () => {
    await stack.configure({ secretConfig: { "dataworks:accessKeySecret": "wrong" } });
    const { code, out, errors } = await run("drift");
    assert.equal(code, 1);
    assert.match(out, /^- `ods_orders` and \d more: GetTask: SignatureDoesNotMatch/m);
    assert.match(errors, /^data-tasks: \d tasks? could not be read\n$/);
    const live = await run("review", "preview.json", "--live", "--json", "review.json");
    assert.equal(live.code, 2, live.errors);
    const { warnings } = JSON.parse(read("review.json")) as Review;
    assert.ok(
      warnings.some(({ message }) => /ods_orders: its script was not read: .*SignatureDoesNotMatch/.test(message)),
      JSON.stringify(warnings),
    );
  });
});
