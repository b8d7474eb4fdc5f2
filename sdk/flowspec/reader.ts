import type { Dependency } from "../../provider/resources/dataworks-task/arguments";
import { Definitions } from "./definitions";
import { Edges } from "./edges";
import { Findings } from "./findings";
import type { FlowSpecFinding } from "./findings";
import { Members, isNothing, isRecord, shown, textOf } from "./members";
import { Nodes } from "./node";
import type { FlowNode, NodeArguments, Surroundings } from "./node";
import { type Edge, ordered } from "./order";
import { readPorts, outputName } from "./ports";
import { readRunning, readTrigger } from "./schedule";
import { FlowSpecError, load } from "./source";
import { Variables } from "./variables";

export type { FlowSpecFinding } from "./findings";
export { FlowSpecError } from "./source";

/** An edge to another task of the document. */
export interface FlowSpecEdge {
  readonly key: string;
  readonly type: Dependency["type"];
  readonly output?: string;
}

/** A node of the document as the arguments of a task. */
export interface FlowSpecTask {
  /** Unique in the document and stable: the node's name, else its script's name, else its id; a second one has its id behind it. */
  readonly key: string;
  readonly nodeId: string;
  /** Where in the document, such as `spec.nodes[3]`. */
  readonly path: string;
  readonly arguments: NodeArguments;
  /** Other tasks of the document, by key, and their output where the edge names one. These edges are not in `arguments.dependencies`. */
  readonly dependsOn: readonly FlowSpecEdge[];
}

/** A FlowSpec document as tasks. */
export interface FlowSpecWorkflow {
  readonly name?: string;
  readonly kind: string;
  readonly version: string;
  /** Upstream before downstream, and otherwise in the order of the document. */
  readonly tasks: readonly FlowSpecTask[];
  /** Everything that the document says and the tasks do not, by path. */
  readonly findings: readonly FlowSpecFinding[];
}

export interface FlowSpecOptions {
  /** Values for FlowSpec's placeholders, such as `{ projectIdentifier: "shop", "spec.datasource.name": "mc" }`. */
  readonly placeholders?: Readonly<Record<string, string>>;
}

const KINDS: ReadonlySet<string> = new Set([
  "CycleWorkflow",
  "ManualWorkflow",
  "Workflow",
  "TemporaryWorkflow",
  "TriggerWorkflow",
  "Node",
  "ManualNode",
  "BatchDeployment",
]);
const KINDS_WITHOUT_NODES: ReadonlySet<string> = new Set([
  "PaiFlow",
  "DataSource",
  "DataQuality",
  "DataService",
  "DataCatalog",
  "DataIntegrationJob",
  "Table",
  "Component",
  "Resource",
  "Function",
]);
const MANUAL: ReadonlySet<string> = new Set(["ManualWorkflow", "ManualNode"]);
/** Members of `spec` that make it FlowSpec's. */
const LISTS = [
  "nodes",
  "workflows",
  "flow",
  "scripts",
  "triggers",
  "variables",
  "artifacts",
  "datasources",
  "functions",
  "fileResources",
  "runtimeResources",
];

/**
 * The tasks of a FlowSpec document, given as a file (JSON or YAML), as text, or parsed. Throws a FlowSpecError for what
 * is no FlowSpec at all; everything else that cannot be represented is in `findings`.
 */
export function readFlowSpec(source: string | object, options: FlowSpecOptions = {}): FlowSpecWorkflow {
  const { about, document } = load(source);
  const findings = new Findings(options.placeholders);
  const root = new Members(document, "", findings);
  const { spec, kind, version } = frame(root, document, about, findings);
  const definitions = new Definitions(spec, findings);
  const containers = readContainers(spec, kind, definitions, findings);
  const reader = new Nodes(definitions, new Variables(definitions, findings), findings);
  const nodes = containers.flatMap(({ members, around }) =>
    members.list("nodes").flatMap(({ value, path }) => reader.read(value, path, around) ?? []),
  );
  if (nodes.length === 0) findings.error(spec.path || "spec", "holds no nodes: no task is made");
  const edges = new Edges([...nodes, ...containers.flatMap(({ node }) => node ?? [])], definitions, findings);
  for (const { members } of containers) {
    for (const name of ["flow", "flows", "dependencies"]) for (const entry of members.list(name)) edges.read(entry);
  }
  for (const node of nodes) {
    edges.take(node, node.depends);
    edges.takeInputs(node);
  }
  const tasks = arrange(nodes, edges, findings);
  for (const { members } of containers) members.rest();
  definitions.rest();
  root.rest();
  const name = spec.text("name") ?? (containers.length === 2 ? containers[1]?.members.text("name") : undefined);
  return { ...(name !== undefined && { name }), kind, version, tasks, findings: findings.list };
}

/** Version, kind and the body, which version 1.0 has at the top. */
function frame(
  root: Members,
  document: Record<string, unknown>,
  about: string,
  findings: Findings,
): { spec: Members; kind: string; version: string } {
  const kind = root.text("kind");
  const version = root.text("version");
  const body = root.raw("spec");
  const flat = body === undefined && LISTS.some((name) => Array.isArray(document[name]));
  const values = flat ? document : body;
  if (!isRecord(values)) {
    throw new FlowSpecError(
      about,
      `is no FlowSpec document: it has ${body === undefined ? "no spec with nodes" : `a spec that must be an object, got ${shown(body)}`}`,
    );
  }
  const isKnown = kind !== undefined && (KINDS.has(kind) || KINDS_WITHOUT_NODES.has(kind));
  if (!LISTS.some((name) => Object.hasOwn(values, name)) && !(isKnown && version !== undefined)) {
    throw new FlowSpecError(
      about,
      `is no FlowSpec document: its spec has neither nodes nor workflows${kind === undefined ? "" : ` (kind ${kind})`}`,
    );
  }
  if (kind === undefined) findings.warning("kind", "is missing: the document is read as a CycleWorkflow");
  else if (!isKnown)
    findings.warning(
      "kind",
      `is ${shown(kind)}, which is not known here: its nodes are read as those of a CycleWorkflow`,
    );
  if (version === undefined) findings.warning("version", "is missing");
  const metadata = document["metadata"];
  if (isRecord(metadata) && !isNothing(metadata["owner"])) {
    findings.warning(
      "metadata.owner",
      `is left out: ${shown(textOf(metadata["owner"], "metadata.owner", findings))} owns the document; a task's owner stands on its node or workflow`,
    );
  }
  const spec = flat ? root : new Members(values, "spec", findings);
  spec.ignore("type", "name", "description");
  return { spec, kind: kind ?? "CycleWorkflow", version: version ?? "" };
}

interface Container {
  readonly members: Members;
  readonly around: Surroundings;
  /** A workflow as something that edges can name, and that is no task. */
  readonly node?: FlowNode;
}

/** The body itself and the workflows inside it. */
function readContainers(spec: Members, kind: string, definitions: Definitions, findings: Findings): Container[] {
  const manual = MANUAL.has(kind);
  const top = surroundings(spec, { running: {}, trigger: undefined, owner: undefined, manual }, definitions, findings);
  const containers: Container[] = [{ members: spec, around: top }];
  for (const { value, path } of spec.list("workflows", "workflow")) {
    if (!isRecord(value)) {
      findings.error(path, `is no workflow: it must be an object, got ${shown(value)}`);
      continue;
    }
    const members = new Members(value, path, findings);
    const name = members.text("name") ?? members.text("id");
    findings.warning(
      path,
      `is the workflow${name === undefined ? "" : ` ${shown(name)}`}: its nodes become tasks of their own, outside of any workflow`,
    );
    const inputs = readPorts(members.entry("inputs", "input"), definitions, findings);
    const outputs = readPorts(members.entry("outputs", "output"), definitions, findings);
    for (const entry of inputs.outputs)
      findings.error(entry.path, "is an input of the workflow as a whole: no task waits for it");
    for (const entry of inputs.variables)
      findings.warning(entry.path, "is left out: it is a variable of the workflow, and a task has none from around it");
    for (const entry of [...outputs.outputs, ...outputs.variables])
      findings.warning(entry.path, "is left out: the workflow as a whole gives it, and no task does");
    // Its script says that it is a workflow, and where it lies.
    const script = members.object("script");
    script?.ignore("path", "runtime", "language", "name");
    script?.rest();
    members.ignore("description", "type");
    containers.push({
      members,
      around: surroundings(members, top, definitions, findings),
      node: {
        path,
        id: members.text("id") ?? name ?? path,
        name: name ?? path,
        outputs: outputs.outputs.flatMap((entry) => outputName(entry, definitions, findings) ?? []),
        inputs: [],
        depends: [],
        becomes: { kind: "nothing" },
      },
    });
  }
  return containers;
}

/** What a container says for its nodes, over what the one around it says. */
function surroundings(
  members: Members,
  outer: Surroundings,
  definitions: Definitions,
  findings: Findings,
): Surroundings {
  const strategy = members.object("strategy");
  const running = { ...outer.running, ...(strategy && readRunning(strategy, findings)) };
  strategy?.rest();
  const found = members.entry("trigger");
  const definition = found && definitions.resolve(found.value, found.path, "triggers");
  if (found && !definition)
    findings.error(found.path, `refers to ${shown(found.value)}, which the document does not define`);
  const trigger = definition
    ? readTrigger(new Members(definition.value, definition.path, findings), findings)
    : outer.trigger;
  if (definition && outer.manual && trigger?.trigger.type !== "Manual") {
    findings.warning(definition.path, "is left out: the tasks of a manual workflow are started by hand");
  }
  return { running, trigger, owner: members.text("owner") ?? outer.owner, manual: outer.manual };
}

/** Gives the tasks their keys, puts them in order, and takes the edges out that no order can have. */
function arrange(nodes: readonly FlowNode[], edges: Edges, findings: Findings): FlowSpecTask[] {
  const made = nodes.flatMap((node) => (node.becomes.kind === "task" ? [{ node, args: node.becomes.arguments }] : []));
  const keys = keysOf(made.map(({ node }) => node));
  reportTwins(made, findings);
  const position = new Map(made.map(({ node }, index) => [node, index]));
  const links = made.flatMap(({ node }, task) =>
    edges.upstreamsOf(node).tasks.map((link): Edge & typeof link => ({
      ...link,
      task,
      upstream: position.get(link.node) as number,
      crossCycle: link.type !== "Normal",
    })),
  );
  const { order, dropped } = ordered(made.length, links);
  const gone = new Set<Edge>();
  for (const { edge, circle } of dropped) {
    gone.add(edge);
    const names = [...circle, circle[0] as number].map((task) => keys[task] as string);
    const way = (
      names.length > 8 ? [...names.slice(0, 4), `… ${names.length - 7} more …`, ...names.slice(-3)] : names
    ).join(" → ");
    findings.error(
      edge.path,
      edge.crossCycle
        ? `closes a circle with ${keys[edge.upstream] ?? ""}, in which neither can be made first: the edge is left out`
        : `closes a circle (${way}): the edge is left out`,
    );
  }
  const upstreams: FlowSpecEdge[][] = made.map(() => []);
  for (const link of links) {
    const { type, output } = link;
    if (!gone.has(link))
      upstreams[link.task]?.push({
        key: keys[link.upstream] as string,
        type,
        ...(output !== undefined && { output }),
      });
  }
  return order.map((task) => {
    const { node, args } = made[task] as (typeof made)[number];
    const { dependencies } = edges.upstreamsOf(node);
    return {
      key: keys[task] as string,
      nodeId: node.id,
      path: node.path,
      arguments: dependencies.length > 0 ? { ...args, dependencies } : args,
      dependsOn: upstreams[task] ?? [],
    };
  });
}

/** A key for each node: its name, and for a second one of that name the id behind it. */
function keysOf(nodes: readonly FlowNode[]): string[] {
  const taken = new Set<string>();
  const names = new Set(nodes.map(({ name }) => name));
  const counts = new Map<string, number>();
  return nodes.map(({ name, id }) => {
    let key = name;
    while (taken.has(key) || (key !== name && names.has(key))) {
      const count = (counts.get(`${name}-${id}`) ?? 0) + 1;
      counts.set(`${name}-${id}`, count);
      key = count === 1 ? `${name}-${id}` : `${name}-${id}-${count}`;
    }
    taken.add(key);
    return key;
  });
}

function reportTwins(made: readonly { node: FlowNode; args: NodeArguments }[], findings: Findings): void {
  const places = new Map<string, FlowNode>();
  for (const { node, args } of made) {
    const place = `${args.path ?? ""}/${node.name}`;
    const other = places.get(place);
    if (other)
      findings.error(
        `${node.path}.name`,
        `is ${shown(node.name)}, the name of ${other.path} too: two nodes of one folder cannot have the same`,
      );
    else places.set(place, node);
  }
}
