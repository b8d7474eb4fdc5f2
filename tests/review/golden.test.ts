import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { UnreadableFile } from "../../cli/preview/read";
import { headline, markdown } from "../../cli/review/markdown";
import { type Table, leavesOf, valueAt } from "../../provider/core/fields";
import { checkInputs } from "../../provider/core/lifecycle";
import { UNSURE, digest, encodeRecord } from "../../provider/core/record";
import { definitions } from "../../provider/index";
import { readFlowSpec } from "../../sdk/flowspec/reader";
import { type Edit, document, reviewed, task, urnOf } from "./previews";

/** `UPDATE_GOLDEN=1 npm test -- tests/review/golden.test.ts` writes the files again, for a person to read. */
const UPDATE = process.env["UPDATE_GOLDEN"] === "1";

function pinned(name: string, text: string): void {
  const file = path.join(__dirname, "golden", `${name}.md`);
  if (UPDATE) writeFileSync(file, text);
  assert.equal(text, readFileSync(file, "utf8"));
}

const scheduler = (cron: string, more: object = {}) => ({ trigger: { type: "Scheduler", cron, ...more } });

const overMidnight: Edit[] = [
  {
    name: "orders",
    before: task("ods_orders", {
      ...scheduler("00 30 23 * * ?"),
      owner: "1107550004253538",
      rerunIntervalSeconds: 120,
    }),
    after: task("ods_orders", { ...scheduler("00 15 00 * * ?"), owner: "1107550004250000", rerunIntervalSeconds: 600 }),
  },
  {
    name: "report",
    before: task("orders_per_day", { dependencies: [{ type: "Normal", upstream: "554000/node/8000" }] }),
    after: task("orders_per_day", { dependencies: [{ type: "Normal", upstream: "554000/node/8000" }] }),
  },
];

const zones: Edit[] = ["Asia/Shanghai", "America/New_York", "Europe/Berlin"].map((timeZone) => ({
  name: timeZone,
  before: task(`report_${timeZone}`, scheduler("0 30 2 * * ?", { timeZone })),
  after: task(`report_${timeZone}`, scheduler("0 30 2 ? * MON-FRI", { timeZone })),
}));

const replaced: Edit[] = [
  {
    name: "orders",
    op: "replace",
    id: "554000/Dev/task/1020000042",
    outputs: { taskId: "1020000042" },
    before: task("ods_orders", { adopt: "1020000042", envType: "Dev" }),
    after: task("ods_orders", { adopt: "1020000042", envType: "Prod" }),
    replaceReasons: ["envType"],
  },
];

const manyEdits: Edit[] = Array.from({ length: 500 }, (_, index) => ({
  name: `task${index}`,
  before: task(`dwd_orders_${index}`, {
    ...scheduler(`0 ${index % 60} 2 * * ?`),
    script: { command: "ODPS_SQL", content: `insert overwrite table dwd_orders_${index} select 1;\n`.repeat(20) },
    dependencies: index === 0 ? [] : [{ type: "Normal", upstream: `554000/node/${8_000 + Math.floor(index / 2)}` }],
  }),
  after: task(`dwd_orders_${index}`, {
    ...scheduler(index % 5 === 0 ? `0 ${index % 60} 3 * * ?` : `0 ${index % 60} 2 * * ?`),
    rerunTimes: 3,
    script: { command: "ODPS_SQL", content: `insert overwrite table dwd_orders_${index} select 2;\n`.repeat(20) },
    dependencies: index === 0 ? [] : [{ type: "Normal", upstream: `554000/node/${8_000 + Math.floor(index / 2)}` }],
  }),
}));

const sync = (content: unknown) => ({ projectId: "554001", name: "orders_sync", taskContent: content });
const SECRET = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:hunter2" };
const secret: Edit[] = [
  {
    kind: "DataWorksDISyncTask",
    name: "sync",
    op: "update",
    id: "554001/file/500",
    outputs: { fileId: "500", phase: "published", standardMode: true },
    before: sync("[secret]"),
    after: sync("[secret]"),
  },
];

const renamed: Edit[] = [
  { name: "orders", before: task("ods_orders"), after: task("ods_orders_v2") },
  {
    kind: "WeDataTask",
    name: "extract",
    id: "8674944100000000010/20261128",
    outputs: { taskId: "20261128", phase: "published" },
    before: { projectId: "8674944100000000010", workflowId: "w", taskType: 35, name: "extract", cycleType: "Day" },
    after: {
      projectId: "8674944100000000010",
      workflowId: "w",
      taskType: 35,
      name: "extract_orders",
      cycleType: "Day",
    },
  },
];

const downstreams: Edit[] = [
  { name: "root", before: task("ods_root", { outputs: { taskOutputs: ["shop.ods_root"] } }) },
  ...Array.from({ length: 40 }, (_, index): Edit => {
    const args = task(`dwd_${String(index).padStart(2, "0")}`, {
      outputs: { taskOutputs: [`shop.dwd_${index}`] },
      dependencies: [{ type: "Normal", upstreamOutput: index < 25 ? "shop.ods_root" : `shop.dwd_${index - 25}` }],
    });
    return { name: `dwd${index}`, before: args, after: args };
  }),
];

function flowSpecEdit(): Edit[] {
  const file = path.join(__dirname, "..", "fixtures", "flowspec", "samples", "real_case.json");
  const before = readFlowSpec(file);
  const text = readFileSync(file, "utf8");
  const after = readFlowSpec(JSON.parse(text) as object);
  const changed = after.tasks.map(({ key, arguments: args }, index) => ({
    key,
    args: index === 0 ? { ...args, trigger: { ...args.trigger, cron: "00 45 01 * * ?" }, rerunTimes: 5 } : args,
  }));
  return before.tasks.map(({ key, nodeId, arguments: args }) => ({
    name: `daily-${nodeId}`,
    before: { projectId: "554000", ...args },
    after: { projectId: "554000", ...changed.find((each) => each.key === key)?.args },
  }));
}

const adoption: Edit[] = [
  { name: "taken", after: task("ods_taken", { adopt: "1020000042" }) },
  { name: "applied", after: task("ods_applied", { adopt: { id: "1020000043", apply: true }, timeoutSeconds: 7200 }) },
  {
    name: "differs",
    op: "update",
    id: "554000/Prod/task/1020000044",
    outputs: { taskId: "1020000044", adopted: true },
    before: task("ods_differs", { adopt: "1020000044" }),
    after: task("ods_differs", { adopt: "1020000044" }),
  },
];

/** The record of a task of which an update that failed may have sent `rerunTimes`, and has sent everything else. */
function unsure(args: object): string {
  const { inputs } = checkInputs(definitions.DataWorksTask, args as Record<string, unknown>);
  const known = leavesOf(definitions.DataWorksTask.fields as Table).flatMap(({ path, leaf }) => {
    const value = valueAt(inputs, path);
    if (value === undefined) return [];
    return [[path, path === "rerunTimes" ? UNSURE : digest(leaf.kind, value, "t0ken")] as const];
  });
  return encodeRecord(new Map(known), "t0ken");
}

const rerun = task("ods_rerun", { rerunTimes: 3 });
const again: Edit[] = [
  { name: "orders", op: "update", before: task("ods_orders"), after: task("ods_orders") },
  {
    name: "rerun",
    op: "update",
    outputs: { nodeId: "8001", taskId: "1001", phase: "published", applied: unsure(rerun) },
    before: rerun,
    after: rerun,
  },
];

const unchanged: Edit[] = [{ name: "orders", before: task("ods_orders"), after: task("ods_orders") }];
const warned = {
  diagnostics: [
    {
      urn: urnOf("orders"),
      severity: "warning",
      message: "warning: timeoutSeconds is 1800, and the documents disagree on less than 3600 [timeout-disputed]\n",
    },
    { severity: "info", message: "not for a review" },
  ],
};

describe("the review of", () => {
  const cases: [string, Edit[], object?][] = [
    ["a cron that moves over midnight", overMidnight],
    ["schedules in zones with and without daylight saving time", zones],
    ["a replacement through envType", replaced],
    ["500 edits", manyEdits],
    ["a secret that changes", secret],
    ["renamed tasks", renamed],
    ["warnings alone", unchanged, warned],
    ["nothing", unchanged],
    ["a deletion on which 40 tasks depend", downstreams],
    ["an edit of a FlowSpec document", flowSpecEdit()],
    ["adoptions", adoption],
    ["an update without an edit", again],
  ];
  for (const [title, edits, more] of cases) {
    it(`${title} is the same to the letter`, () => {
      const text = document(edits, more as Record<string, unknown>);
      const first = markdown(reviewed(text));
      assert.equal(first, markdown(reviewed(text)));
      assert.ok(first.length <= 60_000, `${first.length} characters`);
      pinned(title.replaceAll(" ", "-"), first);
    });
  }

  it("broken JSON is one sentence", () => {
    for (const text of ['{"steps": [', "", "null", "[]", '"text"', "{}", '{"sequence": ', "<html>"]) {
      assert.throws(
        () => reviewed(text),
        (error: unknown) => error instanceof UnreadableFile && /^preview\.json is no /.test(error.message),
        text,
      );
    }
  });

  it("a secret shows nowhere, in no form", () => {
    const text = document([
      { ...(secret[0] as Edit), before: sync(SECRET), after: sync({ ...SECRET, plaintext: '"hunter2"' }) },
    ]);
    const review = reviewed(text);
    assert.doesNotMatch(markdown(review) + JSON.stringify(review), /hunter2|ciphertext/);
    assert.match(markdown(review), /`\[secret\]`/);
  });

  it("what does not fit is left out by importance, and the full report has it", () => {
    const review = reviewed(document([...manyEdits, { name: "gone", id: "554000/node/99", before: task("ods_gone") }]));
    const short = markdown(review);
    const full = markdown(review, { full: true });
    assert.ok(/^> Left out for length: .*the properties of \d+ tasks/m.test(short), short.slice(0, 1_000));
    assert.ok(/#### ➖ delete `ods_gone`[\s\S]*?-select 1;/.test(short), "the deletion is told whole");
    assert.ok(full.length > 200_000 && !full.includes("Left out for length"));
  });

  it("a paused schedule takes no other shift out of the headline, and a task that is made paused is not destructive", () => {
    const paused = (cron: string) => ({ trigger: { type: "Scheduler", cron, recurrence: "Pause" } });
    const cron = "0 30 2 * * ?";
    const moved = { before: scheduler(cron), after: scheduler("0 30 3 * * ?") };
    const edits: Edit[] = [
      { name: "made", after: task("made", paused(cron)) },
      { name: "anew", op: "replace", before: task("anew", scheduler(cron)), after: task("anew", paused(cron)) },
      { name: "moved", before: task("moved", moved.before), after: task("moved", moved.after) },
    ];
    const review = reviewed(document(edits));
    assert.equal(headline(review), "1 replaced, 1 paused, 1 schedule shift, 1 created");
    assert.deepEqual(
      review.tasks.map(({ name, importance }) => [name, importance]),
      [
        ["anew", "destructive"],
        ["moved", "schedule"],
        ["made", "change"],
      ],
    );
  });

  it("a deletion with retainOnDelete makes no call, and is not destructive", () => {
    const whole = JSON.parse(document([{ name: "gone", before: task("ods_gone") }])) as {
      steps: { oldState: object }[];
    };
    const [step] = whole.steps;
    const retained = { ...step, oldState: { ...step?.oldState, retainOnDelete: true } };
    const events = [
      { sequence: 1, resourcePreEvent: { metadata: { ...retained, old: retained.oldState } } },
      { sequence: 2, resOutputsEvent: { metadata: { ...retained, old: retained.oldState } } },
    ];
    for (const text of [
      JSON.stringify({ ...whole, steps: [retained] }),
      events.map((event) => JSON.stringify(event)).join("\n"),
    ]) {
      const review = reviewed(text);
      assert.deepEqual([review.calls.total, review.tasks[0]?.importance], [0, "change"]);
      assert.match(markdown(review), /Because of retainOnDelete the task stays at the service as it is/);
    }
  });

  it("other resources never take the place of a task", () => {
    const text = document([{ name: "gone", id: "554000/node/99", before: task("ods_gone") }]);
    const whole = JSON.parse(text) as { steps: object[] };
    const urn = (index: number) =>
      `urn:pulumi:prod::warehouse::kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinitionPatch::bucket-${index}`;
    const others = Array.from({ length: 900 }, (_, index) => ({
      op: "create",
      urn: urn(index),
      newState: { inputs: {} },
    }));
    const review = reviewed(JSON.stringify({ ...whole, steps: [...whole.steps, ...others] }));
    const short = markdown(review);
    assert.match(short, /#### ➖ delete `ods_gone`[\s\S]*?-select 1;/);
    assert.match(short, /`bucket-49` [^\n]*\n- and 850 more\n/);
    assert.ok(short.length < 12_000, `${short.length} characters`);
    assert.match(markdown(review, { full: true }), /`bucket-899`/);
    const tight = markdown(review, { longest: 5_000 });
    assert.match(
      tight,
      /#### ➖ delete `ods_gone`[\s\S]*?-select 1;[\s\S]*900 other resources, which the full report names\./,
    );
    assert.ok(tight.length <= 5_000, `${tight.length} characters`);
  });
});
