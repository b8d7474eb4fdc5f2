import assert from "node:assert/strict";
import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { checkArguments } from "../../provider/core/check";
import { definition } from "../../provider/resources/dataworks-task/resource";
import { FlowSpecError, readFlowSpec } from "../../sdk/flowspec/reader";

const FIXTURES = path.join(__dirname, "../fixtures/flowspec");
const samples = readdirSync(path.join(FIXTURES, "samples")).filter((file) => /\.(json|yaml)$/.test(file));

/** What the reader says of a sample, as kept under expected/. */
const read = (file: string): unknown => {
  const { findings, ...rest } = readFlowSpec(path.join(FIXTURES, "samples", file));
  return { ...rest, findings: findings.map(({ severity, path: at, reason }) => `${severity} ${at} ${reason}`) };
};

/** Metadata, the node that a variable comes from, and tables, which are reported where they are used. */
const KNOWN_MEANINGLESS = /(^|\.)metadata\b|\.(node|referenceVariable)\b|^spec\.artifacts(\.tables.*)?$/;

/** What the check has doubts about, by sample. */
const DOUBTFUL: Readonly<Record<string, readonly string[]>> = {
  "example.json": ["warning cross-cycle-by-output dependencies[0].upstreamOutput"],
  "sql-python-node-spec.json": [
    "warning node-output-value outputs.variables[0].value",
    "warning node-output-value inputs.variables[0].value",
  ],
};

describe("FlowSpec samples", () => {
  it("are all there", () => assert.equal(samples.length, 8));

  for (const file of samples) {
    it(`${file} gives the tasks and findings that were reviewed`, () => {
      const expected: unknown = JSON.parse(readFileSync(path.join(FIXTURES, "expected", `${file}.json`), "utf8"));
      assert.deepEqual(JSON.parse(JSON.stringify(read(file))), expected);
    });
  }

  for (const file of samples.filter((name) => name.endsWith(".json"))) {
    it(`${file} hides no member: a new one anywhere is reported, by its path or with what holds it`, () => {
      const text = readFileSync(path.join(FIXTURES, "samples", file), "utf8");
      const leftOut = readFlowSpec(text)
        .findings.filter(({ reason }) => /left out/.test(reason))
        .map(({ path: at }) => at.replace(/\.(do-while|for-each)$/, ""));
      const silent = objectsOf(JSON.parse(text)).filter((at) => {
        const document = JSON.parse(text) as object;
        (valueAt(document, at) as Record<string, unknown>)["surprise"] = "x";
        const surprise = at === "" ? "surprise" : `${at}.surprise`;
        const isTold = readFlowSpec(document).findings.some(({ path: told }) => told === surprise);
        const isInside = leftOut.some((holder) => at.startsWith(holder) && /^([.[]|$)/.test(at.slice(holder.length)));
        return !isTold && !isInside && !KNOWN_MEANINGLESS.test(at);
      });
      assert.deepEqual(silent, []);
    });
  }

  for (const file of samples) {
    it(`every task of ${file} passes the check of a DataWorksTask`, () => {
      const doubts = readFlowSpec(path.join(FIXTURES, "samples", file)).tasks.flatMap((task) => {
        const given = { projectId: "1", ...task.arguments };
        const { findings } = checkArguments(definition.fields, definition.rules, given);
        return findings.map(({ severity, code, property }) => `${severity} ${code} ${property}`);
      });
      assert.deepEqual(doubts, DOUBTFUL[file] ?? []);
    });
  }

  it("a sample with anything in place of any value is read or refused in one sentence", () => {
    const texts = samples
      .filter((name) => name.endsWith(".json"))
      .map((name) => readFileSync(path.join(FIXTURES, "samples", name), "utf8"));
    const odd = fc.constantFrom<unknown>(
      null,
      [],
      {},
      [[]],
      [null],
      { id: {} },
      "",
      "x",
      "{{x}}",
      "{{a.b.c}}",
      "${projectIdentifier}.x",
      -1,
      1e300,
      true,
      [1, "x", {}],
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...texts),
        fc.array(fc.tuple(fc.nat(), odd), { minLength: 1, maxLength: 4 }),
        (text, changes) => {
          const document = JSON.parse(text) as object;
          const places = objectsOf(document);
          for (const [pick, value] of changes) {
            const holder = valueAt(document, places[pick % places.length] ?? "");
            if (typeof holder !== "object" || holder === null) continue;
            const names = Object.keys(holder);
            const name = names[pick % Math.max(names.length, 1)];
            if (name !== undefined) (holder as Record<string, unknown>)[name] = value;
          }
          try {
            readFlowSpec(document);
          } catch (error) {
            assert.ok(error instanceof FlowSpecError, String(error));
          }
        },
      ),
      { numRuns: 1500, seed: 3 },
    );
  });

  it("real_case says the same in JSON and in YAML, but for the owner of the document", () => {
    const [json, yaml] = ["real_case.json", "real_case.yaml"].map((file) =>
      readFlowSpec(path.join(FIXTURES, "samples", file)),
    );
    assert.deepEqual(yaml?.tasks, json?.tasks);
  });

  it("a sample is read the same from its file, its text and the parsed document", () => {
    const file = path.join(FIXTURES, "samples", "manual.json");
    const text = readFileSync(file, "utf8");
    assert.deepEqual(readFlowSpec(text), readFlowSpec(file));
    assert.deepEqual(readFlowSpec(JSON.parse(text) as object), readFlowSpec(file));
  });
});

/** The paths of all objects in a document. */
function objectsOf(value: unknown, at = ""): string[] {
  if (Array.isArray(value)) return value.flatMap((element, index) => objectsOf(element, `${at}[${index}]`));
  if (typeof value !== "object" || value === null) return [];
  return [
    at,
    ...Object.entries(value).flatMap(([name, member]) => objectsOf(member, at === "" ? name : `${at}.${name}`)),
  ];
}

function valueAt(document: unknown, at: string): unknown {
  return (at.match(/[^.[\]]+/g) ?? []).reduce(
    (value, name) => (value as Record<string, unknown> | null | undefined)?.[name],
    document,
  );
}
