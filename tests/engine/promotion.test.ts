import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, it } from "mocha";
import type { Promotion } from "../../cli/promote/model";
import { startEmulator } from "../../emulator/index";
import type { Emulator } from "../../emulator/index";
import { runProject } from "../../scripts/run-project";
import { root } from "../../scripts/setup.js";
import { cloudsAt } from "./clouds";
import { type EngineStack, stored, temporaryFolder, writes } from "./support";

/** What a data team edits between deployments, as a file beside the program. */
interface Edit {
  readonly cron: string;
  readonly table: string;
  /** A difference between the stacks that nothing declares. */
  readonly undeclared?: true;
}

const PROGRAM = `
import { readFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";
import { DataWorksTask, DataWorksTaskSet, forEnvironment } from "pulumi-data-tasks";

const edit = JSON.parse(readFileSync("edit.json", "utf8"));
const environment = forEnvironment({
  dev: { schedules: "dry", values: { database: "shop_dev" }, DataWorksTask: { projectId: edit.dev, rerunTimes: 0 } },
  prod: { values: { database: "shop" }, DataWorksTask: { projectId: edit.prod, rerunTimes: 3 } },
});
const rest = { trigger: { type: "Scheduler", cron: edit.cron } } as const;
const orders = new DataWorksTask("orders", environment.DataWorksTask({
  ...rest,
  name: "ods_orders",
  ...(edit.undeclared && pulumi.getStack() === "prod" && { timeoutSeconds: 7200 }),
  script: { command: "ODPS_SQL", content: \`insert overwrite table \${environment.values.database}.orders select * from \${edit.table};\` },
}));
new DataWorksTaskSet("daily", environment.DataWorksTaskSet({
  tasks: { report: { ...rest, name: "orders_per_day", script: { command: "ODPS_SQL", content: "select 1;" }, dependsOnTasks: [orders] } },
}));
`;

const FIRST: Edit = { cron: "0 30 2 * * ?", table: "raw_orders" };
const SECOND: Edit = { cron: "0 15 3 * * ?", table: "raw_orders_v2" };

describe("a promotion and its rollback, on the engine", function () {
  this.timeout(400_000);
  let emulator: Emulator;
  let folder = "";
  let stacks: { dev: EngineStack; prod: EngineStack };
  before(async () => {
    emulator = await startEmulator({ stageMilliseconds: 5 });
    const base = temporaryFolder("promotion");
    folder = path.join(base, "project");
    mkdirSync(folder);
    writeFileSync(path.join(folder, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
    writeFileSync(path.join(folder, "package.json"), '{ "name": "shop", "main": "index.ts" }\n');
    writeFileSync(path.join(folder, "index.ts"), PROGRAM);
    const options = {
      ...cloudsAt(emulator),
      ...{ stateFolder: path.join(base, "state"), home: path.join(base, "home"), passphrase: "test" },
    };
    stacks = { dev: await runProject(folder, "dev", options), prod: await runProject(folder, "prod", options) };
  });
  after(() => emulator.close());

  const edit = (what: Edit): void =>
    writeFileSync(
      path.join(folder, "edit.json"),
      JSON.stringify({ ...what, dev: emulator.projectId, prod: emulator.otherProjectId }),
    );

  const dataTasks = (...args: string[]) =>
    new Promise<{ code: number; out: string; errors: string }>((resolve) => {
      const env = { ...process.env, ...stacks.prod.environment, PULUMI_NODEJS_TRANSPILE_ONLY: "true" };
      const command = [path.join(root, "dist", "cli", "main.js"), ...args];
      execFile(process.execPath, command, { cwd: folder, env, maxBuffer: 1 << 26 }, (error, out, errors) =>
        resolve({ code: error === null ? 0 : Number(error.code), out, errors }),
      );
    });

  const promotion = (file: string): Promotion => JSON.parse(readFileSync(path.join(folder, file), "utf8")) as Promotion;
  const told = ({ differences }: Promotion, kind: string): string[] =>
    differences.filter((each) => each.kind === kind).map(({ resource, property = "" }) => `${resource} ${property}`);

  it("explains every difference, deploys what was reviewed and nothing else, and can be taken back", async () => {
    edit(FIRST);
    await stacks.dev.up();
    // The first promotion goes to a stack that nothing was deployed to.
    const empty = await dataTasks("drift", "--stack", "prod");
    assert.deepEqual([empty.code, empty.errors], [0, ""]);
    const first = await dataTasks("promote", "--from", "dev", "--to", "prod", "--json", "first.json");
    assert.equal(first.code, 0, first.errors);
    assert.deepEqual(told(promotion("first.json"), "pending"), ["orders ", "daily.report "]);
    const firstDeployed = await dataTasks("promote", "first.json", "--yes");
    assert.equal(firstDeployed.code, 0, firstDeployed.errors);
    edit(SECOND);
    await stacks.dev.up();

    edit({ ...SECOND, undeclared: true });
    const unexplained = await dataTasks("promote", "--from", "dev", "--to", "prod", "--json", "unexplained.json");
    assert.equal(unexplained.code, 4, unexplained.errors);
    assert.deepEqual(told(promotion("unexplained.json"), "unexplained"), ["orders timeoutSeconds"]);
    assert.equal((await dataTasks("promote", "unexplained.json", "--yes")).code, 4);

    edit(SECOND);
    const reviewed = await dataTasks("promote", "--from", "dev", "--to", "prod", "--json", "promotion.json");
    assert.equal(reviewed.code, 0, reviewed.errors);
    const plan = promotion("promotion.json");
    assert.deepEqual(plan.remarks, []);
    assert.deepEqual(told(plan, "unexplained"), []);
    assert.deepEqual(told(plan, "pending"), [
      ...["orders script.content", "orders trigger.cron", "daily.report trigger.cron"],
    ]);
    assert.deepEqual(told(plan, "declared"), [
      ...["orders projectId", "daily.report projectId", "orders rerunTimes", "daily.report rerunTimes"],
      ...["orders script.content", "orders trigger.recurrence", "daily.report trigger.recurrence"],
    ]);
    assert.match(
      reviewed.out,
      /^<!-- data-tasks promotion shop\/dev\/prod -->\n\n## Promotion `shop` `dev` → `prod`: 3 pending/,
    );

    const deployed = await dataTasks("promote", "promotion.json", "--yes");
    assert.equal(deployed.code, 0, deployed.errors);
    assert.match(deployed.out, /Deployed to prod as reviewed\.\n$/);
    assert.equal(((await stored(stacks.prod, "orders")).inputs["trigger"] as Edit).cron, SECOND.cron);
    edit({ ...SECOND, cron: "0 0 4 * * ?" });
    const before = (await writes(emulator)).length;
    const again = await dataTasks("promote", "promotion.json", "--yes");
    assert.equal(again.code, 1);
    assert.match(
      again.errors,
      /nothing was deployed, because .*: the state of prod has moved: daily, orders; the program has moved, .*: daily, orders\. Run data-tasks promote/,
    );
    assert.equal((await writes(emulator)).length, before);

    edit(SECOND);
    const back = await dataTasks("rollback", "promotion.json", "orders", "--yes");
    assert.equal(back.code, 0, back.errors);
    assert.match(back.out, /commit the change above/);
    const { inputs } = await stored(stacks.prod, "orders");
    assert.equal((inputs["trigger"] as Edit).cron, FIRST.cron);
    assert.equal(
      (inputs["script"] as { content: string }).content,
      "insert overwrite table shop.orders select * from raw_orders;",
    );
    assert.deepEqual(
      (await stacks.prod.preview()).changes.map(({ name, op }) => [name, op]),
      [["orders", "update"]],
    );
  });
});
