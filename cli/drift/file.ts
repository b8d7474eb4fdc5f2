import { movedBetween } from "../../provider/live";
import { type Tree, partsOf } from "../preview/preview";
import { UnreadableFile, partsIn, readably } from "../preview/read";
import { isTree } from "../preview/values";
import { type StackState, type StateTask, tasksOf } from "../state/tasks";
import type { Sighted } from "./build";

/** A resource as the state has it, and as a refresh found it; without the latter it is gone. */
interface Refreshed {
  readonly before: Tree;
  readonly after?: Tree;
}

/**
 * What a refresh of the engine found, from a preview after one (`pulumi preview --refresh --json`), or from the events of
 * that or of `pulumi refresh` (`--json` with PULUMI_ENABLE_STREAMING_JSON_PREVIEW).
 */
export function sightedInFile(text: string, name: string): { state: StackState; found: Sighted[] } {
  const parts = readably(name, "a preview", () => partsIn(text));
  const steps = parts.flatMap(({ steps: all }) => (Array.isArray(all) ? all.filter(isTree) : []));
  const refreshed = steps.length > 0 ? inDocument(steps, name) : inEvents(parts);
  if (refreshed.length === 0)
    throw new UnreadableFile(
      `${name} has no refresh in it; give what \`pulumi preview --refresh --json\` printed, or leave the file out and the tasks are read`,
    );
  const { project, stack } = partsOf(String(refreshed[0]?.before["urn"]));
  const state = refreshed.flatMap(({ before }) => tasksOf(before));
  const found = refreshed.flatMap(({ before, after }) => {
    const live = new Map((after === undefined ? [] : tasksOf(after)).map((task) => [task.urn, task]));
    return tasksOf(before).map((task) => sight(task, live.get(task.urn)));
  });
  return {
    state: { ...(project !== undefined && { project }), ...(stack !== undefined && { stack }), tasks: state },
    found,
  };
}

function sight(task: StateTask, live: StateTask | undefined): Sighted {
  if (live === undefined) return { task, sighting: undefined };
  const { modifyTime } = live.outs;
  const isNews = modifyTime !== task.outs["modifyTime"];
  return {
    task,
    sighting: {
      moved: movedBetween(task.definition, task.outs, live.outs),
      values: live.declared,
      ...(isNews && typeof modifyTime === "string" && { edited: modifyTime }),
    },
  };
}

/**
 * The document has the state of each resource as the refresh began, twice; what the refresh found is the old side of the
 * step that follows. There is none for a resource that then stays the same, and one without an old side for a resource that
 * is gone (seen with 3.230).
 */
function inDocument(steps: readonly Tree[], name: string): Refreshed[] {
  const begun = new Map<string, Tree>();
  const after = new Map<string, Tree | undefined>();
  for (const { op, urn, oldState } of steps) {
    if (typeof urn !== "string") continue;
    const old = isTree(oldState) ? { ...oldState, urn } : undefined;
    if (op !== "refresh") after.set(urn, after.get(urn) ?? old);
    else if (old !== undefined) begun.set(urn, old);
  }
  if (begun.size > 0 && after.size === 0)
    throw new UnreadableFile(
      `${name} is a refresh as one document, in which the engine leaves out what it found; give what \`pulumi preview --refresh --json\` printed, or leave the file out and the tasks are read`,
    );
  return [...begun].map(([urn, before]) => {
    const live = after.has(urn) ? after.get(urn) : before;
    return { before, ...(live && { after: live }) };
  });
}

function inEvents(events: readonly Tree[]): Refreshed[] {
  const under = new Set<string>();
  const refreshed: Refreshed[] = [];
  for (const { resourcePreEvent, resOutputsEvent } of events) {
    const begins = metadataOf(resourcePreEvent);
    if (begins?.["op"] === "refresh") under.add(String(begins["urn"]));
    const ends = metadataOf(resOutputsEvent);
    // The first outcome after the announcement is that of the refresh.
    if (ends === undefined || !under.delete(String(ends["urn"]))) continue;
    const { urn, old, new: live } = ends;
    if (isTree(old)) refreshed.push({ before: { ...old, urn }, ...(isTree(live) && { after: { ...live, urn } }) });
  }
  return refreshed;
}

const metadataOf = (event: unknown): Tree | undefined => {
  const metadata = isTree(event) ? event["metadata"] : undefined;
  return isTree(metadata) ? metadata : undefined;
};
