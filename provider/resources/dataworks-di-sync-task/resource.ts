import { alibaba } from "../../clouds/connections";
import { now } from "../../core/clock";
import { TaskError } from "../../core/errors";
import { type Definition, type Found } from "../../core/definition";
import { shapeOf } from "../../core/document";
import { tokenOf } from "../../core/token";
import { approvalOf } from "../approval";
import { withAdvice } from "../generation";
import { adoptedId, adoptsAndApplies, afterlife, deadlineOf, optionReplacements } from "../options";
import { type DataWorksDISyncTaskArguments, fields } from "./arguments";
import { type DataWorksDISyncTaskFacts, type Facts, type Kept, type SyncWork, factNames, idOf, place } from "./facts";
import { type Asking, SYNC_FILE, getFile, gone } from "./lookup";
import { needsEarlierStudio, ourFile } from "./make";
import { deleteFile, deployDeletion } from "./deletion";
import { governance } from "./governance";
import { outlook } from "./outlook";
import { hasDevelopment, publish, resumed } from "./publish";
import { acceptWhatIsKept, found, readBack, shownFile, unmovedFile } from "./reading";
import { rules } from "./rules";
import { textFrom } from "./answers";
import { type WireFile, declaresOwnOutput, towards, undoing, unlike, updateParameters, zoneOf } from "./wire";
import { isUnchangedRefused, updateFile } from "./update-file";
import { leadToProduction, termsOf, write } from "./write";

/** The whole life of a batch sync task. */
export const definition: Definition<DataWorksDISyncTaskArguments, DataWorksDISyncTaskFacts> = {
  name: "DataWorksDISyncTask",
  module: "dataworks",
  version: "2020-05-18",
  fields,
  rules,
  outlook,
  governance,
  factNames,

  replaces: ({ facts, inputs, kept }) => [
    ...optionReplacements([facts.fileId], inputs, kept),
    // The rest of the deletion, and then the task anew in its place.
    ...(facts.phase === "deleting" ? ["projectId"] : []),
  ],

  unfinished: ({ phase }, { publish }) =>
    phase !== undefined && (publish === false ? phase === "created" : phase !== "published"),

  async create(work) {
    const { args } = work;
    const asking = ask(args, args.projectId, deadlineOf(args, "create"), undefined, work.inform);
    if (adoptedId(args) !== undefined) return adopt(work, asking);
    const { file, fresh } = await ourFile(work, asking);
    work.prior = await found(asking, file, work.facts);
    const paths = declaredPaths(work);
    if (fresh) for (const path of CREATED_WITH) paths.delete(path);
    await writeAndPublish(work, asking, file, paths);
  },

  async update(work) {
    const { args, facts } = work;
    const { projectId, fileId } = place(work.id as string);
    const asking = ask(args, projectId, deadlineOf(args, "update"), undefined, work.inform);
    dropWhatIsNotDeclared(work);
    const paths = facts.phase === "created" ? declaredPaths(work) : sentPaths(work);
    if (paths.size === 0) {
      await publishAndRead(work, asking);
      return;
    }
    await resumed(asking, facts);
    const before = await getFile(asking, fileId);
    if (!before) throw gone(asking, fileId);
    work.prior = await found(asking, before, facts);
    await writeAndPublish(work, asking, before, paths);
  },

  async read(id, facts, kept, _token, asRecorded) {
    const { projectId, fileId } = place(id);
    const asking = ask(kept, projectId, deadlineOf(kept, "read"), id);
    const unmoved = await unmovedFile(asking, fileId, facts, asRecorded);
    if (unmoved) return unmoved;
    const file = await getFile(asking, fileId);
    if (file === undefined) return (await mayStillRun(asking, facts, kept)) ? leftInProduction : undefined;
    const is = await found(asking, file, facts);
    // Brought back out of the recycle bin: what production runs is not known.
    return facts.phase === "deleting" ? { ...is, facts: { ...is.facts, phase: "draft" } } : is;
  },

  async delete(id, facts, kept, token, inform) {
    const { projectId, fileId } = place(id);
    const asking = ask(kept, projectId, deadlineOf(kept, "delete"), id, inform);
    const what = afterlife(kept, facts.origin === "adopted");
    if (what === "release") return;
    const file = await getFile(asking, fileId);
    if (what === "pause") return pause(asking, fileId, file, facts);
    if (file) {
      refuseOthers("delete", fileId, file, token, kept);
      await deleteFile(asking, fileId);
    } else if (await mayStillRun(asking, facts, kept)) {
      await deployDeletion(asking, fileId, { certain: false });
    }
  },
};

const ask = (args: Kept, projectId: string, deadline: number, id?: string, inform?: Asking["inform"]): Asking => ({
  client: alibaba(args.connection),
  projectId,
  deadline,
  approval: approvalOf(args),
  ...(inform && { inform }),
  about: args.name ?? id ?? `adopted task ${adoptedId(args) ?? ""}`,
});

/**
 * Whether production may run a file that is gone from development: a deletion that was interrupted before its DeployFile
 * leaves it there, no operation shows production, and nobody else will take it off.
 */
async function mayStillRun(asking: Asking, facts: Facts, kept: Kept): Promise<boolean> {
  if (facts.nodeId === undefined || afterlife(kept, facts.origin === "adopted") !== "delete") return false;
  return facts.standardMode ?? (await hasDevelopment(asking));
}

/** Kept in the state although nothing can be read, until the deletion has reached production. */
const leftInProduction: Found<DataWorksDISyncTaskFacts> = {
  values: {},
  unreadable: () => true,
  facts: { phase: "deleting" },
};

/** What CreateDISyncTask carries. */
const CREATED_WITH = ["name", "taskContent", "folder", "resourceGroup", "cu"] as const;

/** Everything declared, for a file of which only the creation is certain. */
const declaredPaths = (work: SyncWork): Set<string> => {
  const declared = work.changes.filter(({ kind, leaf }) => kind !== "removed" && !leaf.option);
  // The description also carries our token.
  return new Set([...declared.map(({ path }) => path), "description"]);
};

/** The declared or cleared properties that have to be sent. */
function sentPaths(work: SyncWork): Set<string> {
  const sent = work.changes.filter(
    ({ kind, leaf }) => !leaf.option && (kind !== "removed" || leaf.clear !== undefined),
  );
  return new Set(sent.map(({ path }) => path));
}

/** Forgets what the user no longer declares, of what only the state knows. */
function dropWhatIsNotDeclared({ args, facts }: SyncWork): void {
  if (args.taskContent === undefined) delete facts.contentShape;
  if (args.resourceGroup === undefined) delete facts.resourceGroup;
  if (args.cu === undefined) delete facts.cu;
  if (args.schedule?.resourceGroupIdentifier === undefined) delete facts.scheduleResourceGroup;
}

async function writeAndPublish(
  work: SyncWork,
  asking: Asking,
  before: WireFile,
  paths: ReadonlySet<string>,
): Promise<void> {
  const sent = await write(work, asking, before, paths);
  const after = await publishAndRead(work, asking);
  const isSent = Object.keys(sent).length > 0;
  const undone = isSent ? lostBy(before, after, sent, work.facts) : {};
  await repair(work, asking, before, undone, paths);
  acceptWhatIsKept(work);
}

/** What UpdateFile has reset although it was not sent, as parameters that put it back. */
function lostBy(
  before: WireFile,
  after: WireFile,
  sent: Readonly<Record<string, unknown>>,
  { timeZone, scheduleResourceGroup }: Facts,
): Record<string, unknown> {
  const lost = undoing(before, after, sent, zoneOf(timeZone));
  const [was, is] = [before, after].map(({ NodeConfiguration }) => NodeConfiguration["ResourceGroupId"]);
  // Reads show a number for the group, and only the state knows its name. Which number a reset leaves there, nobody knows:
  // another one is a loss where something else got lost as well.
  const hasLostGroup = was !== is && (!is || Object.keys(lost).length > 0);
  return hasLostGroup && scheduleResourceGroup && !("ResourceGroupIdentifier" in sent)
    ? { ...lost, ResourceGroupIdentifier: scheduleResourceGroup }
    : lost;
}

/** How long the state may be read after a failure, whatever time was left. */
const READ_AFTER_FAILURE_MILLISECONDS = 10_000;

/** Brings what was written to production. A failure leaves a record of what is there, so that the next run only goes on. */
async function publishAndRead(work: SyncWork, asking: Asking): Promise<WireFile> {
  try {
    await bringToProduction(work, asking);
  } catch (error) {
    await readBack(work, { ...asking, deadline: now() + READ_AFTER_FAILURE_MILLISECONDS }).catch(() => undefined);
    throw error;
  }
  return readBack(work, asking);
}

async function bringToProduction({ args, facts }: SyncWork, asking: Asking): Promise<void> {
  if (args.publish === false || facts.phase === undefined || facts.phase === "published") return;
  await publish(asking, facts.fileId as string, facts, args.comment);
}

const putBack = (parameters: object): string =>
  `UpdateFile changed ${Object.keys(parameters).join(", ")}, which it was not sent; they are put back`;

/** Puts back what UpdateFile has reset although it was not sent, once. */
async function repair(
  work: SyncWork,
  asking: Asking,
  before: WireFile,
  parameters: Record<string, unknown>,
  paths: ReadonlySet<string>,
): Promise<void> {
  if (Object.keys(parameters).length === 0) return;
  const fileId = work.facts.fileId as string;
  work.warn(`${asking.about}: ${putBack(parameters)} [put-back]`);
  const file = await getFile(asking, fileId);
  if (!file) throw gone(asking, fileId);
  const terms = termsOf(work, file);
  // The first call, or somebody since, has set these, and this one must not lose them in turn.
  const again = { ...towards(file, before, terms), ...updateParameters(work.args, paths, terms), ...parameters };
  work.carries("UpdateFile", [...paths]);
  await updateFile(asking, fileId, file, again, terms);
  work.facts.phase = "draft";
  await publishAndRead(work, asking);
}

async function adopt(work: SyncWork, asking: Asking): Promise<void> {
  const { args, facts } = work;
  const fileId = adoptedId(args) as string;
  const file = await withAdvice(needsEarlierStudio(asking), () => getFile(asking, fileId));
  if (!file) throw new TaskError(`adopt: there is no file ${fileId} in workspace ${args.projectId}`);
  const type = textFrom(file.File["FileType"]);
  if (type !== undefined && Number(type) !== SYNC_FILE) {
    throw new TaskError(`adopt: file ${fileId} is no batch sync task (file type ${type}, not ${SYNC_FILE})`);
  }
  refuseOthers("adopt", fileId, file, work.token, args);
  facts.fileId = fileId;
  facts.origin = "adopted";
  if (args.taskContent !== undefined) facts.contentShape = shapeOf(args.taskContent);
  if (args.folder !== undefined) facts.folderPath = args.folder;
  facts.timeZone = args.schedule?.timeZone ?? "";
  facts.ownOutputDeclared = declaresOwnOutput(args, fileId);
  work.id = idOf(args.projectId, fileId);
  work.found = work.prior = await found(asking, file, facts);
  work.recordOnly = !adoptsAndApplies(args);
  if (work.recordOnly) return;
  const different = work.differences(work.found);
  const sent = work.changes.filter(({ path, leaf }) => !leaf.option && different.includes(path));
  if (sent.length > 0) return writeAndPublish(work, asking, file, new Set(sent.map(({ path }) => path)));
  leadToProduction(facts, file);
  await publishAndRead(work, asking);
}

/** A file that carries another resource's token is that one's, unless the user insists. */
function refuseOthers(what: "adopt" | "delete", fileId: string, file: WireFile, token: string, { force }: Kept): void {
  const owner = tokenOf(textFrom(file.File["FileDescription"]));
  if (owner === undefined || owner === token || force === true) return;
  throw new TaskError(
    `${what}: file ${fileId} was created by another stack; release it there first, or set force: true`,
  );
}

/** Stops the schedule of a file that stays, in production too. */
async function pause(asking: Asking, fileId: string, file: WireFile | undefined, facts: Facts): Promise<void> {
  if (!file || (isPaused(file) && Number(file.File["CommitStatus"]) === 1)) return;
  if (!isPaused(file)) await setPause(asking, fileId, file, facts);
  await publish(asking, fileId, { phase: "draft" }, undefined);
}

const PAUSE = { SchedulerType: "PAUSE", Stop: true } as const;
const pauseOf = ({ NodeConfiguration: { SchedulerType, Stop } }: WireFile): readonly boolean[] => [
  SchedulerType === PAUSE.SchedulerType,
  String(Stop) === "true",
];
const isPaused = (file: WireFile): boolean => pauseOf(file).every(Boolean);

/** Pauses a file, and puts back what UpdateFile resets by it: what is published here stays for good. */
async function setPause(asking: Asking, fileId: string, file: WireFile, facts: Facts): Promise<void> {
  const terms = { zone: zoneOf(facts.timeZone) };
  const given = isUnchangedRefused(asking.client) ? unlike(PAUSE, file, terms) : PAUSE;
  await updateFile(asking, fileId, file, given, terms);
  let after = await shownFile(asking, fileId, isPaused);
  const lost = lostBy(file, after, PAUSE, facts);
  if (Object.keys(lost).length > 0) {
    asking.inform?.(`${asking.about}: ${putBack(lost)}`);
    await updateFile(asking, fileId, after, { ...PAUSE, ...lost }, terms);
    after = await shownFile(asking, fileId, isPaused);
  }
  // Either stops it; that both are shown is not established.
  if (!pauseOf(after).some(Boolean)) {
    throw new TaskError(
      `${asking.about}: onDelete: the service accepted the pause of file ${fileId} and does not show it, so its schedule may still run; pause the task in the console, then run the same command again`,
    );
  }
}
