import type { ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import type { Properties } from "../../provider/core/definition";
import { type Field, type Leaf, type Table, isObject } from "../../provider/core/fields";
import { HEEDED, type Heeded, covers, namesIn } from "../../provider/core/heeded";
import { taskPath } from "../../provider/core/set/check";
import { tasksIn } from "../../provider/core/set/plan";
import { kindOf, kindOfSet } from "../kinds";
import { partsOf } from "../preview/preview";
import { type Policy, type PolicyFile, PolicyFileError, checked, policiesFrom, policiesIn } from "./file";
import { isInForce, objections, objectionsToAll, withUnknown } from "./judge";
import type { EnforcementLevel, JudgedTask } from "./rule";
import { optionsOf, ruleOf } from "./rules";

export type { PolicyFile } from "./file";
export type { EnforcementLevel, RuleOptions } from "./rule";
export type { RuleMap, RuleName } from "./rules";

type ConfigSchema = NonNullable<ResourceValidationPolicy["configSchema"]>["properties"][string];

/**
 * The rules of a policy file as policies for a pack of Pulumi's CrossGuard, for the tasks of this package and those in its
 * sets. `policy` is a file in YAML or JSON, its path from the folder of the pack, or the same as an object. The options and
 * the enforcement level of each can be set anew with `--policy-pack-config`.
 *
 * Throws, with a sentence for each mistake, when the file has any.
 */
export function taskPolicies(policy: string | PolicyFile): (ResourceValidationPolicy | StackValidationPolicy)[] {
  const policies = typeof policy === "string" ? policiesIn(policy) : policiesFrom(policy);
  return policies.map((each) => (ruleOf(each.name).judgeAll === undefined ? ofTasks(each) : ofStack(each)));
}

/** What is the same for both kinds of policy. */
const common = ({ name, level, options }: Policy) => ({
  name,
  description: ruleOf(name).description,
  remediationSteps: ruleOf(name).remedy,
  enforcementLevel: level,
  configSchema: { properties: schemaOf(optionsOf(name), options as Properties) },
});

function ofTasks(policy: Policy): ResourceValidationPolicy {
  return {
    ...common(policy),
    validateResource(args, report) {
      const { type, urn, props } = args;
      const configured = configuredAnew(policy, args.getConfig());
      if (!isInForce(configured, stackIn(urn))) return;
      for (const task of judgedTasks(type, urn, props))
        for (const sentence of objections(configured, task, Date.now())) report(sentence);
    },
  };
}

/**
 * The engine shows a policy about the stack only the outputs, which have no arguments. So the arguments of each resource are
 * kept when it is shown before its deployment; what the stack does not have any more is left out at the end.
 */
function ofStack(policy: Policy): ResourceValidationPolicy & StackValidationPolicy {
  const seen = new Map<string, JudgedTask[]>();
  return {
    ...common(policy),
    validateResource({ type, urn, props }) {
      const tasks = judgedTasks(type, urn, props);
      if (tasks.length > 0) seen.set(urn, tasks);
    },
    validateStack(args, report) {
      const { resources } = args;
      const configured = configuredAnew(policy, args.getConfig());
      const [first] = resources;
      if (first === undefined || !isInForce(configured, stackIn(first.urn))) return;
      const tasks = resources.flatMap(({ urn }) => seen.get(urn) ?? []);
      for (const sentence of objectionsToAll(configured, tasks, Date.now())) report(sentence);
    },
  };
}

const stackIn = (urn: string): string => partsOf(urn).stack ?? "";

const settled = new Map<string, Policy>();

/** The policy with the options that the engine has for it: those of the file, and what `--policy-pack-config` says. */
function configuredAnew({ name, level }: Policy, config: object): Policy {
  const { enforcementLevel: _, ...given } = config as { enforcementLevel?: EnforcementLevel };
  const key = JSON.stringify([name, level, given]);
  const before = settled.get(key);
  if (before !== undefined) return before;
  const { options, wrong } = checked(name, given);
  if (wrong.length > 0) throw new PolicyFileError("the configuration of the policy pack", wrong);
  // A policy that the engine asks is in force: it knows the level that counts.
  const policy = { name, level: level === "disabled" ? ("advisory" as const) : level, options };
  settled.set(key, policy);
  return policy;
}

/** The tasks in a resource: one, those of a set, or none. */
function judgedTasks(type: string, urn: string, props: object): JudgedTask[] {
  const set = kindOfSet(type);
  const definition = kindOf(set ?? type);
  if (definition === undefined) return [];
  const args = readable(props);
  const { name: resource } = partsOf(urn);
  const judged = (inputs: Properties, place: Pick<JudgedTask, "urn" | "resource" | "prefix">): JudgedTask => {
    const governance = definition.governance(inputs);
    const timing = definition.outlook.timing(inputs);
    return { ...place, name: governance.name.value ?? place.resource, governance, timing };
  };
  if (set === undefined) return [judged(args, { urn, resource, prefix: "" })];
  return Object.entries(tasksIn(args)).map(([key, inputs]) =>
    judged(inputs, { urn: `${urn}#${key}`, resource: `${resource}.${key}`, prefix: `${taskPath(key)}.` }),
  );
}

/**
 * The arguments as plain data. A value that is not known yet makes the policy library throw when it is read; a secret comes
 * in plain text, and must not be quoted. Both count as declared, and nothing more is said of them.
 */
function readable(props: object): Properties {
  const plain = isObject(props) ? Object.fromEntries(Object.keys(props).map((name) => [name, read(props, name)])) : {};
  const { secrets = [] } = (isObject(plain[HEEDED]) ? plain[HEEDED] : {}) as Heeded;
  const hidden = secrets.map(namesIn);
  return withUnknown(plain, (value, path) => value === UNREADABLE || hidden.some((secret) => covers(secret, path))) as Properties; // prettier-ignore
}

const UNREADABLE = Symbol("not known yet");

function read(holder: object, name: string): unknown {
  let value: unknown;
  try {
    value = (holder as Properties)[name];
  } catch {
    return UNREADABLE;
  }
  if (Array.isArray(value)) return Array.from({ length: value.length }, (_, index) => read(value, String(index)));
  return isObject(value) ? Object.fromEntries(Object.keys(value).map((key) => [key, read(value, key)])) : value;
}

/** The options as the JSON schema of a pack's configuration, what the file says as the default. */
const schemaOf = (table: Table, given: Properties): Record<string, ConfigSchema> =>
  Object.fromEntries(
    Object.entries(table)
      .filter(([option]) => option !== "enforcementLevel")
      .map(([option, field]) => [
        option,
        { ...schemaOfField(field), ...(given[option] !== undefined && { default: given[option] }) },
      ]),
  );

function schemaOfField(field: Field<unknown>): ConfigSchema {
  const { kind, values, item, minimum, maximum, pattern } = field as Leaf<unknown>;
  switch (kind) {
    case "integer":
    case "number":
      return {
        type: kind,
        ...(minimum !== undefined && { minimum }),
        ...(maximum !== undefined && { maximum }),
      };
    case "flag":
      return { type: "boolean" };
    case "choice":
      return { enum: [...(values ?? [])] };
    case "list":
      return { type: "array", items: item === undefined ? true : schemaOfField(item) };
    case "map":
    case "record":
    case "document":
      return { type: "object" };
    case "text":
    case "content":
      return { type: "string", ...(pattern && { pattern: pattern[0].source }) };
  }
}
