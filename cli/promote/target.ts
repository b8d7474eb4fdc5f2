import { alibaba } from "../../provider/clouds/connections";
import type { Connection } from "../../provider/clouds/connections";
import { within } from "../../provider/clouds/within";
import { now } from "../../provider/core/clock";
import type { Definition } from "../../provider/core/definition";
import { isObject } from "../../provider/core/fields";
import { stableText } from "../../provider/core/record";
import { type LiveReader, liveReader } from "../../provider/live";
import { kindOf } from "../kinds";
import type { Step } from "../preview/preview";

/** How long one question may take. */
const LONGEST_SECONDS = 30;

/** A workspace of the target, with one task that is known to be in it. */
interface Workspace {
  readonly projectId: string;
  readonly connection: Connection | undefined;
  readonly definition: Definition<object, object>;
  readonly known: Step | undefined;
}

/**
 * What speaks against these credentials being those of the target, in sentences: they can't see a workspace that the program
 * deploys to, or not a task that the state has in it. One or two reading calls for each workspace.
 */
export async function targetProblems(
  state: readonly Step[],
  preview: readonly Step[],
  configuration: ReadonlyMap<string, string>,
  stack: string,
): Promise<string[]> {
  const warn = (message: string): void => void process.stderr.write(`warning: ${message}\n`);
  const reader = liveReader(configuration, warn, LONGEST_SECONDS);
  const workspaces = workspacesOf(state, preview);
  const problems = await Promise.all(workspaces.map((workspace) => problemOf(workspace, reader, stack)));
  return problems.filter((problem) => problem !== undefined);
}

function workspacesOf(state: readonly Step[], preview: readonly Step[]): Workspace[] {
  const workspaces = new Map<string, Workspace>();
  const take = (step: Step, inputs: object | undefined, known: Step | undefined) => {
    const definition = kindOf(step.type);
    const { projectId, connection } = (inputs ?? {}) as { projectId?: unknown; connection?: unknown };
    if (definition === undefined || typeof projectId !== "string" || !/^\d+$/.test(projectId)) return;
    const key = `${definition.name} ${projectId} ${stableText(connection ?? null)}`;
    if (workspaces.get(key)?.known !== undefined) return;
    workspaces.set(key, {
      ...{ projectId, definition, known: known ?? workspaces.get(key)?.known },
      connection: isObject(connection) ? connection : undefined,
    });
  };
  for (const step of preview) take(step, step.after?.inputs, undefined);
  // Of what is to be deleted as well: that is in the workspace of the state.
  for (const step of state) take(step, step.before?.inputs, step.before?.id === undefined ? undefined : step);
  return [...workspaces.values()];
}

async function problemOf(
  { projectId, connection, definition, known }: Workspace,
  reader: LiveReader,
  stack: string,
): Promise<string | undefined> {
  const what = `the credentials of this process can't see workspace ${projectId} of ${stack}`;
  const hint = "they may be those of another account, or lack a role in the workspace";
  try {
    if (definition.module === "dataworks")
      await inTime(
        alibaba(connection).call(
          "GetProject",
          { Id: projectId },
          { about: `workspace ${projectId}`, deadline: now() + LONGEST_SECONDS * 1000 },
        ),
      );
    if (known?.before?.id === undefined) return undefined;
    const { id, inputs, outputs } = known.before;
    const found = await inTime(reader.values({ definition, id, outs: { ...inputs, ...outputs } }));
    const name = typeof inputs["name"] === "string" ? inputs["name"] : known.name;
    return found === undefined
      ? `the credentials of this process find no task ${name} (${id}) in workspace ${projectId} of ${stack}, which the state has there: ${hint}, or the task was deleted`
      : undefined;
  } catch (error) {
    return `${what}: ${error instanceof Error ? error.message : String(error)}; ${hint}`;
  }
}

/** Keys that are waited for have no deadline of their own. */
const inTime = <T>(work: Promise<T>): Promise<T> =>
  within(work, LONGEST_SECONDS * 1000, () => new Error(`no answer within ${LONGEST_SECONDS} s`));
