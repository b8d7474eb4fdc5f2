import { type AlibabaClient } from "../../clouds/alibaba/client";
import { CloudError, TaskError } from "../../core/errors";
import { type Listing, type Page, PageSize, listing } from "../../core/listing";
import { emptyAnswer, everyItem, isEmptyAnswer, orNothing, page } from "../empty-answer";
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

/** A file as ListFiles shows it: without its schedule, and with its folder and its script where they are asked for. */
export interface ListedFile {
  readonly FileId?: string | number;
  readonly FileName?: string;
  readonly FileDescription?: string;
  readonly Owner?: string;
  readonly AbsoluteFolderPath?: string;
  readonly FileFolderId?: string | number;
  readonly NodeId?: string | number;
  readonly CurrentVersion?: number;
  readonly LastEditTime?: string | number;
  readonly CommitStatus?: string | number;
  /** In no document of ListFiles; GetFile has it. */
  readonly DeletedStatus?: string;
}

/** FileType of a batch sync task; 900 would be a real-time one. */
export const SYNC_FILE = 23;
/** The documented maxima of ListFiles: of a page, and of FileIdIn. */
const PAGE_SIZE = 100;
const MOST_IDS = 50;

/** The answers that can mean “there is no such file”: nobody has established the code (contracts.md §7). */
export const mayMeanMissing = (error: unknown): error is CloudError =>
  error instanceof CloudError &&
  !error.unclear &&
  ["missing", "business", "parameter", "unknown"].includes(error.errorClass);

/** The file, or `undefined` when it is not there; a doubtful answer is settled by asking the list. */
export async function getFile(asking: Asking, fileId: string): Promise<WireFile | undefined> {
  const { client, projectId, about, deadline } = asking;
  try {
    const answer = await client.call("GetFile", { ProjectId: projectId, FileId: fileId }, { about, deadline });
    const data = answer["Data"] as Partial<WireFile> | null | undefined;
    const file = data?.File;
    if (!file) throw emptyAnswer("GetFile", answer, "File", { about });
    // A deleted file may still be shown, as one in the recycle bin.
    if ((file["DeletedStatus"] ?? "NORMAL") !== "NORMAL") return undefined;
    return { File: file, NodeConfiguration: data.NodeConfiguration ?? {} };
  } catch (error) {
    if (!mayMeanMissing(error) && !isEmptyAnswer(error)) throw error;
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
  return file && folderFrom(file);
}

/** A refresh takes files as they were so many milliseconds ago at most. */
const SEEN_WITHIN = 60_000;

/** The file as the list shows it, in one call with the others that are asked for. `undefined` says nothing: GetFile knows. */
export const listedFile = (
  { client, projectId, about, deadline }: Asking,
  fileId: string,
): Promise<ListedFile | undefined> => filesOf(client, projectId).find({ id: fileId, about, deadline }, SEEN_WITHIN);

const listings = new Map<string, Listing<ListedFile>>();

function filesOf(client: AlibabaClient, projectId: string): Listing<ListedFile> {
  const key = `${client.key}\n${projectId}`;
  let files = listings.get(key);
  if (files === undefined) {
    files = listing<ListedFile>({
      idOf: ({ FileId }) => String(FileId),
      most: new PageSize(MOST_IDS),
      pages: new PageSize(PAGE_SIZE),
      byIds(asks) {
        const [first] = asks as [(typeof asks)[0]];
        const about = asks.length === 1 ? first.about : `${String(asks.length)} files, first ${first.about}`;
        const deadline = Math.max(...asks.map((ask) => ask.deadline));
        const ids = asks.map(({ id }) => id).join(",");
        return listFiles({ client, projectId, about, deadline }, { FileIdIn: ids, NeedAbsoluteFolderPath: true }).catch(
          orNothing([]),
        );
      },
      page: (number, size, { deadline }) =>
        pageOf(
          { client, projectId, about: `sync tasks of workspace ${projectId}`, deadline },
          { FileTypes: String(SYNC_FILE), NeedAbsoluteFolderPath: true },
          number,
          size,
        ).catch(orNothing({ items: [], total: 0 })),
    });
    listings.set(key, files);
  }
  return files;
}

const listFiles = (
  asking: Pick<Asking, "client" | "projectId" | "about" | "deadline">,
  filter: Record<string, unknown>,
): Promise<ListedFile[]> => everyItem("ListFiles", (number) => pageOf(asking, filter, number, PAGE_SIZE));

async function pageOf(
  { client, projectId, about, deadline }: Pick<Asking, "client" | "projectId" | "about" | "deadline">,
  filter: Record<string, unknown>,
  number: number,
  size: number,
): Promise<Page<ListedFile>> {
  const answer = await client.call(
    "ListFiles",
    { ProjectId: projectId, ...filter, PageNumber: number, PageSize: size },
    { about, deadline },
  );
  return page<ListedFile>("ListFiles", answer, "Files", { within: "Data" });
}
