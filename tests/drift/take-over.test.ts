import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { takenOver } from "../../cli/drift/take-over";
import { ASSET_SIGNATURE, ASSET_VALUE } from "../../provider/core/fields";
import { root } from "../../scripts/setup.js";
import { readFlowSpec } from "../../sdk/flowspec/reader";
import { type Edited, project, seen, written } from "./stage";

const base = { projectId: "554000", name: "ods_orders", script: { command: "ODPS_SQL", content: "select 1;" } };
const cron = (text: string) => ({ trigger: { type: "Scheduler", cron: text } });
const shifted: Edited = {
  deployed: { ...base, ...cron("00 30 02 * * ?") },
  live: { ...base, ...cron("00 00 05 * * ?") },
};
const program = (args: string, around = "") =>
  `import { DataWorksTask } from "pulumi-data-tasks";\n${around}\nnew DataWorksTask("orders", ${args});\n`;

describe("an edit that is taken over", () => {
  let folder = "";
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const into = (text: string, edits: readonly Edited[] = [shifted], more: Record<string, string> = {}) => {
    folder = project({ "index.ts": text, ...more });
    const result = written(folder, edits);
    assert.ok(result);
    return { ...result, text: readFileSync(path.join(folder, "index.ts"), "utf8") };
  };
  /** What comes of one cron, and how the file is afterwards. */
  const moved = (args: string, around = "") => {
    const { edits, text } = into(program(args, around));
    assert.equal(edits[0]?.reason, undefined);
    return text;
  };

  it("changes the literal alone, wherever it stands, and keeps quotes, comments and order", () => {
    const is = '"0 0 5 * * ?"';
    const cases: [args: string, around: string, old: string, now: string][] = [
      ['{ trigger: { cron: "00 30 02 * * ?" /* night */, type: "Scheduler" } }', "", '"00 30 02 * * ?"', is],
      ["{ trigger: { cron: '00 30 02 * * ?' } }", "", "'00 30 02 * * ?'", "'0 0 5 * * ?'"],
      ["{ trigger: { cron: `0 30 2 * * ?` } }", "", "`0 30 2 * * ?`", "`0 0 5 * * ?`"],
      ['{ ...common, trigger: { cron: "00 30 02 * * ?" } }', "", '"00 30 02 * * ?"', is],
      ['{ "trigger": ({ "cron": "00 30 02 * * ?" } as const) }', "", '"00 30 02 * * ?"', is],
      ["{ trigger: { cron: NIGHT } }", 'const NIGHT = "00 30 02 * * ?";', '"00 30 02 * * ?"', is],
      ["{ trigger: { cron } }", 'const cron = "00 30 02 * * ?";', '"00 30 02 * * ?"', is],
      ["args", 'const args = { trigger: { cron: "00 30 02 * * ?" } } satisfies object;', '"00 30 02 * * ?"', is],
    ];
    for (const [args, around, old, now] of cases)
      assert.equal(moved(args, around), program(args, around).replace(old, now), args);
  });

  /** A program with several stacks. */
  const complete = (args: string, stacks: string, own = "") =>
    program(
      `environment.DataWorksTask(${args}${own})`,
      `import { forEnvironment } from "pulumi-data-tasks";\nconst environment = forEnvironment(${stacks});`,
    );

  it("goes to the arguments that all stacks share, where none of them has its own", () => {
    const literal = '{ trigger: { cron: "00 30 02 * * ?" } }';
    for (const [stacks, own] of [
      ['{ dev: { schedules: "dry", DataWorksTask: { projectId: "1" } }, prod: { DataWorksTask: { owner } } }'],
      ['{ "dev-*": (who) => ({ namePrefix: `${who}_`, WeDataTask: { owner: who } }), prod: {} }'],
      ["{ dev: {}, prod: {} }", ", { prod: { timeoutSeconds: 60 } }"],
    ] as const) {
      const text = complete(literal, stacks, own);
      const result = into(text);
      assert.equal(result.edits[0]?.reason, undefined, text);
      assert.equal(result.text, text.replace("00 30 02 * * ?", "0 0 5 * * ?"));
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("is refused where a stack has its own, or that is not certain", () => {
    const literal = '{ trigger: { cron: "00 30 02 * * ?" } }';
    const stackOwn = /^trigger is different between the stacks, as forEnvironment has it/;
    const computed = /^what forEnvironment changes is computed/;
    const cases: [text: string, reason: RegExp][] = [
      [complete(literal, "{ dev: { DataWorksTask: { trigger: { cron: NIGHT } } } }"), stackOwn],
      [complete(literal, '{ "dev-*": (who) => ({ DataWorksTask: { trigger: crons[who] } }) }'), stackOwn],
      [complete(literal, "{ dev: {} }", ', { dev: { trigger: { cron: "0 0 1 * * ?" } } }'), stackOwn],
      [complete(literal, "{ dev: { DataWorksTask: defaults } }"), /defaults, which is no constant/],
      [complete(literal, "{ dev: { DataWorksTask: defaultsOf() } }"), computed],
      [complete(literal, "{ dev: { ...common } }"), computed],
      [complete(literal, "stacks()"), computed],
      [complete("{ timeoutSeconds: 60 }", "{ dev: {} }"), /^trigger is not written there/],
      [complete(literal, "{}").replace("= forEnvironment(", "= mine("), /^it is computed \(environment/],
    ];
    for (const [text, reason] of cases) {
      const result = into(text);
      assert.match(result.edits[0]?.reason ?? "", reason, text);
      assert.deepEqual([result.text, result.written], [text, false]);
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("is refused where the environment of a stack sets it by schedules or namePrefix", () => {
    const trigger = (recurrence: string) => ({ trigger: { type: "Scheduler", cron: "0 0 5 * * ?", recurrence } });
    const resumed: Edited = { deployed: { ...base, ...trigger("Skip") }, live: { ...base, ...trigger("Normal") } };
    const renamed: Edited = { deployed: { ...base, name: "dev_orders" }, live: { ...base, name: "orders" } };
    const load = { projectId: "1", workflowId: "w", taskType: 35, name: "load" };
    const woken: Edited = {
      ...{ kind: "WeDataTask", name: "load", key: "one" },
      deployed: { ...load, scheduleRunType: "dryRun" },
      live: { ...load, scheduleRunType: "normal" },
    };
    const set = 'environment.WeDataTaskSet({ defaults: { scheduleRunType: "normal" }, tasks: { one: {} } })';
    const environment = (stacks: string) =>
      `import { WeDataTaskSet, forEnvironment } from "pulumi-data-tasks";\nconst environment = forEnvironment(${stacks});`;
    const normal = '{ name: "orders", trigger: { recurrence: "Normal" } }';
    const schedules = "is different between the stacks, as schedules of forEnvironment has it";
    const prefix = "name is different between the stacks, as namePrefix of forEnvironment has it";
    const says = "the program says so already; the next `pulumi up` records it";
    const cases: [edit: Edited, text: string, reason: string][] = [
      [resumed, complete(normal, '{ dev: { schedules: "dry" } }'), `trigger.recurrence ${schedules}`],
      [
        resumed,
        complete(normal, '{ "dev-*": (who) => ({ schedules: modes[who] }) }'),
        `trigger.recurrence ${schedules}`,
      ],
      [resumed, complete(normal, '{ dev: { schedules: "run", namePrefix: "dev_" } }'), says],
      [renamed, complete(normal, '{ dev: { namePrefix: "dev_" } }'), prefix],
      [renamed, complete(normal, '{ dev: { namePrefix: "", schedules: "dry" } }'), says],
      [
        woken,
        `${environment('{ dev: { schedules: "dry" } }')}\nnew WeDataTaskSet("load", ${set});\n`,
        `scheduleRunType ${schedules}`,
      ],
      [woken, `${environment("{ dev: {} }")}\nnew WeDataTaskSet("load", ${set});\n`, says],
    ];
    for (const [edit, text, reason] of cases) {
      assert.equal(into(text, [edit]).edits[0]?.reason, reason, text);
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("is refused, with the arguments to put in, where the place is not certain", () => {
    const literal = '{ trigger: { cron: "00 30 02 * * ?" } }';
    const cases: [text: string, reason: RegExp][] = [
      [
        program('{ trigger: { cron: "00 00 03 * * ?" } }'),
        /^the program says "00 00 03 \* \* \?" there, which is not what was deployed/,
      ],
      [program("{ trigger: { cron: `0 ${minute} 2 * * ?` } }"), /^it is computed \(`0 \$\{minute\} 2/],
      [program('{ trigger: { cron: isProd ? "00 30 02 * * ?" : "0 0 0 * * ?" } }'), /^it is computed/],
      [program('{ trigger: { cron: "00 30 02 * * ?", ...nightly } }'), /^cron may come from \.\.\.nightly/],
      [program('{ trigger: { cron: "00 30 02 * * ?" }, ...nightly }'), /^trigger may come from \.\.\.nightly/],
      [program("{ trigger: nightly() }"), /^it is computed/],
      [program('{ trigger: { type: "Scheduler" } }'), /^cron is not written there/],
      [program('{ trigger: { [key]: "00 30 02 * * ?" } }'), /^cron may come from \[key\]/],
      [program("{ trigger: { cron: NIGHT } }", 'export const NIGHT = "00 30 02 * * ?";'), /other files may use/],
      [program("{ trigger: { cron: NIGHT } }", 'let NIGHT = "00 30 02 * * ?";'), /NIGHT, which is no constant/],
      [
        program("{ trigger: { cron: NIGHT }, description: NIGHT }", 'const NIGHT = "00 30 02 * * ?";'),
        /used in 2 places/,
      ],
      [program("{ trigger: { cron: NIGHT } }", 'import { NIGHT } from "./crons";'), /no constant/],
      [program("args", `const args = ${literal};\nargs.trigger.cron = "x";`), /used in 2 places/],
      [`for (const a of all) { ${program(literal)} }`, /stands in a loop/],
      [`function make() { ${program(literal)} }`, /stands in a function/],
      [program(literal) + program(literal), /stands 2 times/],
      [
        program(literal).replace('"orders"', "`${prefix}orders`"),
        /^no new DataWorksTask\("orders", …\) with this name/,
      ],
      [program(literal).replace("new DataWorksTask", "new Other"), /^no new DataWorksTask/],
      [`${program(literal)}//# sourceMappingURL=index.js.map\n`, /is compiled from another file/],
      [`${program(literal)}}`, /has errors of syntax/],
    ];
    for (const [text, reason] of cases) {
      const result = into(text);
      assert.match(result.edits[0]?.reason ?? "", reason, text);
      assert.equal(result.edits[0]?.snippet, 'trigger: { cron: "0 0 5 * * ?" }');
      assert.deepEqual([result.text, result.patch, result.written], [text, "", false]);
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("brings numbers, flags, lists, maps and documents from one value to the other", () => {
    const content = (concurrent: number) => ({
      type: "job",
      version: "2.0",
      steps: [{ stepType: "mysql", parameter: { column: ["id"] }, name: "Reader", category: "reader" }],
      setting: { speed: { concurrent, throttle: false } },
    });
    const sync = { projectId: "554001", name: "sync" };
    const edits: Edited[] = [
      {
        deployed: { ...base, timeoutSeconds: 7200, tags: { team: "orders", old: "1" }, description: "a" },
        live: { ...base, timeoutSeconds: 3600, tags: { team: "orders", "on call": "x" } },
      },
      {
        kind: "DataWorksDISyncTask",
        name: "sync",
        deployed: { ...sync, taskContent: content(2) },
        live: { ...sync, taskContent: { ...content(8), order: { hops: [] } } },
      },
      {
        kind: "WeDataTask",
        name: "load",
        deployed: { projectId: "1", workflowId: "w", taskType: 35, name: "load", retriable: true, tryLimit: 3 },
        live: { projectId: "1", workflowId: "w", taskType: 35, name: "load", retriable: false, tryLimit: 5 },
      },
    ];
    const {
      text,
      edits: taken,
      patch,
    } = into(
      `import * as dt from "pulumi-data-tasks";
new dt.DataWorksTask("orders", {
  description: "a", // gone
  timeoutSeconds: 7_200,
  tags: { team: "orders", old: "1" },
});
new dt.DataWorksDISyncTask("sync", {
  taskContent: {
    steps: [{ stepType: "mysql", parameter: { column: columns } }],
    setting: {
      speed: { concurrent: 2, throttle: false },
    },
  },
});
new dt.WeDataTask("load", { retriable: true, tryLimit: 3 });
`,
      edits,
    );
    assert.deepEqual(
      taken.flatMap(({ property, reason }) => (reason === undefined ? [] : [`${property}: ${reason}`])),
      [],
    );
    assert.equal(taken.length, 6);
    assert.equal(
      text,
      `import * as dt from "pulumi-data-tasks";
new dt.DataWorksTask("orders", {
  // gone
  timeoutSeconds: 3600,
  tags: { team: "orders", "on call": "x" },
});
new dt.DataWorksDISyncTask("sync", {
  taskContent: {
    steps: [{ stepType: "mysql", parameter: { column: columns } }],
    setting: {
      speed: { concurrent: 8, throttle: false },
    },
    order: { hops: [] },
  },
});
new dt.WeDataTask("load", { retriable: false, tryLimit: 5 });
`,
    );
    // The patch is the same change.
    execFileSync("git", ["apply", "-R", "-"], { cwd: folder, input: patch });
    assert.match(readFileSync(path.join(folder, "index.ts"), "utf8"), /timeoutSeconds: 7_200/);
  });

  it("is put into the one task of a set, also where all have the value by default", () => {
    const { text } = into(
      `import { DataWorksTaskSet as Tasks } from "pulumi-data-tasks";
new Tasks("daily", {
  defaults: { trigger: { cron: "00 30 02 * * ?" } },
  tasks: {
    one: {
      name: "one",
    },
    two: { name: "two" },
  },
});
`,
      [{ ...shifted, name: "daily", key: "one" }],
    );
    assert.match(text, /defaults: \{ trigger: \{ cron: "00 30 02 \* \* \?" \} \}/);
    assert.match(
      text,
      /one: \{\n {6}name: "one",\n {6}trigger: \{ cron: "0 0 5 \* \* \?" \},\n {4}\},\n {4}two: \{ name: "two" \}/,
    );
  });

  it("does not bring a task back that the program has taken out of a set", () => {
    for (const tasks of ['{ two: { name: "two" } }', "{}"]) {
      const args = `{ defaults: { trigger: { cron: "00 30 02 * * ?" } }, tasks: ${tasks} }`;
      const text = `import { DataWorksTaskSet } from "pulumi-data-tasks";\nnew DataWorksTaskSet("daily", ${args});\n`;
      const result = into(text, [{ ...shifted, name: "daily", key: "one" }]);
      assert.equal(result.edits[0]?.reason, "the program has no task one in this set any more");
      assert.deepEqual([result.text, result.patch], [text, ""]);
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it("goes into the file of a script that one task alone has, as it was deployed", () => {
    const hash = createHash("sha256").update("select 1;\n").digest("hex");
    const asset = { [ASSET_SIGNATURE]: ASSET_VALUE, path: "sql/orders.sql", hash };
    const script = (content: unknown) => ({ ...base, script: { command: "ODPS_SQL", content } });
    const edit: Edited = { deployed: script(asset), live: script("select 2;\n") };
    into("", [edit], { "sql/orders.sql": "select 1;\n" });
    assert.equal(readFileSync(path.join(folder, "sql/orders.sql"), "utf8"), "select 2;\n");
    rmSync(folder, { recursive: true, force: true });
    const other = { ...seen({ ...edit, name: "other" }), sighting: { moved: [], values: {} } };
    folder = project({ "sql/orders.sql": "select 1;\n" });
    const shared = takenOver([seen(edit), other], { folder, accept: [], write: true });
    assert.equal(shared?.edits[0]?.reason, "sql/orders.sql is the code of 2 tasks");
    writeFileSync(path.join(folder, "sql/orders.sql"), "select 3;\n");
    assert.equal(written(folder, [edit])?.edits[0]?.reason, "sql/orders.sql is not as it was deployed last");
  });

  it("makes a patch that says every line as it is, also one that looks like the head of a file", () => {
    const [before, after] = ["-- old\t\nselect 1;\n", "++ new\t\nselect 1;\n"];
    const hash = createHash("sha256").update(before).digest("hex");
    const asset = { [ASSET_SIGNATURE]: ASSET_VALUE, path: "sql/two words.sql", hash };
    const script = (content: unknown) => ({ ...base, script: { command: "ODPS_SQL", content } });
    folder = project({ "sql/two words.sql": before });
    const edit = seen({ deployed: script(asset), live: script(after) });
    const { patch } = takenOver([edit], { folder, accept: [], write: false }) ?? assert.fail();
    assert.match(patch, /^--- a\/sql\/two words\.sql\n\+\+\+ b\/sql\/two words\.sql\n@@/);
    execFileSync("git", ["apply", "--whitespace=nowarn", "-"], { cwd: folder, input: patch });
    assert.equal(readFileSync(path.join(folder, "sql/two words.sql"), "utf8"), after);
  });

  it("is only what was accepted, and a name that means no edit is one sentence", () => {
    const two: Edited = {
      ...shifted,
      live: { ...shifted.live, timeoutSeconds: 3600 },
      deployed: { ...shifted.deployed, timeoutSeconds: 7200 },
    };
    folder = project({ "index.ts": program('{ timeoutSeconds: 7200, trigger: { cron: "00 30 02 * * ?" } }') });
    const result = written(folder, [two], ["ods_orders:timeoutSeconds"]);
    assert.deepEqual(
      result?.edits.map(({ property }) => property),
      ["timeoutSeconds"],
    );
    assert.equal(
      readFileSync(path.join(folder, "index.ts"), "utf8"),
      program('{ timeoutSeconds: 3600, trigger: { cron: "00 30 02 * * ?" } }'),
    );
    assert.throws(() => written(folder, [two], ["ods_order"]), /^UnreadableFile: --accept ods_order names no edit; /);
  });

  it("is put in by hand where the project has no compiler that finds the place", () => {
    const old = { "node_modules/typescript/index.js": "module.exports = {};\n" };
    const { edits } = into(program('{ trigger: { cron: "00 30 02 * * ?" } }'), [shifted], old);
    assert.match(edits[0]?.reason ?? "", /^the package typescript, .* npm install --save-dev typescript@5$/);
    assert.equal(edits[0]?.snippet, 'trigger: { cron: "0 0 5 * * ?" }');
  });

  it("is left alone where the program says so already, and where the value is secret", () => {
    const done = into(program('{ trigger: { cron: "00 00 05 * * ?" } }'));
    assert.match(done.edits[0]?.reason ?? "", /^the program says so already/);
    rmSync(folder, { recursive: true, force: true });
    const secrets = { engineOptions: { secrets: ["script.content"] } };
    const { edits } = into(program("{}"), [
      {
        deployed: { ...base, ...secrets },
        live: { ...base, ...secrets, script: { ...base.script, content: "hunter2" } },
      },
    ]);
    assert.deepEqual([edits[0]?.reason, edits[0]?.snippet], ["its value is a secret, and is shown nowhere", undefined]);
  });
});

describe("an edit of a FlowSpec document", () => {
  let folder = "";
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const samples = path.join(root, "tests", "fixtures", "flowspec", "samples");
  /** Every task of a document with another value of a property, one after the other. */
  const taken = (file: string, change: (args: Record<string, unknown>) => Record<string, unknown>, more = "") => {
    const text = readFileSync(path.join(samples, file), "utf8");
    folder = project({
      [`flows/${file}`]: text,
      "index.ts": `DataWorksWorkflow.fromFlowSpec("flow", path.join(__dirname, "flows", "${file}"), { projectId${more} });\n`,
    });
    const { tasks } = readFlowSpec(path.join(samples, file));
    const [first] = tasks;
    assert.ok(first);
    const deployed = { projectId: "554000", ...first.arguments };
    const result = written(folder, [
      { name: `flow-${first.nodeId}`, workflow: "flow", deployed, live: change(structuredClone(deployed)) },
    ]);
    const now = readFlowSpec(path.join(folder, "flows", file));
    return {
      result,
      task: now.tasks.find(({ nodeId }) => nodeId === first.nodeId),
      now: readFileSync(path.join(folder, "flows", file), "utf8"),
      text,
    };
  };
  const linesThatDiffer = (one: string, other: string) => {
    const [a, b] = [one.split("\n"), other.split("\n")];
    return a.length === b.length ? a.filter((line, index) => line !== b[index]).length : -1;
  };

  it("changes the one place, in the format's own units and words, and keeps every other byte", () => {
    for (const file of ["sql-python-node-spec.json", "shell-node-spec.json"]) {
      const { result, task, now, text } = taken(file, (args) => ({
        ...args,
        trigger: { ...(args["trigger"] as object), cron: "0 10 4 * * ? *" },
      }));
      assert.equal(result?.edits[0]?.file, `flows/${file}`);
      assert.equal(task?.arguments.trigger?.cron, "0 10 4 * * ? *");
      assert.equal(linesThatDiffer(text, now), 1, file);
      rmSync(folder, { recursive: true, force: true });
    }
    for (const file of ["real_case.json", "real_case.yaml"]) {
      const { result, task, now, text } = taken(file, (args) => {
        const script = args["script"] as { content: string };
        return { ...args, script: { ...script, content: script.content.replace("wizard", "code") } };
      });
      assert.equal(result?.edits[0]?.reason, undefined, file);
      assert.match(task?.arguments.script?.content as string, /"mode": "code"/);
      assert.equal(linesThatDiffer(text, now), 1, file);
      rmSync(folder, { recursive: true, force: true });
    }
    const { now, text } = taken("shell-node-spec.json", (args) => ({
      ...args,
      rerunIntervalSeconds: 120,
      rerunMode: "AllDenied",
    }));
    assert.match(now, /"rerunInterval": 120000,/);
    assert.match(now, /"rerunMode": "Denied"/);
    assert.equal(linesThatDiffer(text, now), 2);
  });

  /** A document of many nodes with the same cron, and an edit of the last one's. */
  const lastOfMany = (spec: object, last: Record<string, unknown>) => {
    const document = { version: "1.1.0", kind: "CycleWorkflow", spec };
    folder = project({
      "flow.json": `${JSON.stringify(document, null, 2)}\n`,
      "index.ts": 'DataWorksWorkflow.fromFlowSpec("flow", "flow.json", { projectId });\n',
    });
    const deployed = { projectId: "554000", ...last };
    const live = { ...deployed, trigger: { ...(last["trigger"] as object), cron: "0 0 5 * * ?" } };
    return written(folder, [{ name: `flow-${String(MANY - 1)}`, workflow: "flow", deployed, live }])?.edits[0];
  };
  const MANY = 130;
  const night = { type: "Scheduler", cron: "0 0 2 * * ?" };
  const many = (trigger: (at: number) => unknown) =>
    Array.from({ length: MANY }, (_, at) => ({
      ...{ id: String(at), name: `n${at}`, trigger: trigger(at) },
      script: { content: "select 1;", runtime: { command: "ODPS_SQL" } },
    }));
  const last = { name: `n${MANY - 1}`, script: { command: "ODPS_SQL", content: "select 1;" }, trigger: night };

  it("finds the place of a node behind many others that say the same", () => {
    assert.deepEqual(lastOfMany({ nodes: many(() => night) }, last)?.reason, undefined);
    const now = readFlowSpec(path.join(folder, "flow.json")).tasks.map(({ arguments: args }) => args.trigger?.cron);
    assert.deepEqual(now.slice(0, -1), Array(MANY - 1).fill("0 0 2 * * ?"));
    assert.equal(now.at(-1), "0 0 5 * * ?");
  });

  it("says where it stopped looking", () => {
    const triggers = Array.from({ length: MANY }, (_, at) => ({ id: `t${at}`, ...night }));
    const edit = lastOfMany({ triggers, nodes: many((at) => `{{trigger.t${at}}}`) }, last);
    assert.equal(
      edit?.reason,
      "the first 100 places with this value are not about this task alone, and the rest were not tried",
    );
  });

  it("goes to what the program changes of the task, where that has the property", () => {
    const { result } = taken(
      "sql-python-node-spec.json",
      (args) => ({ ...args, rerunTimes: 7 }),
      ", tasks: { sql节点: { rerunTimes: 0 } }",
    );
    assert.equal(result?.edits[0]?.file, "index.ts");
    assert.match(readFileSync(path.join(folder, "index.ts"), "utf8"), /sql节点: \{ rerunTimes: 7 \}/);
  });

  it("is refused where a place is about more than this property of this task", () => {
    const { result, now, text } = taken(
      "sql-python-node-spec.json",
      (args) => ({ ...args, name: "another" }),
      ', namePrefix: "dev_"',
    );
    assert.equal(result?.edits[0]?.reason, "namePrefix is a part of its name");
    assert.equal(now, text);
    rmSync(folder, { recursive: true, force: true });
    // One trigger for all nodes of the document.
    const shared = taken("real_case.yaml", (args) => ({
      ...args,
      trigger: { ...(args["trigger"] as object), cron: "00 00 01 * * ?" },
    }));
    assert.match(shared.result?.edits[0]?.reason ?? "", /no place that is about this property of this task alone/);
    assert.equal(shared.now, shared.text);
    rmSync(folder, { recursive: true, force: true });
    const lists = taken("sql-python-node-spec.json", (args) => ({
      ...args,
      outputs: { ...(args["outputs"] as object), taskOutputs: ["another"] },
    }));
    assert.match(lists.result?.edits[0]?.reason ?? "", /no single word or number/);
  });
});
