import type { Review } from "./model";

/** Larger pictures say nothing, and some renderers refuse them. */
const MOST_NODES = 60;
const LONGEST_NAME = 40;

const COLOURS = {
  create: "fill:#dafbe1,stroke:#1a7f37,color:#1f2328",
  update: "fill:#ddf4ff,stroke:#0969da,color:#1f2328",
  schedule: "fill:#fff8c5,stroke:#9a6700,color:#1f2328",
  pause: "fill:#ffe2cc,stroke:#bc4c00,color:#1f2328",
  replace: "fill:#fbefff,stroke:#8250df,color:#1f2328",
  delete: "fill:#ffebe9,stroke:#cf222e,color:#1f2328",
} as const;

/** The touched part of the program's tasks as a Mermaid flowchart; `undefined` when no task waits for another. */
export function mermaid({ graph }: Pick<Review, "graph">): { text: string; left: number } | undefined {
  if (graph.edges.length === 0) return undefined;
  // A task that neither waits nor is waited for stands in the list already.
  const linked = new Set(graph.edges.flat());
  // Changed tasks first; neighbours as far as there is room.
  const nodes = graph.nodes
    .filter(({ key }) => linked.has(key))
    .sort((a, b) => Number(b.change !== undefined) - Number(a.change !== undefined));
  const shown = nodes.slice(0, MOST_NODES);
  const numbers = new Map(shown.map(({ key }, index) => [key, `t${index + 1}`]));
  const lines = ["flowchart LR"];
  for (const { key, name, change } of shown) {
    lines.push(`  ${numbers.get(key) ?? ""}["${label(name)}"]${change === undefined ? "" : `:::${change}`}`);
  }
  for (const [upstream, urn] of graph.edges) {
    const [from, to] = [numbers.get(upstream), numbers.get(urn)];
    if (from !== undefined && to !== undefined) lines.push(`  ${from} --> ${to}`);
  }
  const used = new Set(shown.flatMap(({ change }) => (change === undefined ? [] : [change])));
  for (const [name, style] of Object.entries(COLOURS)) {
    if (used.has(name as keyof typeof COLOURS)) lines.push(`  classDef ${name} ${style}`);
  }
  return { text: lines.join("\n"), left: nodes.length - shown.length };
}

/** Mermaid reads entities in labels: everything that could end one, or be taken for a mark, becomes one. */
const label = (name: string): string =>
  (name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name).replace(
    /[^\p{L}\p{N} ._-]/gu,
    (mark) => `#${mark.codePointAt(0) ?? 0};`,
  );
