import * as dagre from "@dagrejs/dagre";
import { html } from "./markdown-text";
import type { Review } from "./model";

/** Larger pictures can't be taken in; the table has all tasks. */
const MOST_NODES = 150;
const LONGEST_NAME = 28;
const HEIGHT = 30;
const widthOf = (name: string): number =>
  24 + [...name].reduce((sum, letter) => sum + (letter.charCodeAt(0) > 0xff ? 13 : 7.4), 0);

/** The touched part of the program's tasks as SVG, upstream on the left; nothing where no task waits for another. */
export function picture({ graph }: Pick<Review, "graph">): { svg: string; left: number } | undefined {
  const linked = new Set(graph.edges.flat());
  const nodes = graph.nodes
    .filter(({ key }) => linked.has(key))
    .sort((a, b) => Number(b.change !== undefined) - Number(a.change !== undefined));
  if (nodes.length === 0) return undefined;
  const shown = nodes.slice(0, MOST_NODES);
  const drawing = new dagre.graphlib.Graph();
  drawing.setGraph({ rankdir: "LR", nodesep: 14, ranksep: 50, marginx: 10, marginy: 10 });
  drawing.setDefaultEdgeLabel(() => ({}));
  const names = new Map(shown.map(({ key, name }) => [key, short(name)]));
  for (const [key, name] of names) drawing.setNode(key, { width: widthOf(name), height: HEIGHT });
  for (const [from, to] of graph.edges) if (names.has(from) && names.has(to)) drawing.setEdge(from, to);
  dagre.layout(drawing);
  const { width = 100, height = 100 } = drawing.graph() as { width?: number; height?: number };
  const lines = drawing.edges().map((edge) => {
    const { points } = drawing.edge(edge) as { points: { x: number; y: number }[] };
    const at = points.map(({ x, y }) => `${round(x)},${round(y)}`);
    return `<polyline points="${at.join(" ")}" marker-end="url(#arrow)"/>`;
  });
  const boxes = shown.map(({ key, name, change }) => {
    const { x, y, width: wide } = drawing.node(key) as { x: number; y: number; width: number };
    const box = `<rect x="${round(x - wide / 2)}" y="${round(y - HEIGHT / 2)}" width="${round(wide)}" height="${HEIGHT}" rx="5"/>`;
    const text = `<text x="${round(x)}" y="${round(y + 4)}">${html(names.get(key) ?? "")}</text>`;
    return `<g class="node ${change ?? "same"}"><title>${html(name)}${change === undefined ? "" : `: ${change}`}</title>${box}${text}</g>`;
  });
  const size = `width="${round(width)}" height="${round(height)}" viewBox="0 0 ${round(width)} ${round(height)}"`;
  const arrow =
    '<defs><marker id="arrow" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z"/></marker></defs>';
  return {
    svg: `<svg xmlns="http://www.w3.org/2000/svg" ${size} role="img" aria-label="Who waits for whom">${arrow}${lines.join("")}${boxes.join("")}</svg>`,
    left: nodes.length - shown.length,
  };
}

const round = (value: number): string => String(Math.round(value * 10) / 10);
const short = (name: string): string => (name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name);
