import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import Ajv from "ajv";
import { previewFrom } from "../../cli/preview/read";
import { markdown } from "../../cli/review/markdown";
import { sarif } from "../../cli/review/sarif";
import { root } from "../../scripts/setup.js";
import { document, reviewed, task, urnOf } from "./previews";

const recorded = (name: string): string => readFileSync(path.join(root, "tests", "fixtures", "previews", name), "utf8");

/** What the engine, 3.230.0, wrote of one and the same preview in each of its forms. */
describe("a preview of the engine", () => {
  it("says the same as one document and as a line for each event", () => {
    const [one, other] = [reviewed(recorded("preview.json")), reviewed(recorded("events.jsonl"))];
    // Events do not say where a task is declared.
    assert.equal(markdown(other), markdown(one));
    assert.deepEqual(one.counts, {
      ...{ create: 1, update: 5, replace: 0, delete: 1 },
      ...{ pause: 1, scheduleShift: 3, unchanged: 0 },
    });
  });

  it("counts the same changes in an update plan, which has no values from before", () => {
    const { counts, hasBefore, tasks } = reviewed(recorded("plan.json"));
    const { create, update, delete: gone } = reviewed(recorded("preview.json")).counts;
    assert.deepEqual([counts.create, counts.update, counts.delete], [create, update, gone]);
    assert.equal(hasBefore, false);
    const orders = tasks.find(({ name }) => name === "ods_orders");
    assert.deepEqual(
      orders?.properties.map(({ property }) => property),
      ["owner", "script.command", "trigger.type", "trigger.cron"],
    );
  });

  it("gives an update plan the values from before where the state is at hand", () => {
    const { steps } = previewFrom(recorded("preview.json"), "preview.json");
    const resources = steps.flatMap(({ urn, before }) => (before ? [{ urn, ...before }] : []));
    const state = JSON.stringify({ version: 3, deployment: { resources } });
    const fromPlan = reviewed(recorded("plan.json"), state);
    assert.equal(fromPlan.hasBefore, true);
    const orders = fromPlan.tasks.find(({ name }) => name === "ods_orders");
    assert.deepEqual(
      orders?.properties.map(({ property, before, after }) => [property, before, after]),
      [
        ["owner", "1", "2"],
        ["trigger.cron", "0 30 23 * * ?", "0 15 0 * * ?"],
      ],
    );
  });

  it("with a refresh first begins with what the refresh has found", () => {
    const at = (cron: string) => ({ inputs: task("a", { trigger: { type: "Scheduler", cron } }) });
    const urn = urnOf("a");
    const steps = [
      { op: "refresh", urn, oldState: at("0 30 2 * * ?"), newState: at("0 30 2 * * ?") },
      { op: "update", urn, oldState: at("0 0 9 * * ?"), newState: at("0 15 3 * * ?") },
    ];
    const [found] = reviewed(JSON.stringify({ steps })).tasks;
    assert.deepEqual(found?.properties, [{ property: "trigger.cron", before: "0 0 9 * * ?", after: "0 15 3 * * ?" }]);
  });

  it("says what it leaves out, which is every unchanged resource unless it was asked for them", () => {
    const edits = [{ name: "a", before: task("a"), after: task("a", { rerunTimes: 2 }) }];
    const text = markdown(reviewed(document(edits, { changeSummary: { update: 1, same: 3 } })));
    assert.match(text, /^The preview leaves out 3 unchanged resources: .* --show-sames` has them\.$/m);
    const all = [...edits, { name: "b", before: task("b"), after: task("b") }];
    assert.doesNotMatch(markdown(reviewed(document(all, { changeSummary: { update: 1, same: 1 } }))), /leaves out/);
  });

  it("is read up to where an event log was cut off", () => {
    const text = recorded("events.jsonl");
    const cut = text.slice(0, text.lastIndexOf("\n", text.length - 2) + 30);
    assert.equal(reviewed(cut).tasks.length, 7);
  });
});

describe("a review as JSON and SARIF", () => {
  it("obeys the published schema", () => {
    const schema = JSON.parse(readFileSync(path.join(root, "docs", "schemas", "review.schema.json"), "utf8")) as object;
    const validate = new Ajv({ strict: false }).compile(schema);
    for (const name of ["preview.json", "events.jsonl", "plan.json"]) {
      const review = JSON.parse(JSON.stringify(reviewed(recorded(name)))) as unknown;
      assert.ok(validate(review), `${name}: ${JSON.stringify(validate.errors)}`);
    }
    assert.equal(validate({ version: 2 }), false);
  });

  it("has each warning with its code at the line that declares the task", () => {
    const log = sarif(reviewed(recorded("preview.json")), "1.2.3") as {
      runs: { results: { ruleId: string; locations: unknown[] }[]; tool: { driver: { rules: { id: string }[] } } }[];
    };
    const [run] = log.runs;
    assert.deepEqual(
      run?.tool.driver.rules.map(({ id }) => id),
      ["no-inputs"],
    );
    assert.deepEqual(
      run?.results.map(({ ruleId }) => ruleId),
      ["no-inputs", "no-inputs"],
    );
    assert.deepEqual(run?.results[0]?.locations, [
      {
        physicalLocation: { artifactLocation: { uri: "index.ts" }, region: { startLine: 12, startColumn: 1 } },
        logicalLocations: [
          {
            fullyQualifiedName: "urn:pulumi:dev::orders::pulumi-nodejs:dynamic/dataworks:DISyncTask::sync",
            kind: "resource",
          },
        ],
      },
    ]);
  });
});
