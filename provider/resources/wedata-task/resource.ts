import { tencent } from "../../clouds/connections";
import { type Definition, type Found } from "../../core/definition";
import { readContent } from "../../core/content";
import { adoptedId, afterlife, deadlineOf, optionReplacements, unlessMoved } from "../options";
import { adopt } from "./adoption";
import { type WeDataTaskArguments, fields } from "./arguments";
import { bring, changedPaths, declaredPaths } from "./bringing";
import { refuseOnSite } from "./change";
import { make } from "./creation";
import { type Arguments, type WeDataTaskFacts, found, glimpse } from "./facts";
import { governance } from "./governance";
import { type Asking, readTask, successors } from "./lookup";
import { outlook } from "./outlook";
import { pause, remove } from "./removal";
import { rules } from "./rules";
import { modifyTimeOf, readingIn } from "./wire";

/** The whole life of a WeData task. */
export const definition: Definition<WeDataTaskArguments, WeDataTaskFacts> = {
  name: "WeDataTask",
  module: "wedata",
  version: "2021-08-20",
  fields,
  rules,
  outlook,
  governance,
  factNames: ["taskId", "version", "phase", "modifyTime", "origin", "reading"],

  upstreams: {
    list: "dependencies",
    member: "parentTask",
    name: (id) => place(id).taskId,
    // Longer than any id of the service.
    placeholder: (nth) => String(nth).padStart(20, "9"),
  },
  identity: ["projectId", "name", "workflowId", "taskType", "adopt"],

  replaces({ id, facts, inputs, kept, changes }) {
    return unlessMoved(id, inputs, changes, [
      ...optionReplacements([facts.taskId, id], inputs, kept),
      // Nothing can edit it any more: it is taken off the schedule and made anew.
      ...(facts.phase === "scheduled" && facts.origin !== "adopted" ? ["name"] : []),
    ]);
  },

  unfinished: ({ phase, reading }, inputs) =>
    phase === "created" ||
    (phase === "edited" && inputs.publish !== false) ||
    (phase === "published" && readingIn(reading)?.ownersDue === true && inputs.owners !== undefined),

  async create(work) {
    const { args, facts } = work;
    const asking = ask(args, args.projectId, deadlineOf(args, "create"));
    refuseOnSite(asking.client.site, args);
    if (adoptedId(args) !== undefined) return adopt(work, asking);
    const content = await readContent(args.script?.content, "script.content");
    const { taskId, found: left } = await make(work, asking, content);
    work.id = `${args.projectId}/${taskId}`;
    facts.taskId = taskId;
    facts.phase = "created";
    if (!left) facts.reading = { made: true };
    const wanted = declaredPaths(work);
    // A new task has its name and code from CreateTaskNew.
    if (!left) for (const path of ["name", "script.content"]) wanted.delete(path);
    await bring(work, asking, wanted);
  },

  async update(work) {
    const { args, facts } = work;
    const asking = ask(args, place(work.id).projectId, deadlineOf(args, "update"), work.id);
    refuseOnSite(asking.client.site, args);
    facts.reading = readingIn(facts.reading);
    if (work.changed("leftCoordinate", "topCoordinate")) {
      work.warn(
        `${asking.about}: leftCoordinate and topCoordinate are used only when a task is created; no operation moves it [created-only-edit]`,
      );
    }
    await bring(work, asking, facts.phase === "created" ? declaredPaths(work) : changedPaths(work));
  },

  async read(id, facts, kept, _token, asRecorded) {
    const { projectId, taskId } = place(id);
    const asking = ask(kept, projectId, deadlineOf(kept, "read"), id);
    const reading = readingIn(facts.reading);
    const unmoved = await unmovedTask(asking, { ...facts, taskId, reading }, kept, asRecorded);
    if (unmoved) return unmoved;
    const seen = await readTask(asking, taskId, reading ?? {}, facts.phase === "published");
    return seen && found(seen, { ...facts, reading }, kept);
  },

  async delete(id, facts, kept, token) {
    const { projectId, taskId } = place(id);
    const asking = ask(kept, projectId, deadlineOf(kept, "delete"), id);
    const what = afterlife(kept, facts.origin === "adopted");
    if (what === "pause") await pause(asking, taskId);
    if (what === "delete") await remove(asking, taskId, facts, kept.force === true, token);
  },

  async downstream(id, _facts, kept) {
    const { projectId, taskId } = place(id);
    const tasks = await successors(ask(kept, projectId, deadlineOf(kept, "read"), id), taskId);
    return tasks.map((task) => task.TaskName ?? task.TaskId ?? "");
  },
};

/**
 * The task where the lists show that nothing has happened to it. Assumption, named here alone: every edit moves
 * LastUpdate, which counts in seconds, and the lists lose a task that the editing space has lost. Whatever they show
 * otherwise is settled by reading the whole task; `wedata:fullRefresh` reads it always.
 */
async function unmovedTask(
  asking: Asking,
  facts: Partial<WeDataTaskFacts>,
  kept: Arguments,
  asRecorded: ((found: Found<WeDataTaskFacts>) => boolean) | undefined,
): Promise<Found<WeDataTaskFacts> | undefined> {
  const { modifyTime, phase } = facts;
  if (modifyTime === undefined || phase !== "published" || !asRecorded || asking.client.fullRefresh) return undefined;
  const seen = await glimpse(asking, facts, kept);
  if (seen === undefined || modifyTimeOf(seen.task) !== modifyTime) return undefined;
  return asRecorded(seen.found) ? seen.found : undefined;
}

/** `<projectId>/<taskId>`. */
function place(id: string | undefined): { projectId: string; taskId: string } {
  const [projectId = "", taskId = ""] = (id ?? "").split("/");
  return { projectId, taskId };
}

const ask = (args: Arguments, projectId: string, deadline: number, id?: string): Asking => ({
  client: tencent(args.connection),
  projectId,
  deadline,
  about: args.name ?? id ?? `task ${adoptedId(args) ?? ""}`,
});
