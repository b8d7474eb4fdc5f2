import assert from "node:assert/strict";
import { type FlowSpecFinding, type FlowSpecWorkflow, readFlowSpec } from "../../sdk/flowspec/reader";

type Json = Record<string, unknown>;

const SQL = { language: "odps-sql", runtime: { command: "ODPS_SQL" }, content: "select 1" };
const document = (spec: Json, top: Json = {}): Json => ({ version: "1.1.0", kind: "CycleWorkflow", ...top, spec });
const read = (spec: Json, top: Json = {}): FlowSpecWorkflow => readFlowSpec(document(spec, top));
const readNode = (node: Json, spec: Json = {}, top: Json = {}) => {
  const { tasks, findings } = read({ nodes: [{ id: "a", script: SQL, ...node }], ...spec }, top);
  return { args: tasks[0]?.arguments, told: told(findings) };
};
const told = (findings: readonly FlowSpecFinding[]): string[] =>
  findings.map(({ severity, path, reason }) => `${severity} ${path} ${reason}`);
const node = (id: string, more: Json = {}): Json => ({ id, script: SQL, ...more });
const edgesOf = ({ tasks }: FlowSpecWorkflow) =>
  Object.fromEntries(
    tasks.map(({ key, dependsOn, arguments: { dependencies } }) => [
      key,
      [
        ...dependsOn.map((edge) => `${edge.type} ${edge.key}`),
        ...(dependencies ?? []).map((edge) => `${edge.type} =${edge.upstreamOutput ?? ""}`),
      ],
    ]),
  );

describe("FlowSpec units and words", () => {
  const cases: [string, Json, Json, RegExp[]][] = [
    ["timeout counts in hours", { timeout: 3 }, { timeoutSeconds: 10800 }, []],
    ["timeout 0 stays no limit", { timeout: 0 }, { timeoutSeconds: 0 }, []],
    ["half an hour", { timeout: 0.5 }, { timeoutSeconds: 1800 }, []],
    ["version 2 says the unit", { timeout: 90, timeoutUnit: "MINUTES" }, { timeoutSeconds: 5400 }, []],
    ["seconds by unit", { timeout: 3600, timeoutUnit: "SECONDS" }, { timeoutSeconds: 3600 }, []],
    [
      "many hours are doubted",
      { timeout: 3600 },
      { timeoutSeconds: 12960000 },
      [/^warning spec\.nodes\[0\]\.timeout is read as hours/],
    ],
    ["a timeout that is no number", { timeout: "soon" }, {}, [/^warning spec\.nodes\[0\]\.timeout is left out/]],
    ["a negative timeout", { timeout: -1 }, {}, [/timeout is left out/]],
    ["rerunInterval counts in milliseconds", { rerunInterval: 180000 }, { rerunIntervalSeconds: 180 }, []],
    [
      "part of a second is rounded up and told",
      { rerunInterval: 1500 },
      { rerunIntervalSeconds: 2 },
      [/rerunInterval is 1500 milliseconds, no whole number/],
    ],
    [
      "more than half an hour is cut and told",
      { rerunInterval: 3600000 },
      { rerunIntervalSeconds: 1800 },
      [/rerunInterval is 3600000 milliseconds; a task waits at most 1800/],
    ],
    ["Allowed", { rerunMode: "Allowed" }, { rerunMode: "AllAllowed" }, []],
    ["ALL_ALLOWED", { rerunMode: "ALL_ALLOWED" }, { rerunMode: "AllAllowed" }, []],
    ["AllDenied", { rerunMode: "AllDenied" }, { rerunMode: "AllDenied" }, []],
    ["Denied", { rerunMode: "Denied" }, { rerunMode: "AllDenied" }, []],
    ["FAILURE_ALLOWED", { rerunMode: "FAILURE_ALLOWED" }, { rerunMode: "FailureAllowed" }, []],
    [
      "an unknown rerunMode",
      { rerunMode: "Sometimes" },
      {},
      [/^warning spec\.nodes\[0\]\.rerunMode is left out: "Sometimes" is none of/],
    ],
    ["rerunTimes as text", { rerunTimes: "3" }, { rerunTimes: 3 }, []],
    ["instanceMode", { instanceMode: "Immediately" }, { instanceMode: "Immediately" }, []],
    ["priority has no argument", { priority: 7 }, {}, [/^warning spec\.nodes\[0\]\.priority is left out/]],
    ["a false ignoreBranchConditionSkip is the default", { ignoreBranchConditionSkip: false }, {}, []],
    ["a true one is told", { ignoreBranchConditionSkip: true }, {}, [/ignoreBranchConditionSkip is left out/]],
    ["an owner keeps its digits", { owner: "064152" }, { owner: "064152" }, []],
    ["an owner as a number is text", { owner: 26730 }, { owner: "26730" }, []],
    ["an empty description is none", { description: "" }, {}, []],
    ["null members say nothing", { description: null, inputs: null, outputs: {}, functions: [], branch: null }, {}, []],
    ["tags", { tags: [{ key: "team", value: "ods" }] }, { tags: { team: "ods" } }, []],
    [
      "a data source",
      { datasource: { name: "mc", type: "odps", config: "{}" } },
      { dataSource: { name: "mc", type: "odps" } },
      [/datasource\.config is left out/],
    ],
    [
      "the node's own strategy",
      { strategy: { timeout: 1, failureStrategy: "Break" } },
      { timeoutSeconds: 3600 },
      [/strategy\.failureStrategy is left out/],
    ],
    [
      "an unknown member",
      { maxInternalConcurrency: 2 },
      {},
      [/^warning spec\.nodes\[0\]\.maxInternalConcurrency is left out/],
    ],
    [
      "resource files and functions",
      { fileResources: [{ name: "a.py" }], functions: ["f"] },
      {},
      [/fileResources is left out/, /functions is left out/],
    ],
  ];
  for (const [title, given, expected, findings] of cases) {
    it(title, () => {
      const { args, told } = readNode(given);
      assert.deepEqual(args, {
        name: "a",
        script: { command: "ODPS_SQL", language: "odps-sql", content: "select 1" },
        ...expected,
      });
      matchAll(told, findings);
    });
  }

  it("a number too large for JavaScript is an error, since its digits are gone", () => {
    const { told } = readNode({ owner: Number("8745734768222459575") });
    matchAll(told, [/^error spec\.nodes\[0\]\.owner is .* too large/]);
  });

  it("a 19-digit id without quotes keeps its digits in a file", () => {
    const { tasks } = readFlowSpec(
      '{"version":"1.1.0","kind":"Node","spec":{"nodes":[{"id":8745734768222459575,"name":"a","owner":064,"script":{"runtime":{"command":"VIRTUAL"}}}]}}'.replace(
        "064",
        "64",
      ),
    );
    assert.equal(tasks[0]?.nodeId, "8745734768222459575");
    assert.equal(tasks[0]?.arguments.owner, "64");
  });
});

describe("FlowSpec triggers", () => {
  const cases: [string, Json, Json | undefined, RegExp[]][] = [
    [
      "times lose the T, not their clock time",
      { cron: "00 00 02 * * ?", startTime: "2023-01-01T00:00:00", endTime: "2024-01-01" },
      { type: "Scheduler", cron: "00 00 02 * * ?", startTime: "2023-01-01 00:00:00", endTime: "2024-01-01 00:00:00" },
      [],
    ],
    [
      "a zone behind a time is dropped and told",
      { type: "Scheduler", startTime: "2023-01-01T08:00:00+08:00" },
      { type: "Scheduler", startTime: "2023-01-01 08:00:00" },
      [/startTime has the zone \+08:00/],
    ],
    [
      "a Date of another YAML reader",
      { type: "Scheduler", startTime: new Date("2023-01-01T00:00:00Z") },
      { type: "Scheduler", startTime: "2023-01-01 00:00:00" },
      [],
    ],
    [
      "a time that is none",
      { type: "Scheduler", startTime: "today" },
      { type: "Scheduler" },
      [/startTime is left out/],
    ],
    [
      "timezone and cycleType",
      { type: "Scheduler", cron: "0 0 2 * * ?", timezone: "Asia/Shanghai", cycleType: "NotDaily" },
      { type: "Scheduler", cron: "0 0 2 * * ?", timeZone: "Asia/Shanghai", cycleType: "NotDaily" },
      [],
    ],
    ["delaySeconds 0 says nothing", { type: "Scheduler", delaySeconds: 0 }, { type: "Scheduler" }, []],
    [
      "delaySeconds has no argument",
      { type: "Scheduler", delaySeconds: 300 },
      { type: "Scheduler" },
      [/^warning spec\.nodes\[0\]\.trigger\.delaySeconds is left out/],
    ],
    [
      "a calendar has no argument",
      { type: "Scheduler", calendarId: "7" },
      { type: "Scheduler" },
      [/calendarId is left out/],
    ],
    [
      "version 1.0's words",
      { type: "SchedulerTrigger", cron: "0 0 2 * * ?" },
      { type: "Scheduler", cron: "0 0 2 * * ?" },
      [],
    ],
    [
      "five fields are an error",
      { cron: "0 2 * * *" },
      { type: "Scheduler", cron: "0 2 * * *" },
      [/^error spec\.nodes\[0\]\.trigger\.cron must have six or seven fields/],
    ],
    ["by hand", { type: "Manual" }, { type: "Manual" }, []],
    [
      "by hand there is no schedule",
      { type: "Manual", cron: "0 0 2 * * ?" },
      { type: "Manual" },
      [/trigger is started by hand: its cron is left out/],
    ],
    ["no trigger at all", { type: "None" }, { type: "Manual" }, [/trigger\.type is "None"/]],
    [
      "recurrence on the trigger",
      { type: "Scheduler", recurrence: "PAUSE" },
      { type: "Scheduler", recurrence: "Pause" },
      [],
    ],
    [
      "an unknown recurrence",
      { type: "Scheduler", recurrence: "NoneAuto" },
      { type: "Scheduler" },
      [/recurrence is left out: "NoneAuto"/],
    ],
  ];
  for (const [title, trigger, expected, findings] of cases) {
    it(title, () => {
      const { args, told } = readNode({ trigger });
      assert.deepEqual(args?.trigger, expected);
      matchAll(told, findings);
    });
  }

  for (const [name, node, expected] of [
    [
      "the node's own",
      { recurrence: "Skip", strategy: { recurrenceType: "Normal" }, trigger: { recurrence: "Pause" } },
      "Skip",
    ],
    ["that of the node's strategy", { strategy: { recurrenceType: "Skip" }, trigger: { recurrence: "Pause" } }, "Skip"],
    ["that of the node's trigger", { trigger: { recurrence: "Pause" } }, "Pause"],
    ["that of the workflow's strategy", {}, "Normal"],
  ] as const)
    it(`takes the nearest recurrence first: ${name}`, () => {
      const spec = {
        workflow: {
          name: "w",
          strategy: { recurrenceType: "Normal" },
          trigger: { cron: "0 0 2 * * ?", recurrence: "Skip" },
          nodes: [{ name: "a", script: { runtime: { command: "VIRTUAL" } }, ...node }],
        },
      };
      const { tasks } = readFlowSpec({ version: "2.0.0", kind: "CycleWorkflow", spec });
      assert.equal((tasks[0]?.arguments.trigger as { recurrence?: string }).recurrence, expected);
    });

  it("recurrence on the node wins over the trigger's", () => {
    assert.deepEqual(
      readNode({ recurrence: "Skip", trigger: { type: "Scheduler", recurrence: "Normal" } }).args?.trigger,
      { type: "Scheduler", recurrence: "Skip" },
    );
  });

  it("a streaming node is no task", () => {
    const { args, told } = readNode({ trigger: { type: "Streaming" } });
    assert.equal(args, undefined);
    assert.match(told.join("\n"), /^error spec\.nodes\[0\]\.trigger has a trigger whose type is "Streaming"/m);
  });

  for (const kind of ["ManualWorkflow", "ManualNode"]) {
    it(`the nodes of a ${kind} are started by hand`, () => {
      assert.deepEqual(readNode({ recurrence: "Normal" }, {}, { kind }).args?.trigger, { type: "Manual" });
    });
  }

  it("the trigger of a workflow, its strategy and its owner stand in for what a node leaves open", () => {
    const { tasks } = read({
      workflows: [
        {
          name: "flow",
          owner: 7,
          trigger: { type: "Scheduler", cron: "0 0 2 * * ?", timezone: "Asia/Shanghai" },
          strategy: { timeout: 2, rerunMode: "Denied", instanceMode: "T+1", recurrenceType: "Normal" },
          nodes: [node("a"), node("b", { owner: 8, timeout: 1, trigger: { cron: "0 0 3 * * ?" }, recurrence: "Skip" })],
        },
      ],
    });
    assert.deepEqual(
      tasks.map(({ arguments: { owner, timeoutSeconds, rerunMode, instanceMode, trigger } }) => ({
        owner,
        timeoutSeconds,
        rerunMode,
        instanceMode,
        trigger,
      })),
      [
        {
          owner: "7",
          timeoutSeconds: 7200,
          rerunMode: "AllDenied",
          instanceMode: "T+1",
          trigger: { type: "Scheduler", cron: "0 0 2 * * ?", timeZone: "Asia/Shanghai", recurrence: "Normal" },
        },
        {
          owner: "8",
          timeoutSeconds: 3600,
          rerunMode: "AllDenied",
          instanceMode: "T+1",
          trigger: { type: "Scheduler", cron: "0 0 3 * * ?", timeZone: "Asia/Shanghai", recurrence: "Skip" },
        },
      ],
    );
  });
});

describe("FlowSpec scripts", () => {
  const cases: [string, Json, Json, RegExp[]][] = [
    ["content", { ...SQL }, { script: { command: "ODPS_SQL", language: "odps-sql", content: "select 1" } }, []],
    [
      "code is content",
      { runtime: { command: "ODPS_SQL" }, code: "select 2\n" },
      { script: { command: "ODPS_SQL", content: "select 2\n" } },
      [],
    ],
    [
      "both, differing",
      { runtime: { command: "ODPS_SQL" }, content: "x", code: "y" },
      { script: { command: "ODPS_SQL", content: "x" } },
      [/script\.code is left out/],
    ],
    [
      "code as an object",
      { runtime: { command: "DI" }, content: { steps: [1] } },
      { script: { command: "DI" } },
      [/^error .*content is left out: the code must be text/, /holds no code/],
    ],
    ["the node's name ends the path", { ...SQL, path: "/biz/ods/a" }, { script: SQL_ARGS(), path: "biz/ods" }, []],
    ["a path that is a folder", { ...SQL, path: "/biz/ods" }, { script: SQL_ARGS(), path: "biz/ods" }, []],
    ["a path that is only the name", { ...SQL, path: "a" }, { script: SQL_ARGS() }, []],
    ["a file called like the node", { ...SQL, path: "biz/a.sql" }, { script: SQL_ARGS(), path: "biz" }, []],
    [
      "a file called otherwise",
      { ...SQL, path: "biz/b.sql" },
      { script: SQL_ARGS(), path: "biz" },
      [/script\.path ends in b\.sql/],
    ],
    ["no code", { runtime: { command: "ODPS_SQL" } }, { script: { command: "ODPS_SQL" } }, [/script holds no code/]],
    ["a virtual node needs none", { runtime: { command: "VIRTUAL" } }, { script: { command: "VIRTUAL" } }, []],
    [
      "the command by its number",
      { runtime: { commandTypeId: 1221 }, content: "x" },
      { script: { command: "PYODPS3", content: "x" } },
      [],
    ],
    [
      "the command by the language",
      { language: "shell", content: "x" },
      { script: { command: "DIDE_SHELL", language: "shell", content: "x" } },
      [/names no runtime\.command: DIDE_SHELL is used/],
    ],
    [
      "sql of an engine",
      { language: "sql", content: "x", runtime: { engine: "Hologres" } },
      { script: { command: "HOLOGRES_SQL", language: "sql", content: "x" } },
      [/HOLOGRES_SQL is used/],
    ],
    [
      "compute units and image",
      { ...SQL, runtime: { command: "ODPS_SQL", cu: "0.25", container: { imageId: "img" } } },
      { script: SQL_ARGS(), runtimeResource: { cu: "0.25", image: "img" } },
      [],
    ],
    ["cu 0 is none", { runtime: { command: "VIRTUAL", cu: "0" } }, { script: { command: "VIRTUAL" } }, []],
    [
      "configuration of an engine",
      { ...SQL, runtime: { command: "ODPS_SQL", sparkConf: { x: 1 } } },
      { script: SQL_ARGS() },
      [/script\.runtime\.sparkConf is left out/],
    ],
  ];
  for (const [title, script, expected, findings] of cases) {
    it(title, () => {
      const { args, told } = readNode({ script });
      assert.deepEqual(args, { name: "a", ...expected });
      matchAll(told, findings);
    });
  }

  it("a node without a script becomes virtual", () => {
    const { args, told } = readNode({ script: null });
    assert.deepEqual(args, { name: "a", script: { command: "VIRTUAL" } });
    matchAll(told, [/^warning spec\.nodes\[0\] has no script/]);
  });

  it("a language that tells no command makes no task", () => {
    const { args, told } = readNode({ script: { language: "cobol", content: "x" } });
    assert.equal(args, undefined);
    assert.match(told[0] ?? "", /^error spec\.nodes\[0\]\.script names no runtime\.command, and its language "cobol"/);
  });
});

describe("FlowSpec parameters and variables", () => {
  const parameters: [string, unknown, string | undefined, RegExp[]][] = [
    [
      "names and values in one string",
      [
        { name: "bizdate", type: "System", value: "$bizdate" },
        { name: "n", type: "Constant", value: 5 },
      ],
      "bizdate=$bizdate n=5",
      [],
    ],
    ["a text is taken as it is", "bizdate=$bizdate", "bizdate=$bizdate", []],
    ["a map", { a: "1", b: "2" }, "a=1 b=2", []],
    [
      "a value with blanks",
      [
        { name: "t", type: "System", value: "$[yyyy-mm-dd hh24:mi]" },
        { name: "n", type: "Constant", value: "1" },
      ],
      "n=1",
      [/^error .*parameters\[0\] is left out: .* the value of t has some/],
    ],
    [
      "a name with blanks",
      [{ name: "a b", type: "Constant", value: "1" }],
      undefined,
      [/^error .*parameters\[0\] is left out: a parameter needs a name/],
    ],
    [
      "an expression without a name",
      [{ name: "-", type: "NoKvVariableExpression", value: '-p "$bizdate"' }],
      '-p "$bizdate"',
      [],
    ],
    [
      "the same name twice",
      [
        { name: "a", type: "Constant", value: "1" },
        { name: "a", type: "Constant", value: "2" },
      ],
      "a=1",
      [/parameters\[1\] is left out: the parameter a is given before/],
    ],
    [
      "a variable of the context",
      [{ name: "up", scope: "NodeContext", type: "NodeOutput", value: "${outputs}" }],
      undefined,
      [/parameters\[0\] is left out: it is a variable of the node's context/],
    ],
    [
      "a reference to nothing",
      ["{{variables.none}}"],
      undefined,
      [/^error .*parameters\[0\] refers to "\{\{variables\.none\}\}"/],
    ],
  ];
  for (const [title, given, expected, findings] of parameters) {
    it(title, () => {
      const { args, told } = readNode({ script: { ...SQL, parameters: given } });
      assert.equal(args?.script?.parameters, expected);
      matchAll(told, findings);
    });
  }

  it("variables are found by id, with and without the name of their list", () => {
    const variables = [
      { id: "x", name: "bizdate", type: "System", scope: "Workflow", value: "$bizdate" },
      { id: "y.z", name: "r", type: "Constant", value: "cn" },
    ];
    const { args, told } = readNode(
      { script: { ...SQL, parameters: ["{{variables.x}}", "{{ y.z }}"] } },
      { variables },
    );
    assert.equal(args?.script?.parameters, "bizdate=$bizdate r=cn");
    assert.deepEqual(told, []);
  });

  it("input and output variables and outputs are arguments", () => {
    const { args, told } = readNode(
      {
        inputs: {
          variables: [{ name: "i", scope: "NodeContext", type: "PassThrough", value: "p.up:outputs" }, { name: "j" }],
        },
        outputs: {
          variables: [{ name: "o", type: "NodeOutput", value: "${outputs}", node: { output: "a" } }],
          outputs: [{ data: "old" }],
          nodeOutputs: ["p.a", { data: "p.a" }, "{{artifacts.out}}"],
        },
      },
      { artifacts: { nodeOutputs: [{ id: "out", data: "p.out" }] } },
    );
    assert.deepEqual(args?.inputs, { variables: [{ name: "i", type: "PassThrough", value: "p.up:outputs" }] });
    assert.deepEqual(args?.outputs, {
      taskOutputs: ["p.a", "p.out", "old"],
      variables: [{ name: "o", type: "NodeOutput", value: "${outputs}" }],
    });
    matchAll(told, [/inputs\.variables\[1\] is left out: a variable needs a name and one of the types/]);
  });

  it("the ports of version 1.0 are one list", () => {
    const { args, told } = readNode(
      { inputs: ["{{artifact.t}}", "{{variable.v}}"], outputs: ["{{artifact.o}}"] },
      {
        artifacts: [
          { id: "t", type: "table", guid: "x" },
          { id: "o", type: "output", str: "p.o" },
        ],
        variables: [{ id: "v", name: "v", type: "Constant", scope: "Context", value: "1" }],
      },
    );
    assert.deepEqual(args?.inputs, { variables: [{ name: "v", type: "Constant", value: "1" }] });
    assert.deepEqual(args?.outputs, { taskOutputs: ["p.o"] });
    matchAll(told, [/inputs\[0\] is left out: which tables/]);
  });
});

describe("FlowSpec references", () => {
  const shared = {
    scripts: [{ id: 1, runtime: { command: "ODPS_SQL" }, content: "x" }],
    triggers: [{ id: "daily", type: "Scheduler", cron: "0 0 2 * * ?", delaySeconds: 5 }],
    runtimeResources: [{ id: "r", resourceGroup: "S_group", resourceGroupId: "2" }],
  };
  for (const [script, trigger, resource] of [
    ["{{scripts.1}}", "{{triggers.daily}}", "{{runtimeResources.r}}"],
    ["{{1}}", "{{daily}}", "{{r}}"],
    ["1", "daily", "r"],
    [1, "{{ trigger.daily }}", "{{resource.r}}"],
  ]) {
    it(`${JSON.stringify([script, trigger, resource])} are found`, () => {
      const { args, told } = readNode({ script, trigger, runtimeResource: resource }, shared);
      assert.deepEqual(args, {
        name: "a",
        script: { command: "ODPS_SQL", content: "x" },
        trigger: { type: "Scheduler", cron: "0 0 2 * * ?" },
        runtimeResource: { resourceGroupId: "S_group" },
      });
      matchAll(told, [/^warning spec\.triggers\[0\]\.delaySeconds is left out/]);
    });
  }

  it("what two nodes share is reported once, where it is defined", () => {
    const { findings } = read({
      ...shared,
      nodes: [node("a", { trigger: "daily", script: "1" }), node("b", { trigger: "daily", runtimeResource: "r" })],
    });
    matchAll(told(findings), [/^warning spec\.triggers\[0\]\.delaySeconds/]);
  });

  it("a reference to nothing is an error by path, and a bare resource group is its identifier", () => {
    const { args, told } = readNode({ trigger: "{{triggers.gone}}", runtimeResource: "S_other" });
    assert.deepEqual(args?.runtimeResource, { resourceGroupId: "S_other" });
    matchAll(told, [
      /^error spec\.nodes\[0\]\.trigger refers to "\{\{triggers\.gone\}\}", which the document does not define/,
    ]);
  });

  it("a node whose script is nowhere is no task", () => {
    const { args, told } = readNode({ script: "{{scripts.gone}}" });
    assert.equal(args, undefined);
    assert.match(told.join("\n"), /^error spec\.nodes\[0\]\.script refers to/m);
  });

  it("the same id twice is an error, and the first one counts", () => {
    const { args, told } = readNode(
      { script: "s" },
      {
        scripts: [
          { id: "s", content: "1", runtime: { command: "ODPS_SQL" } },
          { id: "s", content: "2" },
        ],
      },
    );
    assert.equal(args?.script?.content, "1");
    matchAll(told, [
      /^error spec\.scripts\[1\]\.id is the id of spec\.scripts\[0\] too/,
      /^warning spec\.scripts\[1\] is left out: no task uses it/,
    ]);
  });

  it("placeholders are replaced by the values given, and told otherwise", () => {
    const spec = {
      nodes: [
        node("a", {
          datasource: { name: "${spec.datasource.name}" },
          outputs: { nodeOutputs: [{ data: "${projectIdentifier}.a" }, { data: "${projectIdentifier}.more" }] },
        }),
      ],
    };
    const filled = readFlowSpec(document(spec), {
      placeholders: { projectIdentifier: "shop", "spec.datasource.name": "mc" },
    });
    assert.deepEqual(filled.tasks[0]?.arguments.dataSource, { name: "mc" });
    assert.deepEqual(filled.tasks[0]?.arguments.outputs, { taskOutputs: ["shop.a", "shop.more"] });
    const open = read(spec);
    assert.equal(open.tasks[0]?.arguments.outputs, undefined); // the service gives <identifier>.a by itself
    matchAll(told(open.findings), [
      /datasource\.name holds the placeholder/,
      /outputs names \$\{projectIdentifier\}\.more, which is left out/,
    ]);
  });
});

describe("FlowSpec edges", () => {
  it("are wired by key, upstream first, and otherwise in the document's order", () => {
    const workflow = read({
      nodes: [node("c"), node("b"), node("a"), node("d")],
      flow: [
        { nodeId: "{{c}}", depends: [{ nodeId: "{{nodes.a}}" }, { nodeId: "b", type: "Normal" }, { nodeId: "a" }] },
      ],
    });
    assert.deepEqual(
      workflow.tasks.map(({ key }) => key),
      ["a", "b", "c", "d"],
    );
    assert.deepEqual(edgesOf(workflow), { a: [], b: [], c: ["Normal a", "Normal b"], d: [] });
    assert.deepEqual(workflow.findings, []);
  });

  const outputs = (id: string) => ({ outputs: { nodeOutputs: [{ data: id }] } });
  const cases: [string, Json, Record<string, string[]>, RegExp[]][] = [
    [
      "an output of another node is an edge to it",
      { nodes: [node("a", outputs("p.a")), node("b")], flow: [{ nodeId: "b", depends: [{ output: "p.a" }] }] },
      { a: [], b: ["Normal a"] },
      [],
    ],
    [
      "the id of another node as output too",
      { nodes: [node("7", { name: "a" }), node("b")], flow: [{ nodeId: "b", depends: [{ output: "7" }] }] },
      { a: [], b: ["Normal a"] },
      [],
    ],
    [
      "an output that nobody here has is outside",
      { nodes: [node("a")], flow: [{ nodeId: "a", depends: [{ nodeId: "123", output: "p.x" }] }] },
      { a: ["Normal =p.x"] },
      [],
    ],
    [
      "a reference node is outside",
      {
        nodes: [{ id: "x", reference: { output: "p.x" } }, node("a"), node("b")],
        flow: [
          { nodeId: "a", depends: [{ nodeId: "x", type: "CrossCycleDependsOnOtherNode" }] },
          { nodeId: "b", depends: [{ output: "p.x" }] },
        ],
      },
      { a: ["CrossCycleDependsOnOtherNode =p.x"], b: ["Normal =p.x"] },
      [],
    ],
    [
      "own and children's cycles need no upstream",
      {
        nodes: [node("a")],
        flow: [
          {
            nodeId: "a",
            depends: [
              { type: "CrossCycleDependsOnSelf", output: "p.a" },
              { type: "CrossCycleDependsOnChildren" },
              { type: "CrossCycleDependsOnSelf" },
            ],
          },
        ],
      },
      { a: ["CrossCycleDependsOnSelf =", "CrossCycleDependsOnChildren ="] },
      [],
    ],
    [
      "inputs count where flow is silent",
      {
        nodes: [node("a", outputs("p.a")), node("b", { inputs: { nodeOutputs: [{ data: "p.a" }, { data: "p.x" }] } })],
      },
      { a: [], b: ["Normal a", "Normal =p.x"] },
      [],
    ],
    [
      "inputs that repeat flow say nothing, others are told",
      {
        nodes: [node("a", outputs("p.a")), node("b", { inputs: { nodeOutputs: [{ data: "p.a" }, { data: "p.x" }] } })],
        flow: [{ nodeId: "b", depends: [{ nodeId: "a" }] }],
      },
      { a: [], b: ["Normal a"] },
      [/inputs\.nodeOutputs\[1\] is left out: the node's dependencies are listed/],
    ],
    [
      "dependencies on the node itself",
      { nodes: [node("a"), node("b", { dependencies: [{ nodeId: "a", type: "Normal" }] })] },
      { a: [], b: ["Normal a"] },
      [],
    ],
    [
      "nodes are found by name where no id fits",
      {
        nodes: [node("1", { name: "a" }), node("2", { name: "b" })],
        dependencies: [{ nodeId: "b", depends: [{ nodeId: "a" }] }],
      },
      { a: [], b: ["Normal a"] },
      [],
    ],
    [
      "the output a node without one gets by default",
      { nodes: [node("a"), node("b")], flow: [{ nodeId: "b", depends: [{ output: "${projectIdentifier}.a" }] }] },
      { a: [], b: ["Normal a"] },
      [],
    ],
    [
      "the same with a workspace named, told",
      { nodes: [node("a"), node("b")], flow: [{ nodeId: "b", depends: [{ output: "shop.a" }] }] },
      { a: [], b: ["Normal a"] },
      [/depends\[0\] is taken as the output that the service gives to spec\.nodes\[0\]/],
    ],
    [
      "an output of the node's own name in another workspace, which is no guess at itself",
      {
        nodes: [node("load"), node("orders", { inputs: { nodeOutputs: [{ data: "ods.orders" }] } })],
        flow: [{ nodeId: "load", depends: [{ output: "ods.load" }] }],
      },
      { load: ["Normal =ods.load"], orders: ["Normal =ods.orders"] },
      [],
    ],
    [
      "a missing upstream",
      { nodes: [node("a")], flow: [{ nodeId: "a", depends: [{ nodeId: "gone" }] }] },
      { a: [] },
      [/^error spec\.flow\[0\]\.depends\[0\] depends on "gone", which is no node/],
    ],
    [
      "a missing downstream",
      { nodes: [node("a")], flow: [{ nodeId: "gone", depends: [{ nodeId: "a" }] }] },
      { a: [] },
      [/^error spec\.flow\[0\]\.nodeId names no node/],
    ],
    [
      "an unknown type",
      { nodes: [node("a"), node("b")], flow: [{ nodeId: "b", depends: [{ nodeId: "a", type: "Weekly" }] }] },
      { a: [], b: [] },
      [/^error spec\.flow\[0\]\.depends\[0\]\.type is none of/],
    ],
    [
      "an edge to itself",
      { nodes: [node("a")], flow: [{ nodeId: "a", depends: [{ nodeId: "a" }] }] },
      { a: [] },
      [/^error spec\.flow\[0\]\.depends\[0\] makes the node wait for itself/],
    ],
    [
      "a circle loses the edge that closes it",
      {
        nodes: [node("a"), node("b")],
        flow: [
          { nodeId: "a", depends: [{ nodeId: "b" }] },
          { nodeId: "b", depends: [{ nodeId: "a" }] },
        ],
      },
      { a: ["Normal b"], b: [] },
      [/^error spec\.flow\[1\]\.depends\[0\] closes a circle \(.*\): the edge is left out/],
    ],
    [
      "a circle over an earlier cycle loses that edge",
      {
        nodes: [node("a"), node("b")],
        flow: [
          { nodeId: "a", depends: [{ nodeId: "b", type: "CrossCycleDependsOnOtherNode" }] },
          { nodeId: "b", depends: [{ nodeId: "a" }] },
        ],
      },
      { a: [], b: ["Normal a"] },
      [/^error spec\.flow\[0\]\.depends\[0\] closes a circle with b/],
    ],
    [
      "an edge to a loop",
      {
        nodes: [node("a"), { id: "l", "for-each": { nodes: [], array: "x" } }],
        flow: [{ nodeId: "a", depends: [{ nodeId: "l" }] }],
      },
      { a: [] },
      [
        /^error spec\.nodes\[1\]\.for-each is a for-each loop/,
        /^error spec\.flow\[0\]\.depends\[0\] depends on spec\.nodes\[1\], which is not a task/,
      ],
    ],
    [
      "an edge to a whole workflow",
      { nodes: [node("a")], workflows: [{ id: "w", nodes: [] }], flow: [{ nodeId: "a", depends: [{ nodeId: "w" }] }] },
      { a: [] },
      [
        /is the workflow "w"/,
        /^error spec\.flow\[0\]\.depends\[0\] depends on spec\.workflows\[0\], which is not a task/,
      ],
    ],
    [
      "between workflows",
      {
        workflows: [
          { name: "v", nodes: [node("a", outputs("p.a"))] },
          { name: "w", nodes: [node("b")], dependencies: [{ nodeId: "b", depends: [{ output: "p.a" }] }] },
        ],
      },
      { a: [], b: ["Normal a"] },
      [/is the workflow "v"/, /is the workflow "w"/],
    ],
    [
      "a placeholder in an outside edge",
      { nodes: [node("a")], flow: [{ nodeId: "a", depends: [{ output: "${projectIdentifier}_root" }] }] },
      { a: [] },
      [/^error .* nothing replaces the placeholder/],
    ],
  ];
  it("an output of another workspace where the own one is known, and that of the own one without a word", () => {
    const inputs = { nodeOutputs: [{ data: "ods.load" }] };
    const spec = {
      nodes: [node("load", { inputs }), node("report", { inputs }), node("check")],
      flow: [{ nodeId: "check", depends: [{ output: "dwd.load" }, { output: "${projectIdentifier}.report" }] }],
    };
    const workflow = readFlowSpec(document(spec), { placeholders: { projectIdentifier: "dwd" } });
    assert.deepEqual(edgesOf(workflow), {
      load: ["Normal =ods.load"],
      report: ["Normal =ods.load"],
      check: ["Normal load", "Normal report"],
    });
    assert.deepEqual(told(workflow.findings), []);
  });

  for (const [title, spec, expected, findings] of cases) {
    it(title, () => {
      const workflow = read(spec);
      assert.deepEqual(edgesOf(workflow), expected);
      matchAll(told(workflow.findings), findings);
    });
  }

  for (const kind of [
    "do-while",
    "for-each",
    "branch",
    "join",
    "combined",
    "param-hub",
    "subflow",
    "doWhile",
    "component",
  ]) {
    it(`a node with ${kind} is no task, and is told by path`, () => {
      const { tasks, findings } = read({ nodes: [node("a"), { id: "x", [kind]: { nodes: [{ id: "in" }] } }] });
      assert.deepEqual(
        tasks.map(({ key }) => key),
        ["a"],
      );
      assert.deepEqual(
        findings.map(({ severity, path }) => [severity, path]),
        [["error", `spec.nodes[1].${kind}`]],
      );
    });
  }
});

describe("FlowSpec names", () => {
  it("are the node's, else its script's, else its id", () => {
    const { tasks } = read({
      nodes: [
        { ...node("1"), name: "n" },
        { id: "2", name: null, script: { ...SQL, name: "s" } },
        node("3"),
        { name: "only" },
      ],
    });
    assert.deepEqual(
      tasks.map(({ key, nodeId, arguments: { name } }) => [key, nodeId, name]),
      [
        ["n", "1", "n"],
        ["s", "2", "s"],
        ["3", "3", "3"],
        ["only", "only", "only"],
      ],
    );
  });

  it("that come twice get their id behind the key, and in one folder they are an error", () => {
    const { tasks, findings } = read({
      nodes: [
        node("1", { name: "n" }),
        node("2", { name: "n", script: { ...SQL, path: "f/n" }, outputs: { nodeOutputs: [{ data: "p.n2" }] } }),
        node("3", { name: "n", outputs: { nodeOutputs: [{ data: "p.n3" }] } }),
        node("x", { name: "n-2" }),
      ],
    });
    assert.deepEqual(
      tasks.map(({ key }) => key),
      ["n", "n-2-2", "n-3", "n-2"],
    );
    matchAll(told(findings), [/^error spec\.nodes\[2\]\.name is "n", the name of spec\.nodes\[0\] too/]);
  });

  it("that come twice without an output are an error in any folder: the service makes the outputs of the names", () => {
    const { findings } = read({
      nodes: [node("1", { name: "n" }), node("2", { name: "n", script: { ...SQL, path: "f/n" } })],
    });
    matchAll(told(findings), [/^error spec\.nodes\[1\]\.outputs names no output, .* makes for spec\.nodes\[0\]/]);
  });

  it("a second node of the same id is told, and edges go to the first", () => {
    const { findings } = read({ nodes: [node("1", { name: "a" }), node("1", { name: "b" })] });
    matchAll(told(findings), [/^error spec\.nodes\[1\]\.id is the id of spec\.nodes\[0\] too/]);
  });

  it("a node without any name is no task", () => {
    const { tasks, findings } = read({ nodes: [{ script: SQL }, "x"] });
    assert.deepEqual(tasks, []);
    matchAll(told(findings), [
      /^error spec\.nodes\[0\] has neither a name nor an id/,
      /^error spec\.nodes\[1\] is no node/,
      /^error spec holds no nodes/,
    ]);
  });

  it("an output that two nodes name is an error", () => {
    const outputs = { nodeOutputs: [{ data: "p.x" }] };
    matchAll(told(read({ nodes: [node("a", { outputs }), node("b", { outputs })] }).findings), [
      /^error spec\.nodes\[1\]\.outputs names the output p\.x, which spec\.nodes\[0\] has too/,
    ]);
  });
});

describe("FlowSpec documents", () => {
  for (const [kind, version] of [
    ["CycleWorkflow", "1.0.0"],
    ["Node", "2.0.0"],
    ["TemporaryWorkflow", "1.1.0"],
    ["Workflow", "1.2.0"],
    ["BatchDeployment", "1.1.0"],
  ] as const) {
    it(`of kind ${kind} and version ${version} are read`, () => {
      const { tasks, findings, ...rest } = read({ nodes: [node("a")] }, { kind, version });
      assert.deepEqual({ ...rest, count: tasks.length, findings }, { kind, version, count: 1, findings: [] });
    });
  }

  it("of an unknown kind are read with a warning", () => {
    matchAll(told(read({ nodes: [node("a")] }, { kind: "StarWorkflow" }).findings), [
      /^warning kind is "StarWorkflow", which is not known here/,
    ]);
  });

  it("of version 1.0 have their parts at the top", () => {
    const { tasks, findings } = readFlowSpec({
      version: "1.0.0",
      kind: "CycleWorkflow",
      nodes: [node("a"), node("b")],
      flow: [{ nodeId: "a", depends: [{ nodeId: "b" }] }],
    });
    assert.deepEqual(
      tasks.map(({ key, path }) => [key, path]),
      [
        ["b", "nodes[1]"],
        ["a", "nodes[0]"],
      ],
    );
    assert.deepEqual(findings, []);
  });

  it("without nodes make no task, and say so", () => {
    const { tasks, findings } = read({ datasources: [{ id: "d", name: "d" }] }, { kind: "DataSource" });
    assert.deepEqual(tasks, []);
    matchAll(told(findings), [
      /^error spec holds no nodes/,
      /^warning spec\.datasources\[0\] is left out: no task uses it/,
    ]);
  });

  it("an owner of the document is told, other metadata says nothing", () => {
    matchAll(told(read({ nodes: [node("a")] }, { metadata: { owner: 1, tenantId: "2" } }).findings), [
      /^warning metadata\.owner is left out/,
    ]);
  });

  it("with members called like those of every object are read", () => {
    const { tasks } = readFlowSpec(
      '{"version":"1.1.0","kind":"Node","spec":{"nodes":[{"id":"constructor","script":{"runtime":{"command":"toString"},"content":"x"}},{"id":"__proto__","script":"hasOwnProperty"}]}}',
    );
    assert.deepEqual(
      tasks.map(({ key, arguments: { script } }) => [key, script?.command]),
      [["constructor", "toString"]],
    );
  });

  it("with 20,000 nodes in one chain are read in seconds", function () {
    this.timeout(20_000);
    const nodes = Array.from({ length: 20_000 }, (_, index) =>
      node(`n${index}`, index === 0 ? {} : { dependencies: [{ nodeId: `n${index - 1}` }] }),
    ).reverse();
    const { tasks, findings } = read({ nodes });
    assert.deepEqual([tasks.length, tasks[0]?.key, tasks.at(-1)?.key, findings.length], [20_000, "n0", "n19999", 0]);
  });
});

function SQL_ARGS(): Json {
  return { command: "ODPS_SQL", language: "odps-sql", content: "select 1" };
}

function matchAll(texts: readonly string[], patterns: readonly RegExp[]): void {
  assert.equal(texts.length, patterns.length, texts.join("\n") || "no findings");
  for (const pattern of patterns)
    assert.ok(
      texts.some((text) => pattern.test(text)),
      `${String(pattern)} in\n${texts.join("\n")}`,
    );
}
