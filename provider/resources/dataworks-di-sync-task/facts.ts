import { type Shape } from "../../core/document";
import { type Work } from "../../core/definition";
import { type DataWorksDISyncTaskArguments } from "./arguments";
import { type Phase } from "./publish";

/** What the state knows about a sync task beside its arguments. */
export interface DataWorksDISyncTaskFacts {
  fileId: string;
  /** The scheduler's node, there once the file was committed. */
  nodeId: string;
  version: number;
  /** How far a file that we changed is on its way to production; none for an adopted one that nobody has changed yet. */
  phase: Phase;
  /** The package under way. */
  deploymentId: string;
  standardMode: boolean;
  /** Milliseconds since the epoch, as a string. */
  modifyTime: string;
  /** What others can depend on. */
  output: string;
  origin: "adopted";
  /** Where the folder is declared: its path and the id by which GetFile knows it, so that a read needs no second call. */
  folderPath: string;
  folderId: string;
  /** Which members of the script the user has declared, see core/document.ts. */
  contentShape: Shape;
  /** What was sent last of the properties that no operation returns. */
  resourceGroup: string;
  cu: number;
  timeZone: string;
  scheduleResourceGroup: string;
  /** The arguments name the output that the service gives every file. */
  ownOutputDeclared: boolean;
}

export const factNames: readonly (keyof DataWorksDISyncTaskFacts)[] = [
  "fileId",
  "nodeId",
  "version",
  "phase",
  "deploymentId",
  "standardMode",
  "modifyTime",
  "output",
  "origin",
  "folderPath",
  "folderId",
  "contentShape",
  "resourceGroup",
  "cu",
  "timeZone",
  "scheduleResourceGroup",
  "ownOutputDeclared",
];

export type SyncWork = Work<DataWorksDISyncTaskArguments, DataWorksDISyncTaskFacts>;
export type Facts = Partial<DataWorksDISyncTaskFacts>;
export type Kept = Partial<DataWorksDISyncTaskArguments>;

/** `<projectId>/file/<fileId>`. */
export const idOf = (projectId: string, fileId: string): string => `${projectId}/file/${fileId}`;
export function place(id: string): { projectId: string; fileId: string } {
  const [projectId = "", , fileId = ""] = id.split("/");
  return { projectId, fileId };
}
