import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { DataWorksDISyncTask, DataWorksTask, DataWorksWorkflow, WeDataTask, getDataWorksTask } from "../../sdk/index";
import type { DataWorksTaskArgs, DataWorksWorkflowArgs } from "../../sdk/index";
import { atProgramEnd } from "../../sdk/program-end";
import { apart, mocks, runProgram } from "./program";

const task = (changes: Partial<DataWorksTaskArgs> = {}): DataWorksTaskArgs => ({
  projectId: "10001",
  name: "orders",
  script: { command: "VIRTUAL" },
  ...changes,
});
const waitsFor = (upstreamOutput: string, more: object = {}) =>
  task({ dependencies: [{ type: "Normal", upstreamOutput }], ...more });
const has = (output: string, more: object = {}) => task({ outputs: { taskOutputs: [output] }, ...more });

describe("a program with tasks that wait for each other", () => {
  it("stops at the line that closes a circle", async () => {
    let last = "";
    const { failure, inputs } = await runProgram(() => {
      new DataWorksTask("a", { ...has("shop.a"), ...waitsFor("shop.b"), outputs: { taskOutputs: ["shop.a"] } });
      last = "b";
      new DataWorksTask("b", { ...waitsFor("shop.a"), outputs: { taskOutputs: ["shop.b"] } });
      last = "after";
    });
    assert.equal(last, "b");
    assert.ok(pulumi.RunError.isInstance(failure));
    assert.match(
      failure?.message ?? "",
      /^DataWorksTask "b": dependencies\[0\]\.upstreamOutput "shop\.a" closes a circle: DataWorksTask "b" → DataWorksTask "a" → DataWorksTask "b", .* \[cycle\]$/,
    );
    assert.equal(inputs["b"], undefined);
  });

  it("stops at a second task with the same output", async () => {
    const { failure } = await runProgram(() => {
      new DataWorksDISyncTask("a", {
        projectId: "10001",
        name: "a",
        taskContent: {},
        schedule: { outputs: ["shop.a"] },
      });
      new DataWorksTask("b", has("shop.a"));
    });
    assert.match(
      failure?.message ?? "",
      /^DataWorksTask "b": outputs\.taskOutputs\[0\] "shop\.a" .* DataWorksDISyncTask "a" .* \[duplicate-output\]$/,
    );
  });

  it("stops at a task in production that waits for one in development", async () => {
    const { failure } = await runProgram(() => {
      const dev = new DataWorksTask("dev", { projectId: "10001", adopt: "77", envType: "Dev" });
      new DataWorksTask("prod", task({ dependsOnTasks: [dev] }));
    });
    assert.match(
      failure?.message ?? "",
      /^DataWorksTask "prod": dependsOnTasks\[0\] .* DataWorksTask "dev" .* \[prod-on-dev\]$/,
    );
  });

  it("tells tasks of different regions apart, whichever way the region is said", async () => {
    const config = { "dataworks:region": "cn-shanghai", "dataworks:connections": '{"bj":{"region":"cn-beijing"}}' };
    const other = (connection: object) => () => [
      new DataWorksTask("a", has("shop.a")),
      new DataWorksTask("b", has("shop.a", { connection })),
    ];
    const outcome = async (connection: object) => (await runProgram(other(connection), config)).failure?.message ?? "";
    assert.match(await outcome({ region: "cn-shanghai" }), /duplicate-output/);
    assert.match(await outcome({ profile: "other" }), /duplicate-output/);
    assert.equal(await outcome({ region: "cn-beijing" }), "");
    assert.equal(await outcome({ name: "bj" }), "");
    assert.equal(await outcome({ region: pulumi.output("cn-shanghai") }), "");
  });

  it("takes a rule that is still to be computed as not there", async () => {
    const { warnings } = await runProgram(() => {
      new DataWorksTask("a", waitsFor("shop.nobody", { rules: { "unproduced-output": pulumi.output("off") } }));
    });
    assert.equal(warnings.length, 1);
  });

  it("lets cross-cycle dependencies go round, in all three kinds", async () => {
    const { failure, errors } = await runProgram(() => {
      new DataWorksTask("a", {
        ...has("shop.a"),
        dependencies: [{ type: "CrossCycleDependsOnOtherNode", upstreamOutput: "shop.b" }],
      });
      new DataWorksTask("b", { ...waitsFor("shop.a"), outputs: { taskOutputs: ["shop.b"] } });
      const edge = { dependConfType: "DAY", subordinateCyclicType: "PREVIOUS_DAY", parentTask: "1" } as const;
      new WeDataTask("c", { projectId: "1", adopt: "1", dependencies: [edge] });
    });
    assert.equal(failure, undefined);
    assert.deepEqual(errors, []);
  });

  it("stops at a task of WeData that waits for itself through another", async () => {
    const { failure } = await runProgram(() => {
      const edge = { dependConfType: "DAY", subordinateCyclicType: "CURRENT_DAY", parentTask: "1" } as const;
      const b = new WeDataTask("b", { projectId: "1", adopt: "2", dependencies: [edge] });
      new WeDataTask("a", { projectId: "1", adopt: "1", dependsOnTasks: [b] });
    });
    assert.match(failure?.message ?? "", /^WeDataTask "a": dependsOnTasks\[0\] closes a circle: .* \[cycle\]$/);
  });

  it("warns about outputs that nobody has when the program has ended, and of nothing else", async () => {
    const { failure, warnings } = await runProgram(() => {
      new DataWorksTask("a", waitsFor("shop.nobody"));
      new DataWorksTask("b", waitsFor("shop.c"));
      new DataWorksTask("c", has("shop.c", { name: "c" }));
      new DataWorksTask("d", waitsFor("shop.c", { name: "d" }));
    });
    assert.equal(failure, undefined);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] ?? "", /^dependencies\[0\]\.upstreamOutput "shop\.nobody" .* \[unproduced-output\]$/);
  });

  it("knows the outputs of tasks that an apply has made", async () => {
    const { warnings } = await runProgram(() => {
      const a = new DataWorksTask("a", waitsFor("shop.b"));
      a.id.apply(() => new DataWorksTask("b", has("shop.b")));
    });
    assert.deepEqual(warnings, []);
  });

  it("says nothing about outputs when the program failed", async () => {
    const { warnings, failure } = await runProgram(() => {
      new DataWorksTask("a", waitsFor("shop.nobody"));
      throw new Error("own mistake");
    });
    assert.equal(failure?.message, "own mistake");
    assert.deepEqual(warnings, []);
  });

  it("turns a caution off, down or up by the task's rules, and for all by the stack's", async () => {
    const program = () => {
      new DataWorksTask("a", waitsFor("shop.nobody"));
      new DataWorksTask("b", waitsFor("shop.nobody", { rules: { "unproduced-output": "error" } }));
    };
    const { warnings, errors } = await runProgram(program, { "dataworks:rules": '{"unproduced-output":"off"}' });
    assert.deepEqual(warnings, []);
    assert.match(errors.join("\n"), /^dependencies\[0\]\.upstreamOutput "shop\.nobody" .* \[unproduced-output\]$/);
  });

  for (const [rules, sentence] of [
    ["off", /^dataworks:rules must be an object .*, got "off"; set one with `pulumi config set --path/],
    ["[1]", /^dataworks:rules must be an object/],
    [
      '{"unproduced-outputs":"off"}',
      /^dataworks:rules\.unproduced-outputs is no code of a rule; did you mean unproduced-output\?/,
    ],
    ['{"unproduced-output":"of"}', /^dataworks:rules\.unproduced-output must be one of off, warning, error, got "of"/],
    ['{"cycle":"off"}', /^dataworks:rules\.cycle is an error that .* can't be turned off/],
  ] as const) {
    it(`refuses dataworks:rules ${rules}`, async () => {
      const { failure } = await runProgram(() => new DataWorksTask("a", task()), { "dataworks:rules": rules });
      assert.match(failure?.message ?? "", sentence);
    });
  }

  it("keeps programs apart that run one after the other, and at the same time", async () => {
    const program = () => new DataWorksTask("a", has("shop.a"));
    assert.equal((await runProgram(program)).failure, undefined);
    assert.equal((await runProgram(program)).failure, undefined);
    const failures = await Promise.all(
      [1, 2].map(() =>
        apart(async () => {
          await pulumi.runtime.setMocks(mocks);
          return pulumi.runtime
            .runInPulumiStack(async () => {
              await new Promise((resolve) => setImmediate(resolve));
              program();
              await new Promise((resolve) => setImmediate(resolve));
              program();
            })
            .then(() => "", String);
        }),
      ),
    );
    for (const failure of failures) assert.match(failure, /duplicate-output/);
  });

  it("does not remember a task whose options were refused", async () => {
    const { failure, inputs } = await runProgram(() => {
      assert.throws(() => new DataWorksTask("a", has("shop.a"), { id: "5" }), pulumi.RunError);
      new DataWorksTask("b", has("shop.a"));
    });
    assert.equal(failure, undefined);
    assert.ok(inputs["b"]);
  });

  it("takes null as not given, for the graph too", async () => {
    const nulls = { adopt: null, envType: null, connection: null, rules: null } as never as object;
    const { failure } = await runProgram(() => {
      new DataWorksTask("a", has("shop.a", nulls));
      new DataWorksTask("b", has("shop.a", nulls));
    });
    assert.match(failure?.message ?? "", /\[duplicate-output\]$/);
    const { inputs } = await runProgram(
      () => {
        const a = new DataWorksTask("a", has("shop.a", nulls));
        new DataWorksTask("b", task({ ...nulls, dependsOnTasks: [a], trigger: { cron: "00 00 02 * * ?" } }));
        new DataWorksTask("c", task({ ...nulls, trigger: null as never }));
      },
      { "dataworks:timeZone": "UTC" },
    );
    assert.deepEqual(inputs["b"]?.["dependencies"], [{ type: "Normal", upstreamOutput: "shop.a" }]);
    assert.equal((inputs["b"]["trigger"] as { timeZone?: string }).timeZone, "UTC");
  });

  it("does not check tasks outside of a run, as in unit tests with mocks", async () => {
    await apart(async () => {
      await pulumi.runtime.setMocks(mocks);
      new DataWorksTask("a", has("shop.a"));
      new DataWorksTask("b", has("shop.a"));
    });
  });
});

describe("a workflow of a document", () => {
  const command = { runtime: { command: "VIRTUAL" } };
  const document = {
    version: "1.1.0",
    kind: "CycleWorkflow",
    spec: {
      nodes: [
        { id: "1", name: "a", script: command, outputs: { nodeOutputs: [{ data: "shop.a" }] } },
        { id: "2", name: "b", script: command, outputs: { nodeOutputs: [{ data: "shop.b" }] } },
      ],
      flow: [{ nodeId: "2", depends: [{ nodeId: "1", type: "Normal" }] }],
    },
  };

  it("takes upstreams from outside beside those of the document", async () => {
    const { failure, inputs } = await runProgram(() => {
      const orders = new DataWorksTask("orders", has("shop.orders"));
      DataWorksWorkflow.fromFlowSpec("w", document, { projectId: "10001", tasks: { b: { dependsOnTasks: [orders] } } });
    });
    assert.equal(failure, undefined);
    assert.deepEqual(
      (inputs["w-2"]?.["dependencies"] as { upstreamOutput: string }[]).map(({ upstreamOutput }) => upstreamOutput),
      ["shop.a", "shop.orders"],
    );
  });

  it("keeps the edges to a task that was given other outputs", async () => {
    const edge = async (outputs?: { taskOutputs: string[] } | null) => {
      const { failure, inputs } = await runProgram(() =>
        DataWorksWorkflow.fromFlowSpec("w", withOutput, { projectId: "10001", tasks: { a: { outputs } } }),
      );
      assert.equal(failure, undefined);
      return inputs["w-2"]?.["dependencies"];
    };
    const withOutput = structuredClone(document);
    Object.assign(withOutput.spec.flow[0]?.depends[0] ?? {}, { output: "shop.a" });
    assert.deepEqual(await edge({ taskOutputs: ["dev.a"] }), [{ type: "Normal", upstreamOutput: "dev.a" }]);
    assert.deepEqual(await edge({ taskOutputs: ["dev.a", "shop.a"] }), [{ type: "Normal", upstreamOutput: "shop.a" }]);
    assert.deepEqual(await edge(null), [{ type: "Normal", upstream: "id-of-w-1" }]);
    assert.deepEqual(await edge(undefined), [{ type: "Normal", upstreamOutput: "shop.a" }]);
  });

  it("changes single tasks member by member, and null takes away what the document and the common arguments say", async () => {
    const paused = structuredClone(document);
    Object.assign(paused.spec.nodes[0] ?? {}, {
      trigger: {
        type: "Scheduler",
        cron: "00 00 01 * * ?",
        startTime: "2026-01-01",
        timezone: "UTC",
        recurrence: "Pause",
      },
      script: { runtime: { command: "ODPS_SQL", cu: "0.5" }, content: "select 1;", language: "sql" },
      tags: [{ key: "team", value: "shop" }],
    });
    type Changes = NonNullable<DataWorksWorkflowArgs["tasks"]>[string];
    const with_ = async (a: Changes, more: Partial<DataWorksWorkflowArgs> = {}) => {
      const { failure, inputs } = await runProgram(() =>
        DataWorksWorkflow.fromFlowSpec("w", paused, { projectId: "10001", path: "common", ...more, tasks: { a } }),
      );
      assert.equal(failure, undefined);
      return inputs["w-1"] ?? {};
    };
    const trigger = { type: "Scheduler", cron: "0 0 1 * * ?", startTime: "2026-01-01 00:00:00", timeZone: "UTC" };
    assert.deepEqual((await with_({ trigger: { cron: "00 00 06 * * ?" } }))["trigger"], {
      ...trigger,
      cron: "0 0 6 * * ?",
      recurrence: "Pause",
    });
    assert.deepEqual((await with_({ trigger: undefined }))["trigger"], { ...trigger, recurrence: "Pause" });
    assert.deepEqual((await with_({ trigger: { recurrence: null } }))["trigger"], trigger);
    assert.equal((await with_({ trigger: null }))["trigger"], undefined);
    assert.deepEqual((await with_({}, { runtimeResource: { resourceGroupId: "group" } }))["runtimeResource"], {
      resourceGroupId: "group",
      cu: "0.5",
    });
    const later = { runtimeResource: pulumi.output({ resourceGroupId: "group", image: "small" }) };
    assert.deepEqual((await with_({ runtimeResource: { cu: "1", image: null } }, later))["runtimeResource"], {
      resourceGroupId: "group",
      cu: "1",
    });
    assert.deepEqual((await with_({ tags: { team: null, level: "1" } }))["tags"], { level: "1" });
    const script = { command: null, language: null };
    const adopted = await with_({ adopt: "1020000042", name: null, path: null, script, trigger: { timeZone: null } });
    assert.deepEqual(
      [adopted["adopt"], adopted["name"], adopted["path"], adopted["script"]],
      ["1020000042", undefined, undefined, { content: "select 1;" }],
    );
    // In canonical form: nothing is refused together with adopt.
    assert.equal((adopted["trigger"] as { cron?: string }).cron, "0 0 1 * * ?");
  });

  it("has names that are known while the program runs, with a prefix too", async () => {
    const named = structuredClone(document);
    named.spec.nodes.forEach((node) => Object.assign(node, { outputs: {} }));
    const { warnings } = await runProgram(() => {
      DataWorksWorkflow.fromFlowSpec("w", named, { projectId: "10001", namePrefix: "dev_" });
      new DataWorksTask("report", waitsFor("shop.dev_b"));
    });
    assert.deepEqual(warnings, []);
  });

  it("gives every task the options of the engine about changes", async () => {
    const opts = { ignoreChanges: ["trigger.cron"], replaceOnChanges: ["owner"] };
    const { inputs, warnings } = await runProgram(() => {
      DataWorksWorkflow.fromFlowSpec("w", document, { projectId: "10001" }, opts);
      DataWorksWorkflow.fromFlowSpec("s", document, { projectId: "10002", as: "set" }, opts);
    });
    assert.deepEqual(warnings, []);
    for (const name of ["w-1", "w-2"]) assert.deepEqual(inputs[name]?.["engineOptions"], opts);
    assert.deepEqual(inputs["s"]?.["engineOptions"], {
      ignoreChanges: ["tasks.*.trigger.cron"],
      replaceOnChanges: ["tasks.*.owner"],
    });
    const misspelt = await runProgram(() =>
      DataWorksWorkflow.fromFlowSpec("w", document, { projectId: "10001" }, { ignoreChanges: ["corn"] }),
    );
    assert.match(misspelt.warnings[0] ?? "", /^ignoreChanges names corn, which is no property of this resource/);
  });

  it("refuses upstreams from outside that are no list", async () => {
    const { failure } = await runProgram(() =>
      DataWorksWorkflow.fromFlowSpec("w", document, {
        projectId: "10001",
        tasks: { b: { dependsOnTasks: "orders" as never } },
      }),
    );
    assert.match(failure?.message ?? "", /^DataWorksTask "w-2": dependsOnTasks must be a list of tasks/);
  });

  it("can be made twice, in two workspaces of one program, with the same outputs", async () => {
    const { failure, warnings } = await runProgram(() => {
      for (const projectId of ["10001", "10002"])
        DataWorksWorkflow.fromFlowSpec(`w${projectId}`, document, { projectId });
    });
    assert.equal(failure, undefined);
    assert.deepEqual(warnings, []);
  });
});

describe("the end of a program", () => {
  it("comes after what an apply has made, and tells a failed program from one that has not", async () => {
    const seen: string[] = [];
    const { failure } = await runProgram(() => {
      atProgramEnd(({ failed }) => void seen.push(`end, failed: ${failed}`));
      const a = new DataWorksTask("a", task());
      a.id.apply(() => new DataWorksTask("b", task()).id.apply(() => seen.push("b is there")));
    });
    assert.equal(failure, undefined);
    assert.deepEqual(seen, ["b is there", "end, failed: false"]);
    await runProgram(() => {
      atProgramEnd(({ failed }) => void seen.push(`end, failed: ${failed}`));
      throw new Error("own mistake");
    });
    assert.equal(seen.at(-1), "end, failed: true");
  });

  it("calls everybody back, and shows the failure of one without failing the program", async () => {
    const seen: string[] = [];
    const { failure, warnings } = await runProgram(() => {
      atProgramEnd(() => Promise.reject(new Error("no summary")));
      atProgramEnd(async () => {
        await new Promise((resolve) => setTimeout(resolve, 5));
        seen.push("second");
      });
    });
    assert.equal(failure, undefined);
    assert.deepEqual(seen, ["second"]);
    assert.match(warnings[0] ?? "", /no summary/);
  });
});

describe("bad use of the classes", () => {
  const orders = () => new DataWorksTask("orders", task());
  const cases: [name: string, use: () => unknown, sentence: RegExp][] = [
    [
      "no arguments",
      () => new (DataWorksTask as never as new (name: string) => unknown)("x"),
      /^DataWorksTask "x": its arguments must be an object, got undefined; write new DataWorksTask\("x", \{ projectId/,
    ],
    [
      "no name",
      () => new (WeDataTask as never as new () => unknown)(),
      /^new WeDataTask\(…\) needs a name as its first argument, got undefined/,
    ],
    [
      "an output as arguments",
      () => new DataWorksDISyncTask("x", pulumi.output({}) as never),
      /^DataWorksDISyncTask "x": its arguments must .*, got an Output/,
    ],
    [
      "an upstream that is undefined",
      () => new DataWorksTask("x", task({ dependsOnTasks: [orders(), undefined as never] })),
      /^DataWorksTask "x": dependsOnTasks\[1\] must be a DataWorksTask, .*, got undefined; is it declared further down, or misspelt\?/,
    ],
    [
      "an upstream that is null inside",
      () => new DataWorksTask("x", task({ dependsOnTasks: [{ task: null as never }] })),
      /dependsOnTasks\[0\]\.task must be .*, got null/,
    ],
    [
      "an upstream that is a text",
      () => new DataWorksTask("x", task({ dependsOnTasks: ["orders" as never] })),
      /dependsOnTasks\[0\] must be .*, got a string/,
    ],
    [
      "an upstream that is a promise",
      () => new DataWorksTask("x", task({ dependsOnTasks: [Promise.resolve() as never] })),
      /dependsOnTasks\[0\] must be .*, got a promise; write await before the look-up/,
    ],
    [
      "an upstream of the other cloud",
      () => new WeDataTask("x", { projectId: "1", dependsOnTasks: [orders() as never] }),
      /^WeDataTask "x": dependsOnTasks\[0\] must be a WeDataTask, .*, got a resource of type pulumi-nodejs:dynamic\/dataworks:Task/,
    ],
    [
      "upstreams that are no list",
      () => new DataWorksTask("x", task({ dependsOnTasks: orders() as never })),
      /^DataWorksTask "x": dependsOnTasks must be a list of tasks: dependsOnTasks: \[orders\], got a resource/,
    ],
    [
      "a misspelt member beside an upstream",
      () => new DataWorksTask("x", task({ dependsOnTasks: [{ task: orders(), typ: "Normal" } as never] })),
      /^DataWorksTask "x": dependsOnTasks\[0\]\.typ is not known; .*; did you mean type\?/,
    ],
    [
      "an output that the upstream does not have",
      () =>
        new DataWorksTask(
          "x",
          task({ dependsOnTasks: [{ task: new DataWorksTask("y", has("shop.y")), output: "shop.x" }] }),
        ),
      /^DataWorksTask "x": dependsOnTasks\[0\]\.output "shop\.x" is no output of that task; did you mean shop\.y\?/,
    ],
    [
      "an output for another cycle",
      () =>
        new DataWorksTask(
          "x",
          task({ dependsOnTasks: [{ task: orders(), type: "CrossCycleDependsOnOtherNode", output: "a" }] }),
        ),
      /output "a" has an effect only with type "Normal"/,
    ],
    [
      "a path of an option that names nothing",
      () => new DataWorksTask("x", task(), { ignoreChanges: ["trigger.cron", ""] }),
      /^DataWorksTask "x": ignoreChanges\[1\] names no property; name one/,
    ],
    [
      "an output for a look-up that wants values",
      () => getDataWorksTask({ projectId: "10001", id: orders().taskId as never }),
      /^getDataWorksTask: id is still to be computed; use getDataWorksTaskOutput instead$/,
    ],
    [
      "an output in place of what a look-up is asked",
      () => getDataWorksTask(pulumi.output({ projectId: "10001", id: "1" }) as never),
      /^getDataWorksTask: what it is asked is still to be computed; use getDataWorksTaskOutput instead$/,
    ],
    [
      "a workflow without arguments",
      () => DataWorksWorkflow.fromFlowSpec("w", {}, undefined as never),
      /^DataWorksWorkflow "w": its arguments .* write DataWorksWorkflow\.fromFlowSpec\("w", document, \{/,
    ],
  ];
  for (const [name, use, sentence] of cases) {
    it(`is told in a sentence: ${name}`, async () => {
      const { failure } = await runProgram(use);
      assert.ok(pulumi.RunError.isInstance(failure), String(failure?.stack));
      assert.match(failure?.message ?? "", sentence);
    });
  }

  it("waits for the output that was named, of an upstream that says none", async () => {
    const { inputs } = await runProgram(
      () => new DataWorksTask("x", task({ dependsOnTasks: [{ task: orders(), output: "shop.orders" }] })),
    );
    assert.deepEqual(inputs["x"]?.["dependencies"], [{ type: "Normal", upstreamOutput: "shop.orders" }]);
  });

  it("shows every argument as an output, also one that was not given", async () => {
    const seen: unknown[] = [];
    await runProgram(async () => {
      const shown = (values: pulumi.Output<unknown>[]) =>
        new Promise((resolve) => pulumi.all(values).apply((known) => resolve(seen.push(...known))));
      const made = new DataWorksTask("x", task({ rerunTimes: 2 }));
      await shown([made.rerunTimes, made.owner, made.timeouts]);
      const other = new WeDataTask("y", { projectId: "1", adopt: "5", tryLimit: 3 });
      await shown([other.tryLimit, other.yarnQueue]);
    });
    assert.deepEqual(seen, [2, undefined, undefined, 3, undefined]);
  });
});

describe("the stack's configuration", () => {
  const warned = async (config: Record<string, string>, project?: string) =>
    (
      await runProgram(() => [new DataWorksTask("a", task()), new DataWorksTask("b", task())], config, {
        ...(project && { project }),
      })
    ).warnings;

  it("is warned about where a setting is misspelt, once in a run, and never shows a value", async () => {
    assert.deepEqual(await warned({ "dataworks:regoin": "hidden", "wedata:endpoint": "x", "other:thing": "1" }), [
      "the setting dataworks:regoin is not known and has no effect; did you mean dataworks:region? [unknown-setting]",
    ]);
    assert.deepEqual(await warned({ "wedata:timeZone": "UTC+8" }), [
      "the setting wedata:timeZone is not known and has no effect; write scheduleTimeZone at the tasks instead, which only the mainland site has [unknown-setting]",
    ]);
  });

  it("is refused with a misspelt setting, or not warned about, as the stack's rules say", async () => {
    const config = { "dataworks:regoin": "x" };
    assert.deepEqual(await warned({ ...config, "dataworks:rules": '{"unknown-setting":"off"}' }), []);
    const strict = { ...config, "dataworks:rules": '{"unknown-setting":"error"}' };
    const { failure } = await runProgram(() => new DataWorksTask("a", task()), strict);
    assert.match(failure?.message ?? "", /^the setting dataworks:regoin is not known/);
  });

  it("is warned about where a member of a named connection is misspelt", async () => {
    const connections = JSON.stringify({ eu: { regio: "hidden", endpoint: "x" } });
    assert.deepEqual(await warned({ "dataworks:connections": connections }), [
      "the setting dataworks:connections.eu.regio is not known and has no effect; did you mean region? [unknown-setting]",
    ]);
  });

  it("is no matter where every setting is known, or belongs to a project of the same name", async () => {
    assert.deepEqual(
      await warned({
        "dataworks:region": "cn-shanghai",
        "dataworks:rules": "{}",
        "dataworks:timeZone": "Asia/Shanghai",
        "dataworks:comment": "x",
        "dataworks:connections": "{}",
        "wedata:site": "cn",
      }),
      [],
    );
    assert.deepEqual(await warned({ "dataworks:warehouse": "x" }, "dataworks"), []);
    assert.equal((await warned({ "dataworks:regoin": "x" }, "dataworks")).length, 1);
  });

  it("gives its time zone to schedules with times that name none, and the argument wins", async () => {
    const { inputs } = await runProgram(
      () => {
        new DataWorksTask("cron", task({ trigger: { cron: "00 00 02 * * ?" } }));
        new DataWorksTask("own", task({ trigger: { cron: "00 00 02 * * ?", timeZone: "UTC" } }));
        new DataWorksTask("later", task({ trigger: pulumi.output({ cron: "00 00 02 * * ?" }) }));
        new DataWorksTask("none", task({ trigger: { type: "Manual" } }));
        new DataWorksTask("adopted", { projectId: "1", adopt: "5", trigger: { cron: "00 00 02 * * ?" } });
        const di = { projectId: "1", name: "a", taskContent: {} };
        new DataWorksDISyncTask("di", { ...di, schedule: { startTime: "2026-01-01 00:00:00" } });
        new DataWorksDISyncTask("di-none", { ...di, schedule: { cron: "00 00 02 * * ?" } });
      },
      { "dataworks:timeZone": "Europe/Berlin" },
    );
    const zone = (name: string, of = "trigger") => (inputs[name]?.[of] as { timeZone?: string } | undefined)?.timeZone;
    assert.deepEqual(
      ["cron", "own", "later", "none", "adopted"].map((name) => zone(name)),
      ["Europe/Berlin", "UTC", "Europe/Berlin", undefined, undefined],
    );
    assert.deepEqual([zone("di", "schedule"), zone("di-none", "schedule")], ["Europe/Berlin", undefined]);
  });

  it("refuses a time zone that does not exist", async () => {
    const { failure } = await runProgram(() => new DataWorksTask("a", task({ trigger: { cron: "00 00 02 * * ?" } })), {
      "dataworks:timeZone": "Asia/Shanghia",
    });
    assert.match(
      failure?.message ?? "",
      /^dataworks:timeZone must be the name of a time zone .*, got "Asia\/Shanghia"/,
    );
  });

  it("is refused with a key that is no secret in every run, not only the first", async () => {
    const config = { "dataworks:accessKeySecret": "hidden" };
    const program = () => new DataWorksTask("a", task());
    const secret = await runProgram(program, config, { secrets: ["dataworks:accessKeySecret"] });
    assert.equal(secret.failure, undefined);
    const { failure } = await runProgram(program, config);
    assert.match(failure?.message ?? "", /^dataworks:accessKeySecret is set as plain configuration/);
  });
});
