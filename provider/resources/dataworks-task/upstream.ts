import { TaskError } from "../../core/errors";
import { isObject } from "../../core/fields";
import { type DataWorksTaskArguments, type Dependency } from "./arguments";
import { type Asking, getNode, getTask } from "./lookup";

/** Output identifiers of tasks that this process has seen, by the id of their resource: most upstreams were made in the same run. */
const outputs = new Map<string, string>();

/** Remembers by which output others can depend on a task. */
export function rememberOutput(id: string | undefined, output: string | undefined): void {
  if (id !== undefined && output !== undefined) outputs.set(id, output);
}

/** The arguments with every upstream that is named by its resource named by its output, as the operations want it. */
export async function withUpstreams(args: DataWorksTaskArguments, asking: Asking): Promise<DataWorksTaskArguments> {
  if (!args.dependencies?.some(({ upstream }) => upstream !== undefined)) return args;
  const dependencies = await Promise.all(
    args.dependencies.map(async (dependency, index): Promise<Dependency> => {
      const { upstream, ...edge } = dependency;
      if (upstream === undefined) return dependency;
      const upstreamOutput = outputs.get(upstream) ?? (await lookUp(asking, upstream));
      if (upstreamOutput === undefined) {
        throw new TaskError(
          `dependencies[${index}].upstream: the task ${upstream} is gone, or has no output that others can depend on`,
        );
      }
      rememberOutput(upstream, upstreamOutput);
      return { ...edge, upstreamOutput };
    }),
  );
  return { ...args, dependencies };
}

async function lookUp(asking: Asking, id: string): Promise<string | undefined> {
  const [projectId = "", second = "", third = "", fourth] = id.split("/");
  if (fourth !== undefined) return firstOutput(asking, projectId, fourth, second);
  const node = await getNode(asking, projectId, third);
  const taskId = node?.TaskId === undefined ? "" : String(node.TaskId);
  return taskId === "" ? specOutput(node?.Spec) : firstOutput(asking, projectId, taskId, "Prod");
}

async function firstOutput(
  asking: Asking,
  projectId: string,
  taskId: string,
  env: string,
): Promise<string | undefined> {
  const task = await getTask(asking, projectId, taskId, env);
  return task?.Outputs?.TaskOutputs?.find(({ Output }) => Output !== undefined)?.Output;
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
