import { type Change } from "../../core/diff";
import { documentText } from "../../core/document";
import { isUnknown, leaves, valueAt } from "../../core/fields";
import { type Outlook, type PlannedCall, type Prospect, type Timing, alone, textAt } from "../../core/outlook";
import { adoptedId, adoptsAndApplies, afterlife } from "../options";
import { DEFAULT_TIME_ZONE } from "../time";
import { type DataWorksDISyncTaskArguments, fields } from "./arguments";
import { type DataWorksDISyncTaskFacts } from "./facts";
import { LONGEST_CONTENT_IN_QUERY } from "./write";

type Args = Partial<DataWorksDISyncTaskArguments>;
type SyncProspect = Prospect<DataWorksDISyncTaskArguments, DataWorksDISyncTaskFacts>;

const MODES: Readonly<Record<string, Timing["mode"]>> = {
  NORMAL: "runs",
  SKIP: "skips",
  PAUSE: "paused",
  MANUAL: "manual",
};

function timing(args: Args): Timing {
  const cron = textAt(args, "schedule.cron");
  const start = textAt(args, "schedule.startTime");
  const end = textAt(args, "schedule.endTime");
  const type = textAt(args, "schedule.schedulerType");
  const scheduled = type === undefined ? (cron === undefined ? "unknown" : "runs") : (MODES[type] ?? "unknown");
  return {
    mode: valueAt(args, "schedule.stop") === true ? "paused" : scheduled,
    // The cron is in the zone of the workspace, which no argument names.
    zone: textAt(args, "schedule.timeZone") ?? DEFAULT_TIME_ZONE,
    ...(cron !== undefined && { cron }),
    ...(start !== undefined && { start }),
    ...(end !== undefined && { end }),
  };
}

const table = leaves(fields);
const IN_SYNC = ["taskContent", "resourceGroup", "cu"];
const inFile = (path: string) =>
  path === "schedule.timeZone" ||
  table.some((each) => each.path === path && each.leaf.wire?.["UpdateFile"] !== undefined);

const isSent = ({ leaf, kind }: Change) => !leaf.option && (kind !== "removed" || leaf.clear !== undefined);

/** The two operations that write a file, as far as they have something to carry. */
function writing(paths: readonly string[], after: Args): PlannedCall[] {
  const content = after.taskContent;
  const isLong =
    content !== undefined &&
    !isUnknown(content) &&
    encodeURIComponent(documentText(content)).length > LONGEST_CONTENT_IN_QUERY;
  const bySync = paths.filter((path) => IN_SYNC.includes(path) && !(path === "taskContent" && isLong));
  const byFile = paths.filter((path) => !bySync.includes(path) && inFile(path));
  return [
    ...(bySync.length > 0 ? [alone("UpdateDISyncTask", bySync)] : []),
    ...(byFile.length > 0 ? [alone("UpdateFile", byFile)] : []),
  ];
}

/** In a workspace without a development environment submitting is publishing; which it is, a new task does not know yet. */
const publishing = (after: Args, facts: Partial<DataWorksDISyncTaskFacts>): PlannedCall[] =>
  after.publish === false ? [] : [alone("SubmitFile"), ...(facts.standardMode === false ? [] : [alone("DeployFile")])];

function calls({ before, after, changes, facts }: SyncProspect): readonly PlannedCall[] {
  if (after === undefined) return deletion(before ?? {}, facts);
  const paths = changes.filter(isSent).map(({ path }) => path);
  if (before !== undefined) {
    const written = writing(paths, after);
    const unfinished = facts.phase !== "published";
    return written.length > 0 || unfinished ? [...written, ...publishing(after, facts)] : [];
  }
  if (adoptedId(after) !== undefined)
    return adoptsAndApplies(after) ? [...writing(paths, after), ...publishing(after, facts)] : [];
  const later = paths.filter((path) => ![...IN_SYNC, "name", "folder", "projectId"].includes(path));
  const written = writing(later, after);
  // The creation token is written into the description even where nothing else is.
  const marked = written.length > 0 ? written : [alone("UpdateFile", ["description"])];
  return [alone("CreateDISyncTask"), ...marked, ...publishing(after, facts)];
}

function deletion(before: Args, facts: Partial<DataWorksDISyncTaskFacts>): PlannedCall[] {
  switch (afterlife(before, facts.origin === "adopted")) {
    case "release":
      return [];
    case "pause":
      return [alone("UpdateFile", ["schedule.schedulerType", "schedule.stop"]), ...publishing({}, facts)];
    case "delete":
      return [alone("DeleteFile"), ...(facts.standardMode === true ? [alone("DeployFile")] : [])];
  }
}

export const outlook: Outlook<DataWorksDISyncTaskArguments, DataWorksDISyncTaskFacts> = {
  timing,
  calls,
  ends(id, args, facts) {
    const project = textAt(args, "projectId") ?? "";
    const here = (output: unknown) => `${project}/Prod/output/${String(output)}`;
    const named = (path: string) => {
      const list = valueAt(args, path);
      return Array.isArray(list) ? list.map(here) : [];
    };
    return {
      offers: [
        ...named("schedule.outputs"),
        ...(facts.output === undefined ? [] : [here(facts.output)]),
        ...(id === undefined ? [] : [`id/${id}`]),
      ],
      needs: named("schedule.inputs"),
    };
  },
};
