import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import Ajv from "ajv";
import { driftOf } from "../../cli/drift/build";
import { sightedInFile } from "../../cli/drift/file";
import { markdown } from "../../cli/drift/markdown";
import { UnreadableFile } from "../../cli/preview/read";
import { root } from "../../scripts/setup.js";
import { AT } from "../review/previews";

const recorded = (name: string): string => readFileSync(path.join(root, "tests", "fixtures", "previews", name), "utf8");
const told = (text: string, name = "refresh.json") => {
  const { state, found } = sightedInFile(text, name);
  return driftOf(state, found, { at: AT, folder: root });
};

/** `UPDATE_GOLDEN=1 npm test -- tests/drift/file.test.ts` writes the file again, for a person to read. */
const UPDATE = process.env["UPDATE_GOLDEN"] === "1";

/** What the engine, 3.230.0, wrote of one and the same refresh: tasks of all kinds, edited and deleted at the console. */
describe("drift in a file of the engine", () => {
  it("is the same to the letter, from a preview after a refresh", () => {
    const text = markdown(told(recorded("refreshed-preview.json")));
    const file = path.join(__dirname, "golden", "refreshed-preview.md");
    if (UPDATE) writeFileSync(file, text);
    assert.equal(text, readFileSync(file, "utf8"));
  });

  it("says the same from the events of a preview, and of a refresh alone", () => {
    const expected = told(recorded("refreshed-preview.json"));
    const without = ({ tasks }: typeof expected) =>
      tasks.map(({ urn, what, properties, documents, scripts }) => ({ urn, what, properties, documents, scripts }));
    for (const name of ["refreshed-preview.jsonl", "refresh.jsonl"]) {
      const events = told(recorded(name));
      assert.deepEqual(events.counts, expected.counts, name);
      assert.deepEqual(
        without(events).map(({ urn, what, properties }) => [urn, what, properties.map(({ property }) => property)]),
        without(expected).map(({ urn, what, properties }) => [urn, what, properties.map(({ property }) => property)]),
        name,
      );
    }
  });

  it("obeys the published schema", () => {
    const schema = JSON.parse(readFileSync(path.join(root, "docs", "schemas", "drift.schema.json"), "utf8")) as object;
    const validate = new Ajv({ strict: false }).compile(schema);
    const drift = JSON.parse(JSON.stringify(told(recorded("refreshed-preview.json")))) as unknown;
    assert.ok(validate(drift), JSON.stringify(validate.errors));
    assert.equal(validate({ version: 2 }), false);
  });

  it("is not to be had from a preview without a refresh, and from a refresh as one document", () => {
    const document = JSON.parse(recorded("refreshed-preview.json")) as { steps: { op: string }[] };
    const only = (wanted: boolean) =>
      JSON.stringify({ ...document, steps: document.steps.filter(({ op }) => (op === "refresh") === wanted) });
    const cases: [string, RegExp][] = [
      [only(false), /^preview\.json has no refresh in it; /],
      [only(true), /^preview\.json is a refresh as one document, in which the engine leaves out/],
      ["{", /^preview\.json is no readable JSON/],
    ];
    for (const [text, sentence] of cases)
      assert.throws(
        () => told(text, "preview.json"),
        (error: unknown) => error instanceof UnreadableFile && sentence.test(error.message),
      );
  });

  it("stays below the limit of a comment, however much has drifted", () => {
    const drift = told(recorded("refreshed-preview.json"));
    const [first] = drift.tasks.filter(({ what }) => what === "edited");
    assert.ok(first);
    const tasks = Array.from({ length: 2_000 }, (_, at) => ({
      ...first,
      name: `task_${at}`,
      urn: `${first.urn}${at}`,
    }));
    const text = markdown({ ...drift, tasks, counts: { ...drift.counts, edited: 2_000, gone: 0 } });
    assert.ok(text.length <= 60_000, String(text.length));
    assert.match(text, /^> Left out for length: /m);
  });
});
