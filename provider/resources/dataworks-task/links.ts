import { type Rule } from "../../core/check";
import { type Fields, choice, isObject, isUnknown, list, record, text } from "../../core/fields";
import { type Finding, error, warning } from "../../core/findings";
import { type Dependency, type Variable } from "./arguments";
import { asId, member, objects, orNothing, single, wireId } from "./parameters";
import { show } from "../../core/quoting";

const SOURCE = "UpdateTask 2024-05-18";
export const digits = [/^\d{1,19}$/, "digits"] as const;

/** A small object without the empty texts, which say nothing to the service. */
const filled = <T extends object>(item: T): T =>
  Object.fromEntries(Object.entries(item).filter(([, value]) => value !== "")) as T;

const VARIABLE_TYPES: readonly Variable["type"][] = ["Constant", "PassThrough", "System", "NodeOutput"];
/** The variables of `Inputs` or `Outputs`. */
export function variables(side: "Inputs" | "Outputs") {
  const parameter = `${side}.Variables`;
  const members = {
    name: text({ wire: member(`${parameter}.Name`), from: orNothing }),
    type: choice(VARIABLE_TYPES, { required: true, wire: member(`${parameter}.Type`) }),
    value: text({ wire: member(`${parameter}.Value`), from: orNothing }),
  } satisfies Fields<Variable>;
  return list<Variable>(record<Variable>(members, { canonical: filled }), {
    unordered: true,
    clear: [],
    wire: single(parameter),
    ...objects<Variable>(members),
  });
}

/** Output identifiers: texts here, objects on the wire. */
export const taskOutputs = list(text({ wire: member("Outputs.TaskOutputs.Output") }), {
  unordered: true,
  default: "`<workspace name>.<task name>` for a task created here (FlowSpec samples)",
  wire: single("Outputs.TaskOutputs"),
  to: (outputs: string[]) => outputs.map((Output) => ({ Output })),
  from: (answer) =>
    Array.isArray(answer)
      ? (answer as { Output?: unknown }[]).flatMap(({ Output }) => (typeof Output === "string" ? [Output] : []))
      : undefined,
});

const EDGE_TYPES: readonly Dependency["type"][] = [
  "Normal",
  "CrossCycleDependsOnSelf",
  "CrossCycleDependsOnChildren",
  "CrossCycleDependsOnOtherNode",
];
const edge = {
  type: choice(EDGE_TYPES, { required: true, wire: member("Dependencies.Type") }),
  upstreamOutput: text({ wire: member("Dependencies.UpstreamOutput"), from: orNothing }),
  // The id goes out as a number (int64) and comes back as a text (contracts.md §6.5).
  upstreamTaskId: text({ pattern: digits, wire: member("Dependencies.UpstreamTaskId"), to: wireId, from: asId }),
  upstream: text({ pattern: [/^\d+\/(node|Prod\/task|Dev\/task)\/\d+$/, "the id of a DataWorksTask resource"] }),
} satisfies Fields<Dependency>;
const edges = objects<Dependency>(edge);

export const dependencies = list<Dependency>(record<Dependency>(edge, { canonical: filled }), {
  unordered: true,
  clear: [],
  wire: single("Dependencies"),
  ...(edges.to && { to: edges.to }),
  // An edge that is named twice is one by its output: the id beside it is the service's addition.
  from: (answer, trip) =>
    (edges.from?.(answer, trip) as Dependency[] | undefined)?.map(({ upstreamTaskId, ...rest }) =>
      rest.upstreamOutput !== undefined || upstreamTaskId === undefined ? rest : { ...rest, upstreamTaskId },
    ),
});

const isGiven = (value: unknown) => value !== undefined && value !== null && value !== "";
/** The items of a list as they were written, each with its path; those not known yet are left out. */
function* itemsOf(given: unknown, path: string): Iterable<[string, Record<string, unknown>]> {
  if (!Array.isArray(given)) return;
  for (const [index, item] of (given as unknown[]).entries()) if (isObject(item)) yield [`${path}[${index}]`, item];
}

/** What dependencies, outputs and variables have to obey among themselves. */
export const linkRules: readonly Rule[] = [
  function* upstreams({ given }) {
    const seen = new Map<string, string>();
    for (const [path, item] of itemsOf(given("dependencies"), "dependencies")) {
      if (!EDGE_TYPES.includes(item["type"] as Dependency["type"])) continue;
      yield* upstreamOf(path, item);
      const names = ["upstreamOutput", "upstreamTaskId", "upstream"].map((name) => item[name]);
      if (names.some(isUnknown)) continue;
      const key = JSON.stringify([item["type"], ...names.map((name) => (isGiven(name) ? name : null))]);
      const first = seen.get(key);
      if (first === undefined) seen.set(key, path);
      else
        yield error(path, "duplicate", `is the same edge as ${first}; leave one of them out (${SOURCE}, Dependencies)`);
    }
  },
  function* outputs({ given }) {
    const outputs = given("outputs.taskOutputs");
    if (!Array.isArray(outputs)) return;
    const list = outputs as unknown[];
    for (const [index, output] of list.entries()) {
      const path = `outputs.taskOutputs[${index}]`;
      if (output === "") yield error(path, "empty", `must not be empty (${SOURCE}, Outputs.TaskOutputs.Output)`);
      else if (typeof output === "string" && !isUnknown(output) && list.indexOf(output) < index) {
        yield error(
          path,
          "duplicate",
          `is the same as outputs.taskOutputs[${list.indexOf(output)}], ${show(output)}; leave one of them out (${SOURCE}, Outputs.TaskOutputs)`,
        );
      }
    }
  },
  function* variables({ given }) {
    for (const side of ["inputs", "outputs"]) {
      const seen = new Map<unknown, string>();
      const source = `${SOURCE}, ${side === "inputs" ? "Inputs" : "Outputs"}.Variables`;
      for (const [path, { name, type, value }] of itemsOf(given(`${side}.variables`), `${side}.variables`)) {
        if (isUnknown(name) || !VARIABLE_TYPES.includes(type as Variable["type"])) continue;
        if (!isGiven(name)) {
          yield warning(path, "variable-without-name", `has no name, so nothing can refer to it (${source}.Name)`);
        } else if (seen.has(name)) {
          const reason = `is ${show(name)} like that of ${seen.get(name) ?? ""}; names are unique among them (${source}.Name)`;
          yield error(`${path}.name`, "duplicate", reason);
        } else seen.set(name, path);
        if (!isGiven(value) && type !== "NodeOutput") {
          yield warning(
            path,
            "variable-without-value",
            `has no value, and its type is ${String(type)} (${source}.Value)`,
          );
        }
        if (type === "NodeOutput" && isGiven(value) && !isUnknown(value) && !String(value).includes("${")) {
          const reason = `is ${show(value)}: with type NodeOutput the samples refer to the script's output, as in "\${outputs}" (${source}.Value)`;
          yield warning(`${path}.value`, "node-output-value", reason);
        }
      }
    }
  },
];

/** Which of the three names an edge needs, by its type. */
function* upstreamOf(path: string, item: Record<string, unknown>): Iterable<Finding> {
  const type = String(item["type"]);
  const names = ["upstreamOutput", "upstreamTaskId", "upstream"].filter((name) => isGiven(item[name]));
  const ofOthers = type === "Normal" || type === "CrossCycleDependsOnOtherNode";
  if (ofOthers && names.length === 0) {
    const reason = `needs ${type === "Normal" ? "upstreamOutput, upstreamTaskId or upstream" : "upstreamTaskId or upstream"} with type ${type} (${SOURCE}, Dependencies)`;
    yield error(path, "upstream", reason);
  }
  if (ofOthers && names.length > 1) {
    const reason = `names its upstream by ${names.join(" and ")}; one of them is enough, and they could mean different tasks (${SOURCE}, Dependencies)`;
    yield error(path, "upstream", reason);
  }
  if (!ofOthers) {
    for (const name of names) {
      const who = type === "CrossCycleDependsOnSelf" ? "the task itself" : "the tasks downstream of it";
      const reason = `has no meaning with type ${type}, which means ${who}; leave it out (${SOURCE}, Dependencies.Type)`;
      yield error(`${path}.${name}`, "upstream", reason);
    }
  }
  if (type === "CrossCycleDependsOnOtherNode" && names.join() === "upstreamOutput") {
    const reason = `names the upstream of another cycle by its output, which is documented for type Normal alone; give upstreamTaskId or upstream (${SOURCE}, Dependencies.UpstreamOutput)`;
    yield warning(`${path}.upstreamOutput`, "cross-cycle-by-output", reason);
  }
}
