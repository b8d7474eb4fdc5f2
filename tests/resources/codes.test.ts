import assert from "node:assert/strict";
import { checkArguments } from "../../provider/core/check";
import { type Finding } from "../../provider/core/findings";
import { checkInputs } from "../../provider/core/lifecycle";
import { text } from "../../provider/core/fields";
import { CODES, type Code, isSettable } from "../../provider/resources/codes";
import { kinds, type Kind } from "../../scripts/reference/kinds";
import type { Declaration } from "../../sdk/declaration";
import { TaskGraph } from "../../sdk/graph";
import { page } from "../docs/documents";

const codes: Readonly<Record<string, Code>> = CODES;
/** In Asia/Shanghai 20:00 on 15 June 2026, outside of every quiet window. */
const NOON = new Date("2026-06-15T12:00:00Z");
const NIGHT = new Date("2026-06-15T15:00:00Z");

const content = (change: object) => ({
  taskContent: {
    type: "job",
    steps: [
      { name: "Reader", category: "reader" },
      { name: "Writer", category: "writer" },
    ],
    order: { hops: [{ from: "Reader", to: "Writer" }] },
    ...change,
  },
});

/** Arguments that are fine, for each kind. */
const FINE: Readonly<Record<Kind["name"], Readonly<Record<string, unknown>>>> = {
  DataWorksTask: { projectId: "1", name: "a", script: { command: "ODPS_SQL" } },
  DataWorksDISyncTask: { projectId: "1", name: "a", ...content({}), schedule: { inputs: ["a_root"] } },
  WeDataTask: { projectId: "1", workflowId: "1", taskType: 35, name: "a" },
};

/** Arguments that meet a rule, and the property that is named. */
interface Case {
  readonly of: Kind["name"];
  /** Beside what is fine, or in place of all of it. */
  readonly args?: Readonly<Record<string, unknown>>;
  readonly whole?: Readonly<Record<string, unknown>>;
  readonly at: string;
  readonly now?: Date;
}
const dataworks = (args: Case["args"], at: string, now?: Date): Case => ({
  of: "DataWorksTask",
  args: args ?? {},
  at,
  ...(now && { now }),
});
const sync = (args: object, at: string): Case => ({ of: "DataWorksDISyncTask", args: { ...args }, at });
const timed = (schedule: object, at: string): Case =>
  sync({ schedule: { inputs: ["a_root"], ...schedule } }, `schedule.${at}`);
const wedata = (args: object, at: string): Case => ({ of: "WeDataTask", args: { ...args }, at });
const edge = { type: "Normal", upstreamOutput: "p.b" };
const circle: Record<string, unknown> = { type: "job" };
circle["self"] = circle;
const unreadable = Object.defineProperty({}, "text", {
  enumerable: true,
  get: () => {
    throw new Error("no");
  },
});
const variable = { name: "v", type: "Constant", value: "1" };
const upstream = { dependConfType: "DAY", subordinateCyclicType: "CURRENT_DAY", parentTask: "2" };

/** Every code that a check can say, with arguments that meet it. */
const CASES: Readonly<Record<string, readonly Case[]>> = {
  "unknown-property": [
    dataworks({ colour: "red" }, "colour"),
    dataworks({ trigger: { corn: "0 0 3 * * ?" } }, "trigger.corn"),
    dataworks({ dependencies: [{ ...edge, upstreamOutptu: "x" }] }, "dependencies[0].upstreamOutptu"),
    sync({ schedule: { inputs: ["a_root"], inputList: [] } }, "schedule.inputList"),
    wedata({ dependencies: [{ ...upstream, parentTask: { taskId: "2", id: "3" } }] }, "dependencies[0].parentTask.id"),
  ],
  required: [
    { of: "DataWorksTask", whole: { projectId: "1", script: { command: "ODPS_SQL" } }, at: "name" },
    { of: "DataWorksTask", whole: { projectId: "1", name: "a" }, at: "script.command" },
    dataworks({ dependencies: [{ upstreamOutput: "x" }] }, "dependencies[0].type"),
    { of: "DataWorksDISyncTask", whole: { projectId: "1", name: "a" }, at: "taskContent" },
    timed({ dependentType: "USER_DEFINE" }, "dependentNodeIds"),
    { of: "WeDataTask", whole: { projectId: "1", workflowId: "1", name: "a" }, at: "taskType" },
    wedata({ cycleType: "Crontab" }, "crontabExpression"),
  ],
  type: [
    dataworks({ rerunTimes: "3" }, "rerunTimes"),
    dataworks({ tags: { a: 1 } }, "tags.a"),
    sync({ cu: "1" }, "cu"),
    wedata({ owners: ["1", 2] }, "owners[1]"),
  ],
  "plain-data": [sync({ taskContent: circle }, "taskContent.self"), wedata({ notes: unreadable }, "notes.text")],
  "too-large": [sync({ taskContent: { list: new Array(500_001).fill(0) } }, "taskContent.list")],
  empty: [
    dataworks({ owner: "" }, "owner"),
    dataworks({ outputs: { taskOutputs: ["a", ""] } }, "outputs.taskOutputs[1]"),
    dataworks({ tags: { "": "x" } }, "tags"),
    timed({ cron: "" }, "cron"),
    wedata({ owners: [] }, "owners"),
  ],
  enum: [
    dataworks({ rerunMode: "Allowed" }, "rerunMode"),
    dataworks({ rules: { "no-such-code": "off" } }, "rules.no-such-code"),
    dataworks({ rules: { required: "off" } }, "rules.required"),
    timed({ cycleType: "Day" }, "cycleType"),
    wedata({ cycleType: "Daily" }, "cycleType"),
  ],
  range: [
    dataworks({ rerunIntervalSeconds: 1801 }, "rerunIntervalSeconds"),
    sync({ cu: 0.7 }, "cu"),
    wedata({ cycleStep: 0 }, "cycleStep"),
  ],
  format: [
    dataworks({ projectId: "x" }, "projectId"),
    dataworks({ trigger: { startTime: "2026-02-30 00:00:00" } }, "trigger.startTime"),
    timed({ startTime: "2026-02-30 00:00:00" }, "startTime"),
    timed({ startTime: "2026-02-01 00:00:00", timeZone: "Shanghai" }, "timeZone"),
    wedata({ endTime: "2026-02-30 00:00:00" }, "endTime"),
  ],
  json: [sync({ taskContent: "{" }, "taskContent")],
  environment: [dataworks({ envType: "Dev" }, "envType")],
  "adopted-only": [dataworks({ clientUniqueCode: "x" }, "clientUniqueCode")],
  elsewhere: [dataworks({ adopt: "2/node/3" }, "adopt")],
  "created-only": [
    { of: "DataWorksTask", whole: { projectId: "1", adopt: "1", path: "a/b" }, at: "path" },
    { of: "WeDataTask", whole: { projectId: "1", adopt: "1", taskFolderId: "1" }, at: "taskFolderId" },
  ],
  "scheduler-only": [dataworks({ trigger: { type: "Manual", cron: "0 0 3 * * ?" } }, "trigger.cron")],
  cron: [
    dataworks({ trigger: { cron: "0 61 3 * * ?" } }, "trigger.cron"),
    timed({ cron: "0 3 * * ?" }, "cron"),
    wedata({ cycleType: "Crontab", crontabExpression: "0 0 25 * * ?" }, "crontabExpression"),
  ],
  "cron-missing": [dataworks({ trigger: { type: "Scheduler" } }, "trigger.cron")],
  "cron-both-days": [dataworks({ trigger: { cron: "0 0 3 1 * MON" } }, "trigger.cron")],
  "cron-never-runs": [
    dataworks({ trigger: { cron: "0 0 3 30 2 ?" } }, "trigger.cron"),
    timed({ cron: "0 0 3 * * ? 2020" }, "cron"),
    timed({ endTime: "2020-01-01 00:00:00" }, "endTime"),
    wedata({ cycleType: "Crontab", crontabExpression: "0 0 3 30 2 ?" }, "crontabExpression"),
  ],
  "cycle-type-without-hours": [
    dataworks({ trigger: { cron: "0 0 3 * * ?", cycleType: "NotDaily" } }, "trigger.cycleType"),
  ],
  "immediate-in-quiet-window": [
    dataworks({ instanceMode: "Immediately", trigger: { cron: "0 30 22 * * ?" } }, "trigger.cron"),
    dataworks({ instanceMode: "Immediately" }, "instanceMode", NIGHT),
  ],
  order: [
    dataworks({ trigger: { startTime: "2026-02-01 00:00:00", endTime: "2026-01-01 00:00:00" } }, "trigger.endTime"),
    timed({ startTime: "2026-02-01 00:00:00", endTime: "2026-01-01 00:00:00" }, "endTime"),
    wedata({ startTime: "2026-02-01 00:00:00", endTime: "2026-01-01 00:00:00" }, "endTime"),
  ],
  "rerun-without-effect": [
    dataworks({ rerunMode: "AllDenied", rerunTimes: 3 }, "rerunTimes"),
    dataworks({ rerunMode: "AllDenied", rerunIntervalSeconds: 60 }, "rerunIntervalSeconds"),
    timed({ rerunMode: "ALL_DENIED", rerunTimes: 3 }, "rerunTimes"),
  ],
  "timeout-disputed": [dataworks({ timeoutSeconds: 3599 }, "timeoutSeconds")],
  upstream: [
    dataworks({ dependencies: [{ type: "Normal" }] }, "dependencies[0]"),
    dataworks({ dependencies: [{ ...edge, upstreamTaskId: "2" }] }, "dependencies[0]"),
    dataworks(
      { dependencies: [{ type: "CrossCycleDependsOnSelf", upstreamTaskId: "2" }] },
      "dependencies[0].upstreamTaskId",
    ),
  ],
  "cross-cycle-by-output": [
    dataworks(
      { dependencies: [{ type: "CrossCycleDependsOnOtherNode", upstreamOutput: "x" }] },
      "dependencies[0].upstreamOutput",
    ),
  ],
  duplicate: [
    dataworks({ dependencies: [edge, { type: "CrossCycleDependsOnSelf" }, edge] }, "dependencies[2]"),
    dataworks({ outputs: { taskOutputs: ["a", "a"] } }, "outputs.taskOutputs[1]"),
    dataworks({ inputs: { variables: [variable, { ...variable, value: "2" }] } }, "inputs.variables[1].name"),
    timed({ inputs: ["a", "a"] }, "inputs"),
    wedata({ dependencies: [upstream, upstream] }, "dependencies[1]"),
    wedata({ owners: ["2", "1", "2"] }, "owners[2]"),
  ],
  "variable-without-name": [
    dataworks({ inputs: { variables: [{ type: "Constant", value: "1" }] } }, "inputs.variables[0]"),
  ],
  "variable-without-value": [
    dataworks({ outputs: { variables: [{ name: "v", type: "Constant" }] } }, "outputs.variables[0]"),
  ],
  "node-output-value": [
    dataworks(
      { outputs: { variables: [{ name: "v", type: "NodeOutput", value: "x" }] } },
      "outputs.variables[0].value",
    ),
  ],
  "owner-not-an-id": [
    dataworks({ owner: "somebody" }, "owner"),
    sync({ owner: "somebody" }, "owner"),
    wedata({ owners: ["1", "somebody"] }, "owners[1]"),
  ],
  "name-length": [dataworks({ name: "n".repeat(129) }, "name")],
  "without-effect": [
    timed({ timeZone: "Asia/Shanghai" }, "timeZone"),
    timed({ schedulerType: "MANUAL", cron: "0 15 3 * * ?" }, "cron"),
    wedata({ cycleType: "Hour", delayTimeMinutes: 5 }, "delayTimeMinutes"),
  ],
  "cron-limits": [timed({ cron: "0 0/2 * * * ?" }, "cron"), timed({ cron: "0 0 0 * * ?" }, "cron")],
  "cycle-type": [timed({ cycleType: "DAY", cron: "0 15 * * * ?" }, "cycleType")],
  "stop-against-scheduler-type": [timed({ stop: true, schedulerType: "NORMAL" }, "stop")],
  "dependent-type": [timed({ dependentType: "SELF", dependentNodeIds: ["1"] }, "dependentNodeIds")],
  "no-inputs": [sync({ schedule: {} }, "schedule.inputs")],
  "rerun-times": [timed({ rerunTimes: 11 }, "rerunTimes")],
  "timeout-unit": [timed({ timeout: 3600 }, "timeout")],
  "parameter-value": [
    timed({ parameters: "a=1 a=2" }, "parameters"),
    timed({ inputParameters: [{ name: "p", valueSource: "x" }] }, "inputParameters"),
    timed({ outputParameters: [{ name: "p", type: "Variable", value: "x" }] }, "outputParameters"),
  ],
  "resource-group": [sync({ resourceGroup: "123" }, "resourceGroup")],
  "description-length": [sync({ description: "d".repeat(190) }, "description")],
  "task-content-type": [sync(content({ type: "script" }), "taskContent.type")],
  "task-content-steps": [sync(content({ steps: [] }), "taskContent.steps")],
  "task-content-hops": [
    sync(content({ order: { hops: [{ from: "Reader", to: "Nobody" }] } }), "taskContent.order.hops[0].to"),
  ],
  "crontab-only": [wedata({ cycleType: "Day", crontabExpression: "0 0 2 * * ?" }, "crontabExpression")],
  "cron-five-fields": [wedata({ cycleType: "Crontab", crontabExpression: "0 2 * * *" }, "crontabExpression")],
  "unreadable-word": [wedata({ cycleType: "Instant" }, "cycleType")],
  "schedule-over": [wedata({ endTime: "2020-01-01 00:00:00" }, "endTime")],
  "window-order": [
    wedata({ cycleType: "Hour", executionStartTime: "10:00", executionEndTime: "08:00" }, "executionEndTime"),
  ],
  "step-with-action": [wedata({ cycleType: "Hour", cycleStep: 2, taskAction: "1,3" }, "cycleStep")],
  "step-undocumented": [wedata({ cycleType: "Minute", cycleStep: 7 }, "cycleStep")],
  "offset-beyond-step": [wedata({ cycleType: "Minute", cycleStep: 5, minuteOffset: 5 }, "minuteOffset")],
  "delay-beyond-day": [wedata({ cycleType: "Day", delayTimeMinutes: 1440 }, "delayTimeMinutes")],
  "action-range": [
    wedata({ cycleType: "Hour", taskAction: "0,24" }, "taskAction"),
    wedata({ cycleType: "Month", taskAction: "32" }, "taskAction"),
  ],
  "weekday-disputed": [wedata({ cycleType: "Week", taskAction: "0" }, "taskAction")],
  "startup-time": [wedata({ startupTime: 1 }, "startupTime")],
  "time-zone": [wedata({ scheduleTimeZone: "Asia/Shanghai" }, "scheduleTimeZone")],
  "task-type-unknown": [wedata({ taskType: 7 }, "taskType")],
  "ttl-zero": [wedata({ executionTtlMinutes: 0 }, "executionTtlMinutes")],
  "owners-twice": [wedata({ owners: ["1"], inCharge: "somebody" }, "inCharge")],
  reserved: [wedata({ taskExt: { "pulumi-data-tasks": "x" } }, "taskExt.pulumi-data-tasks")],
  "parent-twice": [
    wedata(
      { dependencies: [upstream, { ...upstream, subordinateCyclicType: "PREVIOUS_DAY" }] },
      "dependencies[1].parentTask",
    ),
  ],
  "self-dependency": [
    {
      of: "WeDataTask",
      whole: { projectId: "1", adopt: "2", dependencies: [upstream] },
      at: "dependencies[0].parentTask",
    },
  ],
  "other-task": [
    {
      of: "WeDataTask",
      whole: { projectId: "1", adopt: "9", dependencies: [{ ...upstream, sonTask: { taskId: "8" } }] },
      at: "dependencies[0].sonTask.taskId",
    },
  ],
  "offset-missing": [
    wedata({ dependencies: [{ ...upstream, dependConfType: "RANGE_DAY" }] }, "dependencies[0].offset"),
  ],
  "cycle-mismatch": [wedata({ cycleType: "Hour", dependencies: [upstream] }, "dependencies[0].dependConfType")],
};

/** Codes that no check of one task can say, and the tests that show them. */
const ELSEWHERE: Readonly<Record<string, string>> = {
  "engine-option": "tests/engine/options-changes.test.ts",
  "unknown-setting": "tests/sdk/program.test.ts",
  "unknown-task": "tests/sets/sets.test.ts",
  "still-needed": "tests/sets/sets.test.ts",
  "kept-value": "tests/resources/rules.test.ts",
  "value-not-shown": "tests/resources/rules.test.ts",
  "changed-meanwhile": "tests/resources/rules.test.ts",
  "not-cleared": "tests/resources/rules.test.ts",
  "service-keeps-value": "tests/resources/assumptions-dataworks-task.test.ts",
  "cleared-unread": "tests/resources/assumptions-wedata.test.ts",
  "created-only-edit": "tests/resources/wedata.test.ts",
  "draft-not-shown": "tests/resources/assumptions-wedata.test.ts",
  "self-depend-unknown": "tests/resources/assumptions-wedata.test.ts",
  "value-not-taken": "tests/resources/assumptions-wedata.test.ts",
  "put-back": "tests/resources/wedata.test.ts",
  "taken-up": "tests/resources/dataworks-task.test.ts",
  "still-paused": "tests/resources/dataworks-task.test.ts",
  "code-without-node": "tests/resources/dataworks-task.test.ts",
  "owners-later": "tests/resources/wedata.test.ts",
  "waits-for-approval": "tests/resources/approval.test.ts",
};

const task = (name: string, change: Partial<Declaration>): Declaration => ({
  name,
  place: "here",
  project: "1",
  env: "Prod",
  produces: [],
  needs: [],
  levels: {},
  ...change,
});
const needs = (output: string) => [
  { property: "dependencies[0].upstreamOutput", upstream: { output }, sameCycle: true },
];
const makes = (output: string) => [{ output, property: "outputs.taskOutputs[0]" }];

/** What a program of several tasks is told, at the last of them or at its end. */
function toldOf(declarations: readonly Declaration[]): readonly Finding[] {
  const graph = new TaskGraph();
  const found = declarations.map((declaration) => graph.declare(declaration).findings);
  return [...found.flat(), ...graph.atEnd().map(({ finding }) => finding)];
}

/** Every code that the graph of a program can say, with tasks that meet it. */
const PROGRAMS: Readonly<Record<string, readonly (readonly [readonly Declaration[], string])[]>> = {
  cycle: [
    [
      [task("a", { produces: makes("x"), needs: needs("y") }), task("b", { produces: makes("y"), needs: needs("x") })],
      "dependencies[0].upstreamOutput",
    ],
  ],
  "duplicate-output": [
    [[task("a", { produces: makes("x") }), task("b", { produces: makes("x") })], "outputs.taskOutputs[0]"],
  ],
  "prod-on-dev": [
    [
      [task("a", { env: "Dev", produces: makes("x") }), task("b", { needs: needs("x") })],
      "dependencies[0].upstreamOutput",
    ],
  ],
  "unproduced-output": [[[task("a", { needs: needs("x") })], "dependencies[0].upstreamOutput"]],
};

function findingsOf({ of, args, whole, now = NOON }: Case): readonly Finding[] {
  const { definition } = kinds.find(({ name }) => name === of) as Kind;
  return checkInputs(definition, { ...(whole ?? { ...FINE[of], ...args }) }, {}, now).findings;
}

describe("the codes of errors and warnings", () => {
  it("have a cause and a remedy, as sentences", () => {
    for (const [code, { cause, remedy }] of Object.entries(codes)) {
      assert.match(cause, /^[A-Z`].*\.$/s, code);
      assert.match(remedy, /^[A-Z`].*\.$/s, code);
    }
  });

  it("are each shown here by a case, or by a test that is named", () => {
    const shown = [...Object.keys(CASES), ...Object.keys(PROGRAMS), ...Object.keys(ELSEWHERE), "length"];
    assert.deepEqual(
      Object.keys(codes).filter((code) => !shown.includes(code)),
      [],
      "codes without a case",
    );
    assert.deepEqual(
      shown.filter((code) => !Object.hasOwn(codes, code)),
      [],
      "cases of no code",
    );
    for (const [code, file] of Object.entries(ELSEWHERE)) {
      assert.ok(page(file).text.includes(code), `${file} shows no ${code}`);
    }
  });

  for (const [name, args] of Object.entries(FINE)) {
    it(`are none for a plain ${name}`, () => {
      assert.deepEqual(findingsOf({ of: name as Kind["name"], whole: args, at: "" }), []);
    });
  }

  for (const [code, cases] of Object.entries(CASES)) {
    it(`${code} is said at the property that it is about`, () => {
      for (const one of cases) {
        const told = findingsOf(one);
        const all = told.map((finding) => `${finding.property} ${finding.reason} [${finding.code}]`).join("; ");
        const finding = told.find((each) => each.code === code && each.property === one.at);
        assert.ok(finding, `${one.of} at ${one.at}: ${all || "nothing was said"}`);
        assert.equal(finding.severity, codes[code]?.severity);
        assert.equal(finding.severity === "error" && finding.caution !== true, !isSettable(code));
      }
    });
  }

  for (const [code, programs] of Object.entries(PROGRAMS)) {
    it(`${code} is said of the tasks of a program`, () => {
      for (const [declarations, at] of programs) {
        const told = toldOf(declarations).map((finding) => `${finding.severity} ${finding.code} ${finding.property}`);
        assert.equal(told[0], `${codes[code]?.severity ?? ""} ${code} ${at}`);
      }
    });
  }

  it("length is said of a text that is longer than its field", () => {
    const { findings } = checkArguments({ name: text({ maximumLength: 3 }) }, [], { name: "four" });
    assert.deepEqual(
      findings.map(({ code, property }) => [code, property]),
      [["length", "name"]],
    );
  });
});
