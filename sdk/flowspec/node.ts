import type { DataWorksTaskArguments } from "../../provider/resources/dataworks-task/arguments";
import type { Trigger } from "../../provider/resources/dataworks-task/schedule";
import type { Definition, Definitions } from "./definitions";
import { reference } from "./definitions";
import { type Findings, placeholderIn } from "./findings";
import { Members, isRecord, shown } from "./members";
import { outputName, readPorts } from "./ports";
import { type ReadTrigger, type Running, readRunning, readTrigger, triggerOf } from "./schedule";
import { type ReadScript, commandOf, folderOf, readScript } from "./script";
import type { Variables } from "./variables";

export type NodeArguments = Omit<DataWorksTaskArguments, "projectId">;

/** A node of the document and what becomes of it. */
export interface FlowNode {
  readonly path: string;
  readonly id: string;
  readonly name: string;
  /** The output identifiers by which others can name it. */
  readonly outputs: readonly string[];
  /** The outputs of others that it takes. */
  readonly inputs: readonly { output: string; path: string }[];
  /** Edges that stand on the node itself. */
  readonly depends: readonly { value: unknown; path: string }[];
  readonly becomes:
    | { readonly kind: "task"; readonly arguments: NodeArguments }
    | { readonly kind: "external"; readonly output: string | undefined }
    | { readonly kind: "nothing" };
}

/** What the workflow around a node says for all its nodes. */
export interface Surroundings {
  readonly running: Running;
  readonly trigger: ReadTrigger | undefined;
  readonly owner: string | undefined;
  readonly manual: boolean;
}

/** Members that make a node something else than one task. */
const KINDS: Readonly<Record<string, string>> = {
  "do-while": "is a do-while loop",
  doWhile: "is a do-while loop",
  "for-each": "is a for-each loop",
  forEach: "is a for-each loop",
  foreach: "is a for-each loop",
  branch: "is a branch",
  join: "is a join of branches",
  combined: "is a combined node",
  "param-hub": "is a parameter node",
  paramHub: "is a parameter node",
  subflow: "is a workflow inside a node",
  subFlow: "is a workflow inside a node",
  paiflow: "is a PAI workflow",
  component: "is the use of a component",
  dqcRule: "is a data quality rule",
};

/** Reads the nodes of one document; what they share is read once. */
export class Nodes {
  readonly #definitions: Definitions;
  readonly #variables: Variables;
  readonly #findings: Findings;
  readonly #scripts = new Map<object, ReadScript>();
  readonly #triggers = new Map<object, ReadTrigger>();
  readonly #resources = new Map<object, NonNullable<DataWorksTaskArguments["runtimeResource"]>>();
  readonly #datasources = new Map<object, NonNullable<DataWorksTaskArguments["dataSource"]>>();

  constructor(definitions: Definitions, variables: Variables, findings: Findings) {
    this.#definitions = definitions;
    this.#variables = variables;
    this.#findings = findings;
  }

  /** The node at a path; `undefined`, with a finding, where nothing can be called a node. */
  read(value: unknown, path: string, around: Surroundings): FlowNode | undefined {
    if (!isRecord(value)) {
      this.#findings.error(path, `is no node: it must be an object, got ${shown(value)}`);
      return undefined;
    }
    const node = new Members(value, path, this.#findings);
    const script = this.#script(node);
    const name = node.text("name") ?? script?.name ?? node.text("id") ?? lastPart(script?.file);
    const id = node.text("id") ?? name;
    if (name === undefined || id === undefined) {
      this.#findings.error(path, "has neither a name nor an id, and neither has its script: no task can be made of it");
      return undefined;
    }
    const ports = {
      inputs: readPorts(node.entry("inputs", "input"), this.#definitions, this.#findings),
      outputs: readPorts(node.entry("outputs", "output"), this.#definitions, this.#findings),
    };
    const common = {
      path,
      id,
      name,
      outputs: ports.outputs.outputs.flatMap((entry) => outputName(entry, this.#definitions, this.#findings) ?? []),
      inputs: ports.inputs.outputs.flatMap((entry) => {
        const output = outputName(entry, this.#definitions, this.#findings);
        return output === undefined ? [] : [{ output, path: entry.path }];
      }),
      depends: node.list("dependencies", "depends"),
    };
    const linked = node.entry("reference");
    if (linked) return { ...common, becomes: this.#external(node, linked) };
    if (this.#isOtherKind(node)) return { ...common, becomes: { kind: "nothing" } };
    const own = new Set([id, name, ...common.outputs]);
    const args = this.#arguments(node, script, name, ports, common.outputs, own, around);
    return { ...common, becomes: args ? { kind: "task", arguments: args } : { kind: "nothing" } };
  }

  #external(node: Members, { value, path }: { value: unknown; path: string }): FlowNode["becomes"] {
    const members = isRecord(value) ? new Members(value, path, this.#findings) : undefined;
    const output = members ? members.text("output", "data") : node.text("reference");
    if (output === undefined)
      this.#findings.error(path, "refers to a task outside the document without naming its output");
    members?.rest();
    node.ignore("type", "description");
    node.rest();
    return { kind: "external", output };
  }

  #isOtherKind(node: Members): boolean {
    const kind = node.entry(...Object.keys(KINDS));
    if (!kind) return false;
    const word = kind.path.slice(node.path.length + 1);
    this.#findings.error(kind.path, `${KINDS[word] ?? ""}, and a task cannot be one: the node is left out`);
    return true;
  }

  #arguments(
    node: Members,
    script: ReadScript | undefined,
    name: string,
    ports: { inputs: ReturnType<typeof readPorts>; outputs: ReturnType<typeof readPorts> },
    outputs: readonly string[],
    own: ReadonlySet<string>,
    around: Surroundings,
  ): NodeArguments | undefined {
    const trigger = this.#trigger(node, around);
    const dataSource = this.#datasource(node);
    const command = commandOf(script, dataSource?.type, node.path, this.#findings);
    if (
      trigger === "unsupported" ||
      command === undefined ||
      (script === undefined && node.raw("script") !== undefined)
    )
      return undefined;
    const inputVariables = this.#variables.context(ports.inputs.variables, own);
    const outputVariables = this.#variables.context(ports.outputs.variables, own);
    const strategy = node.object("strategy");
    const said = { ...(strategy && readRunning(strategy, this.#findings)), ...readRunning(node, this.#findings) };
    strategy?.rest();
    const { recurrence: _, ...running } = { ...around.running, ...said };
    const recurrence = said.recurrence ?? trigger?.recurrence ?? around.running.recurrence;
    const folder = script && folderOf(script, name, command, this.#findings);
    const parameters = script && this.#variables.parameters(script.parameters, inputVariables);
    const when = triggerOf(
      trigger,
      around.trigger?.trigger,
      recurrence,
      around.manual,
      `${node.path}.trigger`,
      this.#findings,
    );
    const taskOutputs = this.#taskOutputs(outputs, name, node);
    const args: NodeArguments = {
      name,
      ...present({ description: node.text("description"), owner: node.text("owner") ?? around.owner }),
      ...running,
      script: { command, ...present({ language: script?.language, content: script?.content, parameters }) },
      ...present({
        trigger: when,
        runtimeResource: this.#resource(node, script),
        dataSource,
        inputs: inputVariables.length > 0 ? { variables: inputVariables } : undefined,
        outputs: filled({ taskOutputs, variables: outputVariables.length > 0 ? outputVariables : undefined }),
        tags: this.#tags(node),
        path: folder,
      }),
    };
    node.rest();
    return args;
  }

  /** Without the identifier of the workspace an output of the form that the service gives by itself need not be declared. */
  #taskOutputs(outputs: readonly string[], name: string, node: Members): string[] | undefined {
    const declared = [...new Set(outputs)].filter((output) => {
      const left = placeholderIn(output);
      if (left !== undefined && output !== `\${projectIdentifier}.${name}`) {
        this.#findings.warning(
          node.at("outputs"),
          `names ${output}, which is left out: nothing replaces the placeholder ${left}`,
        );
      }
      return left === undefined;
    });
    return declared.length > 0 ? declared : undefined;
  }

  /** Finds what a member spells out or refers to; a reference to nothing is an error. */
  #resolve(
    node: Members,
    name: string,
    collection: "scripts" | "triggers" | "runtimeResources" | "datasources",
  ): Definition | string | undefined {
    const found = node.entry(name);
    if (!found) return undefined;
    const definition = this.#definitions.resolve(found.value, found.path, collection);
    if (definition) return definition;
    const text = node.text(name);
    if (
      text === undefined ||
      ((collection === "runtimeResources" || collection === "datasources") && reference(text) === undefined)
    )
      return text;
    this.#findings.error(found.path, `refers to ${shown(text)}, which the document does not define`);
    return undefined;
  }

  #script(node: Members): ReadScript | undefined {
    const found = this.#resolve(node, "script", "scripts");
    return typeof found === "object" ? once(this.#scripts, found, this.#findings, readScript) : undefined;
  }

  #trigger(node: Members, around: Surroundings): Trigger | "unsupported" | undefined {
    const found = this.#resolve(node, "trigger", "triggers");
    const own = typeof found === "object" ? once(this.#triggers, found, this.#findings, readTrigger) : undefined;
    const unsupported = own ? own.unsupported : around.trigger?.unsupported;
    if (unsupported && !around.manual) {
      this.#findings.error(
        own ? node.at("trigger") : node.path,
        `has a trigger whose type ${unsupported.reason}: the node is left out`,
      );
      return "unsupported";
    }
    return own?.trigger;
  }

  #resource(node: Members, script: ReadScript | undefined): DataWorksTaskArguments["runtimeResource"] {
    const found =
      this.#resolve(node, "runtimeResource", "runtimeResources") ?? this.#resolve(node, "resource", "runtimeResources"); // resource: version 1.0
    const own =
      typeof found === "object"
        ? once(this.#resources, found, this.#findings, readResource)
        : filled({ resourceGroupId: found });
    const merged = { ...filled({ cu: script?.cu, image: script?.image }), ...own };
    // Writers put cu "0" on nodes that need no compute.
    if (merged.cu !== undefined && Number(merged.cu) === 0) delete merged.cu;
    return filled(merged);
  }

  #datasource(node: Members): DataWorksTaskArguments["dataSource"] {
    const found = this.#resolve(node, "datasource", "datasources") ?? this.#resolve(node, "dataSource", "datasources");
    return typeof found === "object"
      ? filled(once(this.#datasources, found, this.#findings, readDatasource))
      : filled({ name: found });
  }

  #tags(node: Members): Record<string, string> | undefined {
    const tags: Record<string, string> = {};
    for (const { value, path } of node.list("tags")) {
      const tag = isRecord(value) ? new Members(value, path, this.#findings) : undefined;
      const key = tag?.text("key", "Key");
      if (tag === undefined || key === undefined) this.#findings.warning(path, "is left out: a tag needs a key");
      else tags[key] = tag.text("value", "Value") ?? "";
    }
    return Object.keys(tags).length > 0 ? tags : undefined;
  }
}

/** `resourceGroup` is the identifier that the task API takes; `resourceGroupId` another name of the same group. */
function readResource(members: Members): NonNullable<DataWorksTaskArguments["runtimeResource"]> {
  const id = members.text("resourceGroupId");
  const resource = present({
    resourceGroupId: members.text("resourceGroup") ?? id,
    image: members.text("image", "imageId"),
    cu: members.text("cu"),
  });
  members.ignore("name", "description");
  members.rest();
  return resource;
}

function readDatasource(members: Members): NonNullable<DataWorksTaskArguments["dataSource"]> {
  const source = present({ name: members.text("name"), type: members.text("type") });
  members.rest();
  return source;
}

function once<T>(
  cache: Map<object, T>,
  { value, path }: Definition,
  findings: Findings,
  read: (members: Members, findings: Findings) => T,
): T {
  let result = cache.get(value);
  if (result === undefined) cache.set(value, (result = read(new Members(value, path, findings), findings)));
  return result;
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The members that have a value. */
const present = <T extends object>(values: T): Present<T> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Present<T>;

/** As `present`, and nothing at all where no member has one. */
function filled<T extends object>(values: T): Present<T> | undefined {
  const kept = present(values);
  return Object.keys(kept).length > 0 ? kept : undefined;
}

const lastPart = (file: string | undefined): string | undefined =>
  file
    ?.split("/")
    .at(-1)
    ?.replace(/\.\w{1,5}$/, "") || undefined;
