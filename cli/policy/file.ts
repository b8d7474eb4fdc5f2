import path from "node:path";
import { parseDocument } from "yaml";
import { checkArguments, meant } from "../../provider/core/check";
import { isObject } from "../../provider/core/fields";
import { inOneLine, show, spelt } from "../../provider/core/quoting";
import { textOf } from "../preview/read";
import { ENFORCEMENT_LEVELS, type EnforcementLevel, type RuleOptions } from "./rule";
import { RULE_NAMES, type RuleMap, type RuleName, isRuleName, optionsOf, ruleOf } from "./rules";

/**
 * A policy file: the rules by name, each with its enforcement level alone or with its options. A rule that is not named is
 * not looked at. It has the form of Pulumi's policy pack configuration, so that the same file, as JSON and without
 * `$schema`, serves `--policy-pack-config`.
 */
export type PolicyFile = {
  /** The address of this schema, for editors. */
  $schema?: string;
  /** The level of the rules that name none. Default `advisory`. */
  all?: EnforcementLevel;
} & { [N in RuleName]?: EnforcementLevel | RuleMap[N] };

/** A rule of a policy file with its level and its checked options. */
export interface Policy {
  readonly name: RuleName;
  readonly level: EnforcementLevel;
  readonly options: RuleOptions;
}

/** Everything that is wrong with a policy file, a sentence a line. */
export class PolicyFileError extends Error {
  override readonly name = "PolicyFileError";

  constructor(file: string, mistakes: readonly string[]) {
    super(mistakes.map((mistake) => inOneLine(`${file}: ${mistake}`)).join("\n"));
  }
}

/** The policies of a file in YAML or JSON. */
export function policiesIn(file: string): Policy[] {
  const name = path.basename(file);
  return policiesFrom(parsed(textOf(file), name), name);
}

function parsed(text: string, file: string): unknown {
  const document = parseDocument(text, { prettyErrors: true });
  const [mistake] = document.errors;
  // The second line of the message quotes what stands there.
  if (mistake !== undefined) throw new PolicyFileError(file, [`is no YAML or JSON: ${mistake.message.split("\n")[0]}`]);
  return document.toJS() as unknown;
}

/** The policies of an object of the form of a policy file; `file` names it in sentences. */
export function policiesFrom(given: unknown, file = "policy"): Policy[] {
  if (!isObject(given))
    throw new PolicyFileError(file, [`must be an object with rules by their names, got ${show(given)}`]);
  const mistakes: string[] = [];
  const { all, $schema: _schema, ...rules } = given;
  if (all !== undefined && !isLevel(all)) mistakes.push(wrongLevel("all", all));
  const policies: Policy[] = [];
  for (const [name, value] of Object.entries(rules)) {
    if (!isRuleName(name)) {
      mistakes.push(`${spelt(name)} is no rule${meant(name, RULE_NAMES) || `; there are ${RULE_NAMES.join(", ")}`}`);
      continue;
    }
    if (!isObject(value) && !isLevel(value)) {
      mistakes.push(wrongLevel(name, value, ", or an object with the rule's options"));
      continue;
    }
    const { options, wrong } = checked(name, isObject(value) ? value : { enforcementLevel: value });
    mistakes.push(...wrong);
    const level = options.enforcementLevel ?? (isLevel(all) ? all : "advisory");
    policies.push({ name, level, options });
  }
  if (mistakes.length > 0) throw new PolicyFileError(file, mistakes);
  return policies;
}

const isLevel = (value: unknown): value is EnforcementLevel =>
  (ENFORCEMENT_LEVELS as readonly unknown[]).includes(value);
const wrongLevel = (name: string, value: unknown, or = ""): string =>
  `${name} must be one of ${ENFORCEMENT_LEVELS.join(", ")}${or}, got ${show(value)}${meant(value, ENFORCEMENT_LEVELS)}`;

/** The options of a rule, and what is wrong with them. */
export function checked(name: RuleName, given: Record<string, unknown>): { options: RuleOptions; wrong: string[] } {
  const table = optionsOf(name);
  const unknown = Object.keys(given).filter((option) => !Object.hasOwn(table, option));
  const known = Object.fromEntries(Object.entries(given).filter(([option]) => Object.hasOwn(table, option)));
  const { inputs, findings } = checkArguments(table, ruleOf(name).checks ?? [], known);
  return {
    options: inputs,
    wrong: [
      ...unknown.map(
        (option) => `${name}.${spelt(option)} is not an option of ${name}${meant(option, Object.keys(table))}`,
      ),
      ...findings.map(({ property, reason }) => `${name}.${property} ${reason}`),
    ],
  };
}
