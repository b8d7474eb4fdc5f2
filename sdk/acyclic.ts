/**
 * How far a search goes back before a node is put on the next level instead; about the root of the number of edges of a
 * large program, which is what keeps the whole within m·√m steps.
 */
const REACH = 256;

/**
 * A graph that stays without cycles while edges are added one by one in any order (the two-way search of Bender, Fineman,
 * Gilbert and Tarjan, “A new approach to incremental cycle detection”, 2015). Nodes carry levels that never fall along an
 * edge, so that a search only has to look at one level backwards, and forwards at what it raises.
 */
export class Acyclic {
  /** Edges looked at so far. */
  steps = 0;
  private readonly reach: number;
  private readonly levels: number[] = [];
  private readonly out: (Set<number> | undefined)[] = [];
  /** Edges that come from the same level. */
  private readonly into: (Set<number> | undefined)[] = [];

  constructor(reach = REACH) {
    this.reach = reach;
  }

  /** The number of a new node. */
  node(): number {
    return this.levels.push(1) - 1;
  }

  /** Adds an edge; `false`, and no edge, when it would close a cycle. */
  link(from: number, to: number): boolean {
    if (from === to) return false;
    if (this.out[from]?.has(to) === true) return true;
    if (this.level(from) >= this.level(to) && !this.raise(from, to)) return false;
    (this.out[from] ??= new Set()).add(to);
    if (this.level(from) === this.level(to)) (this.into[to] ??= new Set()).add(from);
    return true;
  }

  unlink(from: number, to: number): void {
    this.out[from]?.delete(to);
    this.into[to]?.delete(from);
  }

  hasEdges(from: number): boolean {
    return (this.out[from]?.size ?? 0) > 0;
  }

  /** The nodes on a shortest way from one node to another, both included; empty when there is none. */
  way(from: number, to: number): number[] {
    const cameFrom = new Map<number, number>([[from, from]]);
    const queue = [from];
    for (const node of queue) {
      if (node === to) break;
      for (const next of this.out[node] ?? []) {
        if (cameFrom.has(next)) continue;
        cameFrom.set(next, node);
        queue.push(next);
      }
    }
    if (!cameFrom.has(to)) return [];
    const way = [to];
    for (let node = to; node !== from; way.push(node)) node = cameFrom.get(node) as number;
    return way.reverse();
  }

  private level(node: number): number {
    return this.levels[node] as number;
  }

  /** Brings the levels in order for an edge that is about to be added; `false` when it would close a cycle. */
  private raise(from: number, to: number): boolean {
    const behind = this.behind(from, to);
    if (behind === undefined) return false;
    const { nodes, complete } = behind;
    if (complete && this.level(to) === this.level(from)) return true;
    this.levels[to] = complete ? this.level(from) : this.level(from) + 1;
    this.into[to]?.clear();
    const seen = complete ? nodes : new Set([from]);
    let cyclic = false;
    const raised = [to];
    for (let node = raised.pop(); node !== undefined; node = raised.pop()) {
      for (const next of this.out[node] ?? []) {
        this.steps += 1;
        // Goes on all the same: the levels must be in order for what comes after an edge that is refused.
        if (seen.has(next)) cyclic = true;
        if (this.level(next) < this.level(node)) {
          this.levels[next] = this.level(node);
          this.into[next]?.clear();
          raised.push(next);
        }
        if (this.level(next) === this.level(node)) (this.into[next] ??= new Set()).add(node);
      }
    }
    return !cyclic;
  }

  /** What leads to a node on its own level, as far as the search goes; `undefined` when `to` is among it. */
  private behind(from: number, to: number): { nodes: Set<number>; complete: boolean } | undefined {
    const nodes = new Set([from]);
    let steps = 0;
    // A set is walked in the order of insertion, what is added meanwhile included.
    for (const node of nodes) {
      for (const before of this.into[node] ?? []) {
        this.steps += 1;
        steps += 1;
        if (before === to) return undefined;
        nodes.add(before);
        if (steps >= this.reach) return { nodes, complete: false };
      }
    }
    return { nodes, complete: true };
  }
}
