import assert from "node:assert/strict";
import { parse } from "yaml";
import { policiesFrom } from "../../cli/policy/file";
import { RULES, RULE_NAMES, isRuleName } from "../../cli/policy/rules";
import { page, quoted, table } from "./documents";

const policies = page("docs/policy.md");

describe("the page about policies", () => {
  it("has every rule with its options and its remedy, in the order of the rules", () => {
    const titles = policies.text.split("\n").flatMap((line) => /^### (.+)$/.exec(line)?.[1] ?? []);
    assert.deepEqual(titles, RULE_NAMES);
    assert.equal(titles.length, 10);
    for (const name of titles.filter(isRuleName)) {
      const options = table(policies, name).flatMap(([option = ""]) => quoted(option));
      assert.deepEqual(options, Object.keys(RULES[name].options), name);
      assert.ok(policies.text.includes(`\nRemedy: ${RULES[name].remedy}\n`), `${name}: ${RULES[name].remedy}`);
    }
  });

  it("says of each option whether it is required", () => {
    for (const name of RULE_NAMES)
      for (const [option = "", meaning = ""] of table(policies, name)) {
        const field = RULES[name].options[quoted(option)[0] ?? ""] as { required?: boolean };
        assert.equal(/Required$/.test(meaning), field.required === true, `${name}.${option}`);
      }
  });

  it("shows examples of every rule that are taken as they stand", () => {
    const examples = policies.blocks.filter(({ language }) => language === "yaml");
    const shown = examples.flatMap(({ text, place }) => policiesFrom(parse(text), place).map(({ name }) => name));
    assert.deepEqual([...new Set(shown)].sort(), [...RULE_NAMES].sort());
  });
});
