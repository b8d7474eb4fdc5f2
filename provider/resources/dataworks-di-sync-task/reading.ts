import { type Found } from "../../core/lifecycle";
import { poll } from "../../core/poll";
import { type DataWorksDISyncTaskFacts, type Facts, type SyncWork } from "./facts";
import { type Asking, folderOf, getFile, gone } from "./lookup";
import { type WireFile, fromWire, outputOf, textFrom, zoneOf } from "./wire";

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
    { deadline: Math.min(asking.deadline, Date.now() + SETTLING_MILLISECONDS) },
  );
  return file as WireFile;
}

/** A file in the words of the arguments, with what only the state knows. */
export async function found(asking: Asking, file: WireFile, facts: Facts): Promise<Found<DataWorksDISyncTaskFacts>> {
  const { File } = file;
  const fileId = String(File["FileId"]);
  const terms = {
    zone: zoneOf(facts.timeZone),
    hidesOwnOutputOf: facts.ownOutputDeclared === true ? undefined : fileId,
  };
  const values = fromWire(file, terms, facts.contentShape);
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
