import { type AlibabaClient } from "../../clouds/alibaba/client";
import { CloudError, TaskError } from "../../core/errors";
import { type WireFile, folderFrom } from "./wire";

/** How a call is made: for whom, and until when. */
export interface Asking {
  readonly client: AlibabaClient;
  readonly projectId: string;
  readonly about: string;
  readonly deadline: number;
  /** How long something may stand still before it counts as waiting for an approval, in milliseconds. */
  readonly approval?: number;
  /** Tells the user how far something is that takes long. */
  readonly inform?: (message: string) => void;
}

/** A file as ListFiles shows it. */
export interface ListedFile {
  readonly FileId?: string | number;
  readonly FileName?: string;
  readonly FileDescription?: string;
  readonly AbsoluteFolderPath?: string;
}

/** FileType of a batch sync task; 900 would be a real-time one. */
export const SYNC_FILE = 23;
const PAGE_SIZE = 100;

/** The answers that can mean “there is no such file”: nobody has established the code (contracts.md §7). */
export const mayMeanMissing = (error: unknown): error is CloudError =>
  error instanceof CloudError &&
  !error.unclear &&
  ["missing", "business", "parameter", "unknown"].includes(error.errorClass);

/** The file, or `undefined` when it is not there; a doubtful error is settled by asking the list. */
export async function getFile(asking: Asking, fileId: string): Promise<WireFile | undefined> {
  const { client, projectId, about, deadline } = asking;
  try {
    const answer = await client.call("GetFile", { ProjectId: projectId, FileId: fileId }, { about, deadline });
    const data = answer["Data"] as Partial<WireFile> | null | undefined;
    const file = data?.File;
    // A deleted file may still be shown, as one in the recycle bin.
    if (!file || (file["DeletedStatus"] ?? "NORMAL") !== "NORMAL") return undefined;
    return { File: file, NodeConfiguration: data.NodeConfiguration ?? {} };
  } catch (error) {
    if (!mayMeanMissing(error)) throw error;
    const files = await listFiles(asking, { FileIdIn: fileId });
    if (files.some(({ FileId }) => String(FileId) === fileId)) throw error;
    return undefined;
  }
}

/** What to say when a file that the state knows is not there. */
export const gone = ({ about }: Asking, fileId: string): TaskError =>
  new TaskError(`${about}: file ${fileId} is gone; run \`pulumi refresh\`, then \`pulumi up\` creates it again`);

/** Sync tasks of exactly this name, in whichever folder. */
export const filesNamed = async (asking: Asking, name: string): Promise<ListedFile[]> =>
  (await listFiles(asking, { ExactFileName: name, FileTypes: String(SYNC_FILE), NeedAbsoluteFolderPath: true })).filter(
    ({ FileName }) => FileName === name,
  );

/** The folder a file lies in; GetFile tells only its id. */
export async function folderOf(asking: Asking, fileId: string): Promise<string | undefined> {
  const files = await listFiles(asking, { FileIdIn: fileId, NeedAbsoluteFolderPath: true });
  const file = files.find(({ FileId }) => String(FileId) === fileId);
  return file && folderFrom({ ...file });
}

async function listFiles(
  { client, projectId, about, deadline }: Asking,
  filter: Record<string, unknown>,
): Promise<ListedFile[]> {
  const found: ListedFile[] = [];
  for (let pageNumber = 1; ; pageNumber++) {
    const answer = await client.call(
      "ListFiles",
      { ProjectId: projectId, ...filter, PageNumber: pageNumber, PageSize: PAGE_SIZE },
      { about, deadline },
    );
    const page = (answer["Data"] ?? {}) as { Files?: ListedFile[] | null; TotalCount?: number };
    const files = page.Files ?? [];
    found.push(...files);
    if (files.length === 0 || found.length >= Number(page.TotalCount ?? 0)) return found;
  }
}
