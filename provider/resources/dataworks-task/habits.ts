import { type AlibabaClient } from "../../clouds/alibaba/client";
import { isObject } from "../../core/fields";
import { stableText } from "../../core/record";
import { isEmpty } from "../../core/settle";
import { canonicalCron } from "../cron";
import { merge } from "./node";
import { wireId } from "./parameters";
import { type Update, type WirePatch, type WireTask } from "./wire";

/**
 * What an update does to what it is not given. Assumption, named here alone: nothing, neither to members of an object
 * that it carries in part, nor (UpdateTask) to whole fields. No document says so (contracts.md §7), so the first updates
 * of a process are preceded by a read, until one of them has shown how it is; from then on what would be lost is carried
 * along, where that is the way of the service.
 */
interface Habits {
  members?: "kept" | "replaced";
  fields?: "kept" | "cleared";
  /** What brings an update to production. */
  effect?: "published";
}

const learnt = new Map<string, Habits>();

function habitsOf({ key }: AlibabaClient): Habits {
  const habits = learnt.get(key) ?? {};
  learnt.set(key, habits);
  return habits;
}

/** Objects that an update may carry in part. */
const OBJECTS: Readonly<Record<string, readonly string[]>> = {
  Script: ["Content", "Parameters"],
  Trigger: ["Type", "Recurrence", "Cron", "StartTime", "EndTime"],
  RuntimeResource: ["ResourceGroupId", "Image", "Cu"],
  Outputs: ["TaskOutputs", "Variables"],
  Inputs: ["Variables"],
  DataSource: ["Name"],
};
const FIELDS = [
  ...["Name", "Description", "Owner", "InstanceMode", "Timeout", "RerunMode", "RerunTimes", "RerunInterval"],
  ...["Dependencies", "Tags", ...Object.keys(OBJECTS)],
];

/** What one update was sent for a task that was read before it. */
export interface Sent {
  readonly operation: Update;
  readonly patch: WirePatch;
  readonly before: WireTask | undefined;
  /** The call succeeded, and said nothing of this task. */
  readonly unanswered?: Error;
}

const partOf = (whole: unknown, name: string): unknown => (isObject(whole) ? whole[name] : undefined);

/** The members of the objects in a patch that it does not carry. */
const openMembers = (patch: WirePatch): string[] =>
  Object.entries(OBJECTS).flatMap(([name, members]) =>
    patch[name] === undefined
      ? []
      : members.filter((member) => partOf(patch[name], member) === undefined).map((member) => `${name}.${member}`),
  );

/** Whether the task has to be read before this update, so that nothing gets lost by it. `declared`: what we would put back anyway. */
export function needsReading(client: AlibabaClient, { operation, patch }: Sent, declared: readonly string[]): boolean {
  const { members, fields } = habitsOf(client);
  if (operation === "UpdateTask" && fields !== "kept") return true;
  const open = openMembers(patch);
  return members === "replaced"
    ? open.length > 0
    : members === undefined && open.some((member) => !declared.includes(member));
}

/** Whether this update has to carry a schedule whole, and with it what no operation returns. */
export function losesSchedule(client: AlibabaClient, isBatch: boolean, hasSchedule: boolean): boolean {
  const { members, fields } = habitsOf(client);
  return (members === "replaced" && hasSchedule) || (fields === "cleared" && !isBatch);
}

/** Whether UpdateTask is known to clear what it is not given. */
export const clearsFields = (client: AlibabaClient): boolean => habitsOf(client).fields === "cleared";

/** Whether updates are known to reach production by publishing alone, so that waiting for them is vain. */
export const waitsForPublishing = (client: AlibabaClient): boolean => habitsOf(client).effect === "published";
export const learnPublishing = (client: AlibabaClient): void => {
  habitsOf(client).effect = "published";
};

/** The patch with everything of the task that would get lost without it. */
export function completed(client: AlibabaClient, { operation, patch, before }: Sent): WirePatch {
  if (before === undefined) return patch;
  const { members, fields } = habitsOf(client);
  const cleared = operation === "UpdateTask" && fields === "cleared";
  const whole: WirePatch = { ...patch };
  for (const name of FIELDS) {
    const was = asSent(name, before);
    if (was === undefined) continue;
    const given = patch[name];
    if (given === undefined) {
      // RerunInterval has a unit of its own in UpdateTask: it follows through BatchUpdateTasks.
      if (cleared && name !== "RerunInterval") whole[name] = was;
    } else if (isObject(was) && isObject(given) && (cleared || members === "replaced")) {
      whole[name] = merge(was, given);
    }
  }
  return whole;
}

/** A field of a read as an update takes it. */
function asSent(name: string, before: WireTask): unknown {
  const was = (before as Record<string, unknown>)[name];
  if (was === undefined || was === null) return undefined;
  if (name === "Trigger" && partOf(was, "Type") === "Manual") return { Type: "Manual" };
  if (name !== "Dependencies") return structuredClone(was);
  return (before.Dependencies ?? []).map(({ Type, UpstreamOutput, UpstreamTaskId }) => ({
    Type,
    ...(UpstreamOutput
      ? { UpstreamOutput }
      : UpstreamTaskId !== undefined && UpstreamTaskId !== "" && { UpstreamTaskId: wireId(String(UpstreamTaskId)) }),
  }));
}

const same = (one: unknown, other: unknown) => stableText(one) === stableText(other);

/** A service may say `null` where there is nothing. */
const isNothing = (value: unknown) => value === null || isEmpty(value);

/** Paths of parameters that had a value before an update that did not carry them. */
function untouched({ operation, patch, before }: Sent): { path: string; isMember: boolean }[] {
  if (before === undefined) return [];
  const found: { path: string; isMember: boolean }[] = [];
  for (const name of FIELDS) {
    const [given, was] = [patch[name], (before as Record<string, unknown>)[name]];
    const isMember = given !== undefined;
    if (isNothing(was) || (!isMember && operation !== "UpdateTask")) continue;
    // Another kind of trigger or of reruns has other settings, of its own accord.
    if (name === "Trigger" && partOf(given, "Type") !== undefined) continue;
    if (name.startsWith("Rerun") && patch["RerunMode"] !== undefined) continue;
    const members = OBJECTS[name];
    if (members === undefined) {
      if (!isMember) found.push({ path: name, isMember });
      continue;
    }
    for (const member of members) {
      if (partOf(given, member) === undefined && !isNothing(partOf(was, member)))
        found.push({ path: `${name}.${member}`, isMember });
    }
  }
  return found;
}

const at = (task: WireTask, path: string): unknown => {
  const [name = "", member] = path.split(".");
  const field = (task as Record<string, unknown>)[name];
  return member === undefined ? field : partOf(field, member);
};

/** Values that a service may well set by itself, so that finding them again proves nothing. */
const DEFAULTS: Readonly<Record<string, (value: unknown) => boolean>> = {
  "Trigger.Type": () => true,
  "Trigger.Recurrence": (value) => value === "Normal",
  "Trigger.Cron": (value) => canonicalCron(String(value)) === "0 0 0 * * ?",
  "Trigger.StartTime": (value) => String(value).startsWith("1970"),
  "Trigger.EndTime": (value) => String(value).startsWith("9999"),
  "RuntimeResource.ResourceGroupId": () => true,
  "Outputs.TaskOutputs": () => true,
};
const TELLING = [
  "Description",
  "Dependencies",
  "Tags",
  "Script.",
  "Trigger.",
  "RuntimeResource.",
  "Inputs.",
  "Outputs.",
];

/** Parameters of which nothing is left when a service clears them; others fall back to a value of its own. */
const EMPTYING =
  /^(Name|Description|Dependencies|Tags|DataSource\..*|Inputs\..*|Script\..*|Outputs\.Variables|RuntimeResource\.(Image|Cu))$/;

/**
 * Compares the task before and after an update: what got lost by it, and so how the service is. Another value in its
 * place is no loss: somebody has set that in between.
 */
export function lostBy(client: AlibabaClient, sent: Sent, after: WireTask): string[] {
  const habits = habitsOf(client);
  const compared = untouched(sent).map(({ path, isMember }) => {
    const was = at(sent.before as WireTask, path);
    const isTelling = TELLING.some((name) => path.startsWith(name)) && DEFAULTS[path]?.(was) !== true;
    return { path, isMember, isTelling, now: at(after, path), isKept: same(was, at(after, path)) };
  });
  const areKept = (members: boolean) =>
    compared.some(({ isMember, isTelling, isKept }) => isMember === members && isTelling && isKept);
  const lost: string[] = [];
  for (const { path, isMember, isTelling, now, isKept } of compared) {
    const isLost = !isKept && (EMPTYING.test(path) ? isNothing(now) : !areKept(isMember));
    if (isLost) lost.push(path);
    if (isMember && (isLost || (isKept && isTelling && habits.members === undefined)))
      habits.members = isLost ? "replaced" : "kept";
    if (!isMember && (isLost || (isKept && isTelling && habits.fields === undefined)))
      habits.fields = isLost ? "cleared" : "kept";
  }
  return lost;
}

/**
 * Whether an update can have spoilt a parameter that is not as declared: it was otherwise before, or it stands beside
 * something that was sent. What somebody else has changed is for the next preview to show.
 */
export function canHaveSpoilt({ patch, before }: Sent, path: string, after: WireTask): boolean {
  if (before !== undefined) {
    const [was, now] = [at(before, path), at(after, path)];
    if (same(was, now) || (isNothing(was) && isNothing(now))) return false;
    if (!isNothing(was)) return true;
  }
  const [name = ""] = path.split(".");
  return patch[name] !== undefined || (name.startsWith("Rerun") && patch["RerunMode"] !== undefined);
}

/** Learns from members that were to stay and did not, where the task was not read before. */
export function learnFrom(
  client: AlibabaClient,
  { patch, before }: Sent,
  lost: readonly string[],
  after: WireTask,
): void {
  if (before !== undefined) return;
  for (const path of lost) {
    const [name = "", member] = path.split(".");
    const now = at(after, path);
    const isTaken = isNothing(now) || DEFAULTS[path]?.(now) === true;
    if (member !== undefined && patch[name] !== undefined && isTaken) habitsOf(client).members = "replaced";
  }
}
