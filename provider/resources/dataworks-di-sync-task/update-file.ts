import { type AlibabaClient } from "../../clouds/alibaba/client";
import { TaskError, isUnclear } from "../../core/errors";
import { type Asking, getFile, mayMeanMissing } from "./lookup";
import { type Terms } from "./answers";
import { type WireFile, inputList, unlike, withOwnOutput } from "./wire";

/** Clients whose service has refused a parameter that was given as it is already. */
const refusers = new WeakSet<AlibabaClient>();

/** Whether a service is known to refuse what is unchanged. */
export const isUnchangedRefused = (client: AlibabaClient): boolean => refusers.has(client);

/**
 * UpdateFile with what it is given, and the upstream outputs that its note demands for every sync task. The description of
 * the same operation says that a parameter given as it is already is refused: then those stay out, the upstreams too, in
 * this call and in later ones.
 */
export async function updateFile(
  asking: Asking,
  fileId: string,
  file: WireFile,
  parameters: Record<string, unknown>,
  terms: Terms,
): Promise<void> {
  const { client, projectId, about, deadline } = asking;
  const call = (given: Record<string, unknown>) =>
    client.call(
      "UpdateFile",
      { ProjectId: projectId, FileId: fileId, ...withOwnOutput(given, file) },
      { about, deadline },
    );
  const inputs = inputList(file);
  const hasInputs = inputs !== "" || "InputList" in parameters;
  const withInputs = inputs === "" || "InputList" in parameters ? parameters : { InputList: inputs, ...parameters };
  const isRefuser = refusers.has(client);
  const first = isRefuser ? parameters : withInputs;
  try {
    await call(first);
  } catch (refusal) {
    if (!mayMeanMissing(refusal) || isUnclear(refusal)) throw refusal;
    const now = await getFile(asking, fileId);
    const left = now === undefined ? first : unlike(parameters, now, terms);
    // An earlier attempt, of which the reply was lost, has done it; or it was so before.
    if (Object.keys(left).length === 0) return;
    const second = isRefuser ? withInputs : left;
    if (Object.keys(second).length === Object.keys(first).length) throw withUpstreamAdvice(refusal, hasInputs);
    await call(second).catch(() => {
      throw refusal;
    });
    if (isRefuser) refusers.delete(client);
    else refusers.add(client);
  }
}

const NO_UPSTREAM =
  "the task has no upstream, and UpdateFile's note demands one for a sync task: give schedule.inputs, such as <workspace name>_root";

/** A refusal, with what may be behind it where the task has no upstream at all. */
const withUpstreamAdvice = (error: Error, hasInputs: boolean): Error =>
  hasInputs ? error : new TaskError(`${error.message}; ${NO_UPSTREAM}`, { cause: error });
