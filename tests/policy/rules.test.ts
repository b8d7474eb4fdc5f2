import assert from "node:assert/strict";
import { type PolicyFile, policiesFrom } from "../../cli/policy/file";
import { violations } from "../../cli/policy/judge";
import { judgedIn } from "../../cli/policy/preview";
import { opened } from "../../cli/preview/sets";
import { previewFrom } from "../../cli/preview/read";
import { AT, STACK, document, task } from "../review/previews";
import type { Edit, KindName } from "../review/previews";

type Tree = Record<string, unknown>;

/** What a policy file has against the tasks of a preview: the rule, the task, and the sentence. */
function against(policy: PolicyFile, edits: readonly Edit[]): string[] {
  const { steps } = previewFrom(document(edits), "preview.json");
  const tasks = judgedIn(opened(steps), ({ name }) => name);
  return [...violations(policiesFrom(policy), tasks, { stack: STACK, at: AT })].map(
    ({ urn = "", message }) => `${urn.slice(urn.lastIndexOf("::") + 2)}: ${message}`,
  );
}

const sync = (schedule: Tree, more: Tree = {}): Tree => ({
  projectId: "554000",
  name: "sync",
  taskContent: { type: "job" },
  schedule,
  ...more,
});
const wedata = (more: Tree): Tree => ({ projectId: "77", workflowId: "w", taskType: 35, name: "wedata", ...more });
/** One task that is to be made. */
const one = (args: Tree, kind: KindName = "DataWorksTask"): Edit[] => [{ kind, name: "t", after: args }];
const at = (cron: string, more: Tree = {}): Tree => task("t", { trigger: { type: "Scheduler", cron, ...more } });

describe("the rules of a policy", () => {
  const cases: [string, PolicyFile, Edit[], string[]][] = [
    ["owner-set passes over an owner that is there", { "owner-set": "mandatory" }, one(task("t", { owner: "1" })), []],
    [
      "owner-set takes the owners of the list",
      { "owner-set": { allow: ["10*"] } },
      one(wedata({ owners: ["100", "200"] }), "WeDataTask"),
      ['t: owners is "200"; allowed are 10*'],
    ],
    [
      "owner-set reads the names of a WeData task, too",
      { "owner-set": { allow: ["ann"] } },
      one(wedata({ inCharge: "ann;bob" }), "WeDataTask"),
      ['t: inCharge is "bob"; allowed are ann'],
    ],
    [
      "owner-set says nothing of a secret",
      { "owner-set": { allow: ["1"] } },
      one(task("t", { owner: "[secret]" })),
      [],
    ],
    [
      "timeout-set counts the hours of a sync task",
      { "timeout-set": { atMostMinutes: 90 } },
      one(sync({ timeout: 2 }), "DataWorksDISyncTask"),
      ["t: schedule.timeout allows 120 min, and at most 90 min are allowed"],
    ],
    [
      "timeout-set takes no limit for none",
      { "timeout-set": "advisory" },
      one(task("t", { timeoutSeconds: 0 })),
      ["t: timeoutSeconds sets no limit; say how long a run may take"],
    ],
    [
      "timeout-set takes what is on the limit",
      { "timeout-set": { atMostMinutes: 2 } },
      one(task("t", { timeoutSeconds: 120 })),
      [],
    ],
    [
      "not-paused sees a suspended schedule",
      { "not-paused": "mandatory" },
      one(sync({ stop: true }), "DataWorksDISyncTask"),
      ["t: schedule.stop pauses the task: its runs fail, and what depends on it waits"],
    ],
    [
      "not-paused lets dry runs pass",
      { "not-paused": "mandatory" },
      one(at("0 30 2 * * ?", { recurrence: "Skip" })),
      [],
    ],
    [
      "not-paused refuses dry runs where it is told to",
      { "not-paused": { allowDryRun: false } },
      one(wedata({ scheduleRunType: "dryRun" }), "WeDataTask"),
      ["t: scheduleRunType lets the task run dry: its runs succeed without doing anything"],
    ],
    [
      "resource-group-allowed looks at both groups of a sync task",
      { "resource-group-allowed": { allow: ["a"] } },
      one(sync({ resourceGroupIdentifier: "c" }, { resourceGroup: "b" }), "DataWorksDISyncTask"),
      ['t: resourceGroup is "b"; allowed are a', 't: schedule.resourceGroupIdentifier is "c"; allowed are a'],
    ],
    [
      "resource-group-allowed may leave the choice to the service",
      { "resource-group-allowed": { allow: ["a"], allowDefault: true } },
      one(task("t")),
      [],
    ],
    [
      "name-pattern matches the whole name",
      { "name-pattern": { pattern: "ods_[a-z]+" } },
      [...one(task("ods_orders")), { name: "u", after: task("x_ods_orders") }],
      ['u: name is "x_ods_orders", which does not match ods_[a-z]+'],
    ],
    [
      "retries-set counts a task that may not be repeated as none",
      { "retries-set": "advisory" },
      one(task("t", { rerunMode: "AllDenied" })),
      ["t: rerunMode allows 0 repetitions of a failed run, and at least 1 must be allowed"],
    ],
    [
      "retries-set has an upper limit",
      { "retries-set": { atLeast: 0, atMost: 3 } },
      [...one(wedata({ tryLimit: 4 }), "WeDataTask"), { name: "u", after: task("u") }],
      ["t: tryLimit allows 4 repetitions of a failed run, and at most 3 may be"],
    ],
    [
      "workspace-allowed sees a task of another workspace",
      { "workspace-allowed": { allow: ["554000"] } },
      [...one(task("t")), { name: "u", after: task("u", { projectId: "554001" }) }],
      ['u: projectId is "554001"; allowed are 554000'],
    ],
    [
      "on-delete-allowed counts the default: an adopted task is released",
      { "on-delete-allowed": "mandatory" },
      [...one(task("t")), { name: "u", after: task("u", { adopt: "123" }) }],
      ["t: onDelete deletes the task when the resource goes away; allowed are release, pause"],
    ],
    ["a rule is about its stacks alone", { "owner-set": { stacks: ["dev", "staging-*"] } }, one(task("t")), []],
    [
      "a rule is about its stacks, by patterns",
      { "owner-set": { stacks: ["pro*"] } },
      one(task("t")),
      ["t: owner is not set; name the account that answers for the task"],
    ],
    [
      "a rule leaves out what is excepted, by the task's name or its resource's",
      { "owner-set": { except: ["t", "odd.*"] } },
      [...one(task("t")), { name: "odd.1", after: task("x") }],
      [],
    ],
    ["a rule that is disabled says nothing", { all: "disabled", "owner-set": {} }, one(task("t")), []],
    ["a deleted task is judged no more", { "owner-set": "mandatory" }, [{ name: "t", before: task("t") }], []],
    [
      "an unchanged task is judged like any other",
      { "owner-set": "mandatory" },
      [{ name: "t", before: task("t"), after: task("t") }],
      ["t: owner is not set; name the account that answers for the task"],
    ],
  ];
  for (const [title, policy, edits, expected] of cases) {
    it(title, () => assert.deepEqual(against(policy, edits), expected));
  }

  describe("quiet-window", () => {
    const night = { from: "22:00", to: "06:00" };
    const windows: [string, object, Tree, string | undefined][] = [
      ["is left alone by a start at its end", night, at("0 0 6 * * ?"), undefined],
      ["is entered by a start at its opening", night, at("0 0 22 * * ?"), "2026-11-28 22:00:00"],
      ["is entered after midnight", night, at("0 30 2 * * ?"), "2026-11-29 02:30:00"],
      [
        "opens on the days of the list, and belongs to the day before after midnight",
        { ...night, days: ["Mon"] },
        at("0 30 2 * * ?"),
        "2026-12-01 02:30:00",
      ],
      ["is not entered on other days", { ...night, days: ["Mon"] }, at("0 30 2 ? * SUN"), undefined],
      [
        "is seen in its own time zone",
        { from: "22:00", to: "23:00", timeZone: "UTC" },
        at("0 30 6 * * ?"),
        "2026-11-28 22:30:00",
      ],
      [
        "is seen in its own time zone, where a task does not enter it",
        { from: "22:00", to: "23:00", timeZone: "UTC" },
        at("0 30 22 * * ?"),
        undefined,
      ],
      [
        "is entered in summer alone, where clocks are changed",
        { from: "00:00", to: "00:30", timeZone: "Europe/Berlin" },
        at("0 0 6 * * ?"),
        "2027-03-29 00:00:00",
      ],
      [
        "is entered by a task of the last day of the year",
        { from: "12:00", to: "13:00" },
        at("0 30 12 31 12 ?"),
        "2026-12-31 12:30:00",
      ],
      ["does not mind a paused task", night, at("0 30 2 * * ?", { recurrence: "Pause" }), undefined],
      [
        "does not mind a schedule that has ended",
        night,
        at("0 30 2 * * ?", { endTime: "2026-11-28 00:00:00" }),
        undefined,
      ],
      ["does not mind a manual task", night, task("t", { trigger: { type: "Manual" } }), undefined],
    ];
    for (const [title, window, args, moment] of windows) {
      it(title, () => {
        const found = against({ "quiet-window": window as never }, one(args));
        if (moment === undefined) assert.deepEqual(found, []);
        else
          assert.match(
            found.join("\n"),
            new RegExp(`^t: trigger\\.cron starts the task at ${moment}, inside the quiet window`),
          );
      });
    }

    it("sees a task in the default time zone whose own no time can be told in", () => {
      const daily = wedata({ cycleType: "Day", delayTimeMinutes: 1350, scheduleTimeZone: "UTC+5:30" });
      assert.deepEqual(
        against({ "quiet-window": night, "starts-per-minute": { atMost: 1 } }, [
          ...one(daily, "WeDataTask"),
          { kind: "WeDataTask", name: "u", after: daily },
        ]),
        [
          "t: cycleType starts the task at 2026-11-28 22:30:00, inside the quiet window from 22:00 to 06:00 (Asia/Shanghai)",
          "u: cycleType starts the task at 2026-11-28 22:30:00, inside the quiet window from 22:00 to 06:00 (Asia/Shanghai)",
          ": 2 tasks start at 22:30 (Asia/Shanghai, on 2026-11-28), and at most 1 may: t, u",
        ],
      );
    });

    it("sees the time at which a daily task of WeData runs", () => {
      const daily = wedata({ cycleType: "Day", delayTimeMinutes: 1350 });
      assert.deepEqual(against({ "quiet-window": night }, one(daily, "WeDataTask")), [
        "t: cycleType starts the task at 2026-11-28 22:30:00, inside the quiet window from 22:00 to 06:00 (Asia/Shanghai)",
      ]);
    });
  });

  describe("starts-per-minute", () => {
    const many = (count: number, cron: string, from = 0): Edit[] =>
      Array.from({ length: count }, (_, index) => {
        const name = `t${String(from + index).padStart(2, "0")}`;
        return { name, after: task(name, { trigger: { type: "Scheduler", cron } }) };
      });

    it("lets as many start as may, and tells of a daily crowd once, with its first tasks", () => {
      assert.deepEqual(against({ "starts-per-minute": { atMost: 10 } }, many(10, "0 0 0 * * ?")), []);
      assert.deepEqual(against({ "starts-per-minute": { atMost: 9 } }, many(10, "0 0 0 * * ?")), [
        ": 10 tasks start at 00:00 (Asia/Shanghai, on 2026-11-29), and at most 9 may: t00, t01, t02, t03, t04, t05, t06, t07, …",
      ]);
    });

    it("counts by the minute, and names the fullest one of a time of day", () => {
      const tasks = [...many(2, "5 0 1 * * ?"), ...many(1, "59 0 1 ? * MON", 2), ...many(1, "0 1 1 * * ?", 3)];
      assert.deepEqual(against({ "starts-per-minute": { atMost: 1 } }, tasks), [
        ": 3 tasks start at 01:00 (Asia/Shanghai, on 2026-11-30), and at most 1 may: t00, t01, t02",
      ]);
    });

    it("sums up where tasks start all the time", () => {
      const found = against({ "starts-per-minute": { atMost: 1 } }, many(2, "0 * * * * ?"));
      assert.equal(found.length, 11);
      assert.equal(found.at(-1), ": more than 1 start in each of 1430 other minutes of the day");
    });

    it("does not count dry runs", () => {
      const dry = many(1, "0 0 1 * * ?").map((edit) => ({
        ...edit,
        after: { ...edit.after, trigger: { type: "Scheduler", cron: "0 0 1 * * ?", recurrence: "Skip" } },
      }));
      assert.deepEqual(against({ "starts-per-minute": { atMost: 1 } }, [...dry, ...many(1, "0 0 1 * * ?", 1)]), []);
    });
  });
});
