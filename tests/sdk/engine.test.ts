import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { DataWorksTask, getDataWorksTask } from "pulumi-data-tasks";
import type { DataWorksTaskArgs } from "pulumi-data-tasks";
import { startEmulator } from "../../emulator/index";
import type { Emulator } from "../../emulator/index";
import { cloudsAt } from "../engine/clouds";
import { EngineFailure, inlineStack, localProject, temporaryFolder } from "../engine/support";
import type { Report } from "../engine/support";

describe("programs on the real engine", function () {
  this.timeout(120_000);
  let emulator: Emulator;
  before(async () => (emulator = await startEmulator({ stageMilliseconds: 5 })));
  after(() => emulator.close());

  const task = (changes: Partial<DataWorksTaskArgs> = {}): DataWorksTaskArgs => ({
    projectId: emulator.projectId,
    name: "report",
    script: { command: "VIRTUAL" },
    ...changes,
  });
  const said = ({ diagnostics }: Report, severity: string) =>
    diagnostics
      .filter((each) => each.severity === severity)
      .map(({ message, urn }) => `${urn?.split("::").at(-1)}: ${message.trim()}`);

  it("look up, wire, warn at their end, and say in the console's history where a change comes from", async () => {
    const [id = ""] = await emulator.createTasks("dataworks", { Name: "upstream" });
    let rerunTimes = 1;
    const stack = await inlineStack(
      "prod",
      async () => {
        const upstream = await getDataWorksTask({ projectId: emulator.projectId, id });
        const report = new DataWorksTask("report", task({ rerunTimes, dependsOnTasks: [upstream] }));
        new DataWorksTask(
          "lost",
          task({ name: "lost", dependencies: [{ type: "Normal", upstreamOutput: "shop.nobody" }] }),
        );
        return {
          taskType: upstream.taskType,
          rerunTimes: report.rerunTimes,
          owner: report.owner.apply((owner) => owner ?? "none"),
        };
      },
      {
        projectName: "shop",
        ...cloudsAt(emulator),
        env: {
          GITHUB_ACTIONS: "true",
          GITHUB_SHA: "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d",
          GITHUB_REF: "refs/pull/12/merge",
        },
      },
    );
    const expected =
      /^lost: dependencies\[0\]\.upstreamOutput "shop\.nobody" is an output that no task .* \[unproduced-output\]$/;
    await emulator.reset();
    const preview = await stack.preview();
    assert.deepEqual(await emulator.counts(), { GetTask: 1 });
    assert.equal(said(preview, "warning").length, 1, JSON.stringify(preview.diagnostics));
    assert.match(said(preview, "warning")[0] ?? "", expected);

    const up = await stack.up();
    assert.equal(said(up, "warning").length, 1);
    assert.match(said(up, "warning")[0] ?? "", expected);
    assert.deepEqual(
      [up.outputs["taskType"]?.value, up.outputs["rerunTimes"]?.value, up.outputs["owner"]?.value],
      ["ODPS_SQL", 1, "none"],
    );

    rerunTimes = 2;
    await emulator.reset();
    await stack.up();
    const [batch] = (await emulator.calls()).filter(({ operation }) => operation === "BatchUpdateTasks");
    assert.equal(
      (batch?.parameters as { Comment?: string }).Comment,
      "Pulumi shop/prod, commit 1a2b3c4d5e6f, pull request 12",
    );

    await stack.configure({ config: { "dataworks:comment": "release 7" } });
    rerunTimes = 3;
    await emulator.reset();
    await stack.up();
    const [again] = (await emulator.calls()).filter(({ operation }) => operation === "BatchUpdateTasks");
    assert.equal((again?.parameters as { Comment?: string }).Comment, "release 7");
    assert.deepEqual((await stack.preview()).changes, []);

    await stack.configure({ config: { "dataworks:rules": '{"unproduced-output":"error"}' } });
    await assert.rejects(
      stack.preview(),
      (error) => error instanceof EngineFailure && /unproduced-output/.test(error.message),
    );
    await stack.configure({ config: { "dataworks:rules": '{"unproduced-output":"off"}' } });
    assert.deepEqual(said(await stack.preview(), "warning"), []);
    await stack.destroy();
  });

  it("stop at the line that closes a circle, with nothing done", async () => {
    const stack = await inlineStack(
      "circle",
      () => {
        const waits = (name: string, upstreamOutput: string) =>
          task({
            name,
            outputs: { taskOutputs: [`shop.${name}`] },
            dependencies: [{ type: "Normal", upstreamOutput }],
          });
        new DataWorksTask("a", waits("a", "shop.b"));
        new DataWorksTask("b", waits("b", "shop.a"));
        return Promise.resolve({});
      },
      cloudsAt(emulator),
    );
    await emulator.reset();
    await assert.rejects(
      stack.preview(),
      (error) =>
        error instanceof EngineFailure &&
        /DataWorksTask "b": dependencies\[0\]\.upstreamOutput "shop\.a" closes a circle: .* \[cycle\]/.test(
          error.message,
        ),
    );
    assert.deepEqual(await emulator.counts(), {});
  });

  it("run by the CLI warn at their end as well, and load no client where nothing is looked up", async () => {
    const source = temporaryFolder("cli-program");
    writeFileSync(path.join(source, "Pulumi.yaml"), "name: shop\nruntime: nodejs\n");
    writeFileSync(path.join(source, "package.json"), "{}\n");
    writeFileSync(
      path.join(source, "index.ts"),
      `import { DataWorksTask } from "pulumi-data-tasks";
       new DataWorksTask("lost", {
         projectId: ${JSON.stringify(emulator.projectId)},
         name: "lost_too",
         script: { command: "VIRTUAL" },
         dependencies: [{ type: "Normal", upstreamOutput: "shop.nobody" }],
       });
       const loaded = Object.keys(require.cache).filter((file) => /tencentcloud-sdk-nodejs|@alicloud/.test(file));
       export const clients: number = loaded.length;`,
    );
    const stack = await localProject(source, cloudsAt(emulator));
    const up = await stack.up();
    assert.equal(
      said(up, "warning").filter((text) => text.includes("[unproduced-output]")).length,
      1,
      JSON.stringify(up.diagnostics),
    );
    assert.equal(up.outputs["clients"]?.value, 0);
    await stack.destroy();
  });
});
