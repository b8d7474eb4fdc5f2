import type { Definition, Properties } from "../../provider/core/definition";
import { kindOf } from "../kinds";
import type { Step } from "../preview/preview";

/** The tasks of a program and who waits for whom: as it will be, and of deleted tasks as it was. */
export interface TaskGraph {
  /** The tasks that wait for one, directly first; then how many do so directly. */
  readonly downstream: (urn: string) => { readonly urns: readonly string[]; readonly direct: number };
  /** Upstream and downstream, as pairs. */
  readonly edges: readonly (readonly [string, string])[];
}

/** Built in time that grows with the tasks and their edges. */
export function graphOf(steps: readonly Step[]): TaskGraph {
  const tasks = steps.filter(({ type }) => kindOf(type) !== undefined);
  const offering = new Map<string, string>();
  const ends = tasks.map((step) => ({ step, before: endsOf(step, "before"), after: endsOf(step, "after") }));
  for (const { step, before, after } of ends) {
    for (const word of [...(before?.offers ?? []), ...(after?.offers ?? [])])
      if (!offering.has(word)) offering.set(word, step.urn);
  }
  const known = new Set(tasks.map(({ urn }) => urn));
  const pairs = new Map<string, readonly [string, string]>();
  const enter = (upstream: string | undefined, urn: string): void => {
    if (upstream === undefined || upstream === urn || !known.has(upstream)) return;
    pairs.set(`${upstream}\n${urn}`, [upstream, urn]);
  };
  for (const { step, before, after } of ends) {
    // What a deletion takes away matters to those that waited for it until now, and still do.
    for (const word of (after ?? before)?.needs ?? []) enter(offering.get(word), step.urn);
    for (const upstream of (step.after ?? step.before)?.dependencies ?? []) enter(upstream, step.urn);
  }
  const edges = [...pairs.values()];
  const waiting = new Map<string, string[]>();
  for (const [upstream, urn] of edges) waiting.set(upstream, [...(waiting.get(upstream) ?? []), urn]);
  return {
    edges,
    downstream(urn) {
      const direct = waiting.get(urn) ?? [];
      const seen = new Set([urn, ...direct]);
      const found = [...direct];
      for (let at = 0; at < found.length; at++) {
        for (const next of waiting.get(found[at] as string) ?? []) {
          if (seen.has(next)) continue;
          seen.add(next);
          found.push(next);
        }
      }
      return { urns: found, direct: direct.length };
    },
  };
}

function endsOf({ type, before, after }: Step, side: "before" | "after") {
  const definition = kindOf(type);
  const there = side === "before" ? before : after;
  if (definition === undefined || there === undefined) return undefined;
  const id = there.id ?? before?.id;
  return definition.outlook.ends(id, there.inputs, factsIn(definition, before?.outputs ?? there.outputs));
}

/** The facts of a task that its outputs hold. */
export const factsIn = ({ factNames }: Definition<object, object>, outputs: Properties): object =>
  Object.fromEntries(
    (factNames as readonly string[]).flatMap((name) => (name in outputs ? [[name, outputs[name]]] : [])),
  );
