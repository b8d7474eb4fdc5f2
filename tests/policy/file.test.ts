import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import Ajv from "ajv";
import { parse } from "yaml";
import { policiesFrom, policiesIn } from "../../cli/policy/file";
import { RULE_NAMES } from "../../cli/policy/rules";
import { root } from "../../scripts/setup.js";
import schema from "../../docs/schemas/policy.schema.json";

/** The sentences about a policy, without the name of the file. */
function mistakes(policy: unknown): string[] {
  try {
    policiesFrom(policy, "policy.yaml");
  } catch (error) {
    return (error as Error).message.split("\n").map((line) => line.replace(/^policy\.yaml: /, ""));
  }
  return [];
}

const example = path.join(root, "examples", "policy", "policy.yaml");

describe("a policy file", () => {
  let folder = "";
  before(() => void (folder = mkdtempSync(path.join(os.tmpdir(), "data-tasks-policy-"))));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const written = (text: string, name = "policy.yaml"): string => {
    const file = path.join(folder, name);
    writeFileSync(file, text);
    return file;
  };

  it("is YAML or JSON, a level alone or an object with options for each rule", () => {
    const file = written('{"all": "mandatory", "owner-set": {}, "not-paused": "advisory"}', "policy.json");
    assert.deepEqual(policiesIn(file), [
      { name: "owner-set", level: "mandatory", options: {} },
      { name: "not-paused", level: "advisory", options: { enforcementLevel: "advisory" } },
    ]);
    assert.deepEqual(policiesIn(written("owner-set:\n  allow: [a]\n")), [
      { name: "owner-set", level: "advisory", options: { allow: ["a"] } },
    ]);
  });

  it("says every mistake in one sentence that names the option as it is spelt", () => {
    const cases: [unknown, string[]][] = [
      [[], ["must be an object with rules by their names, got a list"]],
      [null, ["must be an object with rules by their names, got null"]],
      [{ "owner-sett": "advisory" }, ["owner-sett is no rule; did you mean owner-set?"]],
      [{ all: "fatal" }, ['all must be one of advisory, mandatory, disabled, got "fatal"']],
      [
        { "owner-set": "mandatry", "not-paused": 1 },
        [
          'owner-set must be one of advisory, mandatory, disabled, or an object with the rule\'s options, got "mandatry"; did you mean mandatory?',
          "not-paused must be one of advisory, mandatory, disabled, or an object with the rule's options, got 1",
        ],
      ],
      [{ "owner-set": { alow: ["a"] } }, ["owner-set.alow is not an option of owner-set; did you mean allow?"]],
      [{ "owner-set": { allow: "a" } }, ['owner-set.allow must be a list, got "a"']],
      [
        { "owner-set": { allow: [] } },
        ["owner-set.allow must name at least one; leave the rule out, or disable it, to allow everything"],
      ],
      [{ "resource-group-allowed": "mandatory" }, ["resource-group-allowed.allow is required"]],
      [{ "starts-per-minute": { atMost: 0 } }, ["starts-per-minute.atMost must be at least 1, got 0"]],
      [
        { "quiet-window": { from: "25:00", to: 6, timeZone: "Mars" } },
        [
          'quiet-window.from must be a time of day such as 22:00, got "25:00"',
          "quiet-window.to must be a string, got 6; write it in quotes",
          'quiet-window.timeZone must be a time zone such as Asia/Shanghai or UTC+8, got "Mars"',
        ],
      ],
      [
        { "quiet-window": { from: "22:00", to: "06:00", days: ["Mo"] } },
        ['quiet-window.days[0] must be one of Sun, Mon, Tue, Wed, Thu, Fri, Sat, got "Mo"; did you mean Mon?'],
      ],
      [{ "retries-set": { atMost: 0 } }, ["retries-set.atMost must not be less than atLeast, which is 1, got 0"]],
      [
        { "on-delete-allowed": { allow: ["keep"], enforcementLevel: "remediate" } },
        [
          'on-delete-allowed.enforcementLevel must be one of advisory, mandatory, disabled, got "remediate"',
          'on-delete-allowed.allow[0] must be one of delete, release, pause, got "keep"',
        ],
      ],
    ];
    for (const [policy, expected] of cases) assert.deepEqual(mistakes(policy), expected);
    assert.match(mistakes({ "name-pattern": { pattern: "[a" } }).join(""), /^name-pattern\.pattern must be a regular expression, got "\[a" \(.+\)$/); // prettier-ignore
  });

  it("names the place where it is no YAML, and the file that is not there", () => {
    assert.throws(() => policiesIn(written("owner-set: [")), /^PolicyFileError: policy\.yaml: is no YAML or JSON: .* at line 1/); // prettier-ignore
    assert.throws(() => policiesIn(path.join(folder, "none.yaml")), /none\.yaml can't be read: ENOENT/);
  });

  it("of the example has every rule, and fits the published schema, as every option of a rule does", () => {
    const fits = new Ajv({ allowUnionTypes: true }).compile(schema);
    const policy: unknown = parse(readFileSync(example, "utf8"));
    assert.deepEqual(policiesIn(example).map(({ name }) => name).sort(), [...RULE_NAMES].sort()); // prettier-ignore
    assert.ok(fits(policy), JSON.stringify(fits.errors));
    assert.equal(fits({ "owner-set": { alow: [] } }), false);
    assert.deepEqual(Object.keys(schema.definitions.PolicyFile.properties).sort(), ["$schema", "all", ...RULE_NAMES].sort()); // prettier-ignore
  });
});
