import { type AlibabaClient } from "../../clouds/alibaba/client";
import { CloudError, TaskError, isParameter, isUnclear } from "../../core/errors";
import { shapeOf } from "../../core/document";
import { tokenOf } from "../../core/token";
import { contentOfNew, contentToSend } from "./content";
import { type SyncWork } from "./facts";
import { type Asking, folderOf, getFile, mayMeanMissing } from "./lookup";
import { type Terms, textFrom } from "./schedule";
import { type WireFile, declaresOwnOutput, inputList, taskParam, unlike, updateParameters, zoneOf } from "./wire";

/**
 * UpdateDISyncTask sends everything in the URL, and no document says how long one may be (contracts.md §6.13): a longer
 * script goes into the body of UpdateFile. Counted as it is encoded.
 */
const LONGEST_CONTENT_IN_QUERY = 7_000;
const URI_TOO_LONG = 414;

/**
 * Sends some properties through the operations that carry them; answers what UpdateFile was sent. What was sent is
 * remembered only then: a read after a refused call must not take it for what the service has.
 */
export async function write(
  work: SyncWork,
  asking: Asking,
  file: WireFile,
  given: ReadonlySet<string>,
): Promise<Record<string, unknown>> {
  const { args, facts } = work;
  const isNew = facts.phase === "created";
  const paths = new Set(given);
  if (paths.has("schedule.timeZone")) for (const name of ["startTime", "endTime"]) paths.add(`schedule.${name}`);
  if (isNew && paths.has("folder") && (await folderOf(asking, facts.fileId as string)) === args.folder) {
    paths.delete("folder");
  }
  const inBody = await writeSync(work, asking, file, paths);
  rememberSync(work, paths);
  const terms = termsOf(work, file);
  const parameters = updateParameters(args, paths, terms);
  const sent = { ...(refusesUnchanged.has(asking.client) ? unlike(parameters, file, terms) : parameters), ...inBody };
  if (Object.keys(sent).length > 0) {
    work.carries("UpdateFile", pathsOf(sent, work, paths, terms));
    await updateFile(asking, facts.fileId as string, file, sent, terms);
    facts.phase = "draft";
  }
  rememberSchedule(work, paths);
  // Everything was so already, put right by hand perhaps and not committed: production has to get it all the same.
  if (facts.phase === "published" && Number(file.File["CommitStatus"] ?? 1) !== 1) facts.phase = "draft";
  return sent;
}

/** The properties that some parameters of UpdateFile carry. */
function pathsOf(sent: object, { args }: SyncWork, paths: ReadonlySet<string>, terms: Terms): string[] {
  return [...paths].filter(
    (path) =>
      (path === "taskContent" && "Content" in sent) ||
      Object.keys(updateParameters(args, new Set([path]), terms)).some((name) => name in sent),
  );
}

/** What UpdateDISyncTask carries; answers what has to go into the body of UpdateFile instead. */
async function writeSync(
  work: SyncWork,
  asking: Asking,
  file: WireFile,
  paths: ReadonlySet<string>,
): Promise<{ Content?: string }> {
  const { args, facts } = work;
  const live = textFrom(file.File["Content"]) ?? "";
  const text =
    !paths.has("taskContent") || args.taskContent === undefined
      ? undefined
      : facts.phase === "created"
        ? contentOfNew(live, args.taskContent)
        : contentToSend(live, args.taskContent, facts.contentShape);
  const isLong = text !== undefined && encodeURIComponent(text).length > LONGEST_CONTENT_IN_QUERY;
  const parameters = paths.has("resourceGroup") || paths.has("cu") ? taskParam("UpdateDISyncTask", args) : undefined;
  const sync = {
    ...(text !== undefined && !isLong && { TaskContent: text }),
    ...(parameters !== undefined && { TaskParam: parameters }),
  };
  const inBody = text === undefined ? {} : { Content: text };
  if (Object.keys(sync).length === 0) return inBody;
  const carriedPaths = [
    ...("TaskContent" in sync ? ["taskContent"] : []),
    ...("TaskParam" in sync ? ["resourceGroup", "cu"].filter((path) => paths.has(path)) : []),
  ];
  work.carries("UpdateDISyncTask", carriedPaths);
  try {
    await updateSync(asking, facts.fileId as string, sync, live);
  } catch (error) {
    if (!(error instanceof CloudError) || error.http !== URI_TOO_LONG || !("TaskContent" in sync)) throw error;
    const { TaskContent: _tooLong, ...rest } = sync;
    if (Object.keys(rest).length > 0) await updateSync(asking, facts.fileId as string, rest, live);
    return inBody;
  }
  if (facts.phase !== "created") facts.phase = "draft";
  return isLong ? inBody : {};
}

/**
 * Assumption, named here alone: UpdateDISyncTask needs only what changes. Its page of 2024-11-21 calls both parameters
 * required and to be left empty when unchanged, other documents call them optional (contracts.md §6.12); so a refusal is
 * answered with an empty text for what is missing, and at last with what is there.
 */
async function updateSync(
  { client, projectId, about, deadline }: Asking,
  fileId: string,
  changed: { TaskContent?: string; TaskParam?: string },
  live: string,
): Promise<void> {
  const target = { ProjectId: projectId, FileId: fileId, TaskType: "DI_OFFLINE" };
  const call = (parameters: object) =>
    client.call("UpdateDISyncTask", { ...target, ...parameters }, { about, deadline }).then(() => undefined);
  try {
    await call(changed);
  } catch (refusal) {
    const isComplete = changed.TaskContent !== undefined && changed.TaskParam !== undefined;
    if (!isParameter(refusal) || isComplete) throw refusal;
    for (const filling of [
      { TaskContent: "", TaskParam: "" },
      { TaskContent: live, TaskParam: "{}" },
    ]) {
      try {
        await call({ ...filling, ...changed });
        return;
      } catch (error) {
        if (!isParameter(error)) throw error;
      }
    }
    throw refusal;
  }
}

function rememberSync({ args, facts }: SyncWork, paths: ReadonlySet<string>): void {
  if (paths.has("taskContent") && args.taskContent !== undefined) facts.contentShape = shapeOf(args.taskContent);
  // Both travel whenever one of them does.
  if (!paths.has("resourceGroup") && !paths.has("cu")) return;
  if (args.resourceGroup !== undefined) facts.resourceGroup = args.resourceGroup;
  if (args.cu !== undefined) facts.cu = args.cu;
}

function rememberSchedule({ args, facts }: SyncWork, paths: ReadonlySet<string>): void {
  if (paths.has("schedule.timeZone")) facts.timeZone = args.schedule?.timeZone ?? "";
  if (paths.has("schedule.resourceGroupIdentifier")) {
    facts.scheduleResourceGroup = args.schedule?.resourceGroupIdentifier ?? "";
  }
  if (paths.has("schedule.outputs")) facts.ownOutputDeclared = declaresOwnOutput(args, facts.fileId as string);
}

/** How the user writes times; what we made carries our token, and an adopted file keeps the one it may have. */
export const termsOf = ({ args, facts, token }: SyncWork, file: WireFile): Terms => ({
  zone: zoneOf(args.schedule?.timeZone),
  token: facts.origin === "adopted" ? tokenOf(textFrom(file.File["FileDescription"])) : token,
  hidesOwnOutputOf: declaresOwnOutput(args, String(file.File["FileId"])) ? undefined : String(file.File["FileId"]),
});

/** Clients whose service has refused a parameter that was given as it is already. */
const refusesUnchanged = new WeakSet<AlibabaClient>();

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
  const call = (given: object) =>
    client.call("UpdateFile", { ProjectId: projectId, FileId: fileId, ...given }, { about, deadline });
  const inputs = inputList(file);
  const goAlong =
    inputs === "" || "InputList" in parameters || refusesUnchanged.has(client) ? {} : { InputList: inputs };
  try {
    await call({ ...goAlong, ...parameters });
  } catch (refusal) {
    if (!mayMeanMissing(refusal) || isUnclear(refusal)) throw refusal;
    const now = await getFile(asking, fileId);
    const left = now === undefined ? parameters : unlike(parameters, now, terms);
    // An earlier attempt, of which the reply was lost, has done it; or it was so before.
    if (Object.keys(left).length === 0) return;
    const isLess = Object.keys(left).length < Object.keys({ ...goAlong, ...parameters }).length;
    if (!isLess || now === undefined) throw withUpstreamAdvice(refusal, inputs !== "" || "InputList" in parameters);
    await call(left).catch(() => {
      throw refusal;
    });
    refusesUnchanged.add(client);
  }
}

const NO_UPSTREAM =
  "the task has no upstream, and UpdateFile's note demands one for a sync task: give schedule.inputs, such as <workspace name>_root";

/** A refusal, with what may be behind it where the task has no upstream at all. */
export const withUpstreamAdvice = (error: Error, hasInputs: boolean): Error =>
  hasInputs ? error : new TaskError(`${error.message}; ${NO_UPSTREAM}`, { cause: error });
