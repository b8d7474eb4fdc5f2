import { type Finding, withLevels } from "../provider/core/findings";
import { Acyclic } from "./acyclic";
import type { Declaration, Env, Need, Upstream } from "./declaration";
import { circle, devAdopted, devId, devOutput, devTask, doubled, unproduced, valueOf } from "./graph-findings";
import { show } from "../provider/core/quoting";

interface Task extends Declaration {
  readonly index: number;
  readonly node: number;
}

/** What somebody waits for, as a node of its own, and who does. */
interface Wanted {
  readonly node: number;
  readonly by: { readonly task: Task; readonly need: Need }[];
}

/** Who produces an output name at a place, and who waits for it; both by project and environment. */
interface OutputName {
  readonly producers: Map<string, Task>;
  readonly wanted: Map<string, Wanted>;
  /** By environment, a node that leads to every producer: for those whose own project does not produce it. */
  readonly hubs: Partial<Record<Env, number>>;
}

/** Something to say about a task that was declared before. */
export interface LateFinding {
  readonly task: number;
  readonly finding: Finding;
}

/**
 * The tasks of one run of a program and what they wait for, declared one by one in any order. Pure: it knows no Pulumi.
 *
 * Outputs are unique in a workspace (UpdateTask, Outputs.TaskOutputs), and both environments of a workspace hold the same
 * task: so two tasks with one output are a mistake only within a project and an environment. Dependencies may cross
 * workspaces by the same names: so an output that the own project does not produce is looked for in the others.
 */
export class TaskGraph {
  private readonly tasks: Task[] = [];
  private readonly edges = new Acyclic();
  private readonly taskAt = new Map<number, Task>();
  private readonly outputs = new Map<string, OutputName>();
  private readonly adopted = new Map<string, Task>();
  private readonly wantedIds = new Map<string, Wanted>();
  private readonly existing = new Set<string>();
  private readonly ownOutputs = new Set<string>();
  private readonly said = new WeakSet<Need>();
  private anyOutput = false;

  /** Edges looked at so far, a measure of the work. */
  get steps(): number {
    return this.edges.steps;
  }

  /** Says that an output exists which no task of the program declares. */
  exists(output: string): void {
    this.existing.add(output);
  }

  /**
   * Takes a task in. With an error among the findings it is not taken in, and the graph is as it was; otherwise `task` is
   * how later ones name it as their upstream.
   */
  declare(declaration: Declaration): { task: number; findings: readonly Finding[] } {
    const found = [
      ...this.doubledOutputs(declaration),
      ...this.prodOnDev(declaration),
      ...this.devUnderProd(declaration),
    ];
    const findings = withLevels(found, declaration.levels);
    if (isRefused(findings)) return { task: -1, findings };
    const task: Task = { ...declaration, index: this.tasks.length, node: this.edges.node() };
    const cycle = this.connect(task);
    if (cycle) return { task: -1, findings: [...findings, cycle] };
    this.tasks.push(task);
    return { task: task.index, findings };
  }

  /** What shows only when the program has ended. */
  atEnd(): LateFinding[] {
    return [...this.outputs.values()].flatMap(({ wanted, producers }) =>
      [...wanted.values()].flatMap(({ by }) =>
        by.flatMap(({ task, need }) => {
          const finding = this.lateFinding(task, need, [...producers.values()]);
          return finding ? withLevels([finding], task.levels).map((one) => ({ task: task.index, finding: one })) : [];
        }),
      ),
    );
  }

  private lateFinding(task: Task, need: Need, producers: readonly Task[]): Finding | undefined {
    const [first] = producers;
    if (first === undefined) return this.isKnown(task, valueOf(need)) ? undefined : unproduced(need);
    if (task.env !== "Prod" || this.said.has(need) || producers.some(({ env }) => env === "Prod")) return undefined;
    return devOutput(need, first);
  }

  /**
   * Outputs that need no producer here: of looked-up tasks, of tasks whose output the service makes up, the root of a
   * workspace, and those that the service names after a node.
   */
  private isKnown({ place }: Task, output: string): boolean {
    const ownOutput = output.slice(output.indexOf(".") + 1);
    return (
      this.anyOutput ||
      this.existing.has(output) ||
      this.ownOutputs.has(join(place, ownOutput)) ||
      output.endsWith("_root") ||
      /\.\d+_out$/.test(output)
    );
  }

  private *doubledOutputs({ name, place, project, env, produces }: Declaration): Generator<Finding> {
    if (place === undefined || project === undefined || env === undefined) return;
    for (const { output, property } of produces) {
      const other = this.outputs.get(join(place, output))?.producers.get(join(project, env));
      if (other === undefined) continue;
      const there = other.produces.find((one) => one.output === output)?.property ?? "";
      yield doubled({ output, property }, name, other.name, there);
    }
  }

  private *prodOnDev(declaration: Declaration): Generator<Finding> {
    const { place, env, needs } = declaration;
    if (env !== "Prod") return;
    for (const need of needs) {
      const { upstream } = need;
      if ("task" in upstream) {
        const task = this.tasks[upstream.task];
        if (task?.env === "Dev") yield devTask(need, task.name);
      } else if ("id" in upstream) {
        if (upstream.env === "Dev") yield devTask(need, show(valueOf(need)));
        const dev = this.adopted.get(join(place, "Dev", upstream.id));
        if (upstream.env === undefined && dev && !this.adopted.has(join(place, "Prod", upstream.id)))
          yield devId(need, dev);
      } else {
        const producers = [...(this.outputs.get(join(place, upstream.output))?.producers.values() ?? [])];
        const [first] = producers;
        if (first === undefined || producers.some((producer) => producer.env === "Prod")) continue;
        this.said.add(need);
        yield devOutput(need, first);
      }
    }
  }

  /** A Dev task is adopted that a Prod task declared earlier waits for by its id. */
  private *devUnderProd({ name, place, env, id }: Declaration): Generator<Finding> {
    if (env !== "Dev" || id === undefined || this.adopted.has(join(place, "Prod", id))) return;
    const waiting = this.wantedIds.get(join(place, "Prod", id))?.by[0];
    if (waiting === undefined) return;
    yield devAdopted(id, name, waiting.task, waiting.need);
  }

  /** Puts a task among the others; a finding, and nothing changed, when that closes a circle. */
  private connect(task: Task): Finding | undefined {
    this.taskAt.set(task.node, task);
    const undo = this.offer(task);
    for (const need of task.needs) {
      const to = need.sameCycle ? this.nodeOf(task, need.upstream) : undefined;
      if (to === undefined || this.edges.link(task.node, to)) {
        if (to !== undefined) undo.push(() => this.edges.unlink(task.node, to));
        continue;
      }
      const way = this.edges.way(to, task.node).flatMap((node) => this.taskAt.get(node)?.name ?? []);
      for (const step of undo.reverse()) step();
      this.taskAt.delete(task.node);
      return circle(task, need, way.length === 0 ? [task.name] : way);
    }
    for (const need of task.needs) this.wantedFor(task, need.upstream)?.by.push({ task, need });
    return undefined;
  }

  /** Makes what a task is waited for by lead to it: never a circle, since a new task leads nowhere yet. */
  private offer(task: Task): (() => void)[] {
    const { place, project, env, produces, hasMoreOutputs, id, ownOutput } = task;
    const undo: (() => void)[] = [];
    const lead = (from: number, away?: number) => {
      if (away !== undefined) this.edges.unlink(from, away);
      this.edges.link(from, task.node);
      undo.push(() => {
        this.edges.unlink(from, task.node);
        if (away !== undefined) this.edges.link(from, away);
      });
    };
    if (place === undefined || project === undefined || env === undefined) {
      for (const { output } of produces) this.existing.add(output);
    } else {
      for (const { output } of produces) {
        const name = this.outputName(place, output);
        const key = join(project, env);
        if (name.producers.get(key) === task) continue;
        name.producers.set(key, task);
        undo.push(() => name.producers.delete(key));
        const hub = name.hubs[env];
        if (hub !== undefined) lead(hub);
        const wanted = name.wanted.get(key);
        if (wanted) lead(wanted.node, hub);
      }
    }
    if (place !== undefined && env !== undefined && id !== undefined) {
      const key = join(place, env, id);
      if (!this.adopted.has(key)) {
        this.adopted.set(key, task);
        undo.push(() => this.adopted.delete(key));
        const wanted = this.wantedIds.get(key);
        if (wanted) lead(wanted.node);
      }
    }
    if (hasMoreOutputs === true) this.anyOutput = true;
    if (ownOutput !== undefined) this.ownOutputs.add(join(place, ownOutput));
    return undo;
  }

  private nodeOf(task: Task, upstream: Upstream): number | undefined {
    return "task" in upstream ? this.tasks[upstream.task]?.node : this.wantedFor(task, upstream)?.node;
  }

  private wantedFor({ place, project, env }: Task, upstream: Upstream): Wanted | undefined {
    if (place === undefined || env === undefined) return undefined;
    if ("id" in upstream) {
      const key = join(place, upstream.env ?? env, upstream.id);
      return this.wanting(this.wantedIds, key, () => this.adopted.get(key)?.node);
    }
    if ("task" in upstream || project === undefined) return undefined;
    const name = this.outputName(place, upstream.output);
    const key = join(project, env);
    return this.wanting(name.wanted, key, () => name.producers.get(key)?.node ?? this.hub(name, env));
  }

  private wanting(all: Map<string, Wanted>, key: string, target: () => number | undefined): Wanted {
    let wanted = all.get(key);
    if (wanted === undefined) {
      all.set(key, (wanted = { node: this.edges.node(), by: [] }));
      const to = target();
      if (to !== undefined) this.edges.link(wanted.node, to);
    }
    return wanted;
  }

  private hub({ hubs, producers }: OutputName, env: Env): number {
    let hub = hubs[env];
    if (hub === undefined) {
      hubs[env] = hub = this.edges.node();
      for (const producer of producers.values()) if (producer.env === env) this.edges.link(hub, producer.node);
    }
    return hub;
  }

  private outputName(place: string, output: string): OutputName {
    const key = join(place, output);
    let name = this.outputs.get(key);
    if (name === undefined) this.outputs.set(key, (name = { producers: new Map(), wanted: new Map(), hubs: {} }));
    return name;
  }
}

const join = (...parts: (string | undefined)[]): string => parts.join("\n");
const isRefused = (findings: readonly Finding[]): boolean => findings.some(({ severity }) => severity === "error");
