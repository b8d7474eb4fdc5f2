import assert from "node:assert/strict";
import fc from "fast-check";
import { startEmulator } from "../../emulator/index";
import type { Emulator } from "../../emulator/index";
import { configure } from "../../provider/clouds/connections";
import { dataworksTask } from "./dataworks-task";
import { diSyncTask } from "./di-sync-task";
import type { Kind } from "./kind";
import { life } from "./life";
import type { Stage, Story } from "./life";
import { wedataTask, wedataTaskAbroad } from "./wedata-task";

/**
 * PROPERTY_RUNS: argument sets per kind of task. PROPERTY_SEED: another sequence of them. PROPERTY_RESOURCE: only the
 * kinds whose name contains it. The suite has a fixed seed, so that it never fails by chance.
 */
const runs = Number(process.env["PROPERTY_RUNS"] ?? 30);
const seed = Number(process.env["PROPERTY_SEED"] ?? 20260101);
const only = process.env["PROPERTY_RESOURCE"] ?? "";
const kinds: readonly Kind[] = [dataworksTask, diSyncTask, wedataTask, wedataTaskAbroad];

describe("the whole life of any task", function () {
  const limit = Math.max(60_000, runs * 5_000);
  this.timeout(limit * 2);

  for (const kind of kinds.filter(({ name }) => name.includes(only))) {
    describe(kind.name, () => {
      let emulator: Emulator;
      before(async () => {
        emulator = await startEmulator({ stageMilliseconds: 0, seed: 1, switches: { ...kind.switches } });
        const config = kind.config(emulator);
        configure({ get: (key) => config[key] });
      });
      after(() => emulator.close());

      it(`keeps every property, with ${runs} sets of arguments`, async () => {
        const { some, all } = await kind.arguments(emulator);
        const warnings: string[] = [];
        const environment = {
          ready: () => Promise.resolve(),
          warn: (message: string) => void warnings.push(message),
          inform: () => undefined,
        };
        let serial = 0;
        const nextToken = () => `token${String((serial += 1)).padStart(8, "0")}`;
        const stage: Stage = { kind, task: kind.hooks(environment), emulator, warnings, nextToken };
        const picks = fc.array(fc.nat(999), { minLength: 6, maxLength: 8 });
        const story: fc.Arbitrary<Story> = fc.record({ args: some, spare: all, picks });
        let told = 0;
        const outcome = await fc.check(
          fc.asyncProperty(story, async (each) => {
            if (await life(stage, each)) told += 1;
          }),
          { seed, numRuns: runs, interruptAfterTimeLimit: limit },
        );
        if (outcome.failed && outcome.counterexample) {
          const [{ args, spare, picks }] = outcome.counterexample;
          const shown = [args, spare, picks].map((each) =>
            fc.stringify(each).replace(/(.{200}).{200,}?(.{60})/gs, "$1…$2"),
          );
          const cause = outcome.errorInstance instanceof Error ? outcome.errorInstance.message : "";
          throw new Error(`${cause}\nseed ${outcome.seed}, path ${outcome.counterexamplePath}\n${shown.join("\n")}`);
        }
        assert.ok(told >= runs / 2, `only ${told} of ${runs} sets of arguments passed the rules`);
      });
    });
  }
});
