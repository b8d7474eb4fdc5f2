import { ruleOf, isRuleName } from "../policy/rules";
import { code, prose } from "./markdown-text";
import type { Review, Warning } from "./model";

/** The violations of one rule, those of tasks that change first. */
export interface RuleViolations {
  readonly rule: string;
  readonly level: "advisory" | "mandatory";
  /** What the rule wants, in one sentence. */
  readonly description: string;
  readonly violations: readonly Warning[];
}

/** The violations of policies by rule, the mandatory rules first. */
export function violationsByRule({ warnings, tasks }: Pick<Review, "warnings" | "tasks">): RuleViolations[] {
  const changed = new Set(tasks.map(({ urn }) => urn));
  const rules = new Map<string, Warning[]>();
  for (const warning of warnings) {
    if (warning.policy === undefined || warning.code === undefined) continue;
    const own = rules.get(warning.code);
    if (own === undefined) rules.set(warning.code, [warning]);
    else own.push(warning);
  }
  const rank = ({ urn }: Warning): number => (urn === undefined ? 0 : changed.has(urn) ? 1 : 2);
  return [...rules]
    .map(([rule, violations]) => ({
      rule,
      level: violations[0]?.policy ?? "advisory",
      description: isRuleName(rule) ? ruleOf(rule).description : "",
      violations: [...violations].sort((one, other) => rank(one) - rank(other)),
    }))
    .sort((one, other) => Number(one.level !== "mandatory") - Number(other.level !== "mandatory"));
}

/** How many violations there are, in words; nothing where there are none. */
export function policyCounts({ warnings }: Pick<Review, "warnings">): string {
  const count = (level: Warning["policy"]) => warnings.filter(({ policy }) => policy === level).length;
  const [mandatory, advisory] = [count("mandatory"), count("advisory")];
  const parts = [
    ...(mandatory > 0 ? [`${mandatory} mandatory`] : []),
    ...(advisory > 0 ? [`${advisory} advisory`] : []),
  ];
  return parts.length === 0 ? "" : `${parts.join(" and ")} ${mandatory + advisory === 1 ? "violation" : "violations"}`;
}

/** The violations for a pull request: a line for each rule, and below it so many of its tasks. */
export function policyText(review: Review, most: number): string {
  const rules = violationsByRule(review);
  if (rules.length === 0) return "";
  const lines = rules.flatMap(({ rule, level, description, violations }) => [
    `- ${level === "mandatory" ? "**mandatory** " : ""}${code(rule)} ${prose(description)} ${violations.length === 1 ? "One violation" : `${violations.length} violations`}`,
    ...violations
      .slice(0, most)
      .map(({ task, message }) => `  - ${task === undefined ? "" : `${code(task)} `}${prose(message)}`),
    ...(most > 0 && violations.length > most ? [`  - and ${violations.length - most} more`] : []),
  ]);
  return `### Policies: ${policyCounts(review)}\n\n${lines.join("\n")}`;
}
