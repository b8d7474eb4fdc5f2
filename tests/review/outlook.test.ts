import assert from "node:assert/strict";
import { startEmulator } from "../../emulator/index";
import type { Emulator } from "../../emulator/index";
import { configure } from "../../provider/clouds/connections";
import type { Definition, Properties } from "../../provider/core/definition";
import { checkInputs, hooks } from "../../provider/core/lifecycle";
import { changesOf } from "../../provider/core/outlook";
import { definitions } from "../../provider/index";

type AnyDefinition = Definition<object, object>;
const READING = /^(Get|List|Describe|Check)/;

/** What a review says about calls is held against the calls that are made. */
describe("the calls that a review announces are those that are made", function () {
  this.timeout(120_000);
  let emulator: Emulator;
  before(async () => {
    emulator = await startEmulator({ stageMilliseconds: 1, seed: 1 });
    const config: Record<string, string> = {
      "dataworks:endpoint": emulator.dataworks,
      "dataworks:accessKeyId": emulator.accessKeyId,
      "dataworks:accessKeySecret": emulator.accessKeySecret,
      "dataworks:requestsPerSecond": "10000",
      "wedata:endpoint": emulator.wedata,
      "wedata:secretId": emulator.secretId,
      "wedata:secretKey": emulator.secretKey,
      "wedata:site": "cn",
      "wedata:requestsPerSecond": "10000",
    };
    configure({ get: (key) => config[key] });
  });
  after(() => emulator.close());

  async function madeBy(work: () => Promise<unknown>): Promise<string[]> {
    await emulator.reset();
    await work();
    const operations = (await emulator.calls()).map(({ operation }) => operation).filter((name) => !READING.test(name));
    // A stage that is started by hand belongs to its pipeline run.
    return [...new Set(operations)].filter((name) => name !== "ExecPipelineRunStage").sort();
  }

  async function holds(definition: AnyDefinition, args: Properties, edits: readonly Properties[]): Promise<void> {
    const task = hooks(definition, { ready: () => Promise.resolve(), warn: () => undefined, inform: () => undefined });
    const checked = (given: Properties) => checkInputs(definition, { ...given, creationToken: "token12345" }).inputs;
    const factsIn = (outs: Properties) =>
      Object.fromEntries((definition.factNames as readonly string[]).map((name) => [name, outs[name]]));
    const announced = (id: string | undefined, outs: Properties, before?: Properties, after?: Properties) =>
      [
        ...new Set(
          definition.outlook
            .calls({
              ...(id !== undefined && { id }),
              facts: factsIn(outs),
              ...(before && { before }),
              ...(after && { after }),
              changes: after ? changesOf(definition, before ?? {}, after) : [],
            })
            .map(({ operation }) => operation),
        ),
      ].sort();
    let inputs = checked(args);
    let state: { id: string; outs: Properties } = { id: "", outs: {} };
    const created = announced(undefined, {}, undefined, inputs);
    const creating = await madeBy(async () => (state = await task.create(inputs)));
    // Whether a workspace has a development environment shows when the first task is there.
    const possible = state.outs["standardMode"] === false ? created.filter((name) => name !== "DeployFile") : created;
    assert.deepEqual(creating, possible, "create");
    for (const edit of edits) {
      const after = checked({ ...args, ...edit });
      const expected = announced(state.id, state.outs, inputs, after);
      const made = await madeBy(async () => (state.outs = (await task.update(state.id, state.outs, after)).outs));
      assert.deepEqual(made, expected, `update ${JSON.stringify(edit)}`);
      inputs = after;
    }
    const removed = announced(state.id, state.outs, inputs);
    assert.deepEqual(await madeBy(() => task.delete(state.id, state.outs)), removed, "delete");
  }

  const dataworks = (more: Properties = {}): Properties => ({
    projectId: emulator.projectId,
    name: `task${String(Math.random()).slice(2, 8)}`,
    script: { command: "ODPS_SQL", content: "select 1;" },
    trigger: { type: "Scheduler", cron: "0 30 2 * * ?" },
    ...more,
  });
  const trigger = (cron: string, more: Properties = {}) => ({ trigger: { type: "Scheduler", cron, ...more } });

  it("of a DataWorksTask that is created, changed in every way, and deleted", () =>
    holds(definitions.DataWorksTask as never, dataworks(), [
      trigger("0 0 3 * * ?"),
      { ...trigger("0 0 3 * * ?"), tags: { team: "a" } },
      { ...trigger("0 0 3 * * ?"), tags: { team: "a" }, instanceMode: "T+1" },
      { script: { command: "ODPS_SQL", content: "select 2;" } },
      { script: { command: "ODPS_SQL", content: "select 2;" }, description: "words" },
      { script: { command: "ODPS_SQL", content: "select 2;" }, description: "words", path: "warehouse" },
      {
        script: { command: "ODPS_SQL", content: "select 2;" },
        description: "words",
        path: "warehouse",
        timeoutSeconds: 7200,
      },
    ]));

  it("of a DataWorksTask that is only a draft", () =>
    holds(definitions.DataWorksTask as never, dataworks({ publish: false }), [
      { description: "words" },
      { name: "other" },
    ]));

  it("of an adopted DataWorksTask", async () => {
    const [taskId = ""] = await emulator.createTasks("dataworks", { Name: "theirs" });
    await holds(
      definitions.DataWorksTask as never,
      { projectId: emulator.projectId, adopt: { id: taskId, apply: true }, timeoutSeconds: 7200 },
      [{ timeoutSeconds: 10_800 }, { timeoutSeconds: 10_800, instanceMode: "T+1" }],
    );
  });

  const content = (table: string) => ({
    taskContent: {
      type: "job",
      steps: [
        { stepType: "mysql", category: "reader", name: "Reader", parameter: { table } },
        { stepType: "odps", category: "writer", name: "Writer", parameter: { table } },
      ],
    },
  });
  it("of a DataWorksDISyncTask, in simple and in standard mode", async () => {
    for (const projectId of [emulator.legacyProjectId, emulator.legacyStandardProjectId]) {
      await holds(definitions.DataWorksDISyncTask as never, { projectId, name: "sync", ...content("a") }, [
        content("b"),
        { ...content("b"), schedule: { cron: "0 30 2 * * ?" } },
        { ...content("c".repeat(8_000)), schedule: { cron: "0 30 3 * * ?" } },
      ]);
    }
  });

  it("of a WeDataTask", () =>
    holds(
      definitions.WeDataTask as never,
      {
        ...{ projectId: emulator.wedataProjectId, workflowId: emulator.wedataWorkflowId, taskType: 35, name: "we" },
        cycleType: "Day",
      },
      [
        { delayTimeMinutes: 30 },
        { delayTimeMinutes: 30, script: { content: "echo 1" } },
        { delayTimeMinutes: 60, script: { content: "echo 2" }, owners: ["1000"] },
        { name: "we2", scheduleTimeZone: "UTC+8" },
      ],
    ));
});
