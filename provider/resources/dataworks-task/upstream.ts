import { TaskError } from "../../core/errors";
import { isObject } from "../../core/fields";
import { type DataWorksTaskArguments, type Dependency } from "./arguments";
import { taskOfNode } from "./facts";
import { type Asking, getNode, getTask } from "./lookup";

/** What others need to know of a task to depend on it. */
interface Upstream {
  readonly outputs: readonly string[];
  readonly taskId: string | undefined;
}

/** Tasks that this process has seen, by the id of their resource: most upstreams were made or read in the same run. */
const upstreams = new Map<string, Upstream>();

/** Remembers by which outputs others can depend on a task. */
export function rememberUpstream(
  id: string | undefined,
  outputs: readonly string[] | undefined,
  taskId: string | undefined,
): void {
  if (id === undefined || outputs === undefined) return;
  if (outputs.length > 0) upstreams.set(id, { outputs, taskId });
  else upstreams.delete(id);
}

/** Whether this process has read the outputs of an upstream that is named by its resource. */
export const isKnownUpstream = (id: string | undefined): boolean => id !== undefined && upstreams.has(id);

/**
 * The arguments with every upstream that is named by its resource named as the service wants it: by its output, and for
 * another cycle by its task (UpdateTask, Dependencies). A node's document knows outputs alone.
 */
export async function withUpstreams(
  args: DataWorksTaskArguments,
  asking: Asking,
  form: "node" | "task",
): Promise<DataWorksTaskArguments> {
  if (!args.dependencies?.some(({ upstream }) => upstream !== undefined)) return args;
  const dependencies = await Promise.all(
    args.dependencies.map(async (dependency, index): Promise<Dependency> => {
      const { upstream, ...edge } = dependency;
      if (upstream === undefined) return dependency;
      const known = upstreams.get(upstream) ?? (await lookUp(asking, upstream));
      const upstreamOutput = known?.outputs[0];
      if (known === undefined || upstreamOutput === undefined) {
        throw new TaskError(
          `dependencies[${index}].upstream: the task ${upstream} is gone, or has no output that others can depend on`,
        );
      }
      rememberUpstream(upstream, known.outputs, known.taskId);
      const byTask = form === "task" && edge.type === "CrossCycleDependsOnOtherNode" ? known.taskId : undefined;
      return byTask === undefined ? { ...edge, upstreamOutput } : { ...edge, upstreamTaskId: byTask };
    }),
  );
  return { ...args, dependencies };
}

/**
 * Live edges beside those that were declared by a resource: one that leads to an output which the upstream, as far as this
 * process has read it, does not have any more is shown with the upstream it was meant for, and so as a change.
 */
export function withLeftBehind(
  live: readonly Dependency[] | undefined,
  declared: readonly Dependency[] | undefined,
): Dependency[] | undefined {
  if (live === undefined) return undefined;
  const lost = (declared ?? []).flatMap(({ type, upstream }) => {
    const known = upstream === undefined ? undefined : upstreams.get(upstream);
    const isThere = (edge: Dependency) =>
      edge.type === type &&
      ((edge.upstreamOutput !== undefined && known?.outputs.includes(edge.upstreamOutput) === true) ||
        (edge.upstreamTaskId !== undefined && edge.upstreamTaskId === known?.taskId));
    return known === undefined || live.some(isThere) ? [] : [{ type, upstream: upstream as string }];
  });
  return live.map((edge) => {
    const meant = lost.findIndex(({ type }) => type === edge.type);
    const names = (declared ?? []).some(
      ({ upstreamOutput, upstreamTaskId, type }) =>
        type === edge.type && upstreamOutput === edge.upstreamOutput && upstreamTaskId === edge.upstreamTaskId,
    );
    const [other] = meant < 0 || names ? [] : lost.splice(meant, 1);
    return other === undefined ? edge : { ...edge, upstream: other.upstream };
  });
}

/**
 * Whether live edges are the declared ones although they name some upstreams by task where an output was sent. Asks for the
 * tasks that nobody has named.
 */
export async function areSameEdges(
  live: readonly Dependency[],
  declared: readonly Dependency[],
  asking: Asking,
  projectId: string,
  env: string,
): Promise<boolean> {
  const left = [...declared];
  for (const edge of live) {
    const { type, upstreamOutput, upstreamTaskId } = edge;
    const known =
      upstreamTaskId === undefined || left.some((other) => other.upstreamTaskId === upstreamTaskId)
        ? undefined
        : await upstreamOf(asking, projectId, upstreamTaskId, env);
    const found = left.findIndex(
      (other) =>
        other.type === type &&
        ((other.upstreamOutput === upstreamOutput && other.upstreamTaskId === upstreamTaskId) ||
          (other.upstreamOutput !== undefined && known?.outputs.includes(other.upstreamOutput) === true)),
    );
    if (found < 0) return false;
    left.splice(found, 1);
  }
  return left.length === 0;
}

async function lookUp(asking: Asking, id: string): Promise<Upstream | undefined> {
  const [projectId = "", second = "", third = "", fourth] = id.split("/");
  if (fourth !== undefined) return upstreamOf(asking, projectId, fourth, second);
  const node = await getNode(asking, projectId, third);
  const taskId = taskOfNode(node);
  if (taskId !== undefined) return upstreamOf(asking, projectId, taskId, "Prod");
  const output = specOutput(node?.Spec);
  return output === undefined ? undefined : { outputs: [output], taskId: undefined };
}

async function upstreamOf(
  asking: Asking,
  projectId: string,
  taskId: string,
  env: string,
): Promise<Upstream | undefined> {
  const task = await getTask(asking, projectId, taskId, env);
  const outputs = task?.Outputs?.TaskOutputs?.flatMap(({ Output }) => (Output === undefined ? [] : [Output]));
  return outputs && { outputs, taskId };
}

/** The output that a node which is not published declares in its document. */
function specOutput(text: string | undefined): string | undefined {
  try {
    const document = JSON.parse(text ?? "{}") as { spec?: { nodes?: { outputs?: { nodeOutputs?: unknown[] } }[] } };
    const first = document.spec?.nodes?.[0]?.outputs?.nodeOutputs?.[0];
    return isObject(first) && typeof first["data"] === "string" ? first["data"] : undefined;
  } catch {
    return undefined;
  }
}
