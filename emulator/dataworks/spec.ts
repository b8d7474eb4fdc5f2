import { isRecord, parsedJson } from "../given";
import { Refusal } from "../service";
import type { Dependency, Settings, Tag, Variable, Workspace } from "./model";

/** A FlowSpec document, of which only the first node counts. */
export interface SpecDocument {
  document: Record<string, unknown>;
  node: Record<string, unknown>;
  /** The upstream edges of the node, as written. */
  depends: Record<string, unknown>[];
}

type Members = Record<string, unknown>;
const wrong = (why: string): Refusal => new Refusal("InvalidSpec", `Specified parameter Spec is not valid: ${why}.`);
const records = (value: unknown): Members[] => (Array.isArray(value) ? value.filter(isRecord) : []);
const record = (value: unknown): Members => (isRecord(value) ? value : {});
const words = (value: unknown): string | undefined =>
  typeof value === "string" ? value : typeof value === "number" ? String(value) : undefined;
const number = (value: unknown): number | undefined =>
  typeof value === "number"
    ? value
    : typeof value === "string" && value.trim() !== "" && Number.isFinite(Number(value))
      ? Number(value)
      : undefined;

/** `{{scripts.load}}` names an entry of spec.scripts by its id. */
function resolve(value: unknown, spec: Members, depth = 0): unknown {
  if (typeof value === "string" && depth < 4) {
    const [, kind = "", id = ""] = /^\{\{(\w+)\.([^}]+)\}\}$/.exec(value) ?? [];
    const plural = spec[kind] ?? spec[`${kind}s`];
    const found = records(plural).find((entry) => words(entry["id"]) === id);
    return found === undefined ? value : resolve(found, spec, depth + 1);
  }
  if (Array.isArray(value)) return value.map((entry) => resolve(entry, spec, depth));
  if (isRecord(value) && depth < 4)
    return Object.fromEntries(
      Object.entries(value).map(([name, member]) => [
        name,
        name === "content" || name === "code" ? member : resolve(member, spec, depth),
      ]),
    );
  return value;
}

const edgesOf = (spec: Members): Members[] => [...records(spec["flow"]), ...records(spec["dependencies"])];

/** Reads a FlowSpec document; throws when it has no node that could be created. */
export function parseSpec(text: string): SpecDocument {
  const document = parsedJson(text);
  if (!isRecord(document)) throw wrong("it is not a JSON object");
  if (words(document["version"]) === undefined) throw wrong("version is missing");
  if (words(document["kind"]) === undefined) throw wrong("kind is missing");
  const spec = document["spec"];
  if (!isRecord(spec)) throw wrong("spec is missing");
  const scope = records(spec["nodes"]).length > 0 ? spec : record(records(spec["workflows"])[0]);
  const [raw] = records(scope["nodes"]);
  if (raw === undefined) throw wrong("spec.nodes names no node");
  const node = record(resolve(raw, spec));
  const local = words(node["id"]);
  const edges = edgesOf(scope);
  const mine = edges.filter(
    (edge) => local === undefined || edge["nodeId"] === undefined || words(edge["nodeId"]) === local,
  );
  // A document of one node may call it by another id in its edges; with several nodes those are the others' edges.
  const chosen = mine.length === 0 && records(scope["nodes"]).length === 1 ? edges : mine;
  return { document, node, depends: chosen.flatMap((edge) => records(edge["depends"])) };
}

/** The name and path of a node; both must be given to create one. */
export function identityOf({ node }: SpecDocument): { name: string; path: string; command: string } {
  const script = record(node["script"]);
  const name = words(node["name"]);
  if (name === undefined || name === "") throw wrong("spec.nodes[0].name is missing");
  const command = words(record(script["runtime"])["command"]);
  if (command === undefined || command === "") throw wrong("spec.nodes[0].script.runtime.command is missing");
  const path = words(script["path"]) ?? "";
  return { name, path, command };
}

/** Deep merge of a new Spec's node into the old one's; lists are replaced. */
export function merged(before: unknown, after: unknown): unknown {
  if (!isRecord(before) || !isRecord(after)) return after;
  return {
    ...before,
    ...Object.fromEntries(Object.entries(after).map(([name, value]) => [name, merged(before[name], value)])),
  };
}

/** The outputs a node declares, or the default one. */
export function outputsOf(node: Members, workspace: Workspace, name: string): string[] {
  const declared = records(record(node["outputs"])["nodeOutputs"]).flatMap((output) => words(output["data"]) ?? []);
  return declared.length > 0 ? declared : [`${workspace.Name}.${name}`];
}

/** One document of one node, as the service keeps and returns it: its own id, name, path and outputs filled in. */
export function storedSpec(
  { document, node, depends }: SpecDocument,
  identity: { id: string; name: string; path: string; owner: string },
  workspace: Workspace,
): string {
  const outputs = record(node["outputs"]);
  const { id, name, path, owner } = identity;
  const scripted = { ...record(node["script"]), path };
  const listed = outputsOf(node, workspace, name);
  const nodeOutputs =
    records(outputs["nodeOutputs"]).length > 0
      ? outputs["nodeOutputs"]
      : listed.map((data) => ({ data, artifactType: "NodeOutput", refTableName: name, isDefault: true }));
  const {
    nodes: _nodes,
    workflows: _workflows,
    flow: _flow,
    dependencies: _dependencies,
    scripts: _scripts,
    ...rest
  } = record(document["spec"]);
  return JSON.stringify({
    ...document,
    metadata: { ...record(document["metadata"]), owner: record(document["metadata"])["owner"] ?? owner },
    spec: {
      ...rest,
      nodes: [
        { ...node, id, name, owner: node["owner"] ?? owner, script: scripted, outputs: { ...outputs, nodeOutputs } },
      ],
      flow: [{ nodeId: id, depends }],
    },
  });
}

const rerunModes: Record<string, string> = {
  Allowed: "AllAllowed",
  FailureAllowed: "FailureAllowed",
  Denied: "AllDenied",
};
const flowModes: Record<string, string> = {
  AllAllowed: "Allowed",
  FailureAllowed: "FailureAllowed",
  AllDenied: "Denied",
};

function variables(value: unknown): Variable[] {
  return records(value).map((variable) => {
    const found = words(variable["value"]) ?? words(record(variable["node"])["output"]);
    return {
      Name: words(variable["name"]) ?? "",
      Type: words(variable["type"]) ?? "System",
      ...(found !== undefined && { Value: found }),
    };
  });
}

/** "name=value" parts separated by a blank; a constant without a name is the expression itself. */
function parametersText(value: unknown): string | undefined {
  if (!Array.isArray(value)) return undefined;
  return records(value)
    .map((parameter) => {
      const named = words(parameter["name"]) ?? "";
      const content = words(parameter["value"]) ?? "";
      return named === "" || named === "-" || parameter["type"] === "NoKvVariableExpression"
        ? content
        : `${named}=${content}`;
    })
    .join(" ");
}

/** A same-cycle edge by its output, another-cycle edge by the task behind it. */
function dependencies(
  { node, depends }: SpecDocument,
  taskIdOf: (output: string | undefined, nodeId: string | undefined) => string | undefined,
): Dependency[] {
  const edges = depends.flatMap((edge): Dependency[] => {
    const type = words(edge["type"]) ?? "Normal";
    const output = words(edge["output"]);
    if (type === "CrossCycleDependsOnSelf" || type === "CrossCycleDependsOnChildren") return [{ Type: type }];
    const upstream = words(edge["taskId"]) ?? taskIdOf(output, words(edge["nodeId"]));
    if (type === "CrossCycleDependsOnOtherNode")
      return [
        { Type: type, ...(upstream !== undefined ? { UpstreamTaskId: upstream } : { UpstreamOutput: output ?? "" }) },
      ];
    if (output !== undefined) return [{ Type: "Normal", UpstreamOutput: output }];
    return upstream === undefined ? [] : [{ Type: "Normal", UpstreamTaskId: upstream }];
  });
  const named = new Set(edges.map(({ UpstreamOutput }) => UpstreamOutput));
  const inputs = records(record(node["inputs"])["nodeOutputs"]).flatMap((input): Dependency[] => {
    const output = words(input["data"]);
    return output === undefined || named.has(output) ? [] : [{ Type: "Normal", UpstreamOutput: output }];
  });
  return [...edges, ...inputs];
}

function tags(value: unknown): Tag[] {
  return records(value).map((tag) => {
    const content = words(tag["value"]) ?? words(tag["Value"]);
    return { Key: words(tag["key"]) ?? words(tag["Key"]) ?? "", ...(content !== undefined && { Value: content }) };
  });
}

/** Only members with a value: an absent one leaves the task as it is. */
function given<T extends object>(members: { [K in keyof T]?: T[K] | undefined }): Partial<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Partial<T>;
}

export interface Published extends Partial<Omit<Settings, "Script" | "Trigger" | "RuntimeResource">> {
  Type: string;
  Priority?: number;
  Script: Partial<Settings["Script"]>;
  Trigger: Partial<Settings["Trigger"]>;
  RuntimeResource: Partial<Settings["RuntimeResource"]>;
}

/** The task a Spec describes, in the units of the scheduler: hours and milliseconds become seconds. */
export function taskSettings(
  spec: SpecDocument,
  workspace: Workspace,
  scene: string,
  taskIdOf: (output: string | undefined, nodeId: string | undefined) => string | undefined,
): Published {
  const { node } = spec;
  const { name, command } = identityOf(spec);
  const script = record(node["script"]);
  const trigger = record(node["trigger"]);
  const strategy = record(node["strategy"]);
  const resource = record(node["runtimeResource"]);
  const manual = scene !== "DATAWORKS_PROJECT";
  const hours = number(node["timeout"] ?? strategy["timeout"]);
  const wait = number(node["rerunInterval"] ?? strategy["rerunInterval"]);
  const mode = words(node["rerunMode"] ?? strategy["rerunMode"]);
  const source = words(record(node["datasource"])["name"]);
  return {
    ...given<Published>({
      Description: words(node["description"]),
      Owner: words(node["owner"]),
      InstanceMode: words(node["instanceMode"] ?? strategy["instanceMode"]),
      Timeout: hours === undefined ? undefined : Math.round(hours * 3600),
      RerunMode: mode === undefined ? undefined : (rerunModes[mode] ?? mode),
      RerunTimes: number(node["rerunTimes"] ?? strategy["rerunTimes"]),
      RerunInterval: wait === undefined ? undefined : Math.round(wait / 1000),
      Priority: number(node["priority"] ?? strategy["priority"]),
      DataSource: source === undefined ? undefined : { Name: source },
      Inputs:
        record(node["inputs"])["variables"] === undefined
          ? undefined
          : { Variables: variables(record(node["inputs"])["variables"]) },
      Tags: node["tags"] === undefined ? undefined : tags(node["tags"]),
    }),
    Name: name,
    Type: command,
    Script: given<Settings["Script"]>({
      Content: words(script["content"] ?? script["code"]),
      Parameters: parametersText(script["parameters"]),
    }),
    Trigger: given<Settings["Trigger"]>({
      Type: words(trigger["type"]) ?? (manual ? "Manual" : undefined),
      Recurrence: words(node["recurrence"] ?? trigger["recurrence"]),
      Cron: words(trigger["cron"]),
      StartTime: words(trigger["startTime"]),
      EndTime: words(trigger["endTime"]),
      Timezone: words(trigger["timezone"]),
      CycleType: words(trigger["cycleType"]),
    }),
    RuntimeResource: given<Settings["RuntimeResource"]>({
      ResourceGroupId: words(resource["resourceGroupId"] ?? resource["resourceGroup"]),
      Image: words(resource["image"]),
      Cu: words(resource["cu"]),
    }),
    Outputs: {
      TaskOutputs: outputsOf(node, workspace, name).map((Output) => ({ Output })),
      Variables: variables(record(node["outputs"])["variables"]),
    },
    Dependencies: dependencies(spec, taskIdOf),
  };
}

const flowVariables = (variables: readonly Variable[]): Members[] =>
  variables.map(({ Name, Type, Value }) => ({
    artifactType: "Variable",
    name: Name,
    type: Type,
    ...(Value !== undefined && { value: Value }),
  }));

/** The Spec with the settings of the task written into it: what UpdateTask saves in Data Studio as a new version. */
export function withSettings(text: string, id: string, settings: Settings): string {
  const { document, node } = parseSpec(text);
  const { Trigger, RuntimeResource, Script } = settings;
  const before = record(node["script"]);
  const outputs = records(record(node["outputs"])["nodeOutputs"]);
  const changed = {
    ...node,
    name: settings.Name,
    description: settings.Description,
    owner: settings.Owner,
    instanceMode: settings.InstanceMode,
    timeout: settings.Timeout / 3600,
    rerunMode: flowModes[settings.RerunMode] ?? settings.RerunMode,
    rerunTimes: settings.RerunTimes,
    rerunInterval: settings.RerunInterval * 1000,
    recurrence: Trigger.Recurrence,
    script: {
      ...before,
      content: Script.Content,
      // Kept as written while the text is still the same, so that types and scopes survive.
      parameters:
        parametersText(before["parameters"]) === Script.Parameters
          ? before["parameters"]
          : parameterList(Script.Parameters),
    },
    trigger: {
      ...record(node["trigger"]),
      ...{
        type: Trigger.Type,
        cron: Trigger.Cron,
        startTime: Trigger.StartTime,
        endTime: Trigger.EndTime,
        timezone: Trigger.Timezone,
      },
      ...(Trigger.CycleType !== undefined && { cycleType: Trigger.CycleType }),
    },
    runtimeResource: {
      ...record(node["runtimeResource"]),
      resourceGroupId: RuntimeResource.ResourceGroupId,
      ...(RuntimeResource.Image !== undefined && { image: RuntimeResource.Image }),
      ...(RuntimeResource.Cu !== undefined && { cu: RuntimeResource.Cu }),
    },
    ...(settings.DataSource !== undefined && {
      datasource: { ...record(node["datasource"]), name: settings.DataSource.Name },
    }),
    inputs: { ...record(node["inputs"]), nodeOutputs: [], variables: flowVariables(settings.Inputs.Variables) },
    outputs: {
      ...record(node["outputs"]),
      nodeOutputs: settings.Outputs.TaskOutputs.map(
        ({ Output }) => outputs.find(({ data }) => data === Output) ?? { data: Output, artifactType: "NodeOutput" },
      ),
      variables: flowVariables(settings.Outputs.Variables),
    },
    tags: settings.Tags.map(({ Key, Value }) => ({ key: Key, ...(Value !== undefined && { value: Value }) })),
  };
  const depends = settings.Dependencies.map(({ Type, UpstreamOutput, UpstreamTaskId }) => ({
    type: Type,
    ...(UpstreamOutput !== undefined && { output: UpstreamOutput }),
    ...(UpstreamTaskId !== undefined && { taskId: UpstreamTaskId }),
  }));
  return JSON.stringify({
    ...document,
    spec: { ...record(document["spec"]), nodes: [changed], flow: [{ nodeId: id, depends }] },
  });
}

/** "a=1 b=2" as a list of parameters. */
function parameterList(text: string): Members[] {
  return text
    .split(/\s+/)
    .filter((part) => part !== "")
    .map((part) => {
      const at = part.indexOf("=");
      const base = { artifactType: "Variable", scope: "NodeParameter", type: "System" };
      return at < 0
        ? { ...base, name: "-", value: part, type: "NoKvVariableExpression" }
        : { ...base, name: part.slice(0, at), value: part.slice(at + 1) };
    });
}
