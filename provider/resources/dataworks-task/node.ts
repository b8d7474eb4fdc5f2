import { isObject, valueAt } from "../../core/fields";
import { stableText } from "../../core/record";
import { tokenOf, withToken } from "../../core/token";
import { type DataWorksTaskArguments, type Variable } from "./arguments";
import { compact, part } from "./wire";

type Json = Record<string, unknown>;

/** FlowSpec's words for the rerun mode (contracts.md §6.17). */
const RERUN_MODE = { AllAllowed: "Allowed", FailureAllowed: "FailureAllowed", AllDenied: "Denied" } as const;
const SECONDS_IN_HOUR = 3600;

/** A time limit as a node's document has it, in seconds. */
export const inWholeHours = (seconds: number): number => Math.ceil(seconds / SECONDS_IN_HOUR) * SECONDS_IN_HOUR;

/** The hours for a time limit: whole ones, unless the service itself has written finer ones that say the same. */
function hoursOf(seconds: number | undefined, present: unknown): unknown {
  if (seconds === undefined) return undefined;
  const isSame = typeof present === "number" && Math.round(present * SECONDS_IN_HOUR) === seconds;
  return isSame ? present : inWholeHours(seconds) / SECONDS_IN_HOUR;
}

/**
 * The FlowSpec document of a node made from the arguments, merged over the document it has now, so that what was set
 * elsewhere stays. `content` is the code itself, already read from its file; without a `token` the description stays.
 * Units: FlowSpec counts `timeout` in hours and `rerunInterval` in milliseconds (design: fields, FlowSpec).
 */
export function nodeSpec(
  args: DataWorksTaskArguments,
  content: string | undefined,
  token: string | undefined,
  present?: string,
): string {
  const document = parse(present);
  const spec = isObject(document["spec"]) ? document["spec"] : {};
  const nodes = Array.isArray(spec["nodes"]) ? (spec["nodes"] as unknown[]) : [];
  const old = isObject(nodes[0]) ? nodes[0] : {};
  const id = old["id"] ?? args.name;
  const edges = dependencyEdges(args);
  const node = merge(old, {
    id,
    name: args.name,
    description: token === undefined ? undefined : withToken(args.description, token),
    owner: args.owner,
    recurrence: args.trigger?.recurrence,
    instanceMode: args.instanceMode,
    // What is finer than hours is set by an update after publishing.
    timeout: hoursOf(args.timeoutSeconds, old["timeout"]),
    rerunMode: args.rerunMode && RERUN_MODE[args.rerunMode],
    rerunTimes: args.rerunTimes,
    rerunInterval: args.rerunIntervalSeconds === undefined ? undefined : args.rerunIntervalSeconds * 1000,
    script: compact({
      path: scriptPath(args, old),
      language: args.script?.language,
      content,
      runtime: part({ command: args.script?.command }),
      parameters: args.script?.parameters === undefined ? undefined : parameterList(args.script.parameters),
    }),
    trigger: part({
      type: args.trigger?.type,
      cron: args.trigger?.cron,
      startTime: args.trigger?.startTime,
      endTime: args.trigger?.endTime,
      timezone: args.trigger?.timeZone,
      cycleType: args.trigger?.cycleType,
    }),
    runtimeResource: part({
      resourceGroup: args.runtimeResource?.resourceGroupId,
      resourceGroupId: args.runtimeResource?.resourceGroupId,
      image: args.runtimeResource?.image,
      cu: args.runtimeResource?.cu,
    }),
    datasource: part({ name: args.dataSource?.name, type: args.dataSource?.type }),
    inputs: part({
      nodeOutputs: args.dependencies?.flatMap(({ type, upstreamOutput }) =>
        type === "Normal" && upstreamOutput !== undefined ? [{ data: upstreamOutput, artifactType: "NodeOutput" }] : [],
      ),
      variables: args.inputs?.variables?.map(specVariable),
    }),
    outputs: part({
      nodeOutputs: args.outputs?.taskOutputs?.map((output) => ({ data: output, artifactType: "NodeOutput" })),
      variables: args.outputs?.variables?.map(specVariable),
    }),
    tags: args.tags && Object.entries(args.tags).map(([key, value]) => ({ key, value })),
  });
  const flowName = "dependencies" in spec && !("flow" in spec) ? "dependencies" : "flow";
  return JSON.stringify({
    version: "1.1.0",
    kind: "Node",
    ...document,
    spec: {
      ...spec,
      nodes: [node, ...nodes.slice(1)],
      ...(edges && { [flowName]: [{ nodeId: id, depends: edges }] }),
    },
  });
}

/** Edges that FlowSpec can name; those by task id follow through UpdateTask once the task exists. */
function dependencyEdges(args: DataWorksTaskArguments): Json[] | undefined {
  return args.dependencies?.flatMap(({ type, upstreamOutput }) =>
    upstreamOutput !== undefined || type === "CrossCycleDependsOnSelf" || type === "CrossCycleDependsOnChildren"
      ? [compact({ type, output: upstreamOutput })]
      : [],
  );
}

/** Folder and name, as Data Studio wants them; the folder it is in, when none is declared. */
function scriptPath({ path, name }: DataWorksTaskArguments, old: Json): string | undefined {
  const present = isObject(old["script"]) ? old["script"]["path"] : undefined;
  const folder = path ?? (typeof present === "string" ? present.replace(/\/?[^/]*$/, "") : "");
  return folder === "" || name === undefined ? name : `${folder}/${name}`;
}

const specVariable = ({ name, type, value }: Variable) =>
  compact({ name, artifactType: "Variable", scope: "NodeContext", type, value });

/** `bizdate=$bizdate a=1` as FlowSpec's list of node parameters; a part without `=` is a parameter without a name. */
function parameterList(parameters: string): Json[] {
  return parameters
    .split(/\s+/)
    .filter((entry) => entry !== "")
    .map((entry) => {
      const at = entry.indexOf("=");
      const value = at < 0 ? entry : entry.slice(at + 1);
      return {
        artifactType: "Variable",
        name: at < 0 ? "" : entry.slice(0, at),
        scope: "NodeParameter",
        type: value.startsWith("$") ? "System" : "Constant",
        value,
      };
    });
}

/** Whether two documents say the same. */
export const sameDocument = (one: string, other: string | undefined): boolean =>
  stableText(parse(one)) === stableText(parse(other));

const firstNode = (text: string | undefined): Json => {
  const spec = parse(text)["spec"];
  const nodes = isObject(spec) ? spec["nodes"] : undefined;
  const node: unknown = Array.isArray(nodes) ? nodes[0] : undefined;
  return isObject(node) ? node : {};
};

/** What runs the code, as a node's document says. */
export const commandOf = (text: string | undefined): string | undefined => {
  const command = valueAt(firstNode(text), "script.runtime.command");
  return typeof command === "string" && command !== "" ? command : undefined;
};

/** The creation token in a node's document. */
export const tokenOfSpec = (text: string | undefined): string | undefined => {
  const { description } = firstNode(text);
  return typeof description === "string" ? tokenOf(description) : undefined;
};

/** The folder that a node's document names. */
export const folderOf = (text: string | undefined): string | undefined => {
  const path = valueAt(firstNode(text), "script.path");
  return typeof path === "string" ? path.replace(/\/?[^/]*$/, "") : undefined;
};

function parse(text: string | undefined): Json {
  if (text === undefined || text === "") return {};
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

/** `over` wins member by member; objects are merged, everything else replaced; `undefined` changes nothing. */
export function merge(under: Json, over: Json): Json {
  const result: Json = { ...under };
  for (const [name, value] of Object.entries(over)) {
    if (value === undefined) continue;
    const old = result[name];
    result[name] = isObject(old) && isObject(value) ? merge(old, value) : value;
  }
  return result;
}
