import fc from "fast-check";
import { CREATION_ONLY } from "../../provider/resources/wedata-task/arguments";
import type { CrossFault } from "./faults";
import { badCrons, impossibleTimes, moments } from "./values";

/** A cycle of its own choice. */
const UNSCHEDULED = Object.fromEntries(
  ["cycleType", "cycleStep", "crontabExpression", "taskAction", "delayTimeMinutes", "minuteOffset"]
    .concat(["executionStartTime", "executionEndTime", "dependencies"])
    .map((name) => [name, undefined]),
);
/** What the rules over several arguments of a WeDataTask refuse. */
export const crossFaults: readonly CrossFault[] = [
  ...["name", "workflowId", "taskType"].map((path): CrossFault => ({
    name: `a task made here without ${path}`,
    set: fc.constant({ [path]: undefined }),
    wrong: [path],
    code: "required",
  })),
  ...CREATION_ONLY.map((path): CrossFault => ({
    name: `${path} together with adopt`,
    set: fc.constant({
      adopt: "1",
      [path]: path === "instanceInitStrategy" ? "T+1" : path.endsWith("Coordinate") ? 5 : "x",
    }),
    wrong: [path],
    code: "created-only",
  })),
  {
    name: "a cycle of crontab without one",
    set: fc.constantFrom("Crontab", 0).map((cycleType) => ({ ...UNSCHEDULED, cycleType })),
    wrong: ["crontabExpression"],
    code: "required",
  },
  {
    name: "a crontab with another cycle",
    set: fc
      .constantFrom("Hour", "Day", "Year", 2, 13)
      .map((cycleType) => ({ ...UNSCHEDULED, cycleType, crontabExpression: "0 0 2 * * ?" })),
    wrong: ["crontabExpression"],
    code: "crontab-only",
  },
  {
    name: "an end that is not after the start",
    set: fc.tuple(moments(2026, 2060), moments(2020, 2026)).map(([startTime, endTime]) => ({ startTime, endTime })),
    wrong: ["endTime"],
    code: "order",
  },
  {
    name: "an interval beside chosen hours",
    set: fc
      .integer({ min: 2, max: 12 })
      .map((cycleStep) => ({ ...UNSCHEDULED, cycleType: "Hour", cycleStep, taskAction: "0,3" })),
    wrong: ["cycleStep"],
    code: "step-with-action",
  },
  {
    name: "owners twice",
    set: fc.constant({ owners: ["1000"], inCharge: "data_owner" }),
    wrong: ["inCharge"],
    code: "owners-twice",
  },
  {
    name: "a cron that is none",
    set: fc
      .oneof(badCrons, fc.constantFrom("0 2 * *", "0 0 0 2 * * ? *"))
      .map((crontabExpression) => ({ ...UNSCHEDULED, cycleType: "Crontab", crontabExpression })),
    wrong: ["crontabExpression"],
    code: "cron",
  },
  ...["startTime", "endTime"].map((name): CrossFault => ({
    name: `a ${name} that the calendar does not have`,
    set: impossibleTimes.map((time) => ({ startTime: undefined, endTime: undefined, [name]: time })),
    wrong: [name],
    code: "format",
  })),
  {
    name: "a daily window that ends before it begins",
    set: fc.constantFrom("00:00", "08:29").map((executionEndTime) => ({
      ...UNSCHEDULED,
      ...{ cycleType: "Hour", executionStartTime: "08:30", executionEndTime, rules: {} },
    })),
    wrong: ["executionEndTime"],
    code: "window-order",
  },
  ...Object.entries({ Hour: ["24", "x"], Week: ["8", "L"], Month: ["0", "32", "x"] }).map(
    ([cycleType, entries]): CrossFault => ({
      name: `days or hours that a cycle of ${cycleType} does not have`,
      set: fc.constantFrom(...entries).map((entry) => ({ ...UNSCHEDULED, cycleType, taskAction: `1,${entry}` })),
      wrong: ["taskAction"],
      code: "action-range",
    }),
  ),
  {
    name: "a time zone that is no whole hours",
    set: fc
      .constantFrom("UTC", "UTC+5:30", "UTC+15", "Asia/Shanghai", "+8")
      .map((scheduleTimeZone) => ({ scheduleTimeZone, rules: {} })),
    wrong: ["scheduleTimeZone"],
    code: "time-zone",
  },
  {
    name: "an owner twice",
    set: fc.constant({ inCharge: undefined, owners: ["2", "1", "2"] }),
    wrong: ["owners[2]"],
    code: "duplicate",
  },
  {
    name: "the key of our token",
    set: fc.constant({ taskExt: { a: "b", "pulumi-data-tasks": "x" } }),
    wrong: ["taskExt.pulumi-data-tasks"],
    code: "reserved",
  },
  ...["taskExt", "parameters"].flatMap((name) =>
    ["", " "].map((key): CrossFault => ({
      name: `the key ${JSON.stringify(key)} of ${name}`,
      set: fc.constant({ [name]: { [key]: "x" } }),
      wrong: [`${name}.${JSON.stringify(key)}`],
      code: "format",
    })),
  ),
  {
    name: "a dependency twice",
    set: fc.constant({
      dependencies: ["2", "1", "2"].map((parentTask) => ({
        ...{ dependConfType: "DAY", subordinateCyclicType: "CURRENT_DAY", parentTask },
      })),
    }),
    wrong: ["dependencies[2]"],
    code: "duplicate",
  },
  {
    name: "a dependency on itself",
    set: fc.constantFrom("7", { taskId: "7", taskName: "a" }).map((parentTask) => ({
      adopt: "7",
      dependencies: [{ dependConfType: "DAY", subordinateCyclicType: "CURRENT_DAY", parentTask }],
    })),
    wrong: ["dependencies[0].parentTask"],
    code: "self-dependency",
  },
  {
    name: "a dependency of another task",
    set: fc.constant({
      adopt: "7",
      dependencies: [
        {
          ...{ dependConfType: "DAY", subordinateCyclicType: "CURRENT_DAY", parentTask: "8" },
          sonTask: { taskId: "9" },
        },
      ],
    }),
    wrong: ["dependencies[0].sonTask.taskId"],
    code: "other-task",
  },
];
