/**
 * Records a state of this version of the package, for the tests that hold every later one to it:
 * `npx ts-node --transpile-only scripts/record-state.ts <name> [folder of another built version]`, after the last change
 * of the state's shape. The emulator's own state lies beside it, so that the tasks are there.
 */
import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { startEmulator } from "../emulator/index";
import type { Emulator } from "../emulator/index";
import { KEYS, PROGRAM, STATES, settingsOf } from "./recorded/settings";
import { runProject } from "./run-project";
import { root } from "./setup.js";

async function record(name: string, version: string): Promise<void> {
  mkdirSync(path.join(version, ".state"), { recursive: true });
  const folder = mkdtempSync(path.join(version, ".state", "record-"));
  const state = path.join(folder, "emulator.json");
  const emulator = await startEmulator({ state, credentials: KEYS, seed: 1, stageMilliseconds: 5 });
  try {
    const adopt = await byHand(emulator);
    cpSync(PROGRAM, path.join(folder, "project"), { recursive: true });
    // By its name, which would otherwise lead to the package whose dependencies are used.
    mkdirSync(path.join(folder, "project", "node_modules"));
    symlinkSync(version, path.join(folder, "project", "node_modules", "pulumi-data-tasks"));
    const stack = await runProject(path.join(folder, "project"), "recorded", {
      stateFolder: path.join(folder, "state"),
      home: path.join(folder, "home"),
      ...settingsOf(emulator, adopt, 1),
    });
    const up = async () => console.log((await stack.up()).summary);
    await up();
    await stack.refresh();
    await stack.configure(settingsOf(emulator, adopt, 2));
    await up();
    const { changes } = await stack.preview();
    assert.deepEqual(changes, [], "the version changes what it has just made");
    await stack.configure(settingsOf(emulator, adopt, 3));
    // An update that fails in the middle leaves what is not certain.
    await emulator.fault({ kind: "error", operation: ["UpdateTask", "BatchUpdateTasks", "UpdateNode"], times: 0 });
    await assert.rejects(stack.up());
    await emulator.clearFaults();
    const { deployment: exported, version: format } = (await stack.exportState()) as {
      deployment: Record<string, unknown>;
      version?: number;
    };
    // Which passphrase encrypts them is no part of the state: secrets are in plain text here.
    const { secrets_providers: _, ...deployment } = exported;
    await emulator.close();
    const target = path.join(STATES, name);
    rmSync(target, { recursive: true, force: true });
    mkdirSync(target, { recursive: true });
    // Where the packages of this machine lie is nothing that a state needs.
    const text = JSON.stringify({ adopt, state: { version: format, deployment } }).replaceAll(
      /project:\/\/\/[^"]*?node_modules\//g,
      "project:///node_modules/",
    );
    writeFileSync(
      path.join(target, "recorded.json"),
      `${text.replaceAll(emulator.dataworks, "http://127.0.0.1:1").replaceAll(folder, "/recorded")}\n`,
    );
    writeFileSync(path.join(target, "emulator.json"), `${readFileSync(state, "utf8")}\n`);
    console.log(`recorded ${target}`);
  } finally {
    await emulator.close().catch(() => undefined);
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Tasks that somebody made at the console. */
async function byHand(emulator: Emulator): Promise<Record<string, string>> {
  const { projectId: ProjectId, legacyProjectId, wedataProjectId, wedataWorkflowId: WorkflowId } = emulator;
  const Trigger = { Type: "Scheduler", Cron: "00 15 01 * * ?", Recurrence: "Normal" };
  const make = async (service: string, task: Record<string, unknown>): Promise<string> =>
    (await emulator.createTasks(service, task))[0] ?? "";
  const content = { type: "job", version: "2.0", steps: [], setting: {}, order: { hops: [] } };
  return {
    task: await make("dataworks", { ProjectId, Name: "by_hand", Description: "Made by hand", Trigger }),
    left: await make("dataworks", { ProjectId, Name: "left_by_hand", Description: "Made by hand", Trigger }),
    sync: await make("dataworks-files", {
      ...{ ProjectId: legacyProjectId, FileName: "by_hand", FileDescription: "Made by hand" },
      Content: JSON.stringify(content),
    }),
    load: await make("wedata", { ProjectId: wedataProjectId, WorkflowId, TaskName: "by_hand", Notes: "Made by hand" }),
  };
}

if (require.main === module) {
  const [name, version = root] = process.argv.slice(2);
  if (name === undefined) throw new Error("name the recording, such as 0.2.0");
  void record(name, path.resolve(version)).catch((error: unknown) => {
    console.error(error);
    process.exitCode = 1;
  });
}
