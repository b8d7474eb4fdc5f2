import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { startEmulator } from "../../emulator/index";
import type { Emulator } from "../../emulator/index";
import { localProject, temporaryFolder } from "../engine/support";
import { page } from "./documents";

/** What the README shows that differs from run to run: ids of the workspace and of the node. */
const steady = (text: string): string[] =>
  text
    .replace(/\d+\/node\/\d+/g, "<id>")
    .replace(/(projectId *: )"\d+"/g, '$1"<workspace>"')
    .trimEnd()
    .split("\n")
    .map((line) => line.trimEnd());

describe("the program in the README", function () {
  this.timeout(120_000);
  let emulator: Emulator;
  before(async () => {
    emulator = await startEmulator({ stageMilliseconds: 20 });
  });
  after(() => emulator?.close());

  it("prints the previews that the README shows", async () => {
    const { blocks } = page("README.md");
    const [program = ""] = blocks.filter(({ language }) => language === "ts").map(({ text }) => text);
    const [creation = "", change = ""] = blocks.filter(({ language }) => language === "text").map(({ text }) => text);

    const source = temporaryFolder("readme");
    writeFileSync(path.join(source, "Pulumi.yaml"), "name: orders\nruntime: nodejs\n");
    writeFileSync(path.join(source, "package.json"), "{}\n");
    writeFileSync(path.join(source, "orders_per_day.sql"), "select ds, count(*) from ods_orders group by ds;\n");
    writeFileSync(path.join(source, "index.ts"), program);
    const stack = await localProject(source, {
      stackName: "dev",
      config: { "dataworks:endpoint": emulator.dataworks, "orders:projectId": emulator.projectId },
      secretConfig: {
        "dataworks:accessKeyId": emulator.accessKeyId,
        "dataworks:accessKeySecret": emulator.accessKeySecret,
      },
    });

    const rows = [...creation.matchAll(/^ \+ +(?:[├└]─ )?(\S+) +(\S+) +create$/gm)].map(([, ...row]) => row);
    const planned = await stack.preview();
    assert.deepEqual(
      planned.changes.map(({ type, name }) => [type, name]),
      rows,
    );
    assert.match(creation, new RegExp(`\\+ ${rows.length} to create`));

    await stack.up();
    const edited = program.replace("00 30 02", "00 15 03").replace("rerunTimes: 3", "rerunTimes: 5");
    writeFileSync(path.join(stack.folder, "index.ts"), edited);
    const { text } = await stack.preview({ diff: true, color: "never" });
    const told = steady(text).filter((line) => !line.startsWith("@ ") && line !== "");
    assert.deepEqual(told, steady(change));

    await emulator.reset();
    await stack.up();
    const { BatchUpdateTasks, UpdateTask, GetTask, ListTasks = 0 } = await emulator.counts();
    assert.deepEqual(
      { BatchUpdateTasks, UpdateTask, GetTask },
      { BatchUpdateTasks: 1, UpdateTask: undefined, GetTask: undefined },
    );
    assert.ok(ListTasks >= 1, "the task is read back through the list");
    await stack.destroy();
    assert.deepEqual(await emulator.tasks("dataworks"), []);
  });
});
