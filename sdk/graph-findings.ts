import { type Finding, caution, error, warning } from "../provider/core/findings";
import type { Declaration, Need, Produced } from "./declaration";
import { show } from "../provider/core/quoting";

/** The output or id that is waited for. */
export const valueOf = ({ upstream }: Need): string =>
  "output" in upstream ? upstream.output : "id" in upstream ? upstream.id : "";
/** A property with its value, where it has one to show. */
const shown = (need: Need): string => ("task" in need.upstream ? "" : `${show(valueOf(need))} `);

/** A task in production waits for one that is certainly a development task. */
export const devTask = ({ property }: Need, upstream: string): Finding =>
  error(
    property,
    "prod-on-dev",
    `makes a task in production wait for ${upstream} in the development environment; depend on the task of production, or give both envType "Dev"`,
  );

/**
 * A task in production waits for an id that the program knows as a development task alone. A caution: both environments of
 * a workspace have the same ids, and the task of production may be managed elsewhere.
 */
export const devId = (need: Need, dev: Declaration): Finding =>
  caution(
    need.property,
    "prod-on-dev",
    `${shown(need)}is in this program ${dev.name} only, which is a development task, and this task is in production; declare the task of production too (before this task), or turn this off with rules: { "prod-on-dev": "off" } if it is managed elsewhere`,
  );

/** A task in production waits for an output that only a development task of the program has. */
export const devOutput = (need: Need, producer: Declaration): Finding =>
  caution(
    need.property,
    "prod-on-dev",
    `${shown(need)}is in this program an output of ${producer.name} only, which is a development task, and this task is in production; declare the producer in production (before this task), or turn this off with rules: { "prod-on-dev": "off" } if it lives elsewhere`,
  );

/** Nobody in the program has the output. */
export const unproduced = (need: Need): Finding =>
  warning(
    need.property,
    "unproduced-output",
    `${shown(need)}is an output that no task of this program has; correct it if it is misspelt, look the task up with getDataWorksTask if others own it, or turn this off with rules: { "unproduced-output": "off" }`,
  );

/** How many tasks of a circle a sentence names. */
const MOST_NAMED = 8;

/** Tasks wait for each other; `way` has the names from the upstream back to the task. */
export function circle({ name, crossCycle }: Declaration, need: Need, way: readonly string[]): Finding {
  const names =
    way.length <= MOST_NAMED
      ? way
      : [...way.slice(0, MOST_NAMED - 1), `… (${way.length - MOST_NAMED} more)`, way.at(-1) ?? ""];
  return error(
    need.property,
    "cycle",
    `${shown(need)}closes a circle: ${[name, ...names].join(" → ")}, each waiting for the next in the same cycle; take one of these dependencies out${crossCycle === undefined ? "" : `, or wait for the previous cycle (${crossCycle})`}`,
  );
}

/** Another task has the output. */
export const doubled = ({ output, property }: Produced, name: string, other: string, there: string): Finding =>
  error(
    property,
    "duplicate-output",
    `${show(output)} of ${name} is an output of ${other} too (its ${there}), and outputs are unique in a workspace; give one of the two another output`,
  );

/** A development task is adopted whose id a task in production waits for: a caution, as above. */
export const devAdopted = (id: string, name: string, waiting: Declaration, { property }: Need): Finding =>
  caution(
    "adopt",
    "prod-on-dev",
    `${show(id)} with envType "Dev" makes ${name} a development task, and ${waiting.name}, which is in production, waits for a task of this id (its ${property}); adopt the task of production, or turn this off with rules: { "prod-on-dev": "off" } if that is managed elsewhere`,
  );
