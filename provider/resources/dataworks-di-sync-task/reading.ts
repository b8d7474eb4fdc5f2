import { now } from "../../core/clock";
import { putAt, valueAt } from "../../core/fields";
import { type Found } from "../../core/definition";
import { poll } from "../../core/poll";
import { isEmpty } from "../../core/settle";
import { type DataWorksDISyncTaskFacts, type Facts, type SyncWork } from "./facts";
import { type Asking, folderOf, getFile, gone } from "./lookup";
import { textFrom } from "./answers";
import { type WireFile, outputOf, valuesOf, zoneOf } from "./wire";

/** Assumption, named here alone: how soon a read shows what was written is not documented; this long it may be late. */
const SETTLING_MILLISECONDS = 3_000;

/** Reads the file after a write; a service that is slow to show it gets a few moments. */
export async function readBack(work: SyncWork, asking: Asking): Promise<WireFile> {
  const { facts, args } = work;
  const fileId = facts.fileId as string;
  if (args.folder === undefined) Object.assign(facts, { folderPath: "", folderId: "" });
  else facts.folderPath ||= args.folder;
  if (work.changed("folder")) facts.folderId = "";
  let file: WireFile | undefined;
  await poll(
    async () => {
      file = await getFile(asking, fileId);
      if (!file) throw gone(asking, fileId);
      work.found = await found(asking, file, facts);
      Object.assign(facts, work.found.facts);
      return work.stale(work.found).length === 0 ? true : undefined;
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
  const nodeId = textFrom(File["NodeId"]);
  const modifyTime = textFrom(File["LastEditTime"]);
  const output = outputOf(file);
  return {
    values: {
      ...values,
      adopt: fileId,
      projectId: asking.projectId,
      ...(folder !== undefined && { folder }),
      ...(facts.resourceGroup && { resourceGroup: facts.resourceGroup }),
      ...(facts.cu !== undefined && { cu: facts.cu }),
      schedule: {
        ...(values["schedule"] as object | undefined),
        ...(facts.timeZone && { timeZone: facts.timeZone }),
        ...(facts.scheduleResourceGroup && { resourceGroupIdentifier: facts.scheduleResourceGroup }),
      },
    },
    unreadable: (path) => path === "folder" && folder === undefined,
    // A commit reaches production by itself in a workspace without a development environment alone.
    mayBeDraft: facts.standardMode !== false || Number(File["CommitStatus"] ?? 1) !== 1,
    facts: {
      fileId,
      ...(nodeId !== undefined && { nodeId }),
      ...(File["CurrentVersion"] !== undefined && { version: Number(File["CurrentVersion"]) }),
      ...(modifyTime !== undefined && { modifyTime }),
      ...(output !== undefined && { output }),
      ...(folder !== undefined && { folderPath: folder, folderId }),
    },
  };
}
