import type { Definition, Properties } from "../../provider/core/definition";
import { isObject, valueAt } from "../../provider/core/fields";
import { isSecret, rememberSecrets } from "../../provider/core/secrets";
import { LABEL, taskPath } from "../../provider/core/set/check";
import { TASKS, statesOf } from "../../provider/core/set/record";
import { siblingOf, withNames } from "../../provider/core/set/siblings";
import { kindOf, kindOfSet } from "../kinds";
import { type Position, SECRET, type Tree, partsOf } from "../preview/preview";
import { positionIn, readably, resourcesOf } from "../preview/read";
import { argumentsIn, holdsSecret, inPlainText } from "../preview/values";

type AnyDefinition = Definition<object, object>;

/** A task of a stack as its state has it; each task of a set is one. */
export interface StateTask {
  readonly urn: string;
  readonly definition: AnyDefinition;
  /** In the program: the resource's name, and the task's key behind the name of a set. */
  readonly resource: string;
  /** The set that it belongs to. */
  readonly set?: { readonly name: string; readonly key: string };
  /** The workflow of a FlowSpec document that has made it. */
  readonly workflow?: string;
  readonly position?: Position;
  readonly id: string;
  /** Its arguments as they were deployed, canonical, secrets masked. */
  readonly declared: Tree;
  /** The same with secrets in plain text: never to be shown. */
  readonly plain: Properties;
  /** Its outputs, secrets in plain text: never to be shown. */
  readonly outs: Properties;
  /** Whether a property, or anything in it, is secret. */
  readonly isSecret: (path: string) => boolean;
  /** Live arguments with the upstreams of the same set by their keys. */
  readonly named: (values: Properties) => Properties;
}

/** A stack as its state has it. */
export interface StackState {
  readonly project?: string;
  readonly stack?: string;
  readonly tasks: readonly StateTask[];
}

const WORKFLOW = /pulumi-data-tasks:dataworks:Workflow\$/;

/** The tasks in what `pulumi stack export` printed. */
export function stackState(text: string, name: string): StackState {
  const resources = readably(name, "a state", () => [...resourcesOf(JSON.parse(text), name).values()]);
  const { project, stack } = partsOf(String(resources[0]?.["urn"]));
  return {
    ...(project !== undefined && { project }),
    ...(stack !== undefined && { stack }),
    tasks: resources.filter((resource) => resource["delete"] !== true).flatMap(tasksOf),
  };
}

/** The tasks of one resource; none where it is something else. */
export function tasksOf(resource: Tree): StateTask[] {
  const urn = String(resource["urn"]);
  const { name, type } = partsOf(urn);
  const [declared, inputs, outs] = [
    argumentsIn(resource["inputs"]),
    plain(resource["inputs"]),
    plain(resource["outputs"]),
  ];
  rememberSecrets(inputs);
  const position = positionIn(resource);
  const parent = resource["parent"];
  const isOfWorkflow = WORKFLOW.test(urn) && typeof parent === "string";
  const common = {
    ...(position && { position }),
    ...(isOfWorkflow && { workflow: partsOf(parent).name }),
  };
  const definition = kindOf(type);
  if (definition !== undefined) {
    const id = resource["id"];
    if (typeof id !== "string" || id === "") return [];
    const hides = (path: string) => isSecret(inputs, path) || holdsSecret(valueAt(declared, path));
    return [
      {
        ...{ ...common, urn, definition, resource: name, id, declared, plain: inputs, outs },
        ...{ isSecret: hides, named: (values: Properties) => values },
      },
    ];
  }
  const single = kindOfSet(type);
  const kind = single === undefined ? undefined : kindOf(single);
  return kind === undefined ? [] : tasksOfSet(kind, { urn, name, declared, inputs, outs, common });
}

interface SetResource {
  readonly urn: string;
  readonly name: string;
  readonly declared: Tree;
  readonly inputs: Properties;
  readonly outs: Properties;
  readonly common: Pick<StateTask, "position" | "workflow">;
}

function tasksOfSet(
  definition: AnyDefinition,
  { urn, name, declared, inputs, outs, common }: SetResource,
): StateTask[] {
  const states = statesOf(definition, outs);
  const { upstreams } = definition;
  const keys = new Map(
    [...states].flatMap(([key, { id }]) =>
      id === undefined || !upstreams ? [] : [[upstreams.name(id), key] as const],
    ),
  );
  const siblingNamed = (upstream: string) => {
    const key = keys.get(upstream);
    return key === undefined ? undefined : siblingOf(key);
  };
  const of = (all: unknown, key: string): Properties => {
    const given = isObject(all) && Object.hasOwn(all, key) ? all[key] : undefined;
    return isObject(given) ? given : {};
  };
  const label = typeof inputs[LABEL] === "string" ? inputs[LABEL] : name;
  return [...states].flatMap(([key, state]) => {
    if (state.id === undefined) return [];
    const own = of(declared[TASKS], key);
    return [
      {
        ...common,
        urn: `${urn}#${key}`,
        definition,
        resource: `${name}.${key}`,
        set: { name: label, key },
        id: state.id,
        declared: own,
        plain: of(inputs[TASKS], key),
        outs: state.outs,
        isSecret: (path: string) => isSecret(inputs, `${taskPath(key)}.${path}`) || holdsSecret(valueAt(own, path)),
        named: (values: Properties) => (upstreams ? withNames(values, upstreams, siblingNamed) : values),
      },
    ];
  });
}

const plain = (value: unknown): Properties => {
  const tree = inPlainText(value);
  return isObject(tree) ? tree : {};
};

/** A reason without what is the task's alone, so that the same reason of many tasks is one. */
export const withoutOwn = (task: Pick<StateTask, "id" | "declared" | "resource">, reason: string): string =>
  [task.id, nameOf(task)]
    .reduce((text, own) => text.replace(` ${own}: `, ": "), reason)
    .replaceAll(/ \(request [^)]*\)/g, "");

/** The name under which a task was deployed; the resource's where that is not known. */
export function nameOf({ declared, resource }: Pick<StateTask, "declared" | "resource">): string {
  const { name } = declared;
  return typeof name === "string" && name !== SECRET ? name : resource;
}
