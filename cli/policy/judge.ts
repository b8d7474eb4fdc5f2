import { UNKNOWN, isObject } from "../../provider/core/fields";
import { type Policy } from "./file";
import { type JudgedTask, matches } from "./rule";
import { type RuleName, ruleOf } from "./rules";

/** One thing that a policy has against a task, or against all of them together. */
export interface Violation {
  readonly policy: RuleName;
  readonly level: "advisory" | "mandatory";
  readonly message: string;
  /** Absent where it is about all tasks of the stack. */
  readonly urn?: string;
}

/** Whether a rule of the file is about this stack at all. */
export const isInForce = ({ level, options }: Policy, stack: string): boolean =>
  level !== "disabled" && (options.stacks === undefined || matches(options.stacks, stack));

/** Whether a rule leaves a task out. */
const isExempt = ({ options: { except = [] } }: Policy, { name, resource }: JudgedTask): boolean =>
  matches(except, name) || matches(except, resource);

/** What a policy has against one task, in sentences; nothing where it is not about the task. */
export function* objections(policy: Policy, task: JudgedTask, at: number): Generator<string> {
  if (isExempt(policy, task)) return;
  for (const { property, reason } of ruleOf(policy.name).judge?.(task, policy.options, at) ?? [])
    yield `${task.prefix}${property} ${reason}`;
}

/** What a policy has against all tasks of a stack together. */
export function objectionsToAll(policy: Policy, tasks: readonly JudgedTask[], at: number): Iterable<string> {
  const counted = tasks.filter((task) => !isExempt(policy, task));
  return ruleOf(policy.name).judgeAll?.(counted, policy.options, at) ?? [];
}

/** Everything that the policies have against the tasks of a stack, in the order of the file and of the tasks. */
export function* violations(
  policies: readonly Policy[],
  tasks: readonly JudgedTask[],
  { stack, at }: { stack: string; at: number },
): Generator<Violation> {
  for (const policy of policies) {
    const { name, level } = policy;
    if (level === "disabled" || !isInForce(policy, stack)) continue;
    for (const task of tasks)
      for (const message of objections(policy, task, at)) yield { policy: name, level, message, urn: task.urn };
    for (const message of objectionsToAll(policy, tasks, at)) yield { policy: name, level, message };
  }
}

/** A copy in which what must not be read stands as not known yet: it is declared, and nothing is said about it. */
export function withUnknown(value: unknown, isHidden: (value: unknown, path: readonly string[]) => boolean): unknown {
  const copy = (part: unknown, path: readonly string[]): unknown => {
    if (isHidden(part, path)) return UNKNOWN;
    if (Array.isArray(part)) return part.map((item, index) => copy(item, [...path, String(index)]));
    if (!isObject(part)) return part;
    return Object.fromEntries(Object.entries(part).map(([name, member]) => [name, copy(member, [...path, name])]));
  };
  return copy(value, []);
}
