import type { Definition, Properties } from "../../provider/core/definition";
import { UNKNOWN, putAt } from "../../provider/core/fields";
import type { Governance, Governed } from "../../provider/core/governed";
import { checkInputs } from "../../provider/core/lifecycle";
import { changesOf } from "../../provider/core/outlook";
import type { PlannedCall } from "../../provider/core/outlook";
import { definitions } from "../../provider/index";
import { changed, without } from "../properties/stage";
import { everything, examples } from "./kinds";
import type { Pair } from "./kinds";
import { Pinned } from "./pinned";

type AnyDefinition = Definition<Properties, Properties>;

const shown = (value: unknown): string =>
  (value === undefined ? "nothing" : (JSON.stringify(value) ?? String(value))).replaceAll(UNKNOWN, "unknown");
const told = (calls: readonly PlannedCall[]): string =>
  calls
    .map(
      ({ operation, properties, shared }) =>
        `${operation}${properties.length > 0 ? `(${properties.join(", ")})` : ""}${shared === 1 ? "" : ` of ${shared}`}`,
    )
    .join(", ") || "no call";

/** How far a task has come. */
const STANDINGS: Readonly<Record<string, readonly Properties[]>> = {
  DataWorksTask: [
    { taskId: "22", nodeId: "33", phase: "published" },
    { nodeId: "33", phase: "created" },
    { taskId: "22", nodeId: "33", phase: "publishing" },
    { taskId: "22" },
  ],
  DataWorksDISyncTask: [
    { fileId: "22", phase: "published", standardMode: false, output: "shop.22_out" },
    { fileId: "22", phase: "published", standardMode: true },
    { fileId: "22", phase: "submitted", standardMode: true },
    { fileId: "22", phase: "published", origin: "adopted" },
  ],
  WeDataTask: [
    { taskId: "22", phase: "published" },
    { taskId: "22", phase: "draft" },
    { taskId: "22", phase: "published", origin: "adopted" },
  ],
};
/** Some schedules of each kind, by what they differ in. */
const SCHEDULES: Readonly<Record<string, readonly (readonly [string, unknown][])[]>> = {
  DataWorksTask: [
    [],
    [["trigger.cron", "00 00 02 * * ?"]],
    [["trigger.type", "Manual"]],
    ...["Normal", "Skip", "Pause", "Other", UNKNOWN].map((word): [string, unknown][] => [["trigger.recurrence", word]]),
    [
      ["trigger.recurrence", "Pause"],
      ["trigger.type", "Manual"],
    ],
    [
      ["trigger.timeZone", "UTC"],
      ["trigger.startTime", "2026-01-01 00:00:00"],
      ["trigger.endTime", "2027-01-01 00:00:00"],
    ],
    [["trigger.cron", UNKNOWN]],
  ],
  DataWorksDISyncTask: [
    [],
    [["schedule.cron", "00 00 02 * * ?"]],
    ...["NORMAL", "SKIP", "PAUSE", "MANUAL", "OTHER"].map((word): [string, unknown][] => [
      ["schedule.schedulerType", word],
    ]),
    [["schedule.stop", true]],
    [
      ["schedule.stop", false],
      ["schedule.cron", "00 00 02 * * ?"],
    ],
    [
      ["schedule.timeZone", "UTC"],
      ["schedule.startTime", "2026-01-01 00:00:00"],
      ["schedule.endTime", "2027-01-01 00:00:00"],
    ],
  ],
  WeDataTask: [
    [],
    ...["Day", "Week", "Month", "Year", "Hour", "Minute", "Crontab", "OneTime", "UserDriven", 0, 3, 99, UNKNOWN].map(
      (cycle): [string, unknown][] => [
        ["cycleType", cycle],
        ["crontabExpression", "0 0 2 * * ? *"],
        ["taskAction", "1,3"],
        ["delayTimeMinutes", 125],
      ],
    ),
    ...[-1, 0, 59, 60, 1439, 1440, UNKNOWN].map((minutes): [string, unknown][] => [
      ["cycleType", "Day"],
      ["delayTimeMinutes", minutes],
    ]),
    ...[1, 2, UNKNOWN].map((step): [string, unknown][] => [
      ["cycleType", "Day"],
      ["cycleStep", step],
    ]),
    ...["", "L", "1,", "1", UNKNOWN].map((action): [string, unknown][] => [
      ["cycleType", "Month"],
      ["taskAction", action],
    ]),
    [
      ["cycleType", "Hour"],
      ["executionStartTime", "08:30"],
      ["executionEndTime", "20:00"],
    ],
    [
      ["cycleType", "Hour"],
      ["executionStartTime", "08:30"],
    ],
    [
      ["cycleType", "Hour"],
      ["executionEndTime", "late"],
    ],
    [
      ["scheduleTimeZone", "UTC-5"],
      ["startTime", "2026-01-01 00:00:00"],
      ["endTime", "2027-01-01 00:00:00"],
    ],
  ],
};
/** What policies look at, in forms that matter. */
const GOVERNED: Readonly<Record<string, readonly (readonly [string, unknown])[]>> = {
  DataWorksTask: [
    ...[0, 90, 3600, UNKNOWN, null].map((value): [string, unknown] => ["timeoutSeconds", value]),
    ...["AllDenied", "AllAllowed"].map((value): [string, unknown] => ["rerunMode", value]),
    ["rerunTimes", 3],
    ...["Pause", "Skip", "Normal", UNKNOWN].map((value): [string, unknown] => ["trigger.recurrence", value]),
  ],
  DataWorksDISyncTask: [
    ...[0, 2, UNKNOWN].map((value): [string, unknown] => ["schedule.timeout", value]),
    ...["ALL_DENIED", "ALL_ALLOWED"].map((value): [string, unknown] => ["schedule.rerunMode", value]),
    ["schedule.rerunTimes", 3],
    ["schedule.resourceGroupIdentifier", "group"],
    ["resourceGroup", "group"],
    ...[true, false].map((value): [string, unknown] => ["schedule.stop", value]),
    ...["PAUSE", "SKIP", "NORMAL"].map((value): [string, unknown] => ["schedule.schedulerType", value]),
  ],
  WeDataTask: [
    ...[-1, 0, 60, UNKNOWN].map((value): [string, unknown] => ["executionTtlMinutes", value]),
    ...[true, false].map((value): [string, unknown] => ["retriable", value]),
    ["tryLimit", 3],
    ...["a; b ;;", "", " ; "].map((value): [string, unknown] => ["inCharge", value]),
    ["owners", ["1", " 2 "]],
    ["owners", [UNKNOWN]],
    ...["dryRun", 1, 0, "normal"].map((value): [string, unknown] => ["scheduleRunType", value]),
    ...["Crontab", "Day"].map((value): [string, unknown] => ["cycleType", value]),
    ["resourceGroup", "group"],
  ],
};

const governedIn = (governance: Governance): string =>
  Object.entries(governance)
    .flatMap(([name, entry]: [string, unknown]) =>
      [entry].flat().map((each) => {
        if (typeof each === "string") return `${name}=${each}`;
        const { property, value, pending } = each as Governed<unknown>;
        return `${name} (${property})=${value === Infinity ? "no limit" : shown(value)}${pending ? " pending" : ""}`;
      }),
    )
    .join(", ");

describe("what a review tells of a difference", () => {
  const pinned = new Pinned("outlook");
  const seen = new Set<string>();
  for (const example of examples) {
    const definition = definitions[
      example.kind.name.split(" ")[0] as keyof typeof definitions
    ] as unknown as AnyDefinition;
    if (seen.has(definition.name)) continue;
    seen.add(definition.name);
    const places = new Proxy({}, { get: (_target, name) => (typeof name === "string" ? "5001" : undefined) });
    const values = example.values(places as never);
    const all = everything(example, values);
    const canonical = (args: Properties) => checkInputs(definition, args).inputs;
    const { outlook, governance } = definition;
    const standings = STANDINGS[definition.name] ?? [];
    const planned = (facts: Properties, before: Properties | undefined, after: Properties | undefined): string =>
      told(
        outlook.calls({
          id: "5001/node/33",
          facts,
          ...(before && { before }),
          ...(after && { after }),
          changes: after ? changesOf(definition, before ?? {}, after) : [],
        }),
      );
    const of = (facts: Properties) => shown(facts).replace(/[{}"]/g, "");

    it(`the calls of a ${definition.name}`, () => {
      const before = canonical(all);
      const lines: string[] = [];
      for (const facts of standings) {
        lines.push(of(facts));
        lines.push(`  as it is: ${planned(facts, before, before)}`);
        lines.push(`  as a draft: ${planned(facts, before, canonical({ ...all, publish: false }))}`);
        for (const [path, [, to]] of Object.entries(values)) {
          lines.push(`  ${path}: ${planned(facts, before, canonical(changed(all, path, to)))}`);
          lines.push(`  without ${path}: ${planned(facts, before, canonical(without(all, path)))}`);
        }
        const [first, second] = Object.entries(values)
          .filter(([path]) => !example.apart.includes(path))
          .slice(3);
        const two = [first, second].reduce(
          (args, entry) => changed(args, (entry as [string, Pair])[0], (entry as [string, Pair])[1][1]),
          all,
        );
        lines.push(`  two: ${planned(facts, before, canonical(two))}`);
        lines.push(`  draft of it: ${planned(facts, before, canonical({ ...two, publish: false }))}`);
        for (const onDelete of ["delete", "release", "pause", undefined])
          lines.push(
            `  gone, ${onDelete ?? "by default"}: ${planned(facts, canonical({ ...all, onDelete }), undefined)}`,
          );
      }
      lines.push("made");
      for (const [how, more] of [
        ["with all", {}],
        ["as a draft", { publish: false }],
        ["adopted", { adopt: "22" }],
        ["adopted by an object", { adopt: { id: "22" } }],
        ["adopted and applied", { adopt: { id: "22", apply: true } }],
        ["adopted, applied, a draft", { adopt: { id: "22", apply: true }, publish: false }],
      ] as const)
        lines.push(`  ${how}: ${planned({}, undefined, canonical({ ...all, ...more }))}`);
      const little = ["projectId", "workflowId", "taskType", "name", "script", "taskContent"].filter(
        (name) => name in all,
      );
      lines.push(
        `  with little: ${planned({}, undefined, canonical(Object.fromEntries(little.map((name) => [name, all[name]]))))}`,
      );
      const long = { ...all, taskContent: { steps: [{ x: "y".repeat(9_000) }] } };
      if ("taskContent" in all) lines.push(`  with a long text: ${planned({}, undefined, canonical(long))}`);
      if ("taskContent" in all) lines.push(`  an edit to it: ${planned(standings[0] ?? {}, before, canonical(long))}`);
      if ("taskContent" in all)
        lines.push(`  not known: ${planned(standings[0] ?? {}, before, canonical({ ...all, taskContent: UNKNOWN }))}`);
      pinned.has(`calls of a ${definition.name}`, lines);
    });

    const withAll = (pairs: readonly (readonly [string, unknown])[]): Properties => {
      const args: Properties = {};
      for (const [path, value] of pairs) putAt(args, path, value);
      return args;
    };
    it(`when a ${definition.name} runs, and what policies see of it`, () => {
      pinned.has(
        `times of a ${definition.name}`,
        (SCHEDULES[definition.name] ?? []).map((pairs) => {
          const args = withAll(pairs);
          return `${shown(args)}: ${shown(outlook.timing(args))}`;
        }),
      );
      const sets = [
        {},
        all,
        { projectId: UNKNOWN, name: "", owner: UNKNOWN, owners: "1" },
        ...["delete", "release", "pause", UNKNOWN].flatMap((onDelete) => [{ onDelete }, { onDelete, adopt: "22" }]),
        { adopt: { id: "22" } },
        ...(GOVERNED[definition.name] ?? []).map((pair) => withAll([pair])),
      ];
      pinned.has(
        `policies of a ${definition.name}`,
        sets.map((args) => `${args === all ? "everything" : shown(args)}: ${governedIn(governance(args))}`),
      );
    });

    it(`what a ${definition.name} offers, and what it waits for`, () => {
      const cases: [string | undefined, Properties, Properties][] = [
        [undefined, {}, {}],
        [undefined, all, {}],
        ["5001/node/33", all, standings[0] ?? {}],
        ["5001/Dev/node/33", { ...all, envType: "Dev" }, {}],
        [undefined, { ...all, envType: "Dev" }, {}],
        [undefined, { ...all, adopt: "44" }, {}],
        [undefined, { ...all, adopt: { id: "44" } }, {}],
        [
          undefined,
          {
            dependencies: [
              { upstream: "5001/node/1", parentTask: "1" },
              { upstreamTaskId: "2", parentTask: { taskId: "2" } },
              { upstreamOutput: "a.b", parentTask: null },
              { upstreamOutput: UNKNOWN, upstreamTaskId: 7, parentTask: { taskId: 7 } },
              null,
            ],
            schedule: { inputs: ["a", UNKNOWN], outputs: "x" },
            outputs: { taskOutputs: "x" },
          },
          {},
        ],
      ];
      pinned.has(
        `ends of a ${definition.name}`,
        cases.map(([id, args, facts], index) => `${index}: ${shown(outlook.ends(id, args, facts))}`),
      );
    });
  }
});
