import assert from "node:assert/strict";
import { UNKNOWN } from "../../provider/core/fields";
import { checkInputs } from "../../provider/core/lifecycle";
import type { Properties } from "../../provider/core/definition";
import { definition } from "../../provider/resources/dataworks-task/resource";

const NOON = new Date("2026-03-01T04:00:00Z");
const made = (changes: Properties = {}): Properties => ({
  projectId: "1",
  name: "a",
  script: { command: "ODPS_SQL" },
  creationToken: "ruling000001",
  ...changes,
});
const adopted = (changes: Properties = {}): Properties => ({
  projectId: "1",
  adopt: "1020000001",
  creationToken: "ruling000001",
  ...changes,
});
const findings = (args: Properties, now = NOON) => checkInputs(definition, args, {}, now).findings;
const said = (args: Properties, now = NOON) =>
  findings(args, now).map(({ severity, property, reason, code }) => `${severity} ${property} ${reason} [${code}]`);
const trigger = (changes: Properties, more: Properties = {}) =>
  made({ trigger: { type: "Scheduler", cron: "0 0 2 * * ?", ...changes }, ...more });
const edge = (...dependencies: Properties[]) => made({ dependencies });
const variables = (...list: Properties[]) => made({ inputs: { variables: list } });

/** Arguments and the one finding they get: severity, code, property, and a part of the sentence. */
const CASES: [what: string, args: Properties, finding: string, words: RegExp][] = [
  ["no name", { ...made(), name: undefined }, "error required name", /task created here/],
  ["no command", made({ script: { content: "x" } }), "error required script.command", /or give adopt/],
  ["Dev for a new task", made({ envType: "Dev" }), "error environment envType", /a workspace per environment/],
  ["a code for a new task", made({ clientUniqueCode: "c" }), "error adopted-only clientUniqueCode", /only with adopt/],
  [
    "a draft of an adopted task",
    adopted({ publish: false }),
    "warning without-effect publish",
    /changes the task at once/,
  ],
  ["a path for an adopted task", adopted({ path: "a" }), "error created-only path", /leave it out together with adopt/],
  ["a long name", made({ name: "n".repeat(129) }), "error name-length name", /129 characters/],
  ["a misspelt word", trigger({ recurrence: "Normall" }), "error enum trigger.recurrence", /did you mean Normal\?/],
  ["a misspelt property", made({ timeoutSecond: 1 }), "error unknown-property timeoutSecond", /timeoutSeconds\?/],
  ["a misspelt member", edge({ typ: "Normal" }), "error unknown-property dependencies[0].typ", /type\?/],
  ["an owner by name", made({ owner: "anna" }), "warning owner-not-an-id owner", /the id of an account/],
  ["a timeout below 3600", made({ timeoutSeconds: 3599 }), "warning timeout-disputed timeoutSeconds", /more than 3600/],
  ["a timeout beyond int32", made({ timeoutSeconds: 2 ** 31 }), "error range timeoutSeconds", /at most 2147483647/],
  [
    "a long wait",
    made({ rerunIntervalSeconds: 1801 }),
    "error range rerunIntervalSeconds",
    /at most 1800, got 1801 \(UpdateTask/,
  ],
  ["negative reruns", made({ rerunTimes: -1 }), "error range rerunTimes", /at least 0/],
  [
    "reruns of what must not be rerun",
    made({ rerunMode: "AllDenied", rerunTimes: 2 }),
    "warning rerun-without-effect rerunTimes",
    /while rerunMode is AllDenied/,
  ],
  ["compute units in words", made({ runtimeResource: { cu: "one" } }), "error format runtimeResource.cu", /"0\.25"/],
  ["an empty tag key", made({ tags: { "": "x" } }), "error empty tags", /empty key/],
  [
    "a broken cron",
    trigger({ cron: "0 60 2 * * ?" }),
    "error cron trigger.cron",
    /minute "60".*\(UpdateTask 2024-05-18, Trigger\.Cron\)/,
  ],
  ["five fields", trigger({ cron: "0 2 * * ?" }), "error cron trigger.cron", /six or seven fields/],
  ["30 February", trigger({ cron: "0 0 2 30 2 ?" }), "warning cron-never-runs trigger.cron", /never runs/],
  [
    "a year that is over",
    trigger({ cron: "0 0 2 * * ? 2025" }),
    "warning cron-never-runs trigger.cron",
    /from 2026-03-01 12:00:00 on/,
  ],
  [
    "an end before the next run",
    trigger({ cron: "0 0 2 1 * ?", endTime: "2026-03-31 00:00:00" }),
    "warning cron-never-runs trigger.cron",
    /up to trigger\.endTime 2026-03-31/,
  ],
  ["both kinds of days", trigger({ cron: "0 0 2 1 * MON" }), "warning cron-both-days trigger.cron", /write \? for one/],
  [
    "a scheduler without a cron",
    made({ trigger: { type: "Scheduler" } }),
    "warning cron-missing trigger.cron",
    /not given/,
  ],
  [
    "a cron for what is started by hand",
    made({ trigger: { type: "Manual", cron: "0 0 2 * * ?" } }),
    "error scheduler-only trigger.cron",
    /only with trigger\.type "Scheduler"/,
  ],
  [
    "a cycle type for a daily cron",
    trigger({ cycleType: "NotDaily" }),
    "warning cycle-type-without-hours trigger.cycleType",
    /runs in several hours/,
  ],
  ["a day that is none", trigger({ startTime: "2026-02-30 00:00:00" }), "error format trigger.startTime", /calendar/],
  [
    "a date without a time",
    trigger({ startTime: "2026-02-01" }),
    "error format trigger.startTime",
    /2026-01-31 00:00:00/,
  ],
  [
    "an end before the start",
    trigger({ startTime: "2027-01-01 00:00:00", endTime: "2026-12-31 00:00:00", cron: undefined }, {}),
    "error order trigger.endTime",
    /later than trigger\.startTime 2027-01-01/,
  ],
  ["a zone that is none", trigger({ timeZone: "Shanghai" }), "error format trigger.timeZone", /such as Asia\/Shanghai/],
  [
    "a run in the quiet hours",
    trigger({ cron: "0 30 23 * * ?" }, { instanceMode: "Immediately" }),
    "warning immediate-in-quiet-window trigger.cron",
    /runs at 23:30:00/,
  ],
  [
    "an edge to nobody",
    edge({ type: "Normal" }),
    "error upstream dependencies[0]",
    /needs upstreamOutput, upstreamTaskId or upstream/,
  ],
  [
    "an edge to two",
    edge({ type: "Normal", upstreamOutput: "a.b", upstreamTaskId: "1" }),
    "error upstream dependencies[0]",
    /by upstreamOutput and upstreamTaskId/,
  ],
  [
    "itself by an id",
    edge({ type: "CrossCycleDependsOnSelf", upstreamTaskId: "1" }),
    "error upstream dependencies[0].upstreamTaskId",
    /the task itself; leave it out/,
  ],
  [
    "another cycle by an output",
    edge({ type: "CrossCycleDependsOnOtherNode", upstreamOutput: "a.b" }),
    "warning cross-cycle-by-output dependencies[0].upstreamOutput",
    /type Normal alone/,
  ],
  [
    "the same edge twice, in the user's order",
    edge(
      { type: "Normal", upstreamOutput: "z" },
      { type: "CrossCycleDependsOnSelf" },
      { type: "Normal", upstreamOutput: "z" },
    ),
    "error duplicate dependencies[2]",
    /the same edge as dependencies\[0\]/,
  ],
  [
    "the same output twice",
    made({ outputs: { taskOutputs: ["z", "a", "z"] } }),
    "error duplicate outputs.taskOutputs[2]",
    /outputs\.taskOutputs\[0\], "z"/,
  ],
  [
    "two variables with one name",
    variables({ name: "b", type: "Constant", value: "1" }, { name: "b", type: "System", value: "$bizdate" }),
    "error duplicate inputs.variables[1].name",
    /like that of inputs\.variables\[0\]/,
  ],
  [
    "a variable without a name",
    variables({ type: "Constant", value: "1" }),
    "warning variable-without-name inputs.variables[0]",
    /no name/,
  ],
  [
    "a constant without a value",
    variables({ name: "b", type: "Constant" }),
    "warning variable-without-value inputs.variables[0]",
    /no value/,
  ],
  [
    "a script output that is a constant",
    made({ outputs: { variables: [{ name: "o", type: "NodeOutput", value: "1" }] } }),
    "warning node-output-value outputs.variables[0].value",
    /\$\{outputs\}/,
  ],
];

describe("the rules of a DataWorks task", () => {
  for (const [what, args, finding, words] of CASES) {
    it(`meet ${what}`, () => {
      const given = JSON.parse(JSON.stringify(args)) as Properties;
      const all = findings(given);
      const one = all.find(({ severity, code, property }) => `${severity} ${code} ${property}` === finding);
      assert.ok(one, said(given).join("\n") || "nothing was found");
      assert.match(one.reason, words);
      const others = all.filter((each) => each !== one && !/^(required|cron-missing)$/.test(each.code));
      assert.deepEqual(others, []);
    });
  }

  it("say nothing about what the documents show, doubtful or not", () => {
    const fine = [
      made(),
      made({ timeoutSeconds: 3600 }),
      made({ timeoutSeconds: 0 }),
      made({ owner: "1107550004253538", rerunMode: "AllDenied", rerunTimes: 0 }),
      trigger({ cron: "00 */30 00-23 * * ?", cycleType: "NotDaily", timeZone: "UTC" }),
      trigger({ startTime: "1970-01-01 00:00:00", endTime: "9999-01-01 00:00:00" }),
      trigger({ cron: "0 0 0 * * ?", startTime: "2026-12-01 00:00:00", endTime: "2026-12-01 12:00:00" }),
      trigger({}, { instanceMode: "Immediately" }),
      made({ trigger: { type: "Manual" } }),
      edge({ type: "CrossCycleDependsOnSelf" }, { type: "CrossCycleDependsOnChildren" }),
      edge({ type: "Normal", upstreamOutput: "a" }, { type: "CrossCycleDependsOnOtherNode", upstreamTaskId: "1" }),
      variables(
        { name: "a", type: "System", value: "$bizdate" },
        { name: "o", type: "NodeOutput", value: "${outputs}" },
      ),
      adopted({ envType: "Dev", clientUniqueCode: "Task_1", trigger: { type: "Scheduler" } }),
    ];
    assert.deepEqual(
      fine.flatMap((args) => said(args)),
      [],
    );
  });

  it("say that what is published in the quiet hours gets no instances before tomorrow, and nothing of a draft", () => {
    const late = new Date("2026-03-01T14:30:00Z");
    const args = trigger({}, { instanceMode: "Immediately" });
    assert.match(said(args, late).join(), /^warning instanceMode is Immediately, .* at 22:30 in Asia\/Shanghai/);
    assert.deepEqual(said({ ...args, publish: false }, late), []);
    assert.deepEqual(said(args, new Date("2026-03-01T13:59:00Z")), []);
  });

  it("are all reported at once, and let pass what is not known yet", () => {
    const several = trigger({ cron: "x", startTime: "y" }, { owner: "anna", rerunTimes: -1 });
    assert.deepEqual(
      findings(several).map(({ property }) => property),
      ["rerunTimes", "trigger.startTime", "trigger.cron", "owner"],
    );
    const unknown = trigger(
      { cron: UNKNOWN, startTime: UNKNOWN, timeZone: UNKNOWN },
      {
        owner: UNKNOWN,
        instanceMode: "Immediately",
        timeoutSeconds: UNKNOWN,
        dependencies: [
          { type: UNKNOWN },
          { type: "Normal", upstreamOutput: UNKNOWN },
          { type: "Normal", upstreamOutput: UNKNOWN },
        ],
        outputs: { taskOutputs: [UNKNOWN, UNKNOWN], variables: [{ name: UNKNOWN, type: "Constant", value: UNKNOWN }] },
      },
    );
    assert.deepEqual(said(unknown), []);
  });
});
