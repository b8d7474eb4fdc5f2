import assert from "node:assert/strict";
import { UNKNOWN, leaves, putAt } from "../../provider/core/fields";
import type { Properties } from "../../provider/core/definition";
import { checkInputs } from "../../provider/core/lifecycle";
import { definition } from "../../provider/resources/dataworks-di-sync-task/resource";
import { content } from "./di-sync-content";

describe("the rules of a DataWorksDISyncTask", () => {
  const steps = content()["steps"] as Properties[];
  const args = (changes: Properties = {}): Properties => ({
    projectId: "1",
    name: "sync_orders",
    taskContent: content(),
    schedule: { inputs: ["shop_root"] },
    ...changes,
  });
  const inSchedule = (changes: Properties): Properties => args({ schedule: { inputs: ["shop_root"], ...changes } });
  const found = (given: Properties) =>
    checkInputs(definition, given, {}, new Date("2026-11-21T00:00:00Z")).findings.map(
      ({ property, code, severity }) => `${severity} ${property} ${code}`,
    );

  const cases: [name: string, given: Properties, finding: string][] = [
    [
      "a script of another type",
      args({ taskContent: content({ type: "di" }) }),
      "warning taskContent.type task-content-type",
    ],
    [
      "a script without steps",
      args({ taskContent: content({ steps: {} }) }),
      "warning taskContent.steps task-content-steps",
    ],
    [
      "a script without a writer",
      args({ taskContent: content({ steps: [steps[0]], order: { hops: [{ from: "Reader", to: "Reader" }] } }) }),
      "warning taskContent.steps task-content-steps",
    ],
    [
      "two steps of one name",
      args({ taskContent: content({ steps: [...steps, steps[0]] }) }),
      "warning taskContent.steps[2].name task-content-steps",
    ],
    [
      "a hop to nowhere",
      args({ taskContent: content({ order: { hops: [{ from: "Reader", to: "Writr" }] } }) }),
      "warning taskContent.order.hops[0].to task-content-hops",
    ],
    ["no hops", args({ taskContent: content({ order: {} }) }), "warning taskContent.order.hops task-content-hops"],
    [
      "a script in text with long numbers",
      args({ taskContent: JSON.stringify(content({ type: "di" })).replace('"2.0"', "12345678901234567890") }),
      "warning taskContent.type task-content-type",
    ],
    ["a resource group by its number", args({ resourceGroup: "12345" }), "warning resourceGroup resource-group"],
    [
      "a scheduling group by its name",
      inSchedule({ resourceGroupIdentifier: "my group" }),
      "warning schedule.resourceGroupIdentifier resource-group",
    ],
    ["an owner by name", args({ owner: "alice" }), "warning owner owner-not-an-id"],
    ["a long description", args({ description: "x".repeat(170) }), "warning description description-length"],
    ["reruns beyond int32", inSchedule({ rerunTimes: 2 ** 31 }), "error schedule.rerunTimes range"],
    ["a timeout beyond int32", inSchedule({ timeout: 2 ** 31 }), "error schedule.timeout range"],
    ["no upstream", args({ schedule: {} }), "warning schedule.inputs no-inputs"],
    ["an empty list of upstreams", inSchedule({ inputs: [] }), "warning schedule.inputs no-inputs"],
    ["a cron that can't be read", inSchedule({ cron: "0 61 2 * * ?" }), "error schedule.cron cron"],
    ["a cron that never runs", inSchedule({ cron: "0 10 2 30 2 ?" }), "warning schedule.cron cron-never-runs"],
    ["a cron by the minute", inSchedule({ cron: "0 0/1 8-9 * * ?" }), "warning schedule.cron cron-limits"],
    ["a cron before five past midnight", inSchedule({ cron: "0 0 0 * * ?" }), "warning schedule.cron cron-limits"],
    [
      "a day's cycle with a cron of hours",
      inSchedule({ cron: "0 15 * * * ?", cycleType: "DAY" }),
      "warning schedule.cycleType cycle-type",
    ],
    [
      "an hour's cycle with a cron of weeks",
      inSchedule({ cron: "0 15 2 ? * MON", cycleType: "NOT_DAY" }),
      "warning schedule.cycleType cycle-type",
    ],
    [
      "a cron for a task by hand",
      inSchedule({ cron: "0 15 2 * * ?", schedulerType: "MANUAL" }),
      "warning schedule.cron without-effect",
    ],
    [
      "a stop beside another word",
      inSchedule({ stop: true, schedulerType: "NORMAL" }),
      "warning schedule.stop stop-against-scheduler-type",
    ],
    [
      "an end that has passed",
      inSchedule({ endTime: "2026-11-21 07:59:59" }),
      "warning schedule.endTime cron-never-runs",
    ],
    [
      "reruns that are denied",
      inSchedule({ rerunMode: "ALL_DENIED", rerunTimes: 3 }),
      "warning schedule.rerunTimes rerun-without-effect",
    ],
    [
      "a wait for no reruns",
      inSchedule({ rerunTimes: 0, rerunIntervalSeconds: 60 }),
      "warning schedule.rerunIntervalSeconds rerun-without-effect",
    ],
    ["many reruns", inSchedule({ rerunTimes: 11 }), "warning schedule.rerunTimes rerun-times"],
    ["a timeout in seconds", inSchedule({ timeout: 3600 }), "warning schedule.timeout timeout-unit"],
    ["an upstream twice", inSchedule({ inputs: ["a", "b", "a"] }), "error schedule.inputs duplicate"],
    [
      "a parameter name twice",
      inSchedule({
        inputParameters: [
          { name: "a", valueSource: "x:y" },
          { name: "a", valueSource: "x:z" },
        ],
      }),
      "error schedule.inputParameters duplicate",
    ],
    [
      "an output parameter name twice",
      inSchedule({
        outputParameters: [
          { name: "a", type: "Constant", value: "1" },
          { name: "a", type: "Constant", value: "2" },
        ],
      }),
      "error schedule.outputParameters duplicate",
    ],
    [
      "a scheduling parameter twice",
      inSchedule({ parameters: "a=1 a=2" }),
      "warning schedule.parameters parameter-value",
    ],
    [
      "a source without its parameter",
      inSchedule({ inputParameters: [{ name: "a", valueSource: "shop.first" }] }),
      "warning schedule.inputParameters parameter-value",
    ],
    [
      "a variable without an expression",
      inSchedule({ outputParameters: [{ name: "a", type: "Variable", value: "1" }] }),
      "warning schedule.outputParameters parameter-value",
    ],
    [
      "a value passed through from nowhere",
      inSchedule({ outputParameters: [{ name: "a", type: "PassThrough", value: "${a}" }] }),
      "warning schedule.outputParameters parameter-value",
    ],
  ];
  for (const [name, given, finding] of cases) {
    it(`find ${name}`, () => assert.deepEqual(found(given), [finding]));
  }

  const nothingWrong: [name: string, given: Properties][] = [
    [
      "a task as in the samples",
      inSchedule({ cron: "00 30 02 * * ?", cycleType: "DAY", schedulerType: "NORMAL", stop: false }),
    ],
    ["the crons of the documents", inSchedule({ cron: "00 00-59/10 8-17 * * * ?", cycleType: "NOT_DAY" })],
    [
      "unknown values in the script",
      args({ taskContent: content({ type: UNKNOWN, steps: [UNKNOWN, ...steps], order: { hops: UNKNOWN } }) }),
    ],
    ["an unknown script", args({ taskContent: UNKNOWN })],
    [
      "an unknown zone",
      inSchedule({ startTime: "2026-01-01 00:00:00", endTime: "2020-01-01 00:00:00", timeZone: UNKNOWN }),
    ],
    [
      "an adopted task that declares a part",
      { projectId: "1", adopt: "2", schedule: { dependentNodeIds: ["3"], cron: "0 10 2 * * ?" } },
    ],
    [
      "an adopted task that has its nodes already",
      { projectId: "1", adopt: "2", schedule: { dependentType: "USER_DEFINE" } },
    ],
    ["a draft without an upstream", args({ publish: false, schedule: {} })],
    ["parameters for the script's own program", inSchedule({ parameters: '-p"-Dbizdate=$bizdate  -Dx=1" -p"-Dx=1"' })],
    [
      "a group of the service's own",
      args({ resourceGroup: "group_2", schedule: { inputs: ["a"], resourceGroupIdentifier: "default_group" } }),
    ],
    [
      "the end of a period in another zone",
      inSchedule({ endTime: "2026-11-20 23:30:00", timeZone: "America/New_York" }),
    ],
  ];
  for (const [name, given] of nothingWrong) {
    it(`say nothing about ${name}`, () => assert.deepEqual(found(given), []));
  }

  it("name the value, the rule, and its source", () => {
    const { findings } = checkInputs(definition, inSchedule({ cron: "0 2 * * *" }), {}, new Date());
    assert.equal(
      `${findings[0]?.property} ${findings[0]?.reason}`,
      'schedule.cron must be a cron of six or seven fields, second first, got "0 2 * * *" (UpdateFile 2020-05-18, CronExpress)',
    );
  });

  it("keep the blanks inside quotes of the parameters, and no others", () => {
    const { inputs } = checkInputs(definition, inSchedule({ parameters: `  a=1   b="x  y" ` }));
    assert.equal((inputs["schedule"] as Properties)["parameters"], 'a=1 b="x  y"');
  });

  /** What an empty text or list means: it clears, or it is refused. */
  const empties: Record<string, "clears" | "refused"> = {
    name: "refused",
    resourceGroup: "refused",
    folder: "refused",
    description: "clears",
    owner: "refused",
    comment: "refused",
    "schedule.cron": "refused",
    "schedule.startTime": "refused",
    "schedule.endTime": "refused",
    "schedule.timeZone": "refused",
    "schedule.parameters": "clears",
    "schedule.dependentNodeIds": "clears",
    "schedule.inputs": "clears",
    "schedule.outputs": "clears",
    "schedule.inputParameters": "clears",
    "schedule.outputParameters": "clears",
    "schedule.resourceGroupIdentifier": "refused",
  };
  const emptiable = leaves(definition.fields as never).filter(
    ({ path, leaf }) => (leaf.kind === "text" || leaf.kind === "list") && path !== "projectId",
  );
  it("know of every text and list what an empty one means", () => {
    assert.deepEqual(emptiable.map(({ path }) => path).sort(), Object.keys(empties).sort());
  });
  for (const { path, leaf } of emptiable) {
    it(`an empty ${path} is ${empties[path] === "clears" ? "what clears it" : "refused"}, and null is none`, () => {
      const given = (value: unknown) => {
        const result = args({ adopt: "1" });
        putAt(result, path, value);
        return result;
      };
      const empty = leaf.kind === "list" ? [] : "";
      const errors = found(given(empty)).filter((each) => each.startsWith(`error ${path} `));
      assert.deepEqual(errors.length > 0, empties[path] === "refused", errors.join());
      // Taking the zone away means the default one; an empty one is none.
      assert.equal(leaf.clear !== undefined, empties[path] === "clears" || path === "schedule.timeZone");
      assert.deepEqual(checkInputs(definition, given(null)).inputs, checkInputs(definition, given(undefined)).inputs);
    });
  }
});
