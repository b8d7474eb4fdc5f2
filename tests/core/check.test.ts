import assert from "node:assert/strict";
import { checkArguments } from "../../provider/core/check";
import type { View } from "../../provider/core/check";
import { caution, error, sentenceOf, warning, withLevels } from "../../provider/core/findings";
import type { Levels } from "../../provider/core/findings";
import {
  ASSET_SIGNATURE,
  ASSET_VALUE,
  UNKNOWN,
  choice,
  content,
  decimal,
  document,
  flag,
  group,
  integer,
  list,
  map,
  record,
  recordOr,
  text,
} from "../../provider/core/fields";
import type { Table } from "../../provider/core/fields";

const table = {
  name: text({ required: true, maximumLength: 5 }),
  count: integer({ minimum: 1, maximum: 9 }),
  size: decimal({ multipleOf: 0.5 }),
  on: flag(),
  mode: choice(["Normal", "Pause"]),
  level: choice([4, 5]),
  tags: map(),
  body: document(),
  code: content(),
  when: group<{ cron?: string; zone?: string }>({ cron: text({ canonical: (value) => value.trim() }), zone: text() }),
  edges: list<{ to: string }>(record<{ to: string }>({ to: text({ required: true }) }), { unordered: true }),
  steps: list<string>(text()),
  adopt: recordOr<string, { id: string; apply?: boolean }>("id", {
    id: text({ required: true, pattern: [/^\d+$/, "digits"] }),
    apply: flag(),
  }),
} as unknown as Table;

const check = (given: Record<string, unknown>) => checkArguments(table, [], given);
const refusals = (given: Record<string, unknown>) =>
  check({ name: "a", ...given }).findings.map(({ property, reason }) => `${property} ${reason}`);

describe("check", () => {
  const refused: [given: Record<string, unknown>, sentence: string][] = [
    [{ name: 7 }, "name must be a string, got 7; write it in quotes"],
    [{ name: "abcdef" }, "name must have at most 5 characters, got 6"],
    [{ count: 1.5 }, "count must be a whole number, got 1.5"],
    [{ count: 0 }, "count must be at least 1, got 0"],
    [{ count: 10 }, "count must be at most 9, got 10"],
    [{ size: 0.7 }, "size must be a multiple of 0.5, got 0.7"],
    [{ size: Number.NaN }, "size must be a number, got NaN"],
    [{ on: "yes" }, 'on must be true or false, got "yes"'],
    [{ mode: "normal" }, 'mode must be one of Normal, Pause, got "normal"; did you mean Normal?'],
    [{ level: 6 }, "level must be one of 4, 5, got 6"],
    [{ tags: ["a"] }, "tags must be a map of strings, got a list"],
    [{ tags: { a: 1 } }, "tags.a must be a string, got 1; write it in quotes"],
    [{ body: "{" }, "body must be a JSON object, or the text of one"],
    [{ body: "[1]" }, "body must be a JSON object, or the text of one"],
    [{ code: 1 }, "code must be a string, a FileAsset or a StringAsset, got 1"],
    [{ when: "daily" }, 'when must be an object, got "daily"'],
    [{ when: { corn: "0" } }, "when.corn is not a property of when; did you mean cron?"],
    [{ edges: {} }, "edges must be a list, got an object"],
    [{ edges: [{ to: "a" }, {}] }, "edges[1].to is required"],
    [{ edges: [null] }, "edges[0] must have a value"],
    [{ adopt: "x" }, 'adopt must be digits, got "x"'],
    [{ adopt: { apply: true } }, "adopt.id is required"],
  ];
  for (const [given, sentence] of refused) {
    it(`refuses ${JSON.stringify(given)} in one sentence`, () => {
      const found = refusals(given);
      assert.equal(
        found.includes(sentence) || found.map((each) => each.replace("adopt.id", "adopt")).includes(sentence),
        true,
        found.join("\n"),
      );
    });
  }

  const codes: [given: Record<string, unknown>, code: string][] = [
    [{ name: 7 }, "type"],
    [{ name: "abcdef" }, "length"],
    [{ count: 0 }, "range"],
    [{ count: 10 }, "range"],
    [{ size: 0.7 }, "range"],
    [{ mode: "normal" }, "enum"],
    [{ tags: { a: 1 } }, "type"],
    [{ body: "{" }, "json"],
    [{ when: "daily" }, "type"],
    [{ when: { corn: "0" } }, "unknown-property"],
    [{ edges: [{ to: "a" }, {}] }, "required"],
    [{ edges: [null] }, "type"],
    [{ edges: {} }, "type"],
    [{ adopt: "x" }, "format"],
    [{ code: 1 }, "type"],
    [{ code: { [ASSET_SIGNATURE]: ASSET_VALUE, uri: "https://example.com/a.sql" } }, "type"],
  ];
  for (const [given, code] of codes) {
    it(`gives ${JSON.stringify(given)} the code ${code}`, () => {
      const { findings } = check({ name: "a", ...given });
      assert.deepEqual(
        findings.map((finding) => [finding.severity, finding.code]),
        [["error", code]],
      );
    });
  }

  it("takes null for absent, and drops empty groups", () => {
    assert.deepEqual(check({ name: "a", count: null, when: { cron: undefined } }), {
      inputs: { name: "a" },
      findings: [],
    });
  });

  it("brings equal things to one form", () => {
    const one = check({
      name: "a",
      edges: [{ to: "b" }, { to: "a" }],
      tags: { b: "2", a: "1" },
      body: '{"b": 1, "a": [2]}',
      when: { cron: " 0 " },
    });
    const two = check({
      name: "a",
      edges: [{ to: "a" }, { to: "b" }],
      tags: { a: "1", b: "2" },
      body: { a: [2], b: 1 },
      when: { cron: "0" },
    });
    assert.deepEqual(one, two);
  });

  it("keeps the order where it means something", () => {
    assert.deepEqual(check({ name: "a", steps: ["b", "a"] }).inputs["steps"], ["b", "a"]);
  });

  it("keeps a document's text where a number in it would be rounded", () => {
    const body = '{"id": 9007199254740993}';
    assert.equal(check({ name: "a", body }).inputs["body"], body);
  });

  it("takes a string asset for its text and keeps a file asset's path and hash", () => {
    const asset = { [ASSET_SIGNATURE]: ASSET_VALUE, hash: "h", path: "a.sql" };
    assert.deepEqual(check({ name: "a", code: asset }).inputs["code"], asset);
    assert.equal(
      check({ name: "a", code: { ...asset, path: undefined, text: "select 1" } }).inputs["code"],
      "select 1",
    );
  });

  it("lets unknown values pass at any depth", () => {
    const given = {
      name: UNKNOWN,
      count: UNKNOWN,
      mode: UNKNOWN,
      tags: UNKNOWN,
      when: { cron: UNKNOWN },
      edges: [{ to: UNKNOWN }, UNKNOWN],
      adopt: UNKNOWN,
    };
    assert.deepEqual(check(given).findings, []);
    assert.equal((check(given).inputs["when"] as { cron: string }).cron, UNKNOWN);
  });

  it("reports fields and rules in one round, and shows a rule a refused or unknown value as declared without a value", () => {
    const asked: unknown[] = [];
    const rule = function* ({ value, declared }: View) {
      asked.push([value("mode"), declared("mode"), declared("when.cron"), declared("when")]);
      yield warning("mode", "code", "is odd");
    };
    const codes = (given: Record<string, unknown>) =>
      checkArguments(table, [rule], given).findings.map(({ property, code }) => `${property} ${code}`);
    assert.deepEqual(codes({ name: 1, mode: "Norm", when: { cron: 5 } }), [
      "name type",
      "mode enum",
      "when.cron type",
      "mode code",
    ]);
    assert.deepEqual(codes({ name: "a", mode: UNKNOWN }), ["mode code"]);
    assert.deepEqual(codes({ name: "a", mode: "Pause", when: 5 }), ["when type", "mode code"]);
    assert.deepEqual(asked, [
      [undefined, true, true, true],
      [undefined, true, false, false],
      ["Pause", true, true, true],
    ]);
  });

  it("names the operation and parameter that a rule of a field comes from, also inside a list", () => {
    const fields = {
      wait: integer({ maximum: 5, wire: { UpdateTask: "RerunInterval", GetTask: "RerunInterval" } }),
      edges: list<{ to: string }>(record<{ to: string }>({ to: text({ required: true }) }), {
        wire: { UpdateTask: "Dependencies" },
      }),
    } as unknown as Table;
    const { findings } = checkArguments(fields, [], { wait: 6, edges: [{}] }, { version: "2024-05-18" });
    assert.deepEqual(findings.map(sentenceOf), [
      "wait must be at most 5, got 6 (UpdateTask 2024-05-18, RerunInterval) [range]",
      "edges[0].to is required (UpdateTask 2024-05-18, Dependencies) [required]",
    ]);
  });

  it("refuses an empty text or list that would change nothing, and takes one that clears", () => {
    const fields = {
      owner: text(),
      description: text({ clear: "" }),
      outputs: list<string>(text()),
      inputs: list<string>(text(), { clear: [] }),
      code: content(),
      tags: map(),
    } as unknown as Table;
    const { findings, inputs } = checkArguments(fields, [], {
      owner: "",
      description: "",
      outputs: [],
      inputs: [""],
      code: "",
      tags: {},
    });
    assert.deepEqual(
      findings.map(({ property, code }) => `${property} ${code}`),
      ["owner empty", "outputs empty"],
    );
    assert.deepEqual([inputs["description"], inputs["inputs"], inputs["code"]], ["", [""], ""]);
    assert.deepEqual(checkArguments(fields, [], { owner: null, outputs: null }).inputs, {}, "null is left out");
  });

  it("lowers, raises and turns off cautions only", () => {
    const findings = [error("a", "hard", "x"), caution("b", "soft", "x"), warning("c", "odd", "x")];
    const after = (levels: Levels) => withLevels(findings, levels).map(({ code, severity }) => `${code} ${severity}`);
    assert.deepEqual(after({ hard: "off", soft: "off", odd: "off" }), ["hard error"]);
    assert.deepEqual(after({ soft: "warning", odd: "error" }), ["hard error", "soft warning", "odd error"]);
    assert.deepEqual(after({}), ["hard error", "soft error", "odd warning"]);
  });

  it("does not take inherited or polluted members for arguments", () => {
    const given = JSON.parse('{"name": "a", "__proto__": {"count": 3}, "tags": {"__proto__": "x"}}') as Record<
      string,
      unknown
    >;
    const { inputs } = check(given);
    assert.equal(inputs["count"], undefined);
    assert.equal(Object.getPrototypeOf(inputs["tags"]), Object.prototype);
    assert.equal(({} as { count?: number }).count, undefined);
  });

  it("never shows a long value whole", () => {
    const [sentence = ""] = refusals({ count: "x".repeat(5000) });
    assert.ok(sentence.length < 200);
  });
});
