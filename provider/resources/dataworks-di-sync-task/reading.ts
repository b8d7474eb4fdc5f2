import { now } from "../../core/clock";
import { putAt, valueAt } from "../../core/fields";
import { type Found } from "../../core/definition";
import { poll } from "../../core/poll";
import { isEmpty } from "../../core/settle";
import { type DataWorksDISyncTaskFacts, type Facts, type SyncWork } from "./facts";
import { type Asking, folderOf, getFile, gone, listedFile } from "./lookup";
import { textFrom } from "./answers";
import { UNLISTED, type WireFile, folderFrom, listedValues, outputOf, valuesOf, zoneOf } from "./wire";

/** Assumption, named here alone: how soon a read shows what was written is not documented; this long it may be late. */
const SETTLING_MILLISECONDS = 3_000;

/** Reads the file after a write; a service that is slow to show it gets a few moments. */
export async function readBack(work: SyncWork, asking: Asking): Promise<WireFile> {
  const { facts, args } = work;
  const fileId = facts.fileId as string;
  if (args.folder === undefined) Object.assign(facts, { folderPath: "", folderId: "" });
  else facts.folderPath ||= args.folder;
  if (work.changed("folder")) facts.folderId = "";
  return shownFile(asking, fileId, async (file) => {
    work.found = await found(asking, file, facts);
    Object.assign(facts, work.found.facts);
    return work.stale(work.found).length === 0;
  });
}

/** The file as soon as it shows what was written, or as it is after a few moments. */
export async function shownFile(
  asking: Asking,
  fileId: string,
  shows: (file: WireFile) => boolean | Promise<boolean>,
): Promise<WireFile> {
  let file: WireFile | undefined;
  await poll(
    async () => {
      file = await getFile(asking, fileId);
      if (!file) throw gone(asking, fileId);
      return (await shows(file)) || undefined;
    },
    { deadline: Math.min(asking.deadline, now() + SETTLING_MILLISECONDS) },
  );
  return file as WireFile;
}

/**
 * Takes for settled that the service keeps what it has although an empty value was sent, so that it makes no difference
 * for ever. Whether an empty text clears is not documented (contracts.md §7).
 */
export function acceptWhatIsKept(work: SyncWork): void {
  const { found: is, args } = work;
  if (is === undefined) return;
  for (const path of work.stale(is)) {
    const wanted = valueAt(args, path);
    if (wanted === undefined || !isEmpty(wanted)) continue;
    const sent = structuredClone(work.sent ?? args);
    putAt(sent as unknown as Record<string, unknown>, path, valueAt(is.values, path));
    work.sent = sent;
    work.warn(
      `${args.name ?? work.id ?? ""}: ${path}: the service keeps its value although an empty one was sent; that counts as settled until it or the argument changes [service-keeps-value]`,
    );
  }
}

/** A file in the words of the arguments, with what only the state knows. */
export async function found(asking: Asking, file: WireFile, facts: Facts): Promise<Found<DataWorksDISyncTaskFacts>> {
  const { File } = file;
  const fileId = String(File["FileId"]);
  const terms = {
    zone: zoneOf(facts.timeZone),
    hidesOwnOutputOf: facts.ownOutputDeclared === true ? undefined : fileId,
  };
  const values = valuesOf(file, terms, facts.contentShape);
  const folderId = textFrom(File["FileFolderId"]) ?? "";
  const isWhereItWas = folderId !== "" && facts.folderId === folderId;
  // Asked only where the folder is declared, and the file lies in another one than at the last look.
  const folder = !facts.folderPath ? undefined : isWhereItWas ? facts.folderPath : await folderOf(asking, fileId);
  const output = outputOf(file);
  return {
    ...seenAs(asking, File, values, { ...facts, output }, folder),
    // A commit reaches production by itself in a workspace without a development environment alone.
    mayBeDraft: facts.standardMode !== false || Number(File["CommitStatus"] ?? 1) !== 1,
  };
}

/** What both reads tell of a file, in the words of the arguments, with what only the state knows. */
function seenAs(
  { projectId }: Asking,
  file: Readonly<Record<string, unknown>>,
  values: Readonly<Record<string, unknown>>,
  facts: { readonly [Name in keyof Facts]: Facts[Name] | undefined },
  folder: string | undefined,
): Found<DataWorksDISyncTaskFacts> {
  const { folder: _listed, ...others } = values;
  const fileId = String(file["FileId"]);
  const nodeId = textFrom(file["NodeId"]);
  const modifyTime = textFrom(file["LastEditTime"]);
  const editor = textFrom(file["LastEditUser"]);
  return {
    values: {
      ...others,
      adopt: fileId,
      projectId,
      ...(folder !== undefined && { folder }),
      ...(facts.resourceGroup && { resourceGroup: facts.resourceGroup }),
      ...(facts.cu !== undefined && { cu: facts.cu }),
      schedule: {
        ...(others["schedule"] as object | undefined),
        ...(facts.timeZone && { timeZone: facts.timeZone }),
        ...(facts.scheduleResourceGroup && { resourceGroupIdentifier: facts.scheduleResourceGroup }),
      },
    },
    unreadable: (path) => path === "folder" && folder === undefined,
    ...(editor !== undefined && { editor }),
    facts: {
      fileId,
      ...(nodeId !== undefined && { nodeId }),
      ...(file["CurrentVersion"] !== undefined && { version: Number(file["CurrentVersion"]) }),
      ...(modifyTime !== undefined && { modifyTime }),
      ...(facts.output !== undefined && { output: facts.output }),
      ...(folder !== undefined && { folderPath: folder, folderId: textFrom(file["FileFolderId"]) ?? "" }),
    },
  };
}

/**
 * The file where the list shows that nothing has happened to it. Assumption, named here alone: every edit, of the schedule
 * too, moves LastEditTime, or leaves the file uncommitted until it has another version; and ListFiles shows living files
 * alone. So the script and the schedule, which it leaves out, are as they were when a read of the whole file recorded the
 * time and the version that it shows. Whatever the list shows otherwise is settled by GetFile; `dataworks:fullRefresh` asks
 * that always.
 */
export async function unmovedFile(
  asking: Asking,
  fileId: string,
  facts: Facts,
  asRecorded: ((found: Found<DataWorksDISyncTaskFacts>) => boolean) | undefined,
): Promise<Found<DataWorksDISyncTaskFacts> | undefined> {
  const { modifyTime, version, phase, folderPath, folderId } = facts;
  const isSettled = phase === undefined || phase === "published";
  if (modifyTime === undefined || !isSettled || !asRecorded || asking.client.fullRefresh) return undefined;
  const listed = await listedFile(asking, fileId);
  const isUnmoved =
    listed !== undefined &&
    textFrom(listed.LastEditTime) === modifyTime &&
    Number(listed.CurrentVersion) === version &&
    Number(listed.CommitStatus) === 1 &&
    (listed.DeletedStatus ?? "NORMAL") === "NORMAL";
  if (!isUnmoved) return undefined;
  const isWhereItWas = folderId !== undefined && textFrom(listed.FileFolderId) === folderId;
  const folder = !folderPath ? undefined : (folderFrom(listed) ?? (isWhereItWas ? folderPath : undefined));
  if (folderPath && folder === undefined) return undefined;
  const seen = seenAs(asking, { ...listed }, listedValues(listed), facts, folder);
  const unmoved = { ...seen, unread: (path: string) => UNLISTED.includes(path) };
  return asRecorded(unmoved) ? unmoved : undefined;
}
