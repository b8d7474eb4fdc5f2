import { type Change } from "../../core/diff";
import { isUnknown, valueAt } from "../../core/fields";
import {
  type Outlook,
  type PlannedCall,
  type Prospect,
  type Timing,
  alone,
  objectsAt,
  textAt,
} from "../../core/outlook";
import { carries } from "../../core/wire";
import { adoptedId, adoptsAndApplies, afterlife } from "../options";
import { CREATION_ONLY, MAINLAND_ONLY, type WeDataTaskArguments } from "./arguments";
import { type Arguments, type WeDataTaskFacts } from "./facts";
import { CYCLES, type Cycle } from "./words";

type WeDataProspect = Prospect<WeDataTaskArguments, WeDataTaskFacts>;

/** Assumption: schedules without a zone of their own are in the one of the mainland site. */
const DEFAULT_ZONE = "UTC+8";

const numberAt = (args: Arguments, path: string): number | undefined => {
  const value = valueAt(args, path);
  return typeof value === "number" ? value : undefined;
};

/** The cycle as a word, also where the number of the API is given. */
function cycleOf(args: Arguments): Cycle | undefined {
  const { cycleType } = args;
  if (cycleType === undefined || isUnknown(cycleType)) return undefined;
  return typeof cycleType === "string"
    ? cycleType
    : (Object.keys(CYCLES) as Cycle[]).find((word) => CYCLES[word] === cycleType);
}

/** `hh:mm` as minutes. */
const minutesOf = (time: string | undefined): number | undefined => {
  const [, hours, minutes] = /^(\d{1,2}):(\d{2})/.exec(time ?? "") ?? [];
  return hours === undefined ? undefined : Number(hours) * 60 + Number(minutes);
};

/**
 * A cron of seven fields for the cycles whose fire times the documents leave no doubt about: a crontab, and tasks that run
 * every day. Weekdays (which of them is 1?), hourly windows and intervals of several days are told in words alone.
 */
function cronOf(args: Arguments): string | undefined {
  const cycle = cycleOf(args);
  if (cycle === "Crontab") return textAt(args, "crontabExpression");
  if (isUnknown(args.cycleStep) || isUnknown(args.delayTimeMinutes)) return undefined;
  const step = numberAt(args, "cycleStep") ?? 1;
  const delay = numberAt(args, "delayTimeMinutes") ?? 0;
  if (delay < 0 || delay >= 1440 || step !== 1) return undefined;
  const at = `0 ${delay % 60} ${Math.floor(delay / 60)}`;
  if (cycle === "Day") return `${at} * * ? *`;
  const chosen = textAt(args, "taskAction") ?? "";
  if (cycle === "Month" && /^\d+(,\d+)*$/.test(chosen)) return `${at} ${chosen} * ? *`;
  return undefined;
}

function summaryOf(args: Arguments): string | undefined {
  const cycle = cycleOf(args);
  if (cycle === undefined) return undefined;
  const step = numberAt(args, "cycleStep");
  const delay = numberAt(args, "delayTimeMinutes");
  const [from, to] = [textAt(args, "executionStartTime"), textAt(args, "executionEndTime")];
  const action = textAt(args, "taskAction");
  return [
    cycle,
    ...(step === undefined ? [] : [`every ${step}`]),
    ...(action === undefined || action === "" ? [] : [`at ${action}`]),
    ...(minutesOf(from) === undefined && minutesOf(to) === undefined ? [] : [`from ${from ?? "…"} to ${to ?? "…"}`]),
    ...(delay === undefined ? [] : [`${delay} minutes after midnight`]),
  ].join(", ");
}

function timing(args: Arguments): Timing {
  const cron = cronOf(args);
  const summary = summaryOf(args);
  const start = textAt(args, "startTime");
  const end = textAt(args, "endTime");
  const cycle = cycleOf(args);
  return {
    mode: cycle === undefined ? "unknown" : cycle === "UserDriven" || cycle === "OneTime" ? "manual" : "runs",
    zone: textAt(args, "scheduleTimeZone") ?? DEFAULT_ZONE,
    ...(cron !== undefined && { cron }),
    ...(cron === undefined && summary !== undefined && { summary }),
    ...(start !== undefined && { start }),
    ...(end !== undefined && { end }),
  };
}

const isSent = ({ path, leaf, kind }: Change) =>
  !leaf.option &&
  !leaf.replace &&
  !(CREATION_ONLY as readonly string[]).includes(path) &&
  (kind !== "removed" || leaf.clear !== undefined);

/** On the mainland site; the international one has ModifyTaskScript for the code. */
function writing(changes: readonly Change[]): PlannedCall[] {
  const bySuccessor = (path: string) =>
    path === "script.content" || path === "inCharge" || (MAINLAND_ONLY as readonly string[]).includes(path);
  const needsSuccessor = changes.some(({ path }) => bySuccessor(path));
  const inSuccessor = needsSuccessor ? changes.filter((change) => carries(change, "ModifyTaskInfoDs")) : [];
  const general = changes.filter((change) => !inSuccessor.includes(change));
  const paths = (some: readonly Change[]) => some.map(({ path }) => path);
  return [
    ...(general.length > 0 ? [alone("ModifyTaskInfo", paths(general))] : []),
    ...(inSuccessor.length > 0 ? [alone("ModifyTaskInfoDs", paths(inSuccessor))] : []),
  ];
}

const publishing = (after: Arguments): PlannedCall[] => (after.publish === false ? [] : [alone("CreateTaskVersionDs")]);

function calls({ before, after, changes, facts }: WeDataProspect): readonly PlannedCall[] {
  if (after === undefined) {
    const what = afterlife(before ?? {}, facts.origin === "adopted");
    if (what === "release") return [];
    return [alone(what === "pause" ? "FreezeOpsTasks" : "DeleteTaskDs")];
  }
  const sent = changes.filter(isSent);
  if (before !== undefined) {
    const written = writing(sent);
    return written.length > 0 || facts.phase !== "published" ? [...written, ...publishing(after)] : [];
  }
  if (adoptedId(after) !== undefined) return adoptsAndApplies(after) ? [...writing(sent), ...publishing(after)] : [];
  const later = sent.filter(({ path }) => path !== "name" && path !== "script.content");
  // The creation token is written even where nothing else is.
  const first = later.length > 0 ? writing(later) : [alone("ModifyTaskInfo", ["notes"])];
  return [alone("CreateTaskNew"), ...first, ...publishing(after)];
}

export const outlook: Outlook<WeDataTaskArguments, WeDataTaskFacts> = {
  timing,
  calls,
  ends(id, args, facts) {
    const project = textAt(args, "projectId") ?? "";
    const here = (taskId: string) => `${project}/task/${taskId}`;
    const taskId = facts.taskId ?? adoptedId(args);
    return {
      offers: [...(taskId === undefined ? [] : [here(taskId)]), ...(id === undefined ? [] : [`id/${id}`])],
      needs: objectsAt(args, "dependencies").flatMap(({ parentTask }) => {
        const upstream =
          typeof parentTask === "object" ? (parentTask as { taskId?: unknown } | null)?.taskId : parentTask;
        return typeof upstream === "string" ? [here(upstream)] : [];
      }),
    };
  },
};
