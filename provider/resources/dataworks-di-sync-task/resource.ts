import { alibaba } from "../../clouds/connections";
import { CloudError, TaskError, isUnclear } from "../../core/errors";
import { type Definition, type Found, type Work } from "../../core/lifecycle";
import { poll } from "../../core/poll";
import { tokenOf } from "../../core/token";
import { adoptedId, adoptsAndApplies, afterlife, deadlineOf } from "../options";
import { type DataWorksDISyncTaskArguments, canonicalFolder, fields } from "./arguments";
import { contentText, sameContent, shapeOf } from "./content";
import { type Asking, type ListedFile, SYNC_FILE, filesNamed, folderOf, getFile, mayMeanMissing } from "./lookup";
import { type Phase, deleteFile, deployDeletion, publish, resumed } from "./publish";
import { rules } from "./rules";
import {
  type Terms,
  type WireFile,
  declaresOwnOutput,
  fromWire,
  inputList,
  outputOf,
  toWire,
  undoing,
  zoneOf,
} from "./wire";

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
  /** See content.ts. */
  contentShape: string;
  /** Where the folder is declared: its path and the id by which GetFile knows it, so that a read needs no second call. */
  folderPath: string;
  folderId: string;
  /** schedule.timeZone and schedule.resourceGroupIdentifier, which no operation returns. */
  timeZone: string;
  scheduleResourceGroup: string;
  ownOutputDeclared: boolean;
}

type SyncWork = Work<DataWorksDISyncTaskArguments, DataWorksDISyncTaskFacts>;
type Facts = Partial<DataWorksDISyncTaskFacts>;
type Kept = Partial<DataWorksDISyncTaskArguments>;

/** The whole life of a batch sync task. */
export const definition: Definition<DataWorksDISyncTaskArguments, DataWorksDISyncTaskFacts> = {
  name: "DataWorksDISyncTask",
  fields,
  rules,
  factNames: [
    "fileId",
    "nodeId",
    "version",
    "phase",
    "deploymentId",
    "standardMode",
    "modifyTime",
    "output",
    "origin",
    "contentShape",
    "folderPath",
    "folderId",
    "timeZone",
    "scheduleResourceGroup",
    "ownOutputDeclared",
  ],

  replaces(_changes, facts, inputs) {
    const adopted = adoptedId(inputs as DataWorksDISyncTaskArguments);
    return adopted !== undefined && facts.fileId !== undefined && adopted !== facts.fileId ? ["adopt"] : [];
  },

  unfinished: ({ phase }, { publish }) =>
    phase !== undefined && (publish === false ? phase === "created" : phase !== "published"),

  async create(work) {
    if (adoptedId(work.args) !== undefined) return adopt(work);
    const { args } = work;
    const asking = ask(args, args.projectId, deadlineOf(args, "create"));
    const { file, fresh } = await ourFile(work, asking);
    const paths = declaredPaths(work);
    if (fresh) for (const path of CREATED_WITH) paths.delete(path);
    await write(work, asking, file, paths);
    await bringToProduction(work, asking);
    await readBack(work, asking);
  },

  async update(work) {
    const { args, facts } = work;
    const { projectId, fileId } = place(work.id as string);
    const asking = ask(args, projectId, deadlineOf(args, "update"));
    warnAboutKeptValues(work);
    const paths = facts.phase === "created" ? declaredPaths(work) : sentPaths(work);
    if (paths.size === 0) {
      await bringToProduction(work, asking);
      await readBack(work, asking);
      return;
    }
    if (facts.phase !== undefined) await resumed(asking, facts);
    const before = await getFile(asking, fileId);
    if (!before) throw gone(asking, fileId);
    const sent = await write(work, asking, before, paths);
    await bringToProduction(work, asking);
    const after = await readBack(work, asking);
    await repair(work, asking, undoing(before, after, sent, zoneOf(facts.timeZone)));
  },

  async read(id, facts, kept) {
    const { projectId, fileId } = place(id);
    const asking = ask(kept, projectId, deadlineOf(kept, "read"), id);
    const file = await getFile(asking, fileId);
    return file && found(asking, file, facts);
  },

  async delete(id, facts, kept, token) {
    const { projectId, fileId } = place(id);
    const asking = ask(kept, projectId, deadlineOf(kept, "delete"), id);
    const what = afterlife(kept, facts.origin === "adopted");
    if (what === "release") return;
    const file = await getFile(asking, fileId);
    if (what === "pause") return pause(asking, fileId, file);
    if (file) {
      refuseOthers("delete", fileId, file, token, kept);
      await deleteFile(asking, fileId);
    } else if (facts.standardMode === true) {
      // An interrupted deletion may have left it in production.
      await deployDeletion(asking, fileId, { certain: false });
    }
  },
};

/** `<projectId>/file/<fileId>`. */
function place(id: string): { projectId: string; fileId: string } {
  const [projectId = "", , fileId = ""] = id.split("/");
  return { projectId, fileId };
}
const idOf = (projectId: string, fileId: string) => `${projectId}/file/${fileId}`;

const ask = (args: Kept, projectId: string, deadline: number, id?: string): Asking => ({
  client: alibaba(args.connection),
  projectId,
  deadline,
  about: args.name ?? id ?? `adopted task ${adoptedId(args) ?? ""}`,
});

const gone = ({ about }: Asking, fileId: string) =>
  new TaskError(`${about}: file ${fileId} is gone; run \`pulumi refresh\`, then \`pulumi up\` creates it again`);

/** What CreateDISyncTask carries beside the content, which is compared. */
const CREATED_WITH = ["name", "folder", "resourceGroup", "cu"] as const;

/**
 * The file of this resource: left behind by an interrupted run, or made now. Sets `work.id` as soon as one exists.
 * `fresh`: it can't be older than this run, and has what the arguments say.
 */
async function ourFile(work: SyncWork, asking: Asking): Promise<{ file: WireFile; fresh: boolean }> {
  const { args, token } = work;
  const named = await withAdvice(asking, () => filesNamed(asking, args.name as string));
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
    fileId ??= await makeFile(work, asking, clientToken, named);
    work.facts.fileId = fileId;
    work.facts.phase = "created";
    work.id = idOf(args.projectId, fileId);
    const file = await shown(asking, fileId);
    if (file)
      return { file, fresh: named.length === 0 && sameContent(String(file.File["Content"]), args.taskContent ?? {}) };
    if (dead.has(fileId)) throw gone(asking, fileId);
    // The token still stands for a file that was deleted since. Every life follows from the one before it, so that a
    // repeated run finds the same tokens again.
    dead.add(fileId);
    clientToken = `${token}-${args.projectId}-${fileId}`;
    fileId = undefined;
  }
}

/** Assumption, named here alone: how soon reads show what was written is not documented; this long they may be late. */
const SETTLING_MILLISECONDS = 3_000;

const shown = (asking: Asking, fileId: string): Promise<WireFile | undefined> =>
  poll(() => getFile(asking, fileId), { deadline: Math.min(asking.deadline, Date.now() + SETTLING_MILLISECONDS / 3) });

/** One CreateDISyncTask, and what became of it when nobody said. */
async function makeFile(
  work: SyncWork,
  asking: Asking,
  clientToken: string,
  before: readonly ListedFile[],
): Promise<string> {
  const { args } = work;
  const { client, about, deadline } = asking;
  const call = async (): Promise<string> => {
    const parameters = {
      ProjectId: args.projectId,
      TaskType: "DI_OFFLINE",
      TaskName: args.name,
      TaskContent: contentText(args.taskContent ?? {}),
      TaskParam: taskParam(args, args.folder),
      ClientToken: clientToken,
    };
    // Not repeated by the client: we look first, as nobody has said how long the service remembers a ClientToken.
    const answer = await client.call("CreateDISyncTask", parameters, { about, deadline, repeatable: false });
    const fileId = (answer["Data"] as { FileId?: string | number } | undefined)?.FileId;
    if (fileId === undefined || fileId === null)
      throw new TaskError(`${about}: CreateDISyncTask answered without a FileId; run \`pulumi up\` again`);
    return String(fileId);
  };
  try {
    return await call();
  } catch (error) {
    if (isUnclear(error)) return (await newcomer(args, asking, before)) ?? call();
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
    if (file && sameContent(String(file.File["Content"]), args.taskContent ?? {})) return fileId;
  }
  return undefined;
}

const inOurFolder = ({ AbsoluteFolderPath }: ListedFile, { folder }: Kept) =>
  folder === undefined || AbsoluteFolderPath === undefined || canonicalFolder(AbsoluteFolderPath) === folder;

const nameTaken = (args: DataWorksDISyncTaskArguments, { FileId, AbsoluteFolderPath }: ListedFile, cause?: unknown) =>
  new TaskError(
    `name ${JSON.stringify(args.name)} exists in workspace ${args.projectId}` +
      `${AbsoluteFolderPath ? `, folder ${AbsoluteFolderPath},` : ""} and was not created by this resource; ` +
      `to take it over write adopt: "${String(FileId)}", or choose another name`,
    { cause },
  );

/** The first call of a life meets a workspace of the wrong generation. */
async function withAdvice<T>({ projectId }: Asking, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof CloudError) || !["auth", "business", "missing", "unknown"].includes(error.errorClass))
      throw error;
    throw new TaskError(
      `${error.message}; a DataWorksDISyncTask needs a workspace of the earlier Data Studio: if ${projectId} uses the new one, take another workspace`,
      { cause: error },
    );
  }
}

/** TaskParam as JSON text, or nothing; its members travel together, since an update may replace it as a whole. */
function taskParam(args: Kept, folder?: string): string | undefined {
  const members = { FileFolderPath: folder, ResourceGroup: args.resourceGroup, Cu: args.cu };
  return Object.values(members).every((value) => value === undefined) ? undefined : JSON.stringify(members);
}

/** Everything declared, for a file of which only the creation is certain. */
const declaredPaths = (work: SyncWork): Set<string> => {
  const paths = work.changes.filter(({ kind, leaf }) => kind !== "removed" && !leaf.option).map(({ path }) => path);
  // The description also carries our token.
  return new Set([...paths, "description"]);
};

/** The declared or cleared properties that have to be sent. */
function sentPaths(work: SyncWork): Set<string> {
  const paths = work.changes
    .filter(
      ({ path, kind, leaf }) =>
        !leaf.option &&
        path !== "projectId" &&
        (kind !== "removed" || leaf.clear !== undefined || path === "schedule.timeZone"),
    )
    .map(({ path }) => path);
  return new Set(paths);
}

function warnAboutKeptValues(work: SyncWork): void {
  for (const { path, kind, leaf } of work.changes) {
    if (kind === "removed" && leaf.clear === undefined && !leaf.option && path !== "schedule.timeZone") {
      work.warn(
        `${work.args.name ?? work.id}: ${path} is no longer declared; the service keeps its value, and it is not compared any more`,
      );
    }
  }
}

/**
 * UpdateDISyncTask sends everything in the URL, and no document says how long one may be (contracts.md §6.13): a longer
 * script goes into the body of UpdateFile. Counted as it is encoded.
 */
const LONGEST_CONTENT_IN_QUERY = 7_000;

/** Sends some properties through the operations that carry them; answers what UpdateFile was sent. */
async function write(
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
  remember(work, paths);
  if (facts.phase === "created") {
    // Made by CreateDISyncTask just now, or by an earlier run with other arguments.
    if (file.File["FileName"] === args.name) paths.delete("name");
    if (args.taskContent !== undefined && sameContent(String(file.File["Content"]), args.taskContent))
      paths.delete("taskContent");
  }
  const text = paths.has("taskContent") && args.taskContent !== undefined ? contentText(args.taskContent) : undefined;
  const inBody = text !== undefined && encodeURIComponent(text).length > LONGEST_CONTENT_IN_QUERY;
  const sync = {
    ...(text !== undefined && !inBody && { TaskContent: text }),
    ...((paths.has("resourceGroup") || paths.has("cu")) && { TaskParam: taskParam(args) }),
  };
  if (Object.keys(sync).length > 0) {
    await client.call(
      "UpdateDISyncTask",
      { ProjectId: projectId, FileId: fileId, TaskType: "DI_OFFLINE", ...sync },
      { about, deadline },
    );
    if (facts.phase !== "created") facts.phase = "draft";
  }
  const sent = { ...toWire(args, paths, termsOf(work, file)), ...(inBody && { Content: text }) };
  if (Object.keys(sent).length > 0) {
    await updateFile(asking, fileId, file, sent);
    facts.phase = "draft";
  }
  return sent;
}

/** What we made carries our token; an adopted file keeps the one it may have. */
const termsOf = ({ facts, token }: SyncWork, file: WireFile): Terms => ({
  zone: zoneOf(facts.timeZone),
  token: facts.origin === "adopted" ? tokenOf(String(file.File["FileDescription"] ?? "")) : token,
});

/** UpdateFile with what it is given, and the upstream outputs that its note demands for every sync task. */
async function updateFile(
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

/** Keeps as facts what no read brings back, or what a read needs to know. */
function remember({ args, facts }: SyncWork, paths: ReadonlySet<string>): void {
  if (paths.has("taskContent") && args.taskContent !== undefined) facts.contentShape = shapeOf(args.taskContent);
  if (paths.has("schedule.timeZone")) facts.timeZone = args.schedule?.timeZone ?? "";
  if (paths.has("schedule.resourceGroupIdentifier"))
    facts.scheduleResourceGroup = args.schedule?.resourceGroupIdentifier ?? "";
  if (paths.has("schedule.outputs")) facts.ownOutputDeclared = declaresOwnOutput(args, facts.fileId as string);
}

async function bringToProduction(work: SyncWork, asking: Asking): Promise<void> {
  const { args, facts } = work;
  if (args.publish === false || facts.phase === undefined || facts.phase === "published") return;
  await publish(asking, facts.fileId as string, facts, args.comment);
}

/** Reads the file after a write; a service that is slow to show it gets a few moments. */
async function readBack(work: SyncWork, asking: Asking): Promise<WireFile> {
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

/** Puts back what UpdateFile has reset although it was not sent, once. */
async function repair(work: SyncWork, asking: Asking, parameters: Record<string, unknown>): Promise<void> {
  const names = Object.keys(parameters);
  if (names.length === 0) return;
  const fileId = work.facts.fileId as string;
  work.warn(`${asking.about}: UpdateFile changed ${names.join(", ")}, which it was not sent; they are put back`);
  const file = await getFile(asking, fileId);
  if (!file) throw gone(asking, fileId);
  // The first call has set these, and this one must not lose them in turn.
  const declared = toWire(work.args, sentPaths(work), termsOf(work, file));
  await updateFile(asking, fileId, file, { ...declared, ...parameters });
  work.facts.phase = "draft";
  await bringToProduction(work, asking);
  await readBack(work, asking);
}

/** A file in the words of the arguments, with what only the state knows. */
async function found(asking: Asking, file: WireFile, facts: Facts): Promise<Found<DataWorksDISyncTaskFacts>> {
  const fileId = String(file.File["FileId"]);
  const zone = zoneOf(facts.timeZone);
  const values = fromWire(
    file,
    { zone, hidesOwnOutputOf: facts.ownOutputDeclared === true ? undefined : fileId },
    facts.contentShape,
  );
  const folderId = String(file.File["FileFolderId"] ?? "");
  const known = facts.folderId !== undefined && facts.folderId !== "" && facts.folderId === folderId;
  const folder = !facts.folderPath ? undefined : known ? facts.folderPath : await folderOf(asking, fileId);
  const nodeId = file.File["NodeId"];
  return {
    values: {
      ...values,
      projectId: asking.projectId,
      ...(folder !== undefined && { folder }),
      schedule: {
        ...(values["schedule"] as object | undefined),
        ...(facts.timeZone && { timeZone: facts.timeZone }),
        ...(facts.scheduleResourceGroup && { resourceGroupIdentifier: facts.scheduleResourceGroup }),
      },
    },
    unreadable: (path) => path === "folder" && folder === undefined,
    facts: {
      fileId,
      ...(nodeId !== undefined && nodeId !== null && { nodeId: String(nodeId) }),
      ...(file.File["CurrentVersion"] !== undefined && { version: Number(file.File["CurrentVersion"]) }),
      ...(file.File["LastEditTime"] !== undefined && { modifyTime: String(file.File["LastEditTime"]) }),
      ...(outputOf(file) !== undefined && { output: outputOf(file) as string }),
      ...(folder !== undefined && { folderPath: folder, folderId }),
    },
  };
}

async function adopt(work: SyncWork): Promise<void> {
  const { args, facts } = work;
  const fileId = adoptedId(args) as string;
  const asking = ask(args, args.projectId, deadlineOf(args, "create"));
  const file = await withAdvice(asking, () => getFile(asking, fileId));
  if (!file) throw new TaskError(`adopt: there is no file ${fileId} in workspace ${args.projectId}`);
  const type = file.File["FileType"];
  if (type !== undefined && Number(type) !== SYNC_FILE) {
    throw new TaskError(`adopt: file ${fileId} is no batch sync task (file type ${String(type)}, not ${SYNC_FILE})`);
  }
  refuseOthers("adopt", fileId, file, work.token, args);
  facts.fileId = fileId;
  facts.origin = "adopted";
  if (args.taskContent !== undefined) facts.contentShape = shapeOf(args.taskContent);
  if (args.folder !== undefined) facts.folderPath = args.folder;
  facts.timeZone = args.schedule?.timeZone ?? "";
  facts.ownOutputDeclared = declaresOwnOutput(args, fileId);
  work.id = idOf(args.projectId, fileId);
  work.found = await found(asking, file, facts);
  work.recordOnly = !adoptsAndApplies(args);
  if (work.recordOnly) return;
  const unknown = ["resourceGroup", "cu", "schedule.resourceGroupIdentifier"].filter((path) => work.changed(path));
  const paths = new Set([...work.differences(work.found), ...unknown]);
  if (paths.size === 0) return;
  const sent = await write(work, asking, file, paths);
  await bringToProduction(work, asking);
  const after = await readBack(work, asking);
  await repair(work, asking, undoing(file, after, sent, zoneOf(facts.timeZone)));
}

/** A file that carries another resource's token is that one's, unless the user insists. */
function refuseOthers(what: "adopt" | "delete", fileId: string, file: WireFile, token: string, { force }: Kept): void {
  const owner = tokenOf(String(file.File["FileDescription"] ?? ""));
  if (owner === undefined || owner === token || force === true) return;
  throw new TaskError(
    `${what}: file ${fileId} was created by another stack; release it there first, or set force: true`,
  );
}

/** Stops the schedule of a file that stays, in production too. */
async function pause(asking: Asking, fileId: string, file: WireFile | undefined): Promise<void> {
  if (!file) return;
  const { SchedulerType, Stop } = file.NodeConfiguration;
  if (SchedulerType !== "PAUSE" || String(Stop) !== "true")
    await updateFile(asking, fileId, file, { SchedulerType: "PAUSE", Stop: true });
  else if (Number(file.File["CommitStatus"]) === 1) return;
  await publish(asking, fileId, { phase: "draft" }, undefined);
}
