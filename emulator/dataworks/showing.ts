import { Verbatim } from "../answer";
import { isRecord } from "../given";
import type { Context } from "../service";
import { producerOf } from "./model";
import type { Dependency, Task } from "./model";
import { position } from "./switches";

/** The words of the other places of the product for the same modes of reruns (contracts.md §6.17). */
const rerunWords: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  file: { AllAllowed: "ALL_ALLOWED", FailureAllowed: "FAILURE_ALLOWED", AllDenied: "ALL_DENIED" },
  spec: { AllAllowed: "Allowed", FailureAllowed: "FailureAllowed", AllDenied: "Denied" },
};

const padded = (cron: string): string =>
  cron
    .split(" ")
    .map((field) => (/^\d$/.test(field) ? `0${field}` : field))
    .join(" ");

/** Empty texts and lists as the switch has them. */
function emptied(value: unknown, as: unknown): unknown {
  if (value === "" || (Array.isArray(value) && value.length === 0)) return as === "null" ? null : undefined;
  if (Array.isArray(value) || value instanceof Verbatim || !isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, emptied(member, as)]));
}

function edge(context: Context, task: Task, dependency: Dependency): object {
  const { Type, UpstreamOutput, UpstreamTaskId } = dependency;
  const as = position(context, "edgesReadAs");
  const producer = UpstreamOutput === undefined ? undefined : producerOf(context, task.EnvType, UpstreamOutput)?.Id;
  const id = UpstreamTaskId ?? producer;
  const isSwapped = position(context, "idTypesSwapped") === true;
  const shownId = id === undefined ? {} : { UpstreamTaskId: isSwapped ? new Verbatim(id) : id };
  if (as === "id" && id !== undefined) return { Type, ...shownId };
  if (as === "both") return { Type, ...(UpstreamOutput !== undefined && { UpstreamOutput }), ...shownId };
  return { Type, ...(UpstreamOutput !== undefined ? { UpstreamOutput } : shownId) };
}

/** What a read shows of a task, with the oddities that are switched on. */
export function shown(context: Context, task: Task, answer: Record<string, unknown>): object {
  const words = rerunWords[String(position(context, "rerunModeWords"))];
  const { Trigger, ProjectEnv: _older, EnvType: _newer, ...rest } = answer;
  const isSwapped = position(context, "idTypesSwapped") === true;
  const cron = isRecord(Trigger) ? Trigger["Cron"] : undefined;
  const result: Record<string, unknown> = {
    ...rest,
    ...(position(context, "onlyProjectEnv") !== true && "EnvType" in answer && { EnvType: task.EnvType }),
    ...("ProjectEnv" in answer && { ProjectEnv: task.EnvType }),
    ...(isSwapped && {
      Id: new Verbatim(JSON.stringify(task.Id)),
      ProjectId: new Verbatim(JSON.stringify(task.ProjectId)),
    }),
    ...(words && { RerunMode: words[task.RerunMode] ?? task.RerunMode }),
    ...("Dependencies" in answer && { Dependencies: task.Dependencies.map((each) => edge(context, task, each)) }),
    Trigger:
      isRecord(Trigger) && typeof cron === "string" && position(context, "cronPadded") === true
        ? { ...Trigger, Cron: padded(cron) }
        : Trigger,
  };
  const as = position(context, "emptyReadAs");
  return as === "empty" ? result : (emptied(result, as) as object);
}
