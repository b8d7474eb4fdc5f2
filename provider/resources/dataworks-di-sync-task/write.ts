import { tokenOf } from "../../core/token";
import { contentText, sameContent, shapeOf } from "./content";
import { type Kept, type SyncWork } from "./facts";
import { type Asking } from "./lookup";
import { type Terms, type WireFile, declaresOwnOutput, inputList, textFrom, toWire, zoneOf } from "./wire";

/**
 * UpdateDISyncTask sends everything in the URL, and no document says how long one may be (contracts.md §6.13): a longer
 * script goes into the body of UpdateFile. Counted as it is encoded.
 */
const LONGEST_CONTENT_IN_QUERY = 7_000;

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
  const { client, projectId, about, deadline } = asking;
  const fileId = facts.fileId as string;
  const paths = new Set(given);
  if (paths.has("schedule.timeZone")) for (const name of ["startTime", "endTime"]) paths.add(`schedule.${name}`);
  if (facts.phase === "created") leaveOutWhatIsThere(work, file, paths);
  const text = paths.has("taskContent") && args.taskContent !== undefined ? contentText(args.taskContent) : undefined;
  const inBody = text !== undefined && encodeURIComponent(text).length > LONGEST_CONTENT_IN_QUERY;
  const sync = {
    ...(text !== undefined && !inBody && { TaskContent: text }),
    ...((paths.has("resourceGroup") || paths.has("cu")) && { TaskParam: taskParam(args) }),
  };
  if (Object.keys(sync).length > 0) {
    const target = { ProjectId: projectId, FileId: fileId, TaskType: "DI_OFFLINE" };
    await client.call("UpdateDISyncTask", { ...target, ...sync }, { about, deadline });
    if (facts.phase !== "created") facts.phase = "draft";
  }
  rememberSync(work, paths);
  const sent = { ...toWire(args, paths, termsOf(work, file)), ...(inBody && { Content: text }) };
  if (Object.keys(sent).length > 0) {
    await updateFile(asking, fileId, file, sent);
    facts.phase = "draft";
  }
  rememberSchedule(work, paths);
  return sent;
}

/** What CreateDISyncTask has made just now, or in an earlier run with the same arguments. */
function leaveOutWhatIsThere({ args, facts }: SyncWork, { File }: WireFile, paths: Set<string>): void {
  if (File["FileName"] === args.name) paths.delete("name");
  if (args.taskContent === undefined || !sameContent(String(File["Content"]), args.taskContent)) return;
  facts.contentShape = shapeOf(args.taskContent);
  paths.delete("taskContent");
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

/** TaskParam as JSON text, or nothing; its members travel together, since an update may replace it as a whole. */
export function taskParam(args: Kept, folder?: string): string | undefined {
  const members = { FileFolderPath: folder, ResourceGroup: args.resourceGroup, Cu: args.cu };
  return Object.values(members).every((value) => value === undefined) ? undefined : JSON.stringify(members);
}

/** How the user writes times; what we made carries our token, and an adopted file keeps the one it may have. */
export const termsOf = ({ args, facts, token }: SyncWork, file: WireFile): Terms => ({
  zone: zoneOf(args.schedule?.timeZone),
  token: facts.origin === "adopted" ? tokenOf(textFrom(file.File["FileDescription"])) : token,
});

/** UpdateFile with what it is given, and the upstream outputs that its note demands for every sync task. */
export async function updateFile(
  { client, projectId, about, deadline }: Asking,
  fileId: string,
  file: WireFile,
  parameters: Record<string, unknown>,
): Promise<void> {
  const inputs = inputList(file);
  const companions = inputs === "" ? {} : { InputList: inputs };
  await client.call(
    "UpdateFile",
    { ProjectId: projectId, FileId: fileId, ...companions, ...parameters },
    { about, deadline },
  );
}
