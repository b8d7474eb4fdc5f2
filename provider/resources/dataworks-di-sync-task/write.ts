import { shapeOf } from "../../core/document";
import { CloudError, isParameter } from "../../core/errors";
import { tokenOf } from "../../core/token";
import { contentOfNew, contentToSend } from "./content";
import { type Facts, type SyncWork } from "./facts";
import { type Asking, folderOf } from "./lookup";
import { type Terms, textFrom } from "./answers";
import { isUnchangedRefused, updateFile } from "./update-file";
import { type WireFile, declaresOwnOutput, taskParam, unlike, updateParameters, zoneOf } from "./wire";

/**
 * UpdateDISyncTask sends everything in the URL, and no document says how long one may be (contracts.md §6.13): a longer
 * script goes into the body of UpdateFile. Counted as it is encoded.
 */
export const LONGEST_CONTENT_IN_QUERY = 7_000;
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
  if (!("Content" in inBody)) rememberScript(work, paths);
  const terms = termsOf(work, file);
  const parameters = updateParameters(args, paths, terms);
  const sent = { ...(isUnchangedRefused(asking.client) ? unlike(parameters, file, terms) : parameters), ...inBody };
  if (Object.keys(sent).length > 0) {
    work.carries("UpdateFile", pathsOf(sent, work, paths, terms));
    await updateFile(asking, facts.fileId as string, file, sent, terms);
    facts.phase = "draft";
  }
  if ("Content" in inBody) rememberScript(work, paths);
  rememberSchedule(work, paths);
  if (isNew) facts.phase = "draft";
  if (paths.has("taskContent") || Object.keys(parameters).length > 0) leadToProduction(facts, file);
  return sent;
}

/**
 * Sets out to bring a file to production that is as declared. Put right by hand or by a run that was killed, it may be so
 * without anything being sent, and no read tells what production has. A commit is all it takes where there is no
 * development environment.
 */
export function leadToProduction(facts: Facts, file: WireFile): void {
  const { phase = "published", standardMode } = facts;
  if (Number(file.File["CommitStatus"] ?? 1) !== 1) facts.phase = "draft";
  else if (phase === "published" && standardMode !== false) facts.phase = "submitted";
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

/** Only once the script has arrived: what the user took out of it would pass for the service's addition else. */
function rememberScript({ args, facts }: SyncWork, paths: ReadonlySet<string>): void {
  if (paths.has("taskContent") && args.taskContent !== undefined) facts.contentShape = shapeOf(args.taskContent);
}

function rememberSync({ args, facts }: SyncWork, paths: ReadonlySet<string>): void {
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
