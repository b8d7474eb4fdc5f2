import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { DataWorksWorkflow } from "pulumi-data-tasks";
import { parse } from "yaml";
import { startEmulator } from "../../emulator/index";
import type { Emulator } from "../../emulator/index";
import { cloudsAt } from "./clouds";
import { inlineStack } from "./support";
import type { EngineStack, Report } from "./support";

/** Written by hand: shared objects, edges of every kind, outputs with and without a name, words in Chinese. */
const BY_HAND = `
version: 1.1.0
kind: CycleWorkflow
spec:
  triggers:
    - { id: daily, type: Scheduler, cron: 00 20 00 * * ?, startTime: 1970-01-01T00:00:00, timezone: Asia/Shanghai }
  variables:
    - { id: day, name: bizdate, scope: NodeParameter, type: System, value: "$[yyyymmdd-1]" }
  scripts:
    - { id: load, path: 数仓/加载订单, language: odps-sql, content: "select '一' from 订单;\\n", runtime: { command: ODPS_SQL }, parameters: ["{{variables.day}}"] }
  nodes:
    - { id: total, name: 汇总, script: { path: 数仓, content: echo, runtime: { command: DIDE_SHELL } }, trigger: "{{daily}}", inputs: { nodeOutputs: [{ data: shop.left }, { data: shop.right }] } }
    - { id: left, script: { content: echo left, runtime: { command: DIDE_SHELL } }, trigger: "{{daily}}", outputs: { nodeOutputs: [{ data: shop.left }, { data: shop.a_left }] } }
    - { id: right, script: { content: echo right, runtime: { command: DIDE_SHELL } }, trigger: "{{daily}}", outputs: { nodeOutputs: [{ data: shop.right }] } }
    - { id: 7001, name: 加载订单, script: "{{scripts.load}}", trigger: "{{triggers.daily}}", rerunMode: Allowed, rerunTimes: 3, rerunInterval: 180000, timeout: 4 }
  flow:
    - { nodeId: left, depends: [{ nodeId: 7001, type: Normal }, { type: CrossCycleDependsOnSelf }] }
    - { nodeId: right, depends: [{ nodeId: 7001, type: Normal }, { nodeId: left, type: CrossCycleDependsOnOtherNode }] }
`;
/** Written by a converter, with numbers for ids and outputs. */
const EXPORTED = path.join(__dirname, "../fixtures/flowspec/samples/single-sql-node-spec.json");

type Json = Record<string, unknown>;
type Document = { spec: { nodes: Json[]; flow: { depends: Json[] }[] } };

describe("FlowSpec documents on the engine", function () {
  this.timeout(120_000);
  let emulator: Emulator;
  let stack: EngineStack;
  const byHand = parse(BY_HAND) as Document;
  const exported = JSON.parse(readFileSync(EXPORTED, "utf8")) as { spec: { workflows: { nodes: Json[] }[] } };
  const [inside = {}] = exported.spec.workflows[0]?.nodes ?? [];

  before(async () => {
    emulator = await startEmulator({ stageMilliseconds: 10 });
    const program = () => {
      DataWorksWorkflow.fromFlowSpec("hand", structuredClone(byHand), { projectId: emulator.projectId });
      const inStandardMode = { projectId: emulator.standardProjectId, unsupported: "warn" } as const;
      DataWorksWorkflow.fromFlowSpec("exported", structuredClone(exported), inStandardMode);
      return Promise.resolve();
    };
    stack = await inlineStack("flowspec", program, cloudsAt(emulator));
  });
  after(() => emulator.close());

  const changes = ({ changes: all }: Report) =>
    Object.fromEntries(all.map(({ op, name, detailedDiff }) => [name, [op, ...Object.keys(detailedDiff).sort()]]));
  const settled = async () => assert.deepEqual(changes(await stack.preview()), {});
  const edgesOf = async (name: string) => {
    const tasks = (await emulator.tasks()) as { Name: string; EnvType: string; Dependencies: Json[] }[];
    const task = tasks.find(({ Name, EnvType }) => Name === name && EnvType === "Prod") ?? assert.fail(name);
    return task.Dependencies.map(
      ({ Type, UpstreamOutput }) => `${String(Type)} ${String(UpstreamOutput ?? "")}`,
    ).sort();
  };

  it("deploy with their edges, and have nothing to do afterwards", async () => {
    assert.deepEqual((await stack.up()).summary, { create: 1 + 2 + 4 + 3 });
    assert.deepEqual(await edgesOf("left"), ["CrossCycleDependsOnSelf ", "Normal shop_analytics.加载订单"]);
    assert.deepEqual(await edgesOf("汇总"), ["Normal shop.left", "Normal shop.right"]);
    assert.deepEqual((await stack.refresh()).changes, []);
    await settled();
  });

  it("change where their documents change, and nowhere else", async () => {
    const [total, left, right, load] = byHand.spec.nodes as [Json, Json, Json, Json];
    total["trigger"] = { type: "Scheduler", cron: "00 45 03 * * ?" };
    left["name"] = "left_orders";
    right["outputs"] = { nodeOutputs: [{ data: "shop.right_orders" }] };
    total["inputs"] = { nodeOutputs: [{ data: "shop.left" }, { data: "shop.right_orders" }] };
    load["script"] = {
      path: "数仓/加载订单",
      language: "odps-sql",
      content: "select 2;",
      runtime: { command: "ODPS_SQL" },
    };
    load["timeout"] = 5;
    byHand.spec.flow[0]?.depends.pop();
    const script = inside["script"] as { path: string };
    script.path = `${path.posix.dirname(script.path)}/orders`;
    inside["name"] = "orders";
    const preview = changes(await stack.preview());
    assert.deepEqual(preview, {
      "hand-total": [
        "update",
        "dependencies[1].upstreamOutput",
        "trigger.cron",
        "trigger.startTime",
        "trigger.timeZone",
      ],
      "hand-left": ["update", "dependencies[0].type", "dependencies[0].upstream", "dependencies[1]", "name"],
      "hand-right": ["update", "outputs.taskOutputs[0]"],
      "hand-7001": ["update", "script.content", "script.parameters", "timeoutSeconds"],
      [`exported-${String(inside["id"])}`]: ["update", "name"],
    });
    await stack.up();
    assert.deepEqual(await edgesOf("汇总"), ["Normal shop.left", "Normal shop.right_orders"]);
    await settled();
    assert.deepEqual((await stack.refresh()).changes, []);
    await settled();
  });

  it("leave nothing behind", async () => {
    await stack.destroy();
    assert.deepEqual(await emulator.tasks(), []);
  });
});
