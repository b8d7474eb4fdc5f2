import { now } from "../../core/clock";
import { TaskError, isParameter, isUnclear } from "../../core/errors";
import { once } from "../../core/once";
import { documentText, sameDocument, shapeOf } from "../../core/document";
import { poll } from "../../core/poll";
import { tokenOf } from "../../core/token";
import { emptyAnswer, unlessEmpty } from "../empty-answer";
import { withAdvice } from "../generation";
import { type DataWorksDISyncTaskArguments, canonicalFolder } from "./arguments";
import { type Kept, type SyncWork, idOf } from "./facts";
import { type Asking, type ListedFile, filesNamed, getFile, gone, mayMeanMissing } from "./lookup";
import { type WireFile, taskParam } from "./wire";
import { show } from "../../core/quoting";

/** Assumption, named here alone: a file that a read does not show this long after its creation was deleted. */
const SHOWN_WITHIN_MILLISECONDS = 1_000;

/**
 * The file of this resource: left behind by an interrupted run, or made now. Sets `work.id` as soon as one exists.
 * `fresh`: it can't be older than this run, and has what CreateDISyncTask takes as the arguments say.
 */
export async function ourFile(work: SyncWork, asking: Asking): Promise<{ file: WireFile; fresh: boolean }> {
  const { args, token, facts } = work;
  const named = await withAdvice(needsEarlierStudio(asking), () => filesNamed(asking, args.name as string));
  const ours = named.find(({ FileDescription }) => tokenOf(FileDescription) === token);
  if (ours === undefined) {
    // A file without any token may be our own, made by a run that ended there: the service's answer to our ClientToken tells.
    const taken = named.find((file) => inOurFolder(file, args) && tokenOf(file.FileDescription) !== undefined);
    if (taken) throw nameTaken(args, taken);
  }
  let fileId = ours === undefined ? undefined : String(ours.FileId);
  let clientToken = `${token}-${args.projectId}`;
  const dead = new Set<string>();
  for (;;) {
    fileId ??= await makeFile(args, asking, clientToken, named);
    facts.fileId = fileId;
    facts.phase = "created";
    work.id = idOf(args.projectId, fileId);
    const file = await shown(asking, fileId);
    if (file) {
      const fresh = named.length === 0 && sameDocument(String(file.File["Content"]), args.taskContent ?? {});
      if (fresh) rememberCreation(work);
      return { file, fresh };
    }
    if (dead.has(fileId)) throw gone(asking, fileId);
    // The token still stands for a file that was deleted since. Every life's token follows from the life before it, so
    // that a repeated run finds the same ones again.
    dead.add(fileId);
    clientToken = `${token}-${args.projectId}-${fileId}`;
    fileId = undefined;
  }
}

function rememberCreation({ args, facts }: SyncWork): void {
  if (args.taskContent !== undefined) facts.contentShape = shapeOf(args.taskContent);
  if (args.resourceGroup !== undefined) facts.resourceGroup = args.resourceGroup;
  if (args.cu !== undefined) facts.cu = args.cu;
}

const shown = (asking: Asking, fileId: string): Promise<WireFile | undefined> =>
  poll(() => unlessEmpty(getFile(asking, fileId)), {
    deadline: Math.min(asking.deadline, now() + SHOWN_WITHIN_MILLISECONDS),
  });

const NO_PARAMETERS = "{}";

/** One CreateDISyncTask, and what became of it when nobody said. */
async function makeFile(
  args: DataWorksDISyncTaskArguments,
  asking: Asking,
  clientToken: string,
  before: readonly ListedFile[],
): Promise<string> {
  const { client, about, deadline } = asking;
  const call = async (taskParameters = taskParam("CreateDISyncTask", args)): Promise<string> => {
    const parameters = {
      ProjectId: args.projectId,
      TaskType: "DI_OFFLINE",
      TaskName: args.name,
      TaskContent: documentText(args.taskContent ?? {}),
      TaskParam: taskParameters,
      ClientToken: clientToken,
    };
    try {
      // Not repeated by the client: we look first, as nobody has said how long the service remembers a ClientToken.
      const answer = await client.call("CreateDISyncTask", parameters, { about, deadline, repeatable: false });
      const fileId = (answer["Data"] as { FileId?: string | number | null } | null | undefined)?.FileId;
      if (fileId !== undefined && fileId !== null) return String(fileId);
      throw emptyAnswer("CreateDISyncTask", answer, "FileId", { unclear: true, about });
    } catch (error) {
      // Assumption, named here alone: TaskParam may be left out. Older pages demand it (contracts.md §6.14).
      if (taskParameters === undefined && isParameter(error)) return call(NO_PARAMETERS);
      throw error;
    }
  };
  try {
    return await once({ make: call, look: () => newcomer(args, asking, before), deadline });
  } catch (error) {
    if (isUnclear(error)) throw error;
    if (!mayMeanMissing(error)) throw error;
    const taken = (await filesNamed(asking, args.name as string)).find((file) => inOurFolder(file, args));
    throw taken ? nameTaken(args, taken, error) : error;
  }
}

/** A file that appeared under our name while our call was under way, with exactly our content. */
async function newcomer(
  args: DataWorksDISyncTaskArguments,
  asking: Asking,
  before: readonly ListedFile[],
): Promise<string | undefined> {
  const known = new Set(before.map(({ FileId }) => String(FileId)));
  for (const listed of await filesNamed(asking, args.name as string)) {
    const fileId = String(listed.FileId);
    if (known.has(fileId) || !inOurFolder(listed, args) || tokenOf(listed.FileDescription) !== undefined) continue;
    const file = await getFile(asking, fileId);
    if (file && sameDocument(String(file.File["Content"]), args.taskContent ?? {})) return fileId;
  }
  return undefined;
}

const inOurFolder = ({ AbsoluteFolderPath }: ListedFile, { folder }: Kept) =>
  folder === undefined || AbsoluteFolderPath === undefined || canonicalFolder(AbsoluteFolderPath) === folder;

const nameTaken = (args: DataWorksDISyncTaskArguments, { FileId, AbsoluteFolderPath }: ListedFile, cause?: unknown) =>
  new TaskError(
    `name ${show(args.name)} exists in workspace ${args.projectId}` +
      `${AbsoluteFolderPath ? `, folder ${AbsoluteFolderPath},` : ""} and was not created by this resource; ` +
      `to take it over write adopt: "${String(FileId)}", or choose another name`,
    { cause },
  );

/** What a refusal of the first call may mean. */
export const needsEarlierStudio = ({ projectId }: Asking): string =>
  `a DataWorksDISyncTask needs a workspace of the earlier Data Studio: if ${projectId} uses the new one, take another workspace`;
