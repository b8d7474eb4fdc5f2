import { type Change } from "../../core/diff";
import { valueAt } from "../../core/fields";
import {
  type Outlook,
  type PlannedCall,
  type Prospect,
  type Timing,
  alone,
  objectsAt,
  textAt,
} from "../../core/outlook";
import { adoptedId, adoptsAndApplies, afterlife } from "../options";
import { DEFAULT_TIME_ZONE } from "../time";
import { type DataWorksTaskArguments } from "./arguments";
import { MOST_TASKS } from "./batch";
import { type DataWorksTaskFacts, type Kept, place } from "./facts";
import { fitsBatch, fitsNode, isPatchable, isSettable } from "./wire";

const MODES: Readonly<Record<string, Timing["mode"]>> = { Normal: "runs", Skip: "skips", Pause: "paused" };

function timing(args: Kept): Timing {
  const type = textAt(args, "trigger.type");
  const cron = textAt(args, "trigger.cron");
  const start = textAt(args, "trigger.startTime");
  const end = textAt(args, "trigger.endTime");
  const recurrence = textAt(args, "trigger.recurrence");
  // The service's default of recurrence is Normal; without a cron the schedule is its own.
  const scheduled = recurrence === undefined ? (cron === undefined ? "unknown" : "runs") : MODES[recurrence];
  return {
    mode: type === "Manual" ? "manual" : (scheduled ?? "unknown"),
    zone: textAt(args, "trigger.timeZone") ?? DEFAULT_TIME_ZONE,
    ...(cron !== undefined && { cron }),
    ...(start !== undefined && { start }),
    ...(end !== undefined && { end }),
  };
}

const isSent = ({ path, kind, leaf }: Change) => isSettable(path) && (kind !== "removed" || leaf.clear !== undefined);
const pathsOf = (changes: readonly Change[]) => changes.map(({ path }) => path);

/** The operation that carries these properties of a task that production has. */
function updateCall(paths: readonly string[]): PlannedCall[] {
  if (paths.length === 0) return [];
  return paths.every(fitsBatch)
    ? [{ operation: "BatchUpdateTasks", properties: paths, shared: MOST_TASKS }]
    : [alone("UpdateTask", paths)];
}

const PUBLISHING = alone("CreatePipelineRun");

function calls(prospect: Prospect<DataWorksTaskArguments, DataWorksTaskFacts>): readonly PlannedCall[] {
  const { before, after } = prospect;
  if (after === undefined) return deletion(prospect);
  return before === undefined ? creation(prospect, after) : update(prospect, after);
}

function creation({ changes }: Prospect<DataWorksTaskArguments, DataWorksTaskFacts>, after: Kept): PlannedCall[] {
  const patchable = pathsOf(changes).filter(isPatchable);
  if (adoptedId(after) !== undefined) return adoptsAndApplies(after) ? updateCall(patchable) : [];
  if (after.publish === false) return [alone("CreateNode")];
  // What the node's document does not carry is set once production has the task.
  return [
    alone("CreateNode"),
    PUBLISHING,
    ...updateCall(patchable.filter((path) => !fitsNode(path) && path !== "tags")),
  ];
}

function update({ facts, changes }: Prospect<DataWorksTaskArguments, DataWorksTaskFacts>, after: Kept): PlannedCall[] {
  const edits = changes.filter(isSent);
  const paths = pathsOf(edits);
  if (facts.nodeId === undefined) {
    const code = paths.includes("script.content");
    const publishing = after.publish === false ? [] : [PUBLISHING];
    const others = paths.filter((path) => path !== "script.content" && isPatchable(path));
    return [...(code ? [alone("UpdateNode", ["script.content"]), ...publishing] : []), ...updateCall(others)];
  }
  const draft = after.publish === false;
  const published = facts.phase === "published";
  const throughNode = edits.some(({ path }) => path === "script.content" || !isPatchable(path));
  if (published && !draft && !throughNode) return updateCall(paths.filter(isPatchable));
  const names = paths.includes("name") ? [alone("RenameNode", ["name"])] : [];
  const moves = changes.some(({ path, kind }) => path === "path" && kind !== "removed")
    ? [alone("MoveNode", ["path"])]
    : [];
  const inDocument = paths.filter((path) => fitsNode(path) && path !== "name");
  const written = [...names, ...moves, ...(inDocument.length > 0 ? [alone("UpdateNode", inDocument)] : [])];
  if (draft) return written;
  const left = paths.filter((path) => isPatchable(path) && !fitsNode(path));
  return [...written, PUBLISHING, ...updateCall(left)];
}

function deletion({ before = {}, facts }: Prospect<DataWorksTaskArguments, DataWorksTaskFacts>): PlannedCall[] {
  const made = facts.nodeId !== undefined;
  switch (afterlife(before, !made)) {
    case "release":
      return [];
    case "pause":
      return [{ operation: "BatchUpdateTasks", properties: ["trigger.recurrence"], shared: MOST_TASKS }];
    case "delete":
      if (!made) return [alone("DeleteTask")];
      return [...(facts.taskId === undefined ? [] : [PUBLISHING]), alone("DeleteNode")];
  }
}

export const outlook: Outlook<DataWorksTaskArguments, DataWorksTaskFacts> = {
  timing,
  calls,
  ends(id, args, facts) {
    const env = id === undefined ? (args.envType ?? "Prod") : place(id).env;
    const project = textAt(args, "projectId") ?? "";
    const here = (word: string, value: string) => `${project}/${env}/${word}/${value}`;
    const outputs = valueAt(args, "outputs.taskOutputs");
    const taskId = facts.taskId ?? adoptedId(args);
    return {
      offers: [
        ...(Array.isArray(outputs) ? outputs.map((output) => here("output", String(output))) : []),
        ...(taskId === undefined ? [] : [here("task", taskId)]),
        ...(id === undefined ? [] : [`id/${id}`]),
      ],
      needs: objectsAt(args, "dependencies").flatMap(({ upstreamOutput, upstreamTaskId, upstream }) => [
        ...(typeof upstreamOutput === "string" ? [here("output", upstreamOutput)] : []),
        ...(typeof upstreamTaskId === "string" ? [here("task", upstreamTaskId)] : []),
        ...(typeof upstream === "string" ? [`id/${upstream}`] : []),
      ]),
    };
  },
};
