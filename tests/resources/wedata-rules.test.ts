import assert from "node:assert/strict";
import { UNKNOWN } from "../../provider/core/fields";
import { checkInputs } from "../../provider/core/lifecycle";
import type { Properties } from "../../provider/core/definition";
import { definition } from "../../provider/resources/wedata-task/resource";

const NOW = new Date("2026-06-15T04:00:00Z");
const task = (changes: Properties = {}): Properties => ({
  projectId: "1492511691706699776",
  workflowId: "w",
  taskType: 30,
  name: "load_orders",
  ...changes,
});
const adopted = (changes: Properties = {}): Properties => ({
  projectId: "1492511691706699776",
  adopt: "20240307211852581",
  ...changes,
});
const findings = (given: Properties) => checkInputs(definition, given, {}, NOW).findings;
/** Every finding as `severity property [code]`. */
const said = (given: Properties) =>
  findings(given).map(({ severity, property, code }) => `${severity} ${property} [${code}]`);

const edge = (changes: Properties = {}) => ({
  dependConfType: "DAY",
  subordinateCyclicType: "CURRENT_DAY",
  parentTask: "20240307211852000",
  ...changes,
});

describe("the rules of a WeDataTask", () => {
  const fine: [what: string, given: Properties][] = [
    ["a small task", task()],
    [
      "the vendor's sample of ModifyTaskInfo",
      {
        ...adopted(),
        delayTimeMinutes: 600,
        startTime: "2026-03-28 00:00:00",
        endTime: "2027-03-29 00:00:00",
        taskAction: "",
        cycleType: 3,
        cycleStep: 1,
        executionStartTime: "00:00",
        executionEndTime: "23:59",
        name: "python_task_failed",
        retryWaitMinutes: 5,
        tryLimit: 5,
        retriable: true,
        runPriority: 6,
        taskExt: { python_type: "python3" },
        resourceGroup: "20221229172428663695",
        brokerIp: "ins-g8j6pv4f",
        notes: "test",
        parameters: { a: "3" },
        dependencyWorkflow: false,
        owners: ["100033435965"],
      },
    ],
    ["chosen hours", task({ cycleType: "Hour", cycleStep: 1, taskAction: "0,3,23" })],
    ["chosen weekdays", task({ cycleType: "Week", taskAction: "1,5,6", delayTimeMinutes: 120 })],
    ["chosen days of a month", task({ cycleType: "Month", taskAction: "1,15,31,L" })],
    ["chosen days of a year, of which no document gives the form", task({ cycleType: "Year", taskAction: "02-28" })],
    ["a daily window of an hour task", task({ cycleType: 2, executionStartTime: "08:00", executionEndTime: "20:00" })],
    [
      "a daily window of a minute task",
      task({ cycleType: "Minute", cycleStep: 30, minuteOffset: 5, executionStartTime: "08:00" }),
    ],
    ["the crontab of a sample, with six fields", task({ cycleType: "Crontab", crontabExpression: "0 2 3 1,L,2 * ?" })],
    ["a crontab of seven fields", task({ cycleType: 0, crontabExpression: "0 0/30 2 ? * MON 2027" })],
    [
      "a schedule without a cycle, which the task has already",
      adopted({ cycleStep: 7, delayTimeMinutes: 5, crontabExpression: "0 0 2 * * ?" }),
    ],
    [
      "dependencies of its cycle",
      task({
        cycleType: "Day",
        dependencies: [edge(), edge({ parentTask: "2", dependConfType: "RANGE_DAY", offset: "-1" })],
      }),
    ],
    ["time zones in whole hours", task({ scheduleTimeZone: "UTC-5" })],
    ["no limit of the run", task({ executionTtlMinutes: -1 })],
    ["an event of a shell task", task({ taskType: 35, eventPublisher: { key: "done", properties: { a: "1" } } })],
    [
      "values that are not known yet",
      task({
        cycleType: UNKNOWN,
        taskAction: UNKNOWN,
        owners: UNKNOWN,
        crontabExpression: UNKNOWN,
        dependencies: [edge({ parentTask: UNKNOWN }), edge({ parentTask: UNKNOWN })],
      }),
    ],
  ];
  for (const [what, given] of fine) it(`say nothing of ${what}`, () => assert.deepEqual(said(given), []));

  const wrong: [what: string, given: Properties, ...expected: string[]][] = [
    [
      "nothing to make a task of",
      { projectId: "1" },
      "error name [required]",
      "error workflowId [required]",
      "error taskType [required]",
    ],
    [
      "what only a creation takes",
      adopted({ productName: "DATA_DEV", leftCoordinate: 1 }),
      "error productName [created-only]",
      "error leftCoordinate [created-only]",
    ],
    [
      "a misspelt cycle and its misspelt neighbours",
      task({ cycleType: "houre", selfDepend: 4, delayTimeMinutes: "5" }),
      "error cycleType [enum]",
      "error delayTimeMinutes [type]",
      "error selfDepend [enum]",
    ],
    [
      "a misspelt property at depth",
      task({ dependencies: [{ ...edge(), dependConftype: "DAY" }] }),
      "error dependencies[0].dependConftype [unknown-property]",
    ],
    ["an unknown task type", task({ taskType: 7 }), "warning taskType [task-type-unknown]"],
    ["an event of another task", task({ eventPublisher: { key: "k" } }), "warning eventPublisher [without-effect]"],
    ["a crontab cycle without one", task({ cycleType: 0 }), "error crontabExpression [required]"],
    [
      "a crontab of a daily task",
      task({ cycleType: "Day", crontabExpression: "0 0 2 * * ?" }),
      "error crontabExpression [crontab-only]",
    ],
    [
      "an hour that does not exist",
      task({ cycleType: 0, crontabExpression: "0 0 25 * * ?" }),
      "error crontabExpression [cron]",
    ],
    ["too few fields", task({ cycleType: 0, crontabExpression: "0 2 *" }), "error crontabExpression [cron]"],
    [
      "five fields",
      task({ cycleType: 0, crontabExpression: "0 2 * * *" }),
      "warning crontabExpression [cron-five-fields]",
    ],
    [
      "30 February",
      task({ cycleType: 0, crontabExpression: "0 0 0 30 2 ?" }),
      "warning crontabExpression [cron-never-runs]",
    ],
    ["a cycle without a word", task({ cycleType: "FlexibleWeek" }), "warning cycleType [unreadable-word]"],
    [
      "an end before the start",
      task({ startTime: "2026-07-02 00:00:00", endTime: "2026-07-01 00:00:00" }),
      "error endTime [order]",
    ],
    [
      "an end that is the start",
      task({ startTime: "2026-07-02 00:00:00", endTime: "2026-07-02 00:00:00" }),
      "error endTime [order]",
    ],
    ["a day that does not exist", task({ startTime: "2027-02-30 00:00:00" }), "error startTime [format]"],
    ["a schedule that is over", task({ endTime: "2026-06-15 11:59:59" }), "warning endTime [schedule-over]"],
    ["a date in another form", task({ startTime: "2026/01/01" }), "error startTime [format]"],
    [
      "a window that ends before it begins",
      task({ cycleType: "Hour", executionStartTime: "22:00", executionEndTime: "02:00" }),
      "error executionEndTime [window-order]",
    ],
    [
      "a window of a daily task",
      task({ cycleType: "Day", executionStartTime: "08:00", executionEndTime: "23:59" }),
      "warning executionStartTime [without-effect]",
    ],
    [
      "a delay of an hour task",
      task({ cycleType: "Hour", delayTimeMinutes: 5 }),
      "warning delayTimeMinutes [without-effect]",
    ],
    [
      "a delay of more than a day",
      task({ cycleType: "Week", delayTimeMinutes: 1440 }),
      "warning delayTimeMinutes [delay-beyond-day]",
    ],
    ["chosen days of a daily task", task({ cycleType: "Day", taskAction: "1" }), "warning taskAction [without-effect]"],
    ["an hour 24", task({ cycleType: "Hour", taskAction: "0,24" }), "error taskAction [action-range]"],
    ["words for hours", task({ cycleType: "Hour", taskAction: "noon" }), "error taskAction [action-range]"],
    ["a weekday 8", task({ cycleType: "Week", taskAction: "8" }), "error taskAction [action-range]"],
    ["a weekday 7", task({ cycleType: "Week", taskAction: "2,7" }), "warning taskAction [weekday-disputed]"],
    [
      "a day 32, and a day 0",
      task({ cycleType: "Month", taskAction: "0,32" }),
      "error taskAction [action-range]",
      "error taskAction [action-range]",
    ],
    [
      "an interval beside chosen hours",
      task({ cycleType: "Hour", cycleStep: 2, taskAction: "3,0" }),
      "error cycleStep [step-with-action]",
    ],
    [
      "an interval of seven minutes",
      task({ cycleType: "Minute", cycleStep: 7 }),
      "warning cycleStep [step-undocumented]",
    ],
    [
      "an interval of thirteen hours",
      task({ cycleType: "Hour", cycleStep: 13 }),
      "warning cycleStep [step-undocumented]",
    ],
    ["an interval of 0", task({ cycleType: "Hour", cycleStep: 0 }), "error cycleStep [range]"],
    [
      "an interval of a task that runs once",
      task({ cycleType: "OneTime", cycleStep: 2 }),
      "warning cycleStep [without-effect]",
    ],
    [
      "an offset of an hour task",
      task({ cycleType: "Hour", minuteOffset: 3 }),
      "warning minuteOffset [without-effect]",
    ],
    [
      "an offset as long as the interval",
      task({ cycleType: "Minute", cycleStep: 10, minuteOffset: 10 }),
      "warning minuteOffset [offset-beyond-step]",
    ],
    ["StartupTime", task({ startupTime: 0 }), "warning startupTime [startup-time]"],
    ["another form of time zone", task({ scheduleTimeZone: "Asia/Shanghai" }), "error scheduleTimeZone [time-zone]"],
    [
      "retries that are switched off",
      task({ retriable: false, tryLimit: 3, retryWaitMinutes: 5 }),
      "warning tryLimit [without-effect]",
      "warning retryWaitMinutes [without-effect]",
    ],
    ["no retry, and retries switched on", task({ retriable: true, tryLimit: 0 }), "warning tryLimit [without-effect]"],
    ["a run of no minutes", task({ executionTtlMinutes: 0 }), "warning executionTtlMinutes [ttl-zero]"],
    ["a run of less than nothing", task({ executionTtlMinutes: -2 }), "error executionTtlMinutes [range]"],
    ["another priority", task({ runPriority: 7 }), "error runPriority [enum]"],
    ["owners twice", task({ owners: ["1"], inCharge: "a" }), "error inCharge [owners-twice]"],
    ["no owners", task({ owners: [] }), "error owners [empty]"],
    [
      "an owner twice, and a name",
      task({ owners: ["jane", "2", "1", "2"] }),
      "error owners[3] [duplicate]",
      "warning owners[0] [owner-not-an-id]",
    ],
    [
      "blank keys",
      task({ taskExt: { " ": "x" }, parameters: { "": "x" } }),
      'error taskExt." " [format]',
      'error parameters."" [format]',
    ],
    ["our own key", task({ taskExt: { "pulumi-data-tasks": "x" } }), "error taskExt.pulumi-data-tasks [reserved]"],
    [
      "a dependency twice",
      task({ dependencies: [edge(), edge({ parentTask: "1" }), edge({ dependencyStrategy: "WAITING" })] }),
      "error dependencies[2] [duplicate]",
    ],
    [
      "a parent twice",
      task({ dependencies: [edge({ subordinateCyclicType: "PREVIOUS_DAY" }), edge()] }),
      "warning dependencies[0].parentTask [parent-twice]",
    ],
    [
      "a dependency on itself",
      adopted({ dependencies: [edge({ parentTask: "20240307211852581" })] }),
      "error dependencies[0].parentTask [self-dependency]",
    ],
    [
      "another task at the end",
      adopted({ dependencies: [edge({ sonTask: { taskId: "7" } })] }),
      "error dependencies[0].sonTask.taskId [other-task]",
    ],
    [
      "a parent that is no id",
      task({ dependencies: [edge({ parentTask: "orders" })] }),
      "error dependencies[0].parentTask [format]",
    ],
    [
      "a dependency that lacks its kinds, or has a parent without an id",
      task({ cycleType: "Day", dependencies: [{ parentTask: "1" }, edge({ parentTask: { taskName: "x" } })] }),
      "error dependencies[0].dependConfType [required]",
      "error dependencies[0].subordinateCyclicType [required]",
      "error dependencies[1].parentTask.taskId [required]",
    ],
    [
      "a range without an offset",
      task({ dependencies: [edge({ dependConfType: "RANGE_DAY" })] }),
      "warning dependencies[0].offset [offset-missing]",
    ],
    [
      "an offset without a range",
      task({ dependencies: [edge({ offset: "-1" })] }),
      "warning dependencies[0].offset [without-effect]",
    ],
    [
      "a dependency of another cycle",
      task({ cycleType: "Hour", dependencies: [edge()] }),
      "warning dependencies[0].dependConfType [cycle-mismatch]",
    ],
  ];
  for (const [what, given, ...expected] of wrong) {
    it(`name ${what}`, () => assert.deepEqual(said(given), expected));
  }

  it("end with their source, and begin with the property as it was written", () => {
    const sentences = findings(
      task({ cycleType: "Hour", cycleStep: 2, taskAction: "3,24", runPriority: 9, executionTtlMinutes: 0 }),
    ).map(({ property, reason }) => `${property} ${reason}`);
    assert.deepEqual(sentences, [
      "runPriority must be one of high, medium, low, 4, 5, 6, got 9 (ModifyTaskInfo 2021-08-20, RunPriority)",
      "cycleStep must be 1 beside taskAction, got 2 (ModifyTaskInfoDs 2021-08-20, TaskAction)",
      'taskAction must have hours from 0 to 23 with cycleType "Hour", got 24 (ModifyTaskInfo 2021-08-20, TaskAction)',
      "executionTtlMinutes is 0, which no document explains; -1 is no limit (ModifyTaskInfoDs 2021-08-20, ExecutionTTL)",
    ]);
  });

  it("let what is only our caution be turned off, and a warning be raised", () => {
    const over = { cycleType: "Hour", executionStartTime: "22:00", executionEndTime: "02:00" };
    assert.deepEqual(said(task({ ...over, rules: { "window-order": "off" } })), []);
    assert.deepEqual(said(task({ ...over, rules: { "window-order": "warning" } })), [
      "warning executionEndTime [window-order]",
    ]);
    assert.deepEqual(said(task({ cycleType: "OneTime", cycleStep: 2, rules: { "without-effect": "error" } })), [
      "error cycleStep [without-effect]",
    ]);
    assert.deepEqual(
      said(task({ cycleType: "Day", crontabExpression: "0 0 2 * * ?", rules: { "crontab-only": "off" } })),
      ["error rules.crontab-only [enum]", "error crontabExpression [crontab-only]"],
    );
  });
});
