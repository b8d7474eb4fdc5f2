import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { startEmulator } from "../../emulator/index";
import type { Emulator } from "../../emulator/index";
import { cloudsAt } from "./clouds";
import { content, kinds } from "./kinds";
import type { Args, Service } from "./kinds";
import { differences, inlineStack, stored, writes } from "./support";
import type { EngineStack, Stored } from "./support";

describe("options about changes, on the engine", function () {
  this.timeout(120_000);
  const { task, sync, load } = kinds;
  let emulator: Emulator;
  let stack: EngineStack;
  let program: () => void;

  before(async () => {
    emulator = await startEmulator({ stageMilliseconds: 5 });
    stack = await inlineStack("changes", () => Promise.resolve(program()), cloudsAt(emulator));
  });
  after(() => emulator.close());

  const touch = async (name: string, service: Service, changes: Args) => {
    const { taskId, fileId } = (await stored(stack, name)).outputs;
    await emulator.touch(service, String(taskId ?? fileId), changes);
  };
  /** A deleted file stays in the recycle bin. */
  const live = async (service: Service): Promise<Args> =>
    ((await emulator.tasks(service)) as Args[]).find(({ DeletedStatus = "NORMAL" }) => DeletedStatus === "NORMAL") ??
    assert.fail();
  /** What the parameters of an operation say beside the task they are about. */
  const sent = async (operation: string) => {
    const { parameters } =
      (await writes(emulator)).find((call) => call.operation === operation) ?? assert.fail(operation);
    const [first = parameters] = (parameters["Tasks"] ?? []) as Args[];
    return Object.keys(first).filter((name) => !["Id", "EnvType", "ProjectId", "TaskId", "FileId"].includes(name));
  };

  /** `nth` moves everything that is ignored, `round` one property each that is not. */
  const ignoring = (nth: number, round: number) => () => {
    const trigger = { type: "Scheduler", cron: `00 10 0${nth} * * ?` };
    const tags = { team: `team-${nth}`, tier: "gold" };
    task.make(
      "task",
      { ...task.least(emulator), trigger, tags, rerunTimes: round },
      { ignoreChanges: ["trigger.cron", 'tags["team"]'] },
    );
    const schedule = { cron: `00 10 0${nth} * * ?`, rerunTimes: nth };
    sync.make(
      "sync",
      { ...sync.least(emulator), taskContent: content({ concurrent: nth }), schedule, description: `round ${round}` },
      { ignoreChanges: ["taskContent.setting.speed.concurrent", "schedule"] },
    );
    const taskExt = { queue: `queue-${nth}`, level: "1" };
    load.make(
      "load",
      { ...load.least(emulator), runPriority: nth === 1 ? "low" : "high", taskExt, tryLimit: round },
      { ignoreChanges: ["runPriority", "taskExt.queue"] },
    );
  };

  it("ignoreChanges keeps what a console edit made of a property, and sends the others alone", async () => {
    program = ignoring(1, 1);
    await stack.up();
    const tags = [
      { Key: "team", Value: "console" },
      { Key: "tier", Value: "gold" },
    ];
    await touch("task", "dataworks", { Trigger: { Cron: "00 30 03 * * ?" }, Tags: tags });
    await touch("sync", "dataworks-files", {
      Content: JSON.stringify(content({ concurrent: 9 })),
      CronExpress: "00 30 03 * * ?",
    });
    await touch("load", "wedata", { RunPriority: 5 });
    assert.deepEqual(differences(await stack.refresh()), {
      task: ["update", "tags.team", "trigger.cron"],
      sync: ["update", "schedule.cron", "taskContent.setting.speed.concurrent"],
      // Nothing but what is ignored has moved in `load`, so the refresh does not speak of it.
    });

    program = ignoring(2, 2);
    assert.deepEqual(differences(await stack.preview()), {
      task: ["update", "rerunTimes"],
      sync: ["update", "description"],
      load: ["update", "tryLimit"],
    });
    await emulator.reset();
    await stack.up();
    assert.deepEqual(await sent("BatchUpdateTasks"), ["RerunTimes"]);
    assert.deepEqual(await sent("UpdateFile"), ["FileDescription"]);
    assert.deepEqual(await sent("ModifyTaskInfo"), ["TryLimit"]);
    assert.equal((await emulator.counts())["UpdateDISyncTask"], undefined);
    assert.deepEqual(differences(await stack.preview()), {});
  });

  it("ignoreChanges holds without a refresh too: an update finds the property changed, and leaves it", async () => {
    await touch("task", "dataworks", { Trigger: { Cron: "00 50 05 * * ?" } });
    await touch("sync", "dataworks-files", { CronExpress: "00 50 05 * * ?" });
    await touch("load", "wedata", { RunPriority: 4 });
    program = ignoring(2, 3);
    await emulator.reset();
    const { diagnostics } = await stack.up();
    assert.deepEqual(
      diagnostics.filter(({ message }) => message.startsWith("warning")),
      [],
    );
    assert.deepEqual(await sent("BatchUpdateTasks"), ["RerunTimes"]);
    assert.deepEqual((await writes(emulator)).map(({ operation }) => operation).sort(), [
      "BatchUpdateTasks",
      "CreateTaskVersionDs",
      "ModifyTaskInfo",
      "SubmitFile",
      "UpdateFile",
    ]);
    assert.equal(((await live("dataworks"))["Trigger"] as Args)["Cron"], "00 50 05 * * ?");
    assert.deepEqual(differences(await stack.preview({ refresh: true })), {});
  });

  it("ignoreChanges does not hide that a path names nothing", async () => {
    program = () => task.make("task", task.least(emulator), { ignoreChanges: ["cron", "rerunTime"] });
    const { diagnostics } = await stack.preview();
    const said = diagnostics.filter(({ severity }) => severity === "warning").map(({ message }) => message.trim());
    assert.deepEqual(said, [
      "ignoreChanges names cron, which is no property of this resource; did you mean trigger.cron? [engine-option]",
      "ignoreChanges names rerunTime, which is no property of this resource; did you mean rerunTimes? [engine-option]",
    ]);
  });

  it("replaceOnChanges replaces where the property changed, and updates where it did not", async () => {
    const of = (text: string, limit: number) => () => {
      task.make(
        "task",
        { ...task.least(emulator), description: text, rerunTimes: limit },
        { replaceOnChanges: ["description", "trigger.cron"] },
      );
      sync.make("sync", { ...sync.least(emulator), description: text }, { replaceOnChanges: ["*"] });
      load.make("load", { ...load.least(emulator), notes: text, tryLimit: limit }, { replaceOnChanges: ["notes"] });
    };
    program = of("one", 1);
    await stack.up();
    program = of("one", 2);
    assert.deepEqual((await stack.preview()).summary, { update: 2, same: 2 });
    program = of("two", 2);
    const keys = ({ changes }: Awaited<ReturnType<EngineStack["preview"]>>) =>
      Object.fromEntries(
        changes.filter(({ op }) => op === "replace").map(({ name, replaceKeys }) => [name, replaceKeys]),
      );
    assert.deepEqual(keys(await stack.preview()), { task: ["description"], sync: ["description"], load: ["notes"] });
    await stack.up();
    assert.deepEqual((await stack.preview({ refresh: true })).changes, []);
    assert.equal((await emulator.tasks()).length, 1);
  });

  it("additionalSecretOutputs encrypts an output; a secret argument is encrypted as an input too", async () => {
    program = () => {
      const least = { ...task.least(emulator), description: "open-words", comment: "closed-words" };
      task.make("task", least, { additionalSecretOutputs: ["taskId", "description", "comment"] });
      load.make("load", { ...load.least(emulator), notes: pulumi.secret("hidden-words") });
    };
    await stack.up();
    const { resources } = (await stack.exportState()).deployment as { resources: Stored[] };
    const secrets = (name: string, side: "inputs" | "outputs") =>
      Object.entries(resources.find(({ urn }) => urn.endsWith(`::${name}`))?.[side] ?? {})
        .filter(([, value]) => typeof value === "object" && value !== null && "plaintext" in value)
        .map(([property]) => property);
    assert.deepEqual(secrets("task", "outputs").sort(), ["comment", "taskId"]);
    assert.deepEqual(secrets("task", "inputs"), []);
    assert.deepEqual(secrets("load", "inputs"), ["notes"]);
    const text = await stack.stateText();
    assert.deepEqual([text.includes("open-words"), text.includes("hidden-words")], [true, false]);
  });

  const ours = (type: string) => type.startsWith("pulumi-nodejs:dynamic/dataworks:");

  it("transforms of the stack give every task an owner, in both generations of them", async () => {
    program = () => {
      pulumi.runtime.registerResourceTransform(({ type, props, opts }) =>
        ours(type) ? { props: { ...props, owner: "1111111111111111" }, opts } : undefined,
      );
      task.make("task", task.least(emulator));
      sync.make("sync", sync.least(emulator));
    };
    await stack.up();
    assert.equal((await live("dataworks"))["Owner"], "1111111111111111");
    assert.equal((await live("dataworks-files"))["Owner"], "1111111111111111");
    assert.deepEqual((await stack.preview()).changes, []);

    program = () => {
      pulumi.runtime.registerStackTransformation(({ type, props, opts }) =>
        ours(type) ? { props: { ...props, owner: "2222222222222222" }, opts } : undefined,
      );
      task.make("task", task.least(emulator));
      sync.make("sync", sync.least(emulator));
    };
    assert.deepEqual(differences(await stack.preview()), { task: ["update", "owner"], sync: ["update", "owner"] });
    const { inputs } = await stored(stack, "task");
    assert.match(String(inputs["__provider"]), /^exports\.handler=\(\)=>require\("pulumi-data-tasks\/provider"\)/);
  });
});
