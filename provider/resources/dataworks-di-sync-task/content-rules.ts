import { type Rule } from "../../core/check";
import { parsed } from "../../core/document";
import { UNKNOWN, holdsUnknown, isObject } from "../../core/fields";
import { type Finding, warning } from "../../core/findings";
import { sourceOf } from "./sources";
import { show, spelt } from "../../core/quoting";

/** The documents show the script by a sample alone, so what differs from it is only doubtful. */
const SOURCE = sourceOf("UpdateDISyncTask", "TaskContent");
const CATEGORIES = ["reader", "writer"] as const;

interface Step {
  readonly path: string;
  readonly name: unknown;
  readonly category: unknown;
}

export const contentRules: readonly Rule[] = [
  function* script({ value }) {
    const given = value("taskContent");
    const content = typeof given === "string" ? parsed(given) : given;
    if (!isObject(content)) return;
    yield* typeOf(content);
    const { steps } = content;
    // Without the names nothing can be said about the hops.
    if (steps === UNKNOWN) return;
    const found = stepsOf(steps);
    if (found === undefined) {
      yield warning(
        "taskContent.steps",
        "task-content-steps",
        `should be a list of steps, a reader and a writer${SOURCE}`,
      );
      return;
    }
    yield* kinds(found);
    yield* names(found);
    yield* hops(content["order"], found);
  },
];

function* typeOf({ type }: Record<string, unknown>): Iterable<Finding> {
  if (type === "job" || type === UNKNOWN) return;
  const got = type === undefined ? "none" : show(type);
  yield warning("taskContent.type", "task-content-type", `should be "job" as in every sample, got ${got}${SOURCE}`);
}

function stepsOf(steps: unknown): Step[] | undefined {
  if (!Array.isArray(steps) || !steps.every((step) => isObject(step) || step === UNKNOWN)) return undefined;
  return steps.map((step: unknown, index) => {
    const { name, category } = isObject(step) ? step : { name: UNKNOWN, category: UNKNOWN };
    return { path: `taskContent.steps[${index}]`, name, category };
  });
}

function* kinds(steps: readonly Step[]): Iterable<Finding> {
  for (const category of CATEGORIES) {
    if (steps.some((step) => step.category === category || step.category === UNKNOWN)) continue;
    yield warning("taskContent.steps", "task-content-steps", `should have a step of category "${category}"${SOURCE}`);
  }
}

function* names(steps: readonly Step[]): Iterable<Finding> {
  const seen = new Map<unknown, string>();
  for (const { path, name } of steps) {
    if (typeof name !== "string" || name === UNKNOWN) continue;
    const first = seen.get(name);
    if (first === undefined) seen.set(name, path);
    else {
      const reason = `should be unique: ${first} is called ${show(name)} too${SOURCE}`;
      yield warning(`${path}.name`, "task-content-steps", reason);
    }
  }
}

function* hops(order: unknown, steps: readonly Step[]): Iterable<Finding> {
  if (holdsUnknown(order) && !isObject(order)) return;
  const list = isObject(order) ? order["hops"] : undefined;
  if (list === UNKNOWN) return;
  if (!Array.isArray(list) || list.length === 0) {
    yield warning("taskContent.order.hops", "task-content-hops", `should lead from the reader to the writer${SOURCE}`);
    return;
  }
  if (steps.some(({ name }) => name === UNKNOWN)) return;
  const known = steps.map(({ name }) => name);
  for (const [index, hop] of list.entries()) {
    for (const end of ["from", "to"]) {
      const name: unknown = isObject(hop) ? hop[end] : undefined;
      if (name === UNKNOWN || hop === UNKNOWN || known.includes(name)) continue;
      yield warning(
        `taskContent.order.hops[${index}].${end}`,
        "task-content-hops",
        `should be the name of a step (${known.map((step) => spelt(String(step))).join(", ")}), got ${name === undefined ? "none" : show(name)}${SOURCE}`,
      );
    }
  }
}
