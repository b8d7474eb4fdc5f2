import assert from "node:assert/strict";
import { properties } from "./properties";
import { described, kinds, open, run } from "./run";
import type { Theatre } from "./run";

/** The suite has a fixed seed, so that it never fails by chance; `npm run fuzz` takes others, and more of them. */
const SAMPLE = {
  seed: 20260101,
  runs: Number(process.env["PROPERTY_RUNS"] ?? 10),
  shrinking: Number(process.env["PROPERTY_SHRINKING"] ?? 5_000),
  failures: 1,
};
const only = process.env["PROPERTY_RESOURCE"] ?? "";

describe("whatever the arguments", function () {
  this.timeout(Math.max(60_000, SAMPLE.runs * 5_000));
  for (const kind of kinds.filter(({ name }) => name.includes(only))) {
    describe(`of a ${kind.name}`, () => {
      let theatre: Theatre;
      before(async () => {
        theatre = await open(kind);
      });
      after(() => theatre.close());
      for (const property of properties) {
        it(property.title, async () => {
          const { tried, failures } = await run(theatre, property, SAMPLE);
          if (failures.length > 0) {
            throw new Error(failures.map((failure) => described(kind, property, failure)).join("\n\n"));
          }
          assert.ok(tried > SAMPLE.runs / 2, `only ${tried} of ${SAMPLE.runs} sets of arguments pass the rules`);
        });
      }
    });
  }
});
