import type { Dependency } from "../../provider/resources/dataworks-task/arguments";
import type { Definitions } from "./definitions";
import { reference } from "./definitions";
import { type Findings, placeholderIn } from "./findings";
import { Members, isRecord, plain, shown } from "./members";
import type { FlowNode, NodeArguments } from "./node";
import { outputName } from "./ports";

type Type = Dependency["type"];
type Entry = { readonly value: unknown; readonly path: string };

const TYPES: Readonly<Record<string, Type>> = {
  normal: "Normal",
  crosscycledependsonself: "CrossCycleDependsOnSelf",
  crosscycleself: "CrossCycleDependsOnSelf",
  crosscycledependsonchildren: "CrossCycleDependsOnChildren",
  crosscyclechildren: "CrossCycleDependsOnChildren",
  crosscycledependsonothernode: "CrossCycleDependsOnOtherNode",
  crosscycleothernode: "CrossCycleDependsOnOtherNode",
};

/** The name of the document's workspace, where a placeholder says it. */
const WORKSPACE = "${projectIdentifier}";

/** What a task waits for. */
export interface Upstreams {
  /** Other tasks of the document. */
  readonly tasks: { readonly node: FlowNode; readonly type: Type; readonly path: string; readonly output?: string }[];
  /** Edges that need no other task of the document. */
  readonly dependencies: Dependency[];
}

/** Finds nodes by what edges call them, and collects what each task waits for. */
export class Edges {
  readonly #definitions: Definitions;
  readonly #findings: Findings;
  readonly #byId = new Map<string, FlowNode>();
  readonly #byName = new Map<string, FlowNode>();
  readonly #byOutput = new Map<string, FlowNode>();
  readonly #withoutOutput = new Map<string, FlowNode>();
  readonly #upstreams = new Map<FlowNode, Upstreams>();
  /** Every edge of a task, taken or not, as `type target`. */
  readonly #seen = new Map<FlowNode, Set<string>>();

  constructor(nodes: readonly FlowNode[], definitions: Definitions, findings: Findings) {
    this.#definitions = definitions;
    this.#findings = findings;
    for (const node of nodes) {
      const twin = this.#byId.get(node.id);
      if (twin) findings.error(`${node.path}.id`, `is the id of ${twin.path} too, and every edge goes to that one`);
      else this.#byId.set(node.id, node);
      if (!this.#byName.has(node.name)) this.#byName.set(node.name, node);
      if (node.becomes.kind !== "external" && node.outputs.length === 0) {
        const namesake = this.#withoutOutput.get(node.name);
        if (!namesake) this.#withoutOutput.set(node.name, node);
        else if (node.becomes.kind === "task" && namesake.becomes.kind === "task") {
          findings.error(
            `${node.path}.outputs`,
            `names no output, and the service would make the same one of the name that it makes for ${namesake.path}: name one`,
          );
        }
      }
      const known =
        node.becomes.kind === "external" && node.becomes.output !== undefined ? [node.becomes.output] : node.outputs;
      for (const output of new Set(known)) {
        const other = this.#byOutput.get(output);
        if (!other) this.#byOutput.set(output, node);
        else if (other.becomes.kind === "task" && node.becomes.kind === "task") {
          findings.error(
            `${node.path}.outputs`,
            `names the output ${output}, which ${other.path} has too: an output is unique in a workspace`,
          );
        }
      }
    }
  }

  upstreamsOf(node: FlowNode): Upstreams {
    let upstreams = this.#upstreams.get(node);
    if (!upstreams) this.#upstreams.set(node, (upstreams = { tasks: [], dependencies: [] }));
    return upstreams;
  }

  /** Reads one entry of `flow` or `dependencies`: a node and what it depends on. */
  read({ value, path }: Entry): void {
    if (!isRecord(value))
      return this.#findings.error(
        path,
        `is no edge: it must be an object with nodeId and depends, got ${shown(value)}`,
      );
    const members = new Members(value, path, this.#findings);
    const whose = members.entry("nodeId", "node", "id");
    const depends = members.list("depends", "depend");
    members.ignore("description");
    members.rest();
    const node = whose && this.#node(whose.value);
    if (node) return this.take(node, depends);
    if (whose)
      this.#findings.error(
        whose.path,
        `names no node of the document, got ${shown(whose.value)}: its edges are left out`,
      );
    else this.#findings.error(path, "has no nodeId: its edges are left out");
  }

  /** Takes edges of a node. */
  take(node: FlowNode, depends: readonly Entry[]): void {
    if (node.becomes.kind === "nothing") {
      for (const { path } of depends)
        this.#findings.error(path, `is an edge of ${node.path}, which is not a task: it is left out`);
      return;
    }
    if (node.becomes.kind === "external") {
      for (const { path } of depends)
        this.#findings.warning(path, `is an edge of ${node.path}, a task outside the document: it is left out`);
      return;
    }
    for (const entry of depends) this.#takeOne(node, entry);
  }

  /** Edges that only `inputs.nodeOutputs` names count where a node has no same-cycle edge otherwise. */
  takeInputs(node: FlowNode): void {
    if (node.becomes.kind !== "task") return;
    const hasOwn = [...(this.#seen.get(node) ?? [])].some((edge) => edge.startsWith("Normal "));
    for (const { output, path } of node.inputs) {
      const target = this.#byOutputName(node, output, path);
      if (target === node) this.#findings.warning(path, "is left out: it is the node's own output");
      else if (!hasOwn) this.#add(node, "Normal", target, output, path);
      else if (!this.#seen.get(node)?.has(edgeName("Normal", target, output))) {
        this.#findings.warning(
          path,
          "is left out: the node's dependencies are listed in flow or dependencies, and this is not among them",
        );
      }
    }
  }

  #takeOne(node: FlowNode, { value, path }: Entry): void {
    const members = isRecord(value) ? new Members(value, path, this.#findings) : undefined;
    const written = members?.text("type");
    const type = written === undefined ? "Normal" : TYPES[written.toLowerCase().replace(/_/g, "")];
    const called = members ? members.entry("nodeId", "node") : { value, path };
    const port = members?.entry("output", "data");
    const output = port && outputName(port, this.#definitions, this.#findings);
    members?.ignore("description");
    members?.rest();
    if (type === undefined) {
      this.#findings.error(
        `${path}.type`,
        `is none of ${[...new Set(Object.values(TYPES))].join(", ")}, got ${shown(written)}: the edge is left out`,
      );
      return;
    }
    const named = called && this.#node(called.value);
    if (type === "CrossCycleDependsOnSelf" || type === "CrossCycleDependsOnChildren") {
      // The node itself or its children are meant, whatever output stands beside it.
      if (type === "CrossCycleDependsOnSelf" && named && named !== node) {
        this.#findings.warning(path, `is ${type} and names ${named.path}: the node itself is meant`);
      }
      this.#once(node, `${type} `, () => this.upstreamsOf(node).dependencies.push({ type }));
      return;
    }
    const target = named ?? (output === undefined ? undefined : this.#byOutputName(node, output, path));
    if (!target && output === undefined) {
      this.#findings.error(
        path,
        called
          ? `depends on ${shown(nameOf(called.value))}, which is no node of the document: the edge is left out`
          : "names neither a node nor an output: the edge is left out",
      );
      this.#once(node, `${type} ${path}`, () => undefined);
      return;
    }
    if (
      target &&
      output !== undefined &&
      target.outputs.length > 0 &&
      !target.outputs.includes(output) &&
      output !== target.id
    ) {
      this.#findings.warning(
        path,
        `names the output ${output}, which ${target.path} does not have: the edge goes to the node`,
      );
    }
    this.#add(node, type, target, output, path);
  }

  #add(node: FlowNode, type: Type, target: FlowNode | undefined, output: string | undefined, path: string): void {
    if (target === node) {
      if (type === "Normal") this.#findings.error(path, "makes the node wait for itself: the edge is left out");
      else
        this.#once(node, "CrossCycleDependsOnSelf ", () =>
          this.upstreamsOf(node).dependencies.push({ type: "CrossCycleDependsOnSelf" }),
        );
      return;
    }
    this.#once(node, edgeName(type, target, output), () => {
      const { tasks, dependencies } = this.upstreamsOf(node);
      if (target?.becomes.kind === "task") {
        const named = type === "Normal" && output !== undefined && declares(target.becomes.arguments, output);
        return void tasks.push({ node: target, type, path, ...(named && { output }) });
      }
      if (target?.becomes.kind === "nothing")
        return this.#findings.error(path, `depends on ${target.path}, which is not a task: the edge is left out`);
      const upstreamOutput = target?.becomes.kind === "external" ? target.becomes.output : output;
      const left = upstreamOutput === undefined ? undefined : placeholderIn(upstreamOutput);
      if (upstreamOutput === undefined)
        this.#findings.error(
          path,
          `depends on ${target?.path ?? "nothing"}, which names no output: the edge is left out`,
        );
      else if (left !== undefined)
        this.#findings.error(
          path,
          `depends on ${upstreamOutput}, and nothing replaces the placeholder ${left}: the edge is left out`,
        );
      else dependencies.push({ type, upstreamOutput });
    });
  }

  #once(node: FlowNode, edge: string, take: () => void): void {
    let seen = this.#seen.get(node);
    if (!seen) this.#seen.set(node, (seen = new Set()));
    if (seen.has(edge)) return;
    seen.add(edge);
    take();
  }

  #node(value: unknown): FlowNode | undefined {
    const text = nameOf(value);
    if (text === undefined) return undefined;
    const bare = reference(text) ?? text;
    for (const name of [bare, bare.replace(/^nodes?\./i, "")]) {
      const found = this.#byId.get(name) ?? this.#byName.get(name);
      if (found) return found;
    }
    return undefined;
  }

  /** The node behind an output: one that names it, one whose id it is, or one without outputs whose default it is. */
  #byOutputName(node: FlowNode, output: string, path: string): FlowNode | undefined {
    const found = this.#byOutput.get(output) ?? this.#byId.get(output);
    if (found) return found;
    const dot = output.indexOf(".");
    const byDefault = dot < 0 ? undefined : this.#withoutOutput.get(output.slice(dot + 1));
    const workspace = this.#findings.filled(WORKSPACE);
    if (!byDefault || output === `${workspace}.${byDefault.name}`) return byDefault;
    // Another workspace than that of the document; where that is not known, a task of the node's own name is in another.
    if (workspace !== WORKSPACE || byDefault === node) return undefined;
    if (byDefault.becomes.kind === "task") {
      this.#findings.warning(
        path,
        `is taken as the output that the service gives to ${byDefault.path}, which names none; where it is one of another workspace, give placeholders.projectIdentifier the name of this one`,
      );
    }
    return byDefault;
  }
}

const declares = ({ outputs }: NodeArguments, output: string): boolean =>
  outputs?.taskOutputs?.includes(output) ?? false;

const nameOf = (value: unknown): string | undefined => plain(isRecord(value) ? (value["id"] ?? value["name"]) : value);

const edgeName = (type: Type, target: FlowNode | undefined, output: string | undefined): string =>
  `${type} ${target?.path ?? (output === undefined ? "" : `=${output}`)}`;
