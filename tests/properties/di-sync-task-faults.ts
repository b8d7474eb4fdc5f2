import fc from "fast-check";
import type { CrossFault } from "./faults";
import { badCrons, badZones, impossibleTimes, moments } from "./values";

/** What the rules over several arguments of a DataWorksDISyncTask refuse. */
export const crossFaults: readonly CrossFault[] = [
  ...["name", "taskContent"].map((path): CrossFault => ({
    name: `a task made here without ${path}`,
    set: fc.constant({ [path]: undefined }),
    wrong: [path],
    code: "required",
  })),
  ...["startTime", "endTime"].map((name): CrossFault => ({
    name: `a ${name} that does not exist`,
    set: impossibleTimes.map((time) => ({ schedule: { [name]: time } })),
    wrong: [`schedule.${name}`],
    code: "format",
  })),
  {
    name: "a time zone that does not exist",
    set: badZones.map((timeZone) => ({ schedule: { timeZone, startTime: "2026-01-01 00:00:00" } })),
    wrong: ["schedule.timeZone"],
    code: "format",
  },
  {
    name: "an end that is not after the start",
    set: fc
      .tuple(moments(2026, 2060), moments(2020, 2026))
      .map(([startTime, endTime]) => ({ schedule: { startTime, endTime } })),
    wrong: ["schedule.endTime"],
    code: "order",
  },
  {
    name: "a dependency on nodes without naming one",
    set: fc.constantFrom({}, { dependentNodeIds: [] }).map((ids) => ({
      schedule: { dependentType: "USER_DEFINE", ...ids },
    })),
    wrong: ["schedule.dependentNodeIds"],
    code: "required",
  },
  {
    name: "nodes named without a dependency on them",
    set: fc.constantFrom("SELF", "CHILD", "NONE", undefined).map((dependentType) => ({
      schedule: { ...(dependentType !== undefined && { dependentType }), dependentNodeIds: ["1"] },
    })),
    wrong: ["schedule.dependentNodeIds"],
    code: "dependent-type",
  },
  {
    name: "a cron that is none",
    set: fc
      .oneof(badCrons, fc.constantFrom("0 2 * * ?", "0 0 2 * *", "0 0 0 2 * * ? *"))
      .map((cron) => ({ schedule: { cron } })),
    wrong: ["schedule.cron"],
    code: "cron",
  },
  ...["inputs", "outputs"].map((name): CrossFault => ({
    name: `one of the ${name} twice`,
    set: fc.constant({ schedule: { [name]: ["shop.b", "shop.a", "shop.b"] } }),
    wrong: [`schedule.${name}`],
    code: "duplicate",
  })),
  {
    name: "a node to wait for twice",
    set: fc.constant({ schedule: { dependentType: "USER_DEFINE", dependentNodeIds: ["2", "1", "2"] } }),
    wrong: ["schedule.dependentNodeIds"],
    code: "duplicate",
  },
  {
    name: "two input parameters of one name",
    set: fc.constant({
      schedule: { inputParameters: ["o:a", "o:b"].map((valueSource) => ({ name: "p", valueSource })) },
    }),
    wrong: ["schedule.inputParameters"],
    code: "duplicate",
  },
  {
    name: "two output parameters of one name",
    set: fc.constant({
      schedule: { outputParameters: ["1", "2"].map((value) => ({ name: "p", type: "Constant", value })) },
    }),
    wrong: ["schedule.outputParameters"],
    code: "duplicate",
  },
];
