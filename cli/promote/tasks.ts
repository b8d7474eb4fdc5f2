import type { Definition } from "../../provider/core/definition";
import { UNKNOWN } from "../../provider/core/fields";
import type { Declarations } from "../../sdk/exchange";
import { kindOf } from "../kinds";
import { SECRET, type Snapshot, type Step } from "../preview/preview";
import type { Review, TaskReview } from "../review/model";
import { keyOf } from "./declarations";

/** What is compared. Sets are opened: each of their tasks is a step. */
export interface Compared {
  readonly from: string;
  readonly to: string;
  /** The tasks of the stack that is promoted, and of the target, as their states have them. */
  readonly fromState: readonly Step[];
  readonly toState: readonly Step[];
  /** The pending preview of the target, and what a review says of it. */
  readonly preview: readonly Step[];
  readonly review: Review;
  readonly declarations: Declarations;
  /** What the stacks' configurations have under the same key, where it differs. */
  readonly configuration: readonly { readonly key: string; readonly from: string; readonly to: string }[];
  /** Resources whose last change in the target's state came from a refresh that no deployment has followed, as URNs. */
  readonly refreshed: ReadonlySet<string>;
}

/** One task wherever it is. */
export interface Task {
  readonly key: string;
  readonly step: Step;
  readonly definition: Definition<object, object>;
  /** In the stack that is promoted. */
  readonly there: Snapshot | undefined;
  /** In the target: by its state, by the preview before the change, and after it. */
  readonly stored: Snapshot | undefined;
  readonly before: Snapshot | undefined;
  readonly after: Snapshot | undefined;
  readonly review: TaskReview | undefined;
}

/** Every task of either stack or of the program. */
export function tasksOf({ fromState, toState, preview, review }: Compared): Task[] {
  const byKey = (steps: readonly Step[]) =>
    new Map(steps.filter(({ type }) => kindOf(type) !== undefined).map((step) => [keyOf(step.urn), step]));
  const [there, was, planned] = [byKey(fromState), byKey(toState), byKey(preview)];
  const reviews = new Map(review.tasks.map((task) => [keyOf(task.urn), task]));
  const stored = new Map(was);
  // The state has a task whose key in its set changes under the old one.
  for (const [key, { formerly }] of planned) {
    const former = formerly === undefined ? undefined : keyOf(formerly);
    const state = former === undefined ? undefined : was.get(former);
    if (former === undefined || state === undefined) continue;
    stored.set(key, state);
    if (!planned.has(former)) stored.delete(former);
  }
  return [...new Set([...there.keys(), ...stored.keys(), ...planned.keys()])].sort().flatMap((key) => {
    const plan = planned.get(key);
    const step = plan ?? there.get(key) ?? stored.get(key);
    const definition = step && kindOf(step.type);
    if (step === undefined || definition === undefined) return [];
    return {
      ...{ key, step, definition },
      there: there.get(key)?.before,
      stored: stored.get(key)?.before,
      // What a preview does not speak of stays the same.
      before: plan ? plan.before : stored.get(key)?.before,
      after: plan ? afterOf(plan) : stored.get(key)?.before,
      review: reviews.get(key),
    };
  });
}

/** What the program makes of a resource; of one that stays the same an engine may tell one side alone. */
export function afterOf(step: Step | undefined): Snapshot | undefined {
  if (step === undefined || step.operation === "delete" || step.operation === "other") return undefined;
  return step.after ?? (step.operation === "same" ? step.before : undefined);
}

/** The properties that a review tells as changing. */
export const pendingPaths = (review: TaskReview | undefined): ReadonlySet<string> =>
  new Set(
    [...(review?.properties ?? []), ...(review?.documents ?? []), ...(review?.scripts ?? [])].map(
      ({ property }) => property,
    ),
  );

/** The name at the service, as far as it is known. */
export const nameOf = ({ step, after, there, before }: Task): string =>
  [after, before, there]
    .map((side) => side?.inputs["name"])
    .find((name): name is string => typeof name === "string" && name !== SECRET && name !== UNKNOWN) ?? step.name;
