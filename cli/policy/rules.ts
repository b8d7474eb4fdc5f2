import { choice, list, text } from "../../provider/core/fields";
import type { Table } from "../../provider/core/fields";
import { ENFORCEMENT_LEVELS, type PolicyRule, type RuleOptions } from "./rule";
import {
  type NamePattern,
  type NotPaused,
  type OnDeleteAllowed,
  type OwnerSet,
  type ResourceGroupAllowed,
  type RetriesSet,
  type TimeoutSet,
  type WorkspaceAllowed,
  namePattern,
  notPaused,
  onDeleteAllowed,
  ownerSet,
  resourceGroupAllowed,
  retriesSet,
  timeoutSet,
  workspaceAllowed,
} from "./rules/arguments";
import { type QuietWindow, type StartsPerMinute, quietWindow, startsPerMinute } from "./rules/starts";

/** The rules and what each takes. The names are those of the policy file, of the policies in a pack, and of the warnings. */
export interface RuleMap {
  /** Every task names an owner. */
  "owner-set": OwnerSet;
  /** Every task declares how long a run may take. */
  "timeout-set": TimeoutSet;
  /** No task is paused. */
  "not-paused": NotPaused;
  /** Every task runs on a resource group of the list. */
  "resource-group-allowed": ResourceGroupAllowed;
  /** No more than so many tasks start in one minute. */
  "starts-per-minute": StartsPerMinute;
  /** No task starts inside the quiet window. */
  "quiet-window": QuietWindow;
  /** Names of tasks have the agreed form. */
  "name-pattern": NamePattern;
  /** A failed run of every task is repeated. */
  "retries-set": RetriesSet;
  /** Tasks are in the workspaces that the stack may write to. */
  "workspace-allowed": WorkspaceAllowed;
  /** A task is not deleted when its resource goes away. */
  "on-delete-allowed": OnDeleteAllowed;
}
export type RuleName = keyof RuleMap;

export const RULES: { readonly [N in RuleName]: PolicyRule<RuleMap[N]> } = {
  "owner-set": ownerSet,
  "timeout-set": timeoutSet,
  "not-paused": notPaused,
  "resource-group-allowed": resourceGroupAllowed,
  "starts-per-minute": startsPerMinute,
  "quiet-window": quietWindow,
  "name-pattern": namePattern,
  "retries-set": retriesSet,
  "workspace-allowed": workspaceAllowed,
  "on-delete-allowed": onDeleteAllowed,
};

/** A rule whose options were checked against its own table. */
export type AnyRule = PolicyRule<RuleOptions>;
export const ruleOf = (name: RuleName): AnyRule => RULES[name] as unknown as AnyRule;
export const isRuleName = (name: string): name is RuleName => Object.hasOwn(RULES, name);
export const RULE_NAMES = Object.keys(RULES) as RuleName[];

const names = () => list(text({ pattern: [/\S/, "no blank text"] }), { mayBeEmpty: true });
/** What every rule takes beside its own options. */
const common: Table = { enforcementLevel: choice(ENFORCEMENT_LEVELS), stacks: names(), except: names() };

/** All options of a rule. */
export const optionsOf = (name: RuleName): Table => ({ ...common, ...ruleOf(name).options });
