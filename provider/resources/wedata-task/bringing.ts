import { now } from "../../core/clock";
import { TaskError, isUnclear } from "../../core/errors";
import { type Placed, isObject, putAt, valueAt } from "../../core/fields";
import { canonicalMembers } from "../../core/check";
import { type Work } from "../../core/definition";
import { poll } from "../../core/poll";
import { stableText } from "../../core/record";
import { EXACT } from "../../core/settle";
import { carries } from "../../core/wire";
import { readContent } from "../../core/content";
import { type WeDataTaskArguments, fields } from "./arguments";
import { scheduleFields } from "./schedule";
import { type Edit, type Sent, publish, send, setOwners } from "./change";
import { entriesOf, ofOthers } from "./extension";
import { type Arguments, type WeDataTaskFacts, found, glimpse } from "./facts";
import { habitsOf } from "./habits";
import { asMeant, countsSeconds, learn } from "./learning";
import {
  type Asking,
  SETTLING_MILLISECONDS,
  type Sighting,
  dependTask,
  isGone,
  readParameters,
  readTask,
} from "./lookup";
import { type Shapes, type WriteTerms, isNothing } from "./spelling";
import { type Reading, UNLISTED, declaredPathsOf, fromWire, modifyTimeOf, readingOf, table } from "./wire";

export type WeDataWork = Work<WeDataTaskArguments, WeDataTaskFacts>;

/** Whether an update operation carries a property. */
const isSendable = (path: string): boolean =>
  table.some(
    (placed) =>
      placed.path === path &&
      !placed.leaf.replace &&
      (carries(placed, "ModifyTaskInfo") || carries(placed, "ModifyTaskInfoDs")),
  );

/** The declared properties that an update can carry; with the notes of a task made here, which carry its token. */
export function declaredPaths({ args, facts }: WeDataWork): Set<string> {
  const paths = table.map(({ path }) => path).filter((path) => isSendable(path) && valueAt(args, path) !== undefined);
  return new Set(facts.origin === "adopted" ? paths : [...paths, "notes"]);
}

/** The properties that moved and can be sent; a removed one only where something clears it. */
export const changedPaths = ({ changes }: WeDataWork): Set<string> =>
  new Set(
    changes
      .filter(({ path, kind, leaf }) => isSendable(path) && (kind !== "removed" || leaf.clear !== undefined))
      .map(({ path }) => path),
  );

/** Brings a task to where its arguments want it: the edit, its publication, and what can be read of it afterwards. */
export async function bring(work: WeDataWork, asking: Asking, wanted: ReadonlySet<string>): Promise<void> {
  const { facts } = work;
  const shapesBefore = facts.reading?.taskExt ?? {};
  try {
    await afterTheFirst(work, asking, () => brought(work, asking, wanted, shapesBefore));
  } catch (error) {
    // What was ours before may still be there, and the next attempt has to take it away.
    const taskExt = { ...facts.reading?.taskExt, ...shapesBefore };
    if (Object.keys(taskExt).length > 0) facts.reading = { ...facts.reading, taskExt };
    throw error;
  }
}

/**
 * The first update of a task that is there already goes ahead of the others, which read their tasks in full before and after
 * themselves as long as nobody knows what becomes of what is left out.
 */
async function afterTheFirst(work: WeDataWork, { client }: Asking, update: () => Promise<void>): Promise<void> {
  const habits = habitsOf(client);
  if (work.facts.phase === "created" || habits.absent !== undefined) return update();
  if (habits.first !== undefined) {
    await habits.first;
    return update();
  }
  const first = update();
  habits.first = first.catch(() => undefined);
  return first;
}

async function brought(
  work: WeDataWork,
  asking: Asking,
  wanted: ReadonlySet<string>,
  shapesBefore: Shapes,
): Promise<void> {
  const { args, facts } = work;
  const isNew = facts.phase === "created";
  // Remembered before anything is sent, so that a refresh after a failure can read it.
  facts.reading = readingOf(args, withoutIgnored(facts.reading, wanted));
  const before = await sightingBefore(work, asking, wanted);
  // An adopted task may show what is declared in a form of its own from the beginning.
  if (work.found === undefined) work.prior = before && found(before, facts, args);
  const written = { wanted, before, isNew };
  const terms: WriteTerms = {
    ...(facts.origin !== "adopted" ? { token: work.token, made: true } : { token: facts.reading?.token }),
    ...(before && { extension: { live: entriesOf(before.task.TaskExt?.Properties), ours: shapesBefore } }),
  };
  const inLists = await areListsEnough(work, asking, written);
  const clears = habitsOf(asking.client).absent === "clears" && before !== undefined;
  const edit = withStep(work, clears ? completed(work, asking, before, wanted) : { args, wanted });
  let seen = await putAndSeen(work, asking, { ...edit, terms }, wanted, inLists);
  // The first of these finds out what becomes of what is left out, and the second goes by that.
  const cleared = before && !clears ? await clearedPaths(work, asking, before, seen, wanted) : [];
  const isKept = !isNew && habitsOf(asking.client).absent === "keeps";
  // An update may clear code that it was not given, and writes no other.
  const code = before?.script ?? (seen.script || undefined);
  const there = before && { ...before, ...(code !== undefined && { script: code }) };
  const lost = [...(isKept ? [] : lostProperties(work, edit.wanted, there)), ...cleared];
  if (lost.length > 0) {
    work.warn(
      `${asking.about}: ${lost.join(", ")} did not have the value of before any more, and got it again [put-back]`,
    );
    const again = there ? completed(work, asking, there, wanted) : { args, wanted: declaredPaths(work) };
    seen = await putAndSeen(work, asking, { ...withStep(work, again), terms }, wanted);
  }
  learn(work, asking, written, seen);
}

interface Values {
  readonly args: Arguments;
  readonly wanted: ReadonlySet<string>;
}

/** With the interval 1 where chosen hours or days are sent: beside another one the service refuses them (ModifyTaskInfoDs). */
function withStep({ args: declared, facts }: WeDataWork, { args, wanted }: Values): Values {
  const isOpen = declared.cycleStep === undefined && facts.phase !== "created";
  if (!isOpen || !wanted.has("taskAction") || !args.taskAction) return { args, wanted };
  return { args: { ...args, cycleStep: 1 }, wanted: new Set([...wanted, "cycleStep"]) };
}

const withoutIgnored = (reading: WeDataTaskFacts["reading"], wanted: ReadonlySet<string>) =>
  reading?.ignored ? { ...reading, ignored: reading.ignored.filter((path) => !wanted.has(path)) } : reading;

/**
 * Whether the lists show all that a write can change: the service is known to keep what an update leaves out, what they
 * do not show is not sent, and nobody has edited it since it was recorded, or nothing of it is declared.
 */
async function areListsEnough(
  { args, facts }: WeDataWork,
  asking: Asking,
  { wanted, before, isNew }: { wanted: ReadonlySet<string>; before: Sighting | undefined; isNew: boolean },
): Promise<boolean> {
  const { modifyTime, taskId, phase } = facts;
  const isWhole = before !== undefined && before.operation !== "DescribeDependTaskLists";
  if (isNew || isWhole || modifyTime === undefined || phase !== "published" || args.publish === false) return false;
  if (habitsOf(asking.client).absent !== "keeps" || UNLISTED.some((path) => wanted.has(path))) return false;
  if (!declaredPathsOf(args).some((path) => UNLISTED.includes(path))) return true;
  const task = before?.task ?? (await dependTask(asking, taskId as string));
  return task !== undefined && modifyTimeOf(task) === modifyTime;
}

/** Properties that say more when it is known how the task was before. */
const COMPARED = ["selfDepend", "tryLimit", "taskExt"];

/**
 * How an existing task is before it is written to: where something depends on it, and until it is known whether the
 * service clears what an update leaves out (once in a run, as a rule).
 */
async function sightingBefore(
  { args, facts, changes, found: known }: WeDataWork,
  asking: Asking,
  wanted: ReadonlySet<string>,
): Promise<Sighting | undefined> {
  // Nobody knows what stands there: what is still the same afterwards was not taken, and is no form of what was sent.
  const uncertain = changes
    .filter(({ path, kind, unsure }) => known === undefined && wanted.has(path) && (kind === "added" || unsure))
    .filter(({ leaf }) => !EXACT.has(leaf.kind) && !leaf.writeOnly)
    .map(({ path }) => path);
  const isNeeded =
    facts.phase !== "created" &&
    wanted.size > 0 &&
    (habitsOf(asking.client).absent !== "keeps" || uncertain.length > 0 || COMPARED.some((path) => wanted.has(path)));
  if (!isNeeded) return undefined;
  if (habitsOf(asking.client).absent === "keeps" && !UNLISTED.some((path) => wanted.has(path))) {
    const task = await dependTask(asking, facts.taskId as string);
    if (task !== undefined) return { task, operation: "DescribeDependTaskLists" };
  }
  const mayClear = habitsOf(asking.client).absent !== "keeps";
  // Where everything goes out again, the code does as well.
  const sendsCode = habitsOf(asking.client).absent === "clears" && args.script?.content !== undefined;
  const reading: Reading = {
    ...((sendsCode || uncertain.includes("script.content")) && { script: true }),
    ...((mayClear || uncertain.includes("parameters")) && { parameters: true }),
  };
  const seen = await readTask(asking, facts.taskId as string, reading, facts.phase === "published");
  return seen?.operation === undefined || seen.scheduledOnly ? undefined : seen;
}

/** The values of a task that an update could carry, as they were read, whether declared or not. */
function valuesOf(
  { args, facts }: WeDataWork,
  { client }: Asking,
  { task, operation, script }: Sighting,
): Record<string, unknown> {
  if (operation === undefined) return {};
  const { countsRuns, swapsSelfDepend } = habitsOf(client);
  const { ignored: _ignored, ...known } = facts.reading ?? {};
  const reading: Reading = {
    ...known,
    ...(countsRuns && args.tryLimit === undefined && { countsRuns }),
    ...(swapsSelfDepend && args.selfDepend === undefined && { selfDepend: "swapped" }),
  };
  const { values: shown, unreadable } = fromWire(task, operation, { reading, trusting: true });
  const canonical = canonicalMembers(fields, shown);
  if (args.taskExt === undefined && !unreadable("taskExt"))
    canonical["taskExt"] = ofOthers(entriesOf(task.TaskExt?.Properties));
  // The service computes a cron for every other cycle.
  if (canonical["cycleType"] !== "Crontab") delete canonical["crontabExpression"];
  // An answer without a list or a map is no empty one: there may be one that another read shows.
  const isUnsaid = ({ leaf }: Placed) =>
    (leaf.kind === "list" || leaf.kind === "map") && isNothing(valueAt(task, leaf.wire?.[operation] ?? ""));
  const paths = table
    .filter((placed) => !isUnsaid(placed))
    .map(({ path }) => path)
    .filter((path) => isSendable(path) && !OWNERS.includes(path) && !unreadable(path));
  const values = paths.map((path): [string, unknown] => [path, valueAt(canonical, path)]);
  values.push(["script.content", script]);
  return Object.fromEntries(values.filter(([, value]) => value !== undefined));
}
/** Read as one of several, and no part of every update: leaving them out says nothing. */
const OWNERS = ["owners", "inCharge"];

/**
 * A whole edit for a service that clears what is left out: what is declared, and what was there; that, too, where
 * somebody else has changed what is declared, and nobody has seen it in a preview yet.
 */
function completed(work: WeDataWork, asking: Asking, before: Sighting, wanted: ReadonlySet<string>): Values {
  const { client, about } = asking;
  const declared = declaredPaths(work);
  const there = valuesOf(work, asking, before);
  const theirs = changedByOthers(work, before);
  const kept = Object.keys(there)
    .filter((path) => !wanted.has(path))
    .filter((path) => valueAt(work.args, path) === undefined || theirs.includes(path));
  const hidden = UNREAD_ABROAD.filter((path) => client.site === "intl" && !declared.has(path));
  if (hidden.length > 0 && work.facts.origin === "adopted") {
    work.warn(
      `${about}: the service clears what an update leaves out, and ${hidden.join(", ")} can't be read on the international site: declare what the task has [cleared-unread]`,
    );
  }
  const args: Record<string, unknown> = structuredClone({ ...work.args });
  for (const path of kept) putAt(args, path, there[path]);
  const ours = [...declared].filter((path) => !theirs.includes(path));
  return { args, wanted: new Set([...wanted, ...ours, ...kept]) };
}
const UNREAD_ABROAD = ["taskExt", "parameters", "dependencies"];

/** Declared properties that had another value already before the update, and not only another form of it. */
function changedByOthers(work: WeDataWork, before: Sighting): string[] {
  const { args, facts } = work;
  const rendered = facts.reading?.rendered ?? [];
  return work.differences(found(before, facts, args)).filter((path) => !rendered.includes(path));
}

/**
 * Undeclared values, and others' values of what is declared, that an update took away although it did not name them.
 * Assumption, named here alone: a field that an update leaves out keeps its value (contracts.md §7 has it open); what one
 * update shows settles it for the run.
 */
async function clearedPaths(
  work: WeDataWork,
  asking: Asking,
  before: Sighting,
  seen: Sighting,
  wanted: ReadonlySet<string>,
): Promise<string[]> {
  const taskId = work.facts.taskId as string;
  // The detail may leave them out, and the task was read with them before.
  const { Params } = before.task;
  const isAsked =
    !wanted.has("parameters") && Array.isArray(Params) && Params.length > 0 && isNothing(seen.task.Params);
  const after = isAsked ? { ...seen, task: { ...seen.task, Params: await readParameters(asking, taskId) } } : seen;
  const [there, now] = [valuesOf(work, asking, before), valuesOf(work, asking, after)];
  const isSchedule = (path: string) => Object.hasOwn(scheduleFields, path);
  // Parts of a schedule may follow from each other.
  const movesSchedule = [...wanted].some(isSchedule);
  const unsent = Object.keys(there).filter((path) => !wanted.has(path) && !(movesSchedule && isSchedule(path)));
  // The token line in them is no part of their value.
  const notes = wanted.has("notes") ? undefined : before.task.Notes;
  const keepsNotes = Boolean(notes) && Boolean(after.task.Notes);
  const gone = unsent.filter((path) => isLess(there[path], now[path]) && path !== "notes");
  if (notes && !keepsNotes) gone.push("notes");
  const survived = unsent.some((path) => PROVING.includes(path) && there[path] !== "");
  const habits = habitsOf(asking.client);
  if (gone.length > 0) habits.absent = "clears";
  else if (survived || keepsNotes) habits.absent ??= "keeps";
  const theirs = changedByOthers(work, before);
  return gone.filter((path) => valueAt(work.args, path) === undefined || theirs.includes(path));
}
/** Texts that no task has by itself: one that is still there has survived. */
const PROVING = ["notes", "resourceGroup", "yarnQueue", "sourceServer", "targetServer", "taskAction"];

/** Whether a value has become another one; of a map, whether a key is gone. */
const isLess = (before: unknown, after: unknown): boolean =>
  isObject(before)
    ? Object.keys(before).some((key) => !isObject(after) || !Object.hasOwn(after, key))
    : stableText(before) !== stableText(after ?? "");

/** Puts an edit, and gives the task as it is then; where the service has taken a value for another one, the edit goes out again. */
async function putAndSeen(
  work: WeDataWork,
  asking: Asking,
  edit: Omit<Edit, "carries">,
  wanted: ReadonlySet<string>,
  inLists = false,
): Promise<Sighting> {
  const { ttlInSeconds } = await put(work, asking, edit);
  const seen = await readBack(work, asking, wanted, inLists);
  const meant = asMeant(work, asking, edit.args, seen);
  const inMinutes = edit.wanted.has("executionTtlMinutes") && !ttlInSeconds;
  const isWrongUnit = inMinutes && countsSeconds(asking, edit.args.executionTtlMinutes, seen);
  if (!isWrongUnit && meant === undefined) return seen;
  // The whole of it: a service that clears what is left out would clear the rest.
  await put(work, asking, meant ? { ...edit, args: meant } : edit);
  return readBack(work, asking, wanted);
}

/** Sends an edit, and publishes whatever production does not have. */
async function put(work: WeDataWork, asking: Asking, edit: Omit<Edit, "carries">): Promise<Sent> {
  const { args, facts } = work;
  const taskId = facts.taskId as string;
  let sent: Sent = {};
  if (edit.wanted.size > 0) {
    try {
      const whole = await withCode(edit.args, edit.wanted);
      sent = await send(asking, taskId, { ...edit, args: whole, carries: work.carries });
    } catch (error) {
      if (isUnclear(error) && facts.phase !== "created") facts.phase = "edited";
      // The lists may go on showing what the editing space has lost: the next refresh looks at the task itself.
      facts.modifyTime = "";
      if (await isGone(asking, taskId, error)) throw gone(asking, taskId);
      throw error;
    }
    facts.phase = "edited";
    if (sent.owners) facts.reading = readingOf(args, { ...facts.reading, ownersDue: true });
  }
  if (args.publish !== false && (facts.phase === "edited" || facts.phase === "created")) {
    facts.version = (await publish(asking, taskId)) ?? facts.version ?? "";
    facts.phase = "published";
  }
  const { ownersDue, ...reading } = facts.reading ?? {};
  if (ownersDue && args.owners && facts.phase === "published") {
    work.carries("BatchModifyOpsOwners", ["owners"]);
    await setOwners(asking, taskId, args.owners);
    facts.reading = readingOf(args, reading);
  } else if (sent.owners) {
    work.warn(
      `${asking.about}: this account can set owners only after the task is published; they are set then [owners-later]`,
    );
  }
  return sent;
}

const gone = ({ about }: Asking, taskId: string) =>
  new TaskError(`${about}: task ${taskId} is gone; run \`pulumi refresh\`, then \`pulumi up\` creates it again`);

/** The arguments with the code read from its file, where it is to be sent. */
async function withCode(args: Arguments, wanted: ReadonlySet<string>): Promise<Arguments> {
  if (!wanted.has("script.content")) return args;
  return { ...args, script: { content: (await readContent(args.script?.content, "script.content")) ?? "" } };
}

/** Reads the task after a write; a service that is slow to show it gets a few moments. */
async function readBack(
  work: WeDataWork,
  asking: Asking,
  wanted: ReadonlySet<string>,
  inLists = false,
): Promise<Sighting> {
  const { args, facts } = work;
  const taskId = facts.taskId as string;
  const trusting = facts.origin !== "adopted" || wanted.has("selfDepend");
  const seenInLists = inLists ? await glimpse(asking, facts, args, trusting) : undefined;
  if (seenInLists && seenInLists.task.Submit !== false) {
    work.found = seenInLists.found;
    const isAsWanted = work.stale(work.found).length === 0 && work.disturbed(work.found).length === 0;
    if (isAsWanted) return seenInLists;
  }
  let last: Sighting | undefined;
  await poll(
    async () => {
      last = await readTask(asking, taskId, facts.reading ?? {}, facts.phase === "published");
      // The lists may be late to show a new task.
      if (!last) return undefined;
      work.found = found(last, facts, args, trusting);
      return work.stale(work.found).length === 0 ? true : undefined;
    },
    { deadline: Math.min(asking.deadline, now() + SETTLING_MILLISECONDS) },
  );
  const seen = last;
  if (!seen) throw gone(asking, taskId);
  if (facts.phase === "published" && seen.task.Submit === false) {
    facts.phase = "edited";
    throw new TaskError(
      `${asking.about}: CreateTaskVersionDs reported no error, and task ${taskId} is still not submitted; it may wait for an approval in the console. The next \`pulumi up\` publishes again`,
    );
  }
  return seen;
}

/**
 * Declared properties that were not sent, had their value, and do not have it any more; they are put back at once. What
 * somebody else has changed is left to the next preview.
 */
function lostProperties(work: WeDataWork, wanted: ReadonlySet<string>, before: Sighting | undefined): string[] {
  if (!work.found) return [];
  const rendered = work.facts.reading?.rendered ?? [];
  const theirs = before ? changedByOthers(work, before) : [];
  return work
    .differences(work.found)
    .filter((path) => !wanted.has(path) && isSendable(path) && !rendered.includes(path) && !theirs.includes(path));
}
