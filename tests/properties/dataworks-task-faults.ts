import fc from "fast-check";
import type { CrossFault } from "./faults";
import { badCrons, badZones, impossibleTimes, moments, texts } from "./values";

/** Arguments of the node, which the task of production does not show. */
export const OF_THE_NODE = ["trigger.timeZone", "dataSource.type", "path", "script.command", "script.language"];

const VALID: Readonly<Record<string, string>> = {
  recurrence: "Normal",
  cron: "0 0 2 * * ?",
  startTime: "2026-01-01 00:00:00",
  endTime: "2026-02-01 00:00:00",
  cycleType: "Daily",
};
/** What the rules over several arguments of a DataWorksTask refuse. */
export const crossFaults: readonly CrossFault[] = [
  {
    name: "a task made here without a name",
    set: fc.constant({ name: undefined }),
    wrong: ["name"],
    code: "required",
  },
  {
    name: "a task made here without a command",
    set: fc.constant({ "script.command": undefined }),
    wrong: ["script.command"],
    code: "required",
  },
  {
    name: "a task made here in Dev",
    set: fc.constant({ envType: "Dev" }),
    wrong: ["envType"],
    code: "environment",
  },
  {
    name: "a code of the client without adopt",
    set: texts.filter((text) => text.trim() !== "").map((clientUniqueCode) => ({ clientUniqueCode })),
    wrong: ["clientUniqueCode"],
    code: "adopted-only",
  },
  ...OF_THE_NODE.map((path): CrossFault => ({
    name: `${path} together with adopt`,
    set: fc.constantFrom("a", "sql").map((value) => ({
      adopt: "1",
      [path]: path === "trigger.timeZone" ? "UTC" : value,
    })),
    wrong: [path],
    code: "created-only",
  })),
  ...["recurrence", "cron", "startTime", "endTime", "cycleType"].map((name): CrossFault => ({
    name: `trigger.${name} of a task started by hand`,
    set: fc.constant({ trigger: { type: "Manual", [name]: VALID[name] } }),
    wrong: [`trigger.${name}`],
    code: "scheduler-only",
  })),
  {
    name: "an end that is not after the start",
    set: fc
      .tuple(moments(2026, 2060), moments(2020, 2026))
      .map(([startTime, endTime]) => ({ trigger: { type: "Scheduler", startTime, endTime } })),
    wrong: ["trigger.endTime"],
    code: "order",
  },
  {
    name: "a cron that is none",
    set: fc
      .oneof(badCrons, fc.constantFrom("0 2 * * ?", "0 0 2 * *", "0 0 0 2 * * ? *"))
      .map((cron) => ({ trigger: { type: "Scheduler", cron } })),
    wrong: ["trigger.cron"],
    code: "cron",
  },
  ...["startTime", "endTime"].map((name): CrossFault => ({
    name: `a ${name} that the calendar does not have`,
    set: impossibleTimes.map((time) => ({ trigger: { type: "Scheduler", [name]: time } })),
    wrong: [`trigger.${name}`],
    code: "format",
  })),
  {
    name: "a time zone that does not exist",
    set: badZones.map((timeZone) => ({ trigger: { type: "Scheduler", timeZone } })),
    wrong: ["trigger.timeZone"],
    code: "format",
  },
  {
    name: "a name that is too long",
    set: fc.integer({ min: 129, max: 2_000 }).map((length) => ({ name: "x".repeat(length), rules: {} })),
    wrong: ["name"],
    code: "name-length",
  },
  {
    name: "a tag without a key",
    set: fc.constant({ tags: { "": "x", a: "b" } }),
    wrong: ["tags"],
    code: "empty",
  },
  {
    name: "an edge of the same cycle to nobody",
    set: fc
      .constantFrom("Normal", "CrossCycleDependsOnOtherNode")
      .map((type) => ({ dependencies: [{ type: "CrossCycleDependsOnSelf" }, { type }] })),
    wrong: ["dependencies[1]"],
    code: "upstream",
  },
  {
    name: "an edge that names its upstream twice",
    set: fc.constant({ dependencies: [{ type: "Normal", upstreamOutput: "shop.a", upstreamTaskId: "1" }] }),
    wrong: ["dependencies[0]"],
    code: "upstream",
  },
  ...["upstreamOutput", "upstreamTaskId", "upstream"].map((name): CrossFault => ({
    name: `an edge to itself or its downstreams with ${name}`,
    set: fc
      .constantFrom("CrossCycleDependsOnSelf", "CrossCycleDependsOnChildren")
      .map((type) => ({ dependencies: [{ type, [name]: name === "upstream" ? "1/node/2" : "1" }] })),
    wrong: [`dependencies[0].${name}`],
    code: "upstream",
  })),
  {
    name: "an edge twice",
    set: fc.constant({
      dependencies: ["b", "a", "b"].map((upstreamOutput) => ({ type: "Normal", upstreamOutput })),
    }),
    wrong: ["dependencies[2]"],
    code: "duplicate",
  },
  {
    name: "an output twice",
    set: fc.constant({ "outputs.taskOutputs": ["shop.b", "shop.a", "shop.b"] }),
    wrong: ["outputs.taskOutputs[2]"],
    code: "duplicate",
  },
  ...["inputs", "outputs"].map((side): CrossFault => ({
    name: `two variables of one name in ${side}`,
    set: fc.constantFrom("a", "__proto__").map((name) => ({
      [`${side}.variables`]: [
        { name, type: "Constant", value: "2" },
        { name: "other", type: "System", value: "1" },
        { name, type: "Constant", value: "1" },
      ],
    })),
    wrong: [`${side}.variables[2].name`],
    code: "duplicate",
  })),
];
