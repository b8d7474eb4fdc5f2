import assert from "node:assert/strict";
import { type Emulator, startEmulator } from "../../emulator/index";
import { configure } from "../../provider/clouds/connections";
import { leaves, putAt } from "../../provider/core/fields";
import { type Carried, type Properties } from "../../provider/core/definition";
import { checkInputs, hooks } from "../../provider/core/lifecycle";
import { definition } from "../../provider/resources/dataworks-task/resource";

/**
 * What an empty value means, for every argument: it is refused under a code, or it clears (`cleared`: how the service shows
 * the parameter then), or it is a value like any other. `null` is always the same as leaving it out, and what is left out
 * is never sent.
 */
type Empty =
  { readonly refused: string; readonly value?: unknown } | { readonly value: unknown; readonly parameter?: string };
const refused: Empty = { refused: "empty" };
const noNumber: Empty = { refused: "type" };
const noWord: Empty = { refused: "enum" };

const EMPTY: Readonly<Record<string, Empty>> = {
  projectId: refused,
  name: refused,
  envType: noWord,
  description: { value: "", parameter: "Description" },
  owner: refused,
  instanceMode: noWord,
  timeoutSeconds: noNumber,
  rerunMode: noWord,
  rerunTimes: noNumber,
  rerunIntervalSeconds: noNumber,
  "script.command": refused,
  "script.language": refused,
  "script.content": { value: "", parameter: "Script.Content" },
  "script.parameters": { value: "", parameter: "Script.Parameters" },
  "trigger.type": noWord,
  "trigger.recurrence": noWord,
  "trigger.cron": refused,
  "trigger.startTime": refused,
  "trigger.endTime": refused,
  "trigger.cycleType": noWord,
  "trigger.timeZone": refused,
  "runtimeResource.resourceGroupId": refused,
  "runtimeResource.image": refused,
  "runtimeResource.cu": refused,
  "dataSource.name": refused,
  "dataSource.type": refused,
  "inputs.variables": { value: [], parameter: "Inputs.Variables" },
  "outputs.taskOutputs": { refused: "empty", value: [] },
  "outputs.variables": { value: [], parameter: "Outputs.Variables" },
  dependencies: { value: [], parameter: "Dependencies" },
  tags: { value: {}, parameter: "Tags" },
  path: refused,
  clientUniqueCode: refused,
  comment: refused,
  adopt: refused,
  publish: noNumber,
  onDelete: noWord,
  force: noNumber,
  connection: { value: {} },
  timeouts: { value: {} },
  rules: { value: {} },
};

describe("the fields of a DataWorks task", () => {
  let emulator: Emulator;
  let warnings: string[] = [];
  let carried: Carried[] = [];
  let serial = 0;
  const task = hooks(definition, {
    ready: () => Promise.resolve(),
    warn: (message) => warnings.push(message),
    inform: () => undefined,
    carried: (call) => carried.push(call),
  });
  before(async () => {
    emulator = await startEmulator({ stageMilliseconds: 0 });
    const config: Record<string, string> = {
      "dataworks:endpoint": emulator.dataworks,
      "dataworks:accessKeyId": emulator.accessKeyId,
      "dataworks:accessKeySecret": emulator.accessKeySecret,
      "dataworks:requestsPerSecond": "10000",
    };
    configure({ get: (key) => config[key] });
  });
  after(() => emulator.close());
  beforeEach(() => {
    warnings = [];
    carried = [];
    serial += 1;
  });

  const orders = (changes: Properties = {}): Properties => ({
    projectId: emulator.projectId,
    name: `orders_${String(serial)}`,
    description: "old",
    owner: "1000",
    script: { command: "ODPS_SQL", content: "select 1;", parameters: "a=1" },
    trigger: { type: "Scheduler", cron: "0 0 2 * * ?" },
    inputs: { variables: [{ name: "a", type: "Constant", value: "1" }] },
    outputs: {
      taskOutputs: [`shop.orders_${String(serial)}`],
      variables: [{ name: "o", type: "Constant", value: "1" }],
    },
    dependencies: [{ type: "CrossCycleDependsOnSelf" }],
    tags: { team: "a", layer: "ods" },
    creationToken: `fielded${String(serial).padStart(5, "0")}`,
    ...changes,
  });
  const checked = async (news: Properties, olds: Properties = {}) => {
    const { inputs, failures } = await task.check(olds, news);
    assert.deepEqual(failures, []);
    return inputs;
  };
  const create = async (changes: Properties = {}) => {
    const inputs = await checked(orders(changes));
    return { inputs, ...(await task.create(inputs)) };
  };
  const stored = async ({ outs }: { outs: Properties }) => {
    const all = (await emulator.tasks("dataworks")) as unknown as Properties[];
    return all.find(({ Id }) => Id === outs["taskId"]) as Properties;
  };
  const at = (tree: unknown, path: string) =>
    path.split(".").reduce<unknown>((value, name) => (value as Properties | undefined)?.[name], tree);
  const changed = (args: Properties, path: string, value: unknown) => {
    const next = structuredClone(args);
    putAt(next, path, value);
    return next;
  };

  it("all have a say in what an empty value means", () => {
    assert.deepEqual(
      Object.keys(EMPTY).sort(),
      leaves(definition.fields)
        .map(({ path }) => path)
        .sort(),
    );
  });

  for (const [path, empty] of Object.entries(EMPTY)) {
    const value = empty.value ?? "";
    const parameter = "parameter" in empty ? empty.parameter : undefined;
    it(`take ${JSON.stringify(value)} for ${path} as ${"refused" in empty ? "wrong" : "a value"}, and null as nothing`, async () => {
      const bare = { projectId: "1", name: "a", script: { command: "ODPS_SQL" }, creationToken: "t" };
      const { findings } = checkInputs(definition, changed(bare, path, value));
      const codes = findings.filter(({ property }) => property === path).map(({ code }) => code);
      assert.deepEqual(codes.slice(0, 1), "refused" in empty ? [empty.refused] : []);
      const nothing = checkInputs(definition, changed(bare, path, null)).inputs;
      assert.equal(at(nothing, path), undefined);
      if (parameter === undefined) return;
      const made = await create();
      const inputs = await checked(changed(made.inputs, path, value), made.inputs);
      const { outs } = await task.update(made.id, made.outs, inputs);
      const left = at(await stored(made), parameter);
      const text = path === "description" ? String(left).replace(/\[pulumi-data-tasks:\w+\]$/, "") : left;
      assert.deepEqual(text, Array.isArray(left) ? [] : "", "it was not cleared");
      assert.equal((await task.diff(made.id, outs, inputs)).changes, false);
      assert.equal((await task.read(made.id, outs)).inputs, undefined);
    });
  }

  const SAME: [what: string, one: Properties, other: Properties][] = [
    [
      "blanks, zeros and case of a cron",
      { trigger: { cron: "00  05 02 ? * mon" } },
      { trigger: { cron: "0 5 2 ? * MON" } },
    ],
    [
      "blanks between parameters",
      { script: { command: "X", parameters: " a=1   b=2 " } },
      { script: { command: "X", parameters: "a=1 b=2" } },
    ],
    ["zeros of compute units", { runtimeResource: { cu: "0.50" } }, { runtimeResource: { cu: "0.5" } }],
    ["slashes around a folder", { path: "/a/b/" }, { path: "a/b" }],
    ["the order of tags", { tags: { a: "1", b: "2" } }, { tags: { b: "2", a: "1" } }],
    ["the order of outputs", { outputs: { taskOutputs: ["b", "a"] } }, { outputs: { taskOutputs: ["a", "b"] } }],
    [
      "the order of variables and of their members, and an empty value",
      {
        inputs: {
          variables: [
            { type: "Constant", name: "b", value: "1" },
            { name: "a", type: "NodeOutput", value: "" },
          ],
        },
      },
      {
        inputs: {
          variables: [
            { name: "a", type: "NodeOutput" },
            { name: "b", value: "1", type: "Constant" },
          ],
        },
      },
    ],
    [
      "the order of dependencies",
      { dependencies: [{ type: "Normal", upstreamOutput: "z" }, { type: "CrossCycleDependsOnSelf" }] },
      { dependencies: [{ type: "CrossCycleDependsOnSelf" }, { upstreamOutput: "z", type: "Normal" }] },
    ],
  ];
  for (const [what, one, other] of SAME) {
    it(`make no difference of ${what}`, () => {
      const bare = { projectId: "1", name: "a", script: { command: "X" } };
      const form = (args: Properties) => checkInputs(definition, { ...bare, ...args }).inputs;
      assert.deepEqual(form(one), form(other));
    });
  }

  it("that moved are named by a refresh, exactly those, with their live values", async () => {
    const made = await create();
    await emulator.touch("dataworks", String(made.outs["taskId"]), {
      Owner: "9",
      Trigger: { Cron: "00 30 04 * * ?" },
      Script: { Parameters: "a=2" },
      Tags: [{ Key: "team", Value: "b" }],
      Dependencies: [{ Type: "Normal", UpstreamOutput: "shop.console" }],
      InstanceMode: "Immediately",
    });
    const read = await task.read(made.id, made.outs);
    const expected = structuredClone(made.inputs);
    putAt(expected, "owner", "9");
    putAt(expected, "trigger.cron", "0 30 4 * * ?");
    putAt(expected, "script.parameters", "a=2");
    putAt(expected, "tags", { team: "b" });
    putAt(expected, "dependencies", [{ type: "Normal", upstreamOutput: "shop.console" }]);
    assert.deepEqual(read.inputs, expected);
    const { outs } = await task.update(made.id, read.props, made.inputs);
    assert.equal((await task.read(made.id, outs)).inputs, undefined);
  });

  it("tell which operation brings which of them to the service", async () => {
    const made = await create();
    const first = { ...made.inputs, owner: "2", tags: {} };
    const { outs } = await task.update(made.id, made.outs, first);
    const second = { ...first, owner: "3", instanceMode: "Immediately" };
    const after = await task.update(made.id, outs, second);
    const third = { ...changed(second, "script.content", "select 2;"), name: `new_${String(serial)}` };
    await task.update(made.id, after.outs, third);
    assert.deepEqual(
      carried.map(({ operation, properties }) => [operation, [...properties].sort()]),
      [
        ["BatchUpdateTasks", ["owner", "tags"]],
        ["UpdateTask", ["instanceMode", "owner"]],
        ["RenameNode", ["name"]],
        ["UpdateNode", ["name", "script.content"]],
      ],
    );
  });

  describe("upstream", () => {
    const pair = async (type: string) => {
      const upstream = await create();
      serial += 1;
      const downstream = await create({ dependencies: [{ type, upstream: upstream.id }] });
      return { upstream, downstream };
    };

    it("in another cycle goes out as the task's id, and is written once", async () => {
      const { upstream, downstream } = await pair("CrossCycleDependsOnOtherNode");
      assert.deepEqual((await stored(downstream))["Dependencies"], [
        { Type: "CrossCycleDependsOnOtherNode", UpstreamTaskId: upstream.outs["taskId"] },
      ]);
      assert.equal((await task.read(downstream.id, downstream.outs)).inputs, undefined);
      assert.deepEqual(carried, []);
    });

    it("that has another output now is seen by the refresh of what depends on it, and put right", async () => {
      const { upstream, downstream } = await pair("Normal");
      await emulator.touch("dataworks", String(upstream.outs["taskId"]), {
        Outputs: { TaskOutputs: [{ Output: "shop.moved" }], Variables: [] },
      });
      await task.read(upstream.id, upstream.outs);
      const read = await task.read(downstream.id, downstream.outs);
      assert.deepEqual(read.inputs?.["dependencies"], [
        { type: "Normal", upstreamOutput: `shop.orders_${String(serial - 1)}`, upstream: upstream.id },
      ]);
      assert.equal((await task.diff(downstream.id, read.props, downstream.inputs)).changes, true);
      const { outs } = await task.update(downstream.id, read.props, downstream.inputs);
      assert.deepEqual((await stored(downstream))["Dependencies"], [{ Type: "Normal", UpstreamOutput: "shop.moved" }]);
      assert.equal((await task.diff(downstream.id, outs, downstream.inputs)).changes, false);
      assert.equal((await task.read(downstream.id, outs)).inputs, undefined);
    });
  });

  it("added to an adopted task that does not take them make a difference again, and are said", async () => {
    const [adopt] = await emulator.createTasks("dataworks", { Name: "own", Script: { Content: "select 0;" } });
    const inputs = await checked({ projectId: emulator.projectId, adopt, name: "own", creationToken: "adding000001" });
    const made = await task.create(inputs);
    await emulator.setSwitch("scriptContentIgnored", true);
    const news = await checked({ ...inputs, script: { content: "select 7;", parameters: "a=1" } }, inputs);
    const { outs } = await task.update(made.id, made.outs, news);
    await emulator.setSwitch("scriptContentIgnored", false);
    assert.match(warnings.join("\n"), /the service accepted script\.content and shows another value/);
    assert.equal((await task.diff(made.id, outs, news)).changes, true);
    const again = await task.update(made.id, outs, news);
    assert.equal((await task.diff(made.id, again.outs, news)).changes, false);
  }).timeout(20_000);
});
