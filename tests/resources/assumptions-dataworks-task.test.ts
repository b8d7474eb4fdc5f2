/**
 * The points of contracts.md §6 and §7 that concern a DataWorks task: where the assumption is named in code (below
 * provider/resources/dataworks-task unless said otherwise), the switch of the emulator that plays the other answer, and
 * what comes of it.
 *
 * | item                                        | assumption                          | switch                           | outcome |
 * |---------------------------------------------|-------------------------------------|----------------------------------|---------|
 * | §6.1 unit of RerunInterval                  | arguments.ts RERUN_INTERVAL_FACTOR  | rerunIntervalInSeconds           | put right through BatchUpdateTasks, with a warning |
 * | §6.2 Timeout of 3600 or less                | rules.ts timeout                    | strictTimeout                    | warned of before; the service's refusal is passed on |
 * | §6.3 ClientUniqueCode can't be read         | sending.ts                          | clientUniqueCode                 | converges; a code that is not the task's is refused |
 * | §6.4 EnvType and ProjectEnv                 | wire.ts fromWire                    | onlyProjectEnv                   | converges |
 * | §6.5, §6.33 numbers and texts for ids       | parameters.ts asId, wireId          | idTypesSwapped                   | converges |
 * | §6.6 CycleType is never read                | wire.ts UNREAD, sending.ts          | updateTaskReplacesObjects        | sent along once objects are known to be replaced |
 * | §6.7 Script.Content is deprecated           | adoption.ts                         | scriptContentIgnored             | with a node: not used; without: says that it was not taken |
 * | §6.8 the quiet hours of Immediately         | schedule.ts QUIET_FROM              | (none: a rule)                   | warned of; refused when asked |
 * | §6.9 how an upstream is read back           | links.ts dependencies               | edgesReadAs                      | converges |
 * | §6.10 success beside a message              | batch.ts                            | batchSuccessCarriesMessage       | converges |
 * | §6.11 Comment stands beside the tasks       | batch.ts                            | (none: the contract has it so)   | sent there |
 * | §6.17 three vocabularies for RerunMode      | arguments.ts RERUN_WORDS            | rerunModeWords                   | converges |
 * | §7 what a missing task answers              | lookup.ts getTask                   | missingTask, …Code, …Http        | gone, and deleted twice |
 * | §7 absent fields of UpdateTask              | habits.ts                           | updateTaskClearsAbsent           | nothing lost, declared or not; one warning |
 * | §7 absent members of an object              | habits.ts                           | updateTaskReplacesObjects        | nothing lost that can be read; one warning |
 * | §7 how to clear                             | sending.ts accept                   | emptyListClears, emptyStringClears | the service keeps it: one warning, then no difference |
 * | §7 how nothing is read                      | core/settle.ts isEmpty              | emptyReadAs                      | converges |
 * | §7 default environment                      | arguments.ts envType                | (none: it is always sent)        | every call names it |
 * | §7 tasks in one call, and all or nothing    | batch.ts MOST_TASKS, sendAll        | batchUpdateMaximum, …Atomic      | sent in halves; later batches are smaller |
 * | §7 tasks that the answer leaves out         | batch.ts sendTogether               | batchOutcomesMissing             | read: done, or an error of its own |
 * | §7 the longest page of a list               | lookup.ts PAGE_SIZE                 | listTasksMaximumPageSize         | asked again for half of it, and remembered |
 * | §7 a page that lacks what it counts         | lookup.ts page                      | listTasksLosesItems              | each is read by itself |
 * | §2.2 what moves ModifyTime                  | resource.ts unmovedTask             | modifyTimeMoves                  | an edit that does not move it is seen with dataworks:fullRefresh alone |
 * | §7 how soon a read shows a write            | sending.ts SETTLING_MILLISECONDS    | readLagMilliseconds              | waits, converges |
 * | §7 production without publishing            | production.ts bringToProduction     | updateTaskNeedsPublish           | published, converges |
 * | §7 and a node that knows whole hours alone  | sending.ts accept                   | …, specTimeoutWholeHours         | one warning, then no difference |
 * | §7 tags of data assets                      | (not used)                          | dataAssetTagsAreTaskTags         | seen as an edit of tags, where they are the same |
 * | §2.1 companions of UpdateTask               | sending.ts COMPANIONS               | companionsRequired               | repeated once with them |
 * | §2.1 UpdateNode, publishing and the task    | node.ts, production.ts              | updateNodeReplaces, publishResetsTask | converges |
 * | §2.1 DeleteTask and the node                | removal.ts                          | deleteTaskKeepsNode, onePipelineRunPerNode | nothing left |
 */
import assert from "node:assert/strict";
import { type Emulator, startEmulator } from "../../emulator/index";
import { alibaba, configure } from "../../provider/clouds/connections";
import { type Properties } from "../../provider/core/definition";
import { Unfinished, hooks } from "../../provider/core/lifecycle";
import { lostBy, needsReading } from "../../provider/resources/dataworks-task/habits";
import { definition } from "../../provider/resources/dataworks-task/resource";
import { type WireTask } from "../../provider/resources/dataworks-task/wire";

interface Stored extends Properties {
  Id: string;
  NodeId?: string;
  Trigger: Properties;
  Script: Properties;
  RuntimeResource: Properties;
  Inputs: { Variables: Properties[] };
  Outputs: { TaskOutputs: Properties[]; Variables: Properties[] };
  Dependencies: Properties[];
  Tags: Properties[];
}
interface Made {
  id: string;
  inputs: Properties;
  outs: Properties;
}

const numbers = (cron: unknown) => String(cron).replace(/\b0+(?=\d)/g, "");
const under = (args: Properties, group: string) => (args[group] ?? {}) as Properties;
const sorted = (values: readonly unknown[]) => values.map((value) => JSON.stringify(value)).sort();

describe("where the documents are silent about a DataWorks task", () => {
  let emulator: Emulator;
  let warnings: string[] = [];
  let serial = 0;
  const task = hooks(definition, {
    ready: () => Promise.resolve(),
    warn: (message) => warnings.push(message),
    inform: () => undefined,
  });

  beforeEach(async () => {
    emulator = await startEmulator({ stageMilliseconds: 0 });
    warnings = [];
    const config: Record<string, string> = {
      "dataworks:endpoint": emulator.dataworks,
      "dataworks:accessKeyId": emulator.accessKeyId,
      "dataworks:accessKeySecret": emulator.accessKeySecret,
      "dataworks:requestsPerSecond": "10000",
    };
    configure({ get: (key) => config[key] });
  });
  afterEach(() => emulator.close());

  const token = () => `assumed${String((serial += 1)).padStart(6, "0")}`;
  const declared = (changes: Properties = {}): Properties => ({
    projectId: emulator.projectId,
    name: "ods_orders",
    owner: "1000",
    script: { command: "ODPS_SQL", content: "select 1;", parameters: "bizdate=$bizdate" },
    trigger: { type: "Scheduler", cron: "00 30 02 * * ?" },
    timeoutSeconds: 5400,
    rerunMode: "FailureAllowed",
    rerunTimes: 3,
    rerunIntervalSeconds: 120,
    outputs: { taskOutputs: ["shop.ods_orders"] },
    dependencies: [{ type: "Normal", upstreamOutput: "shop.upstream" }, { type: "CrossCycleDependsOnSelf" }],
    tags: { team: "warehouse" },
    ...changes,
  });
  /** What somebody has set at the console, and nobody declares. */
  const FOREIGN = {
    Trigger: { EndTime: "2030-12-31 00:00:00", Recurrence: "Skip" },
    RuntimeResource: { ResourceGroupId: "S_res_group_console", Image: "i-console", Cu: "0.75" },
    DataSource: { Name: "odps_console" },
    Inputs: { Variables: [{ Name: "console", Type: "Constant", Value: "1" }] },
  };

  const checked = async (news: Properties, olds: Properties = {}) => {
    const { inputs, failures } = await task.check(olds, news);
    assert.deepEqual(failures, []);
    return inputs;
  };
  const create = async (args: Properties): Promise<Made> => {
    const inputs = await checked({ creationToken: token(), ...args });
    return { inputs, ...(await task.create(inputs)) };
  };
  const update = async (made: Made, changes: Properties): Promise<Made> => {
    const inputs = await checked({ ...made.inputs, ...changes }, made.inputs);
    return { id: made.id, inputs, ...(await task.update(made.id, made.outs, inputs)) };
  };
  const stored = async (made: Made): Promise<Stored> => {
    const all = (await emulator.tasks("dataworks")) as unknown as Stored[];
    const found = all.find(({ Id }) => Id === made.outs["taskId"]);
    assert.ok(found, "the task is not there");
    return found;
  };
  const upstream = () =>
    emulator.createTasks("dataworks", {
      Name: "upstream",
      Outputs: { TaskOutputs: [{ Output: "shop.upstream" }], Variables: [] },
    });

  /** No difference in a preview, and none in a preview after a refresh. */
  async function settled({ id, outs, inputs }: Made, kept = outs): Promise<void> {
    assert.deepEqual(await task.diff(id, outs, inputs), { changes: false, replaces: [], deleteBeforeReplace: true });
    const read = await task.read(id, outs);
    assert.equal(read.inputs, undefined, JSON.stringify(read.inputs));
    assert.deepEqual(read.props, kept);
    assert.equal((await task.diff(id, read.props, inputs)).changes, false);
  }

  /** The service has what the arguments say, told from the emulator's own record. */
  async function asDeclared(made: Made): Promise<void> {
    const { inputs } = made;
    const now = await stored(made);
    const seen = {
      Owner: now["Owner"],
      Timeout: now["Timeout"],
      RerunMode: now["RerunMode"],
      RerunTimes: now["RerunTimes"],
      RerunInterval: now["RerunInterval"],
      Content: now.Script["Content"],
      Parameters: now.Script["Parameters"],
      Cron: numbers(now.Trigger["Cron"]),
      CycleType: now.Trigger["CycleType"],
      Outputs: now.Outputs.TaskOutputs.map(({ Output }) => Output).sort(),
      Edges: now.Dependencies.map(({ Type }) => Type).sort(),
      Tags: sorted(now.Tags.map(({ Key, Value }) => [Key, Value])),
    };
    assert.deepEqual(seen, {
      Owner: inputs["owner"],
      Timeout: inputs["timeoutSeconds"],
      RerunMode: inputs["rerunMode"],
      RerunTimes: inputs["rerunTimes"],
      RerunInterval: inputs["rerunIntervalSeconds"],
      Content: under(inputs, "script")["content"],
      Parameters: under(inputs, "script")["parameters"],
      Cron: under(inputs, "trigger")["cron"],
      CycleType: under(inputs, "trigger")["cycleType"],
      Outputs: under(inputs, "outputs")["taskOutputs"],
      Edges: (inputs["dependencies"] as Properties[]).map(({ type }) => type).sort(),
      Tags: sorted(Object.entries(inputs["tags"] as object)),
    });
  }

  async function foreignIsKept(made: Made): Promise<void> {
    const now = await stored(made);
    const { Trigger, RuntimeResource, DataSource, Inputs } = now;
    const { EndTime, Recurrence } = Trigger;
    const variables = Inputs.Variables.map(({ Name, Type, Value }) => ({ Name, Type, Value }));
    const seen = { Trigger: { EndTime, Recurrence }, RuntimeResource, DataSource, Inputs: { Variables: variables } };
    assert.deepEqual(seen, FOREIGN, "what nobody declared");
  }

  const with_ = (made: Made, group: string, changes: Properties) => ({
    [group]: { ...under(made.inputs, group), ...changes },
  });

  /**
   * A whole life: created; set at the console what nobody declares; changed through each operation; edited at the console
   * and put right; adopted, which writes nothing; destroyed. Nothing declared is lost, nor anything else, and after every
   * step a preview is empty.
   */
  async function lives(switches: Properties, made?: Made): Promise<Made> {
    for (const [name, value] of Object.entries(switches)) await emulator.setSwitch(name, value);
    if (made === undefined) await upstream();
    let now = made ?? (await create(declared()));
    await asDeclared(now);
    await settled(now);
    const taskId = String(now.outs["taskId"]);
    await emulator.touch("dataworks", taskId, FOREIGN);
    now = { ...now, outs: (await task.read(now.id, now.outs)).props };
    await settled(now);
    const edits: (() => Properties)[] = [
      () => ({ ...with_(now, "trigger", { cron: "0 0 3-5 * * ?" }), owner: "2000", rerunIntervalSeconds: 60 }),
      () => ({ ...with_(now, "trigger", { cycleType: "NotDaily" }), rerunIntervalSeconds: 90, tags: { team: "b" } }),
      () => with_(now, "script", { parameters: "a=1 b=$bizdate" }),
      () => with_(now, "trigger", { cron: "0 15 3-5 * * ?" }),
      () => ({ dependencies: [{ type: "Normal", upstreamOutput: "shop.upstream" }] }),
      () => ({ ...with_(now, "script", { content: "select 2;" }), timeoutSeconds: 9000 }),
    ];
    for (const edit of edits) {
      now = await update(now, edit());
      await asDeclared(now);
      await foreignIsKept(now);
      await settled(now);
    }
    await emulator.touch("dataworks", taskId, { Owner: "9", Tags: [{ Key: "console", Value: "1" }] });
    const read = await task.read(now.id, now.outs);
    assert.deepEqual([read.inputs?.["owner"], read.inputs?.["tags"]], ["9", { console: "1" }]);
    const { owner: _owner, tags: _tags, ...others } = read.inputs as Properties;
    const { owner: _o, tags: _t, ...same } = now.inputs;
    assert.deepEqual(others, same);
    now = { ...now, ...(await task.update(now.id, read.props, now.inputs)) };
    await asDeclared(now);
    await foreignIsKept(now);
    await settled(now);
    await emulator.reset();
    const { script: _script, creationToken: _token, adopt: _adopt, trigger, ...rest } = now.inputs;
    const { cycleType: _cycle, ...schedule } = trigger as Properties;
    const twin = await create({ ...rest, trigger: schedule, adopt: taskId, force: true });
    assert.deepEqual(
      Object.keys(await emulator.counts()).filter((name) => !/^(Get|List)/.test(name)),
      [],
    );
    // By whom an edge is named is a difference that only applying it settles.
    await settled(switches["edgesReadAs"] === "id" ? await update(twin, {}) : twin);
    await destroyed(now);
    return now;
  }

  async function destroyed(made: Made): Promise<void> {
    const props = made.outs["nodeId"] === undefined ? { ...made.outs, onDelete: "delete" } : made.outs;
    await task.delete(made.id, props);
    await task.delete(made.id, props);
    const left = (await emulator.tasks("dataworks")) as unknown as Stored[];
    assert.deepEqual(
      left.filter(({ Id }) => Id === made.outs["taskId"]),
      [],
    );
    if (made.outs["nodeId"] === undefined) return;
    assert.deepEqual(await task.read(made.id, made.outs), { id: "", props: {} });
  }

  const survives = (name: string, switches: Properties, said?: RegExp) =>
    it(name, async () => {
      await lives(switches);
      if (said === undefined) assert.deepEqual(warnings, []);
      else assert.match(warnings.join("\n"), said);
    }).timeout(90_000);

  describe("with the answers we assume", () => {
    survives("lives its whole life", {});
  });

  describe("contracts §6.1 RerunInterval", () => {
    survives(
      "in seconds in UpdateTask, as before October 2025",
      { rerunIntervalInSeconds: true },
      /rerunIntervalSeconds did not have the declared value any more, and got it again \[put-back\]$/,
    );
  });

  describe("contracts §6.2 Timeout", () => {
    it("of 3600 passes with a warning before, and where the service wants more its sentence is passed on", async () => {
      await upstream();
      const made = await update(await create(declared({ timeoutSeconds: 7200 })), { timeoutSeconds: 3600 });
      await settled(made);
      await emulator.setSwitch("strictTimeout", true);
      const inputs = await checked({ ...made.inputs, timeoutSeconds: 3000 }, made.inputs);
      await assert.rejects(task.update(made.id, made.outs, inputs), /ods_orders: InvalidTimeout|greater than 3600/);
      await settled(await update(made, { timeoutSeconds: 7200 }));
    });
  });

  describe("contracts §6.3 ClientUniqueCode", () => {
    const adopted = async (code: string) => {
      const [adopt] = await emulator.createTasks("dataworks", { Name: "console_task", ClientUniqueCode: "Task_1" });
      return create({ projectId: emulator.projectId, adopt, instanceMode: "Immediately", clientUniqueCode: code });
    };
    it("goes along with every UpdateTask, and is no difference", async () => {
      const made = await update(await adopted("Task_1"), {});
      await settled(made);
      const again = await update(made, { instanceMode: "T+1" });
      await settled(again);
      const calls = (await emulator.calls()).filter(({ operation }) => operation === "UpdateTask");
      assert.deepEqual(
        calls.map(({ parameters }) => (parameters as Properties)["ClientUniqueCode"]),
        ["Task_1", "Task_1"],
      );
    });
    it("of another task is refused, and nothing is changed", async () => {
      const made = await adopted("Task_2");
      await assert.rejects(update(made, {}), /The ClientUniqueCode is not that of the task/);
      assert.equal((await stored(made))["InstanceMode"], "T+1");
    });
  });

  describe("contracts §6.4 EnvType and ProjectEnv", () => {
    survives("with a read that knows ProjectEnv alone", { onlyProjectEnv: true });
    it("of a Dev task that is adopted, with a read that knows ProjectEnv alone", async () => {
      await emulator.setSwitch("onlyProjectEnv", true);
      const [adopt] = await emulator.createTasks("dataworks", { Name: "dev_task", EnvType: "Dev" });
      const args = { projectId: emulator.projectId, adopt, envType: "Dev", owner: "7" };
      const made = await update(await create(args), {});
      await settled(made);
      const envs = (await emulator.calls()).map(({ parameters }) => JSON.stringify(parameters).match(/"Dev"/)?.[0]);
      assert.deepEqual([...new Set(envs)], ['"Dev"']);
    });
  });

  describe("contracts §6.5 and §6.33 ids", () => {
    survives("as texts where we assume numbers, and the other way round", { idTypesSwapped: true });
    it("of upstreams keep all their digits", async () => {
      await emulator.setSwitch("idTypesSwapped", true);
      const id = "9007199254740993";
      await emulator.createTasks("dataworks", { Id: id, Name: "long" });
      const made = await create(declared({ dependencies: [{ type: "Normal", upstreamTaskId: id }] }));
      await settled(made);
      assert.equal((await stored(made)).Dependencies[0]?.["UpstreamTaskId"], id);
    });
  });

  describe("contracts §6.7 Script.Content", () => {
    survives("ignored by UpdateTask: a task with a node never depends on it", { scriptContentIgnored: true });
    it("ignored for an adopted task without a node: says that it was not taken, and shows the difference again", async () => {
      await emulator.setSwitch("scriptContentIgnored", true);
      const [adopt] = await emulator.createTasks("dataworks", { Name: "a", Script: { Content: "select 0;" } });
      const made = await create({ projectId: emulator.projectId, adopt, script: { content: "select 7;" } });
      const { outs } = await task.update(made.id, made.outs, made.inputs);
      assert.match(warnings.join("\n"), /the service accepted script\.content and shows another value/);
      assert.equal((await task.diff(made.id, outs, made.inputs)).changes, true);
    }).timeout(20_000);
  });

  describe("contracts §6.8 the quiet hours of InstanceMode Immediately", () => {
    const found = async (changes: Properties) => {
      const args = declared({
        instanceMode: "Immediately",
        rules: { "immediate-in-quiet-window": "error" },
        ...changes,
      });
      return (await task.check({}, { creationToken: token(), ...args })).failures
        .filter(({ property }) => property === "trigger.cron")
        .map(({ reason }) => reason);
    };
    it("are those of the newer SDKs, and both documents are named", async () => {
      const [reason = ""] = await found({ trigger: { cron: "0 30 22 * * ?" } });
      assert.match(
        reason,
        /^runs at 22:30:00, in the hours .* 22:00 to 24:00 by the newer SDKs, 23:30 to 24:00 by the/,
      );
      assert.deepEqual(await found({ trigger: { cron: "0 59 21 * * ?" } }), []);
      assert.deepEqual(await found({ trigger: { cron: "0 30 22 * * ?" }, instanceMode: "T+1" }), []);
    });
  });

  describe("contracts §6.9 upstreams", () => {
    survives("read back by the id of their task", { edgesReadAs: "id" });
    survives("read back by both", { edgesReadAs: "both" });
  });

  describe("contracts §6.10 success", () => {
    survives("beside a message", { batchSuccessCarriesMessage: true });
  });

  describe("contracts §6.11 Comment", () => {
    it("stands beside the tasks of a batch", async () => {
      const made = await create(declared({ comment: "from a test" }));
      await emulator.reset();
      await update(made, { owner: "5" });
      const call = (await emulator.calls()).find(({ operation }) => operation === "BatchUpdateTasks");
      assert.equal((call?.parameters as Properties)["Comment"], "from a test");
    });
  });

  describe("contracts §6.17 RerunMode", () => {
    survives("read in the words of files", { rerunModeWords: "file" });
    survives("read in the words of FlowSpec", { rerunModeWords: "spec" });
  });

  describe("contracts §7 a missing task", () => {
    for (const switches of [
      { missingTask: "null" },
      { missingTask: "success" },
      { missingTaskCode: "InvalidParameter" },
      { missingTaskCode: "InvalidTask.NotFound", missingTaskHttp: 404 },
    ]) {
      it(`is gone, and deleting it twice succeeds, with ${JSON.stringify(switches)}`, async () => {
        for (const [name, value] of Object.entries(switches)) await emulator.setSwitch(name, value);
        const made = await create(declared());
        await destroyed(made);
        const [adopt] = await emulator.createTasks("dataworks", { Name: "console_task" });
        const taken = await create({ projectId: emulator.projectId, adopt, name: "console_task" });
        await destroyed(taken);
        assert.deepEqual(await task.read(taken.id, taken.outs), { id: "", props: {} });
      });
    }
  });

  describe("contracts §7 absent fields and members", () => {
    const took = /took away what it was not given/;
    survives("cleared by UpdateTask", { updateTaskClearsAbsent: true }, took);
    survives("of objects cleared by both updates", { updateTaskReplacesObjects: true }, took);
    survives("cleared, both", { updateTaskClearsAbsent: true, updateTaskReplacesObjects: true }, took);
    survives(
      "cleared, both, and RerunInterval in seconds",
      { updateTaskClearsAbsent: true, updateTaskReplacesObjects: true, rerunIntervalInSeconds: true },
      took,
    );
    it("make a read before an update only until one has shown how it is", async () => {
      const made = await create(declared());
      await emulator.touch("dataworks", String(made.outs["taskId"]), FOREIGN);
      const reads = async (now: Made, changes: Properties): Promise<[Made, number]> => {
        await emulator.reset();
        const next = await update(now, changes);
        const { GetTask = 0, ListTasks = 0 } = await emulator.counts();
        return [next, GetTask + ListTasks];
      };
      const [first, batch] = await reads(made, with_(made, "trigger", { cron: "0 0 4 * * ?" }));
      const [second, single] = await reads(first, {
        instanceMode: "Immediately",
        ...with_(first, "script", { parameters: "c=1" }),
      });
      const [third, again] = await reads(second, with_(second, "trigger", { cron: "0 0 5 * * ?" }));
      const [, onceMore] = await reads(third, with_(third, "script", { parameters: "d=1" }));
      assert.deepEqual([batch, single, again, onceMore], [2, 2, 1, 1]);
    });
    it("are not mixed up with what somebody else has changed: that is left for the next preview, and nothing is learnt", async () => {
      let now = await create(declared({ description: "ours" }));
      const paused = { Description: "theirs", Trigger: { Recurrence: "Pause", Cron: "00 00 09 * * ?" } };
      await emulator.touch("dataworks", String(now.outs["taskId"]), paused);
      warnings = [];
      now = await update(now, { instanceMode: "Immediately" });
      const { Description, Trigger } = await stored(now);
      assert.deepEqual(
        [Description, numbers(Trigger["Cron"]), Trigger["Recurrence"]],
        ["theirs", "0 0 9 * * ?", "Pause"],
      );
      assert.match(warnings.join("\n"), /description, trigger\.cron changed although not by this update/);
      assert.equal((await task.diff(now.id, now.outs, now.inputs)).changes, true);
      await emulator.reset();
      await update(now, { ...with_(now, "script", { parameters: "c=1" }) });
      const call = (await emulator.calls()).find(({ operation }) => operation === "UpdateTask");
      assert.deepEqual(Object.keys(call?.parameters ?? {}).includes("Timeout"), false);
    });
    it("teach nothing where there was nothing, also in a service that says null for it", () => {
      const client = alibaba(undefined);
      const before = { RuntimeResource: { Image: "i", Cu: null } } as unknown as WireTask;
      const sent = { operation: "BatchUpdateTasks", patch: { RuntimeResource: { Image: "j" } }, before } as const;
      assert.deepEqual(lostBy(client, sent, before), []);
      assert.equal(needsReading(client, { ...sent, before: undefined }, []), true);
    });
    it("are kept of an undeclared wait between reruns too, whatever UpdateTask makes of its unit", async () => {
      await emulator.setSwitch("updateTaskClearsAbsent", true);
      await emulator.setSwitch("rerunIntervalInSeconds", true);
      const made = await create(declared({ rerunIntervalSeconds: undefined }));
      await emulator.touch("dataworks", String(made.outs["taskId"]), { RerunInterval: 77 });
      let now = await update(made, { instanceMode: "Immediately" });
      assert.equal((await stored(now))["RerunInterval"], 77);
      warnings = [];
      now = await update(now, { instanceMode: "T+1" });
      assert.equal((await stored(now))["RerunInterval"], 77);
      assert.deepEqual(warnings, []);
    });
    it("are kept of an adopted task that is brought to its arguments at once", async () => {
      await emulator.setSwitch("updateTaskClearsAbsent", true);
      await upstream();
      const made = await create(declared());
      const adopt = String(made.outs["taskId"]);
      await emulator.touch("dataworks", adopt, FOREIGN);
      const { Tags, Dependencies, Outputs, Script } = await stored(made);
      const args = { projectId: emulator.projectId, adopt: { id: adopt, apply: true }, force: true };
      await create({ ...args, instanceMode: "Immediately" });
      await foreignIsKept(made);
      const now = await stored(made);
      assert.equal(now["InstanceMode"], "Immediately");
      assert.deepEqual([now.Tags, now.Dependencies, now.Outputs, now.Script], [Tags, Dependencies, Outputs, Script]);
    });
    it("leave an adopted task the token line of the stack that has made it", async () => {
      const made = await create(declared({ description: "theirs" }));
      const adopt = String(made.outs["taskId"]);
      const line = String((await stored(made))["Description"]).split("\n")[1];
      const args = { projectId: emulator.projectId, adopt, force: true, description: "theirs" };
      let now = await create(args);
      const descriptions: unknown[] = [];
      for (const changes of [
        { description: "ours" },
        { description: "x", instanceMode: "Immediately" },
        { description: undefined },
      ]) {
        now = await update(now, changes);
        descriptions.push((await stored(made))["Description"]);
        await settled(now);
      }
      await create({ ...args, adopt: { id: adopt, apply: true }, description: "y" });
      descriptions.push((await stored(made))["Description"]);
      assert.deepEqual(descriptions, [`ours\n${line}`, `x\n${line}`, line, `y\n${line}`]);
    });
    it("are kept of a task that is left behind paused", async () => {
      await emulator.setSwitch("updateTaskReplacesObjects", true);
      const made = await create(declared({ onDelete: "pause" }));
      await task.delete(made.id, made.outs);
      const { Cron, Recurrence } = (await stored(made)).Trigger;
      assert.deepEqual([numbers(Cron), Recurrence], ["0 30 2 * * ?", "Pause"]);
    });
  });

  describe("contracts §7 how to clear", () => {
    survives("with lists and texts that do not clear", { emptyListClears: false, emptyStringClears: false });
    const empties: Properties = { description: "", dependencies: [], tags: {}, inputs: { variables: [] } };
    const removed: Properties = { description: undefined, dependencies: undefined, tags: undefined, inputs: undefined };
    const full: Properties = {
      description: "old",
      dependencies: [{ type: "CrossCycleDependsOnSelf" }],
      tags: { a: "b" },
      inputs: { variables: [{ name: "a", type: "Constant", value: "1" }] },
    };
    for (const clears of [true, false]) {
      for (const [what, changes] of [
        ["empty", empties],
        ["taken away", removed],
      ] as const) {
        it(`what is ${what} ${clears ? "is cleared" : "stays, with one warning, and makes no difference for ever"}`, async () => {
          const [adopt] = await emulator.createTasks("dataworks", { Name: "console_task", Owner: "1" });
          const bare = { projectId: emulator.projectId, adopt: { id: adopt, apply: true }, owner: "1" };
          const made = await create({ ...bare, ...full });
          await settled(made);
          await emulator.setSwitch("emptyListClears", clears);
          await emulator.setSwitch("emptyStringClears", clears);
          const now = await update(made, changes);
          const { Description, Dependencies, Tags, Inputs } = await stored(now);
          const left = [Description, Dependencies.length, Tags.length, Inputs.Variables.length];
          assert.deepEqual(left, clears ? ["", 0, 0, 0] : ["old", 1, 1, 1]);
          assert.equal(warnings.length > 0, !clears);
          const words = what === "empty" ? /\[service-keeps-value\]/ : /the service keeps the value of description, /;
          if (!clears) assert.match(warnings.join("\n"), words);
          await settled(now);
          const later = await update(now, { owner: "2" });
          await settled(later);
        }).timeout(20_000);
      }
    }
    it("says that an added text or list was not taken, where the service keeps its own", async () => {
      await emulator.setSwitch("scriptContentIgnored", true);
      const [adopt] = await emulator.createTasks("dataworks", {
        Name: "console_task",
        Tags: [{ Key: "own", Value: "1" }],
      });
      const made = await create({ projectId: emulator.projectId, adopt, name: "console_task" });
      await emulator.setSwitch("emptyListClears", false);
      const now = await update(made, { tags: {} });
      assert.match(warnings.join("\n"), /tags: the service keeps its value although an empty one was sent/);
      await settled(now);
    }).timeout(20_000);
  });

  describe("contracts §7 how nothing is read", () => {
    survives("as an absent member", { emptyReadAs: "absent" });
    survives("as null", { emptyReadAs: "null" });
    survives("and crons with two digits", { cronPadded: true });
  });

  describe("contracts §7 the default environment", () => {
    it("is never asked for: every call about a task names it", async () => {
      await lives({});
      const silent = (await emulator.calls()).filter(
        ({ operation, parameters }) =>
          /^(GetTask|DeleteTask|UpdateTask|BatchUpdateTasks|ListDownstreamTasks)$/.test(operation) &&
          !/"(EnvType|ProjectEnv)":"Prod"/.test(JSON.stringify(parameters)),
      );
      assert.deepEqual(silent, []);
    });
  });

  describe("contracts §7 batches", () => {
    survives("of one task, all or nothing", { batchUpdateMaximum: 1, batchUpdateAtomic: true });
    survives("whose answers leave out what was done", { batchOutcomesMissing: "done" });
  });

  describe("contracts §7 lists", () => {
    survives("with small pages", { listTasksMaximumPageSize: 20 });
    survives("that lose a part of what they count", { listTasksLosesItems: true });
    survives("whose ModifyTime does not move with every edit", { modifyTimeMoves: "listed" });
  });

  describe("contracts §7 reads after writes", () => {
    survives("that lag", { readLagMilliseconds: 150 });
  });

  describe("contracts §7 production", () => {
    survives("changed by publishing alone", { updateTaskNeedsPublish: true });
    survives("reset by publishing to what the node says", { publishResetsTask: true });
    survives("with nodes that UpdateNode replaces whole", { updateNodeReplaces: true });
    it("changed by publishing alone, by nodes that know whole hours alone: one warning, then no difference", async () => {
      await emulator.setSwitch("updateTaskNeedsPublish", true);
      await emulator.setSwitch("specTimeoutWholeHours", true);
      const made = await create(declared());
      assert.match(warnings.join("\n"), /timeoutSeconds: the service rounds it up to whole hours, 7200;/);
      assert.equal((await stored(made))["Timeout"], 7200);
      await settled(made);
    }).timeout(60_000);
    it("changed by publishing alone, of an adopted task with a node", async () => {
      const other = await create(declared({ onDelete: "release" }));
      await emulator.setSwitch("updateTaskNeedsPublish", true);
      const adopting = { projectId: emulator.projectId, adopt: other.outs["taskId"], force: true };
      const made = await create({ ...adopting, rerunTimes: 1, instanceMode: "Immediately" });
      const now = await update(made, {});
      assert.equal((await stored(now))["RerunTimes"], 1);
      await settled(now);
    }).timeout(60_000);
  });

  describe("contracts §7 tags of data assets", () => {
    for (const same of [true, false]) {
      it(`that ${same ? "are" : "are not"} those of the task`, async () => {
        const made = await create(declared());
        await emulator.setSwitch("dataAssetTagsAreTaskTags", same);
        const asset = `ACS::DataWorks::Task::${String(made.outs["taskId"])}`;
        await alibaba().call("TagDataAssets", {
          DataAssetType: "ACS::DataWorks::Task",
          DataAssetIds: [asset],
          Tags: [{ Key: "asset", Value: "1" }],
        });
        const { inputs } = await task.read(made.id, made.outs);
        assert.deepEqual(inputs?.["tags"], same ? { team: "warehouse", asset: "1" } : undefined);
      });
    }
  });

  describe("contracts §2.1 making and deleting", () => {
    survives("with the companions that older SDKs demanded", { companionsRequired: true });
    survives("with DeleteTask that takes the node along", { deleteTaskKeepsNode: false, onePipelineRunPerNode: true });
    it("fails with a sentence where an upstream must exist, and goes on when it does", async () => {
      await emulator.setSwitch("unknownUpstreamFails", true);
      const inputs = await checked({ creationToken: token(), ...declared() });
      const failure = await task.create(inputs).then(
        () => assert.fail("it should have failed"),
        (error: unknown) => error as Unfinished,
      );
      assert.ok(failure instanceof Unfinished);
      await upstream();
      await settled({ id: failure.id, inputs, ...(await task.update(failure.id, failure.properties, inputs)) });
    });
  });
});
