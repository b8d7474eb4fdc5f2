import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { rmSync } from "node:fs";
import { type Emulator, startEmulator } from "../../emulator/index";
import { type Sighted, driftOf, sighted } from "../../cli/drift/build";
import { headline, markdown } from "../../cli/drift/markdown";
import { takenOver } from "../../cli/drift/take-over";
import { tasksOf } from "../../cli/state/tasks";
import { configure } from "../../provider/clouds/connections";
import type { Properties } from "../../provider/core/definition";
import { ASSET_SIGNATURE, ASSET_VALUE } from "../../provider/core/fields";
import { Unfinished, hooks } from "../../provider/core/lifecycle";
import { liveReader } from "../../provider/live";
import { definition } from "../../provider/resources/dataworks-task/resource";
import { AT, TYPES } from "../review/previews";
import { project } from "./stage";

describe("drift after an update that failed", () => {
  let emulator: Emulator;
  let config: ReadonlyMap<string, string>;
  const task = hooks(definition, { ready: () => Promise.resolve(), warn: () => undefined, inform: () => undefined });

  beforeEach(async () => {
    emulator = await startEmulator({ stageMilliseconds: 5 });
    config = new Map([
      ["dataworks:endpoint", emulator.dataworks],
      ["dataworks:region", "cn-shanghai"],
      ["dataworks:accessKeyId", emulator.accessKeyId],
      ["dataworks:accessKeySecret", emulator.accessKeySecret],
      ["dataworks:readTimeoutSeconds", "5"],
    ]);
    configure(config);
  });
  afterEach(() => emulator.close());

  const checked = async (args: Properties) => (await task.check({}, args)).inputs;
  const content = "select 2;\n";
  const file = {
    [ASSET_SIGNATURE]: ASSET_VALUE,
    path: "orders.sql",
    hash: createHash("sha256").update(content).digest("hex"),
  };
  const secret = (value: string) => ({
    [ASSET_SIGNATURE]: "1b47061264138c4ac30d75fd1eb44270",
    plaintext: JSON.stringify(value),
  });

  /** A task whose update was sent, and could not be read afterwards. */
  async function afterFailure(): Promise<{ id: string; look: () => Promise<Sighted[]> }> {
    const args = {
      ...{ projectId: emulator.projectId, name: "ods_orders", description: "a", creationToken: "token0000000" },
      ...{ timeoutSeconds: 7200, rerunTimes: 1, owner: "1000" },
      script: { command: "ODPS_SQL", content: "select 1;\n" },
    };
    const { id, outs } = await task.create(await checked(args));
    const edited = { ...args, description: "hunter2", rerunTimes: 2, script: { command: "ODPS_SQL", content } };
    await emulator.fault({ kind: "error", operation: "GetTask", code: "9990040003", http: 400 });
    const inputs = await checked(edited);
    const failure = await task.update(id, outs, inputs).then(
      () => assert.fail("it should have failed"),
      (error: unknown) => error as Unfinished,
    );
    assert.ok(failure instanceof Unfinished, String(failure));
    const urn = `urn:pulumi:dev::shop::${TYPES.DataWorksTask}::orders`;
    const tasks = tasksOf({
      ...{ urn, id, outputs: failure.properties },
      inputs: { ...inputs, description: secret("hunter2"), script: { command: "ODPS_SQL", content: file } },
      stackTrace: [{ sourcePosition: "project:///index.ts#1,1" }],
    });
    return {
      id,
      look: () =>
        sighted(
          tasks,
          liveReader(config, () => undefined),
        ),
    };
  }
  const told = (found: Sighted[]) => driftOf({ project: "shop", stack: "dev" }, found, { at: AT, folder: __dirname });

  it("is none where everything is as declared", async () => {
    const { look } = await afterFailure();
    const drift = told(await look());
    assert.deepEqual([drift.counts, drift.tasks], [{ edited: 0, unsure: 0, gone: 0, same: 1, unread: 0 }, []]);
  });

  it("is told as uncertain where the failed update may have left it so, and as an edit where it can't have", async () => {
    const { id, look } = await afterFailure();
    const node = id.split("/").at(-1) ?? "";
    await emulator.touch("dataworks", node, { RerunTimes: 1, Description: "a" });
    const found = await look();
    const drift = told(found);
    assert.deepEqual(drift.counts, { edited: 0, unsure: 1, gone: 0, same: 0, unread: 0 });
    assert.deepEqual([drift.tasks[0]?.what, drift.tasks[0]?.unsure], ["unsure", ["description", "rerunTimes"]]);
    assert.equal(headline(drift), "1 task not as declared, perhaps by an update that failed");
    const text = markdown(drift);
    assert.match(text, /^### Edited, or left so by an update that failed \(1\)$/m);
    assert.match(
      text,
      /^What was deployed last of `description`, `rerunTimes` is not certain, because an update failed or a refresh found it changed; the next `pulumi up` sends it again\.$/m,
    );

    await emulator.touch("dataworks", node, { Timeout: 3600 });
    const both = told(await look());
    assert.deepEqual([both.counts.edited, both.tasks[0]?.unsure], [1, ["description", "rerunTimes"]]);
    assert.equal(headline(both), "1 task edited outside of the program");
    assert.match(markdown(both), /^### Edited \(1\)$/m);
    assert.doesNotMatch(JSON.stringify(both), /hunter/);
  });

  it("is taken over only where it is accepted by name", async () => {
    const { id, look } = await afterFailure();
    await emulator.touch("dataworks", id.split("/").at(-1) ?? "", { RerunTimes: 1 });
    const found = await look();
    const folder = project({
      "index.ts": `import { DataWorksTask } from "pulumi-data-tasks";\nnew DataWorksTask("orders", { rerunTimes: 2 });\n`,
    });
    const all = takenOver(found, { folder, accept: [], write: false });
    assert.equal(
      all?.edits[0]?.reason,
      "what was deployed last is not certain, because an update failed or a refresh found it changed; --accept takes it over all the same",
    );
    assert.equal(all.patch, "");
    const accepted = takenOver(found, { folder, accept: ["ods_orders:rerunTimes"], write: false });
    assert.match(accepted?.patch ?? "", /^\+new DataWorksTask\("orders", \{ rerunTimes: 1 \}\);$/m);
    rmSync(folder, { recursive: true, force: true });
  });
});
