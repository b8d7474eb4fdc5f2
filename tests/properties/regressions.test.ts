import assert from "node:assert/strict";
import type { Properties } from "../../provider/core/definition";
import { properties } from "./properties";
import { MISSING } from "./faults";
import type { Broken } from "./refusals";
import { kinds, open } from "./run";
import type { Pick, Story } from "./stage";

/** Found once by `npm run fuzz`, made as small as it gets, and never to come back: a name, the kind, the property, the story. */
const found: readonly (readonly [name: string, kind: string, letter: string, story: Example])[] = [
  [
    "what the international site can't show stays declared when something else has moved",
    "WeDataTask on the international site",
    "h",
    { args: { taskFolderId: "folder" }, spare: { name: "other" }, picks: ["name"] },
  ],
  [
    "moving a node writes its document no second time",
    "DataWorksTask",
    "d",
    { args: {}, spare: { path: "warehouse/ods" }, picks: [0, "path"] },
  ],
  [
    "renaming a draft writes its document no second time",
    "DataWorksTask",
    "d",
    { args: { publish: false }, spare: { name: "other" }, picks: [0, "name"] },
  ],
  [
    "a language that is no longer declared publishes nothing",
    "DataWorksTask",
    "g",
    { args: { script: { language: "sql" } }, picks: ["script.language"] },
  ],
  [
    "a time zone that is no longer declared publishes nothing",
    "DataWorksTask",
    "g",
    { args: { trigger: { type: "Scheduler", timeZone: "UTC" } }, picks: ["trigger.timeZone"] },
  ],
  [
    "a data source type that is no longer declared publishes nothing",
    "DataWorksTask",
    "g",
    { args: { dataSource: { type: "odps" } }, picks: ["dataSource.type"] },
  ],
  [
    "code that is no longer declared publishes nothing",
    "DataWorksTask",
    "g",
    { args: { script: { content: "a" } }, picks: ["script.content"] },
  ],
  [
    "code changed at the console is put right without writing the edges that the document cannot name",
    "DataWorksTask",
    "h",
    {
      args: { script: { content: "a" }, dependencies: [{ type: "Normal", upstreamTaskId: "upstream 0" }] },
      spare: { script: { content: "b" } },
      picks: ["script.content"],
    },
  ],
  [
    "an empty list for none makes no call",
    "DataWorksDISyncTask",
    "d",
    { args: {}, spare: { schedule: { inputParameters: [] } }, picks: [0, "schedule.inputParameters"] },
  ],
  [
    "inputs taken away are cleared by the list that every update carries",
    "DataWorksDISyncTask",
    "g",
    { args: { schedule: { inputs: ["shop.a"] } }, picks: ["schedule.inputs"] },
  ],
  [
    "a time zone taken away sends the times as the default one has them",
    "DataWorksDISyncTask",
    "g",
    {
      args: { schedule: { startTime: "2020-01-01 00:00:00", timeZone: "America/New_York" } },
      picks: ["schedule.timeZone"],
    },
  ],
  [
    "the code of an adopted task is found in its node after an edit of its trigger",
    "DataWorksTask",
    "d",
    {
      args: { trigger: { type: "Manual" } },
      spare: { trigger: { type: "Scheduler" }, script: { content: "a" } },
      picks: [0, "trigger.type", "script.content"],
    },
  ],
  [
    "what to make of a caution may be unknown yet",
    "DataWorksTask",
    "f",
    { args: { rules: { "timeout-disputed": "off" } }, picks: ["rules.timeout-disputed"] },
  ],
  [
    "a dependency without its kind is refused, not tripped over",
    "WeDataTask",
    "e",
    {
      args: {
        cycleType: "Crontab",
        crontabExpression: "0 0 2 * * ?",
        dependencies: [{ dependConfType: "CRONTAB", subordinateCyclicType: "CURRENT_DAY", parentTask: "upstream 0" }],
      },
      faults: [
        {
          fault: {
            at: "dependencies",
            steps: [{ name: 0 }, { name: "dependConfType" }],
            wrong: "dependencies[0].dependConfType",
            code: "required",
          },
          value: MISSING,
        },
      ],
      picks: ["dependencies[0].dependConfType [required]"],
    },
  ],
];

interface Example {
  readonly args: Properties;
  readonly spare?: Properties;
  readonly picks: readonly Pick[];
  readonly faults?: readonly Broken[];
}

describe("what was found once", function () {
  this.timeout(60_000);
  for (const [name, kindName, letter, { args, spare = {}, picks, faults = [] }] of found) {
    it(`stays found: ${name}`, async () => {
      const kind = kinds.find((each) => each.name === kindName);
      const property = properties.find((each) => each.letter === letter);
      if (!kind || !property) throw new Error(`there is no property ${letter} of ${kindName}`);
      const theatre = await open(kind);
      try {
        const base = kind.base(theatre.stage.emulator);
        const story: Story & { faults: unknown; crosses: unknown } = {
          ...{ args: { ...base, ...args }, spare, picks },
          ...{ faults, crosses: [] },
        };
        assert.equal(await property.check(theatre.stage, theatre.filled(story)), true, "the rules refuse it");
        // The last pick is what it is about; of a value inside an argument the argument is counted.
        const about = String(picks.at(-1));
        const isAbout = (what: string) => what.endsWith(` ${about}`) || about.startsWith(`${what.slice(8)}.`);
        assert.ok([...theatre.counts.keys()].some(isAbout), `nothing was done to ${about}`);
      } finally {
        await theatre.close();
      }
    });
  }
});
