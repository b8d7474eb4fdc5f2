import { type Placed, leaves, putAt, valueAt } from "../../core/fields";
import { tokenOf, withToken, withoutToken } from "../../core/token";
import { type DataWorksDISyncTaskArguments, fields } from "./arguments";
import { withoutAdditions } from "./content";
import { type InputParameter, type OutputParameter } from "./schedule";
import { DEFAULT_TIME_ZONE, momentOf, timeAt } from "../time";

/** GetFile's Data: the file and its schedule. Version 2020-05-18. */
export interface WireFile {
  readonly File: Readonly<Record<string, unknown>>;
  readonly NodeConfiguration: Readonly<Record<string, unknown>>;
}

/** What a translation depends on beside the value. */
export interface Terms {
  /** In which the user writes times. */
  readonly zone: string;
  /** Goes behind a description that we write. */
  readonly token?: string | undefined;
  /** The output that the service gives every file, `<workspace>.<file id>_out`, is nobody's declaration unless it is. */
  readonly hidesOwnOutputOf?: string | undefined;
}

/** One argument that UpdateFile carries: its parameter, which GetFile answers under the same name. */
interface Member {
  readonly path: string;
  readonly parameter: string;
  readonly part: keyof WireFile;
  /** What is sent. */
  readonly to: (value: never, terms: Terms) => unknown;
  /** What an answer means; `undefined` when it says nothing. */
  readonly from: (answer: unknown, terms: Terms) => unknown;
}

/** An answered id, time or text as text; `undefined` when there is none. */
export const textFrom = (answer: unknown): string | undefined =>
  typeof answer === "string"
    ? answer
    : typeof answer === "number" || typeof answer === "boolean"
      ? String(answer)
      : undefined;
const numberFrom = (answer: unknown) =>
  answer === undefined || answer === null || answer === "" ? undefined : Number(answer);
// Sent as booleans, some of them answered as text.
const flagFrom = (answer: unknown) => ({ true: true, false: false })[String(answer)];
const items = (answer: unknown) => (Array.isArray(answer) ? (answer as Record<string, unknown>[]) : []);
const listed = (value: readonly string[]) => value.join(",");
const times = (factor: number) => ({
  to: (value: number) => value * factor,
  from: (answer: unknown) => (numberFrom(answer) === undefined ? undefined : Number(answer) / factor),
});
const moment = {
  to: (value: string, { zone }: Terms) => momentOf(value, zone),
  from: (answer: unknown, { zone }: Terms) =>
    numberFrom(answer) === undefined ? undefined : timeAt(Number(answer), zone),
};
const asText = { to: (value: string) => value, from: textFrom };
const asNumber = { to: (value: number) => value, from: numberFrom };
const asFlag = { to: (value: boolean) => value, from: flagFrom };

/** Assumption, named here alone: the numbers of OutputParameters.Type, as the vendor's samples use them. */
const PARAMETER_TYPES = ["Constant", "Variable", "PassThrough"] as const;

const file = (path: string, parameter: string, translation: Pick<Member, "to" | "from"> = asText): Member => ({
  path,
  parameter,
  part: "File",
  ...translation,
});
const node = (name: string, parameter: string, translation: Pick<Member, "to" | "from"> = asText): Member => ({
  path: `schedule.${name}`,
  parameter,
  part: "NodeConfiguration",
  ...translation,
});

const MEMBERS: readonly Member[] = [
  file("name", "FileName"),
  file("owner", "Owner"),
  file("description", "FileDescription", {
    to: (value: string, { token }) => (token === undefined ? value : withToken(value, token)),
    from: (answer) => withoutToken(textFrom(answer)),
  }),
  node("cron", "CronExpress"),
  node("cycleType", "CycleType"),
  node("schedulerType", "SchedulerType"),
  node("startTime", "StartEffectDate", moment),
  node("endTime", "EndEffectDate", moment),
  node("rerunMode", "RerunMode"),
  node("rerunTimes", "AutoRerunTimes", asNumber),
  node("rerunIntervalSeconds", "AutoRerunIntervalMillis", times(1000)),
  node("parameters", "ParaValue"),
  node("dependentType", "DependentType"),
  node("dependentNodeIds", "DependentNodeIdList", {
    to: listed,
    from: (answer) => (textFrom(answer) ?? "").split(",").filter((id) => id !== ""),
  }),
  node("inputs", "InputList", { to: listed, from: (answer) => items(answer).map(({ Input }) => String(Input)) }),
  node("outputs", "OutputList", {
    to: listed,
    from: (answer, { hidesOwnOutputOf }) =>
      items(answer)
        .map(({ Output }) => String(Output))
        .filter((output) => hidesOwnOutputOf === undefined || !isOwnOutput(output, hidesOwnOutputOf)),
  }),
  node("inputParameters", "InputParameters", {
    to: (value: readonly InputParameter[]) =>
      JSON.stringify(value.map(({ name, valueSource }) => ({ ParameterName: name, ValueSource: valueSource }))),
    from: (answer) =>
      items(answer).map(({ ParameterName, ValueSource }) => ({
        name: String(ParameterName),
        valueSource: String(ValueSource),
      })),
  }),
  node("outputParameters", "OutputParameters", {
    to: (value: readonly OutputParameter[]) =>
      JSON.stringify(
        value.map(({ name, type, value: content, description }) => ({
          ParameterName: name,
          Type: PARAMETER_TYPES.indexOf(type) + 1,
          Value: content,
          Description: description,
        })),
      ),
    from: (answer) =>
      items(answer).map(({ ParameterName, Type, Value, Description }) => ({
        name: String(ParameterName),
        type: PARAMETER_TYPES[Number(Type) - 1] ?? String(Type),
        value: String(Value),
        ...(textFrom(Description) ? { description: textFrom(Description) } : {}),
      })),
  }),
  node("timeout", "Timeout", asNumber),
  node("stop", "Stop", asFlag),
  node("applyScheduleImmediately", "ApplyScheduleImmediately", asFlag),
  node("ignoreParentSkipRunningProperty", "IgnoreParentSkipRunningProperty", asFlag),
];

/** Sent by UpdateFile, and not answered in the same words: the folder by its id, the resource group by its number. */
const UNANSWERED = { folder: "FileFolderPath", "schedule.resourceGroupIdentifier": "ResourceGroupIdentifier" } as const;

const table: readonly Placed[] = leaves(fields);
const clearing = (path: string): unknown => table.find((placed) => placed.path === path)?.leaf.clear;

/** UpdateFile's parameters for some properties; one that is no longer declared is sent as what clears it. */
export function toWire(
  args: DataWorksDISyncTaskArguments,
  paths: ReadonlySet<string>,
  terms: Terms,
): Record<string, unknown> {
  const parameters: Record<string, unknown> = {};
  for (const { path, parameter, to } of MEMBERS) {
    const value = valueAt(args, path) ?? clearing(path);
    if (paths.has(path) && value !== undefined) parameters[parameter] = to(value as never, terms);
  }
  for (const [path, parameter] of Object.entries(UNANSWERED)) {
    const value = valueAt(args, path);
    if (paths.has(path) && value !== undefined) parameters[parameter] = value;
  }
  return parameters;
}

/** A file in the words of the arguments; only what GetFile can say. */
export function fromWire(answer: WireFile, terms: Terms, shape: string | undefined): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const { path, parameter, part, from } of MEMBERS) {
    const value = from(answer[part][parameter], terms);
    if (value !== undefined) putAt(values, path, value);
  }
  const content = answer.File["Content"];
  if (typeof content === "string" && content !== "") values["taskContent"] = withoutAdditions(content, shape);
  return values;
}

/**
 * The parameters that put back what an UpdateFile call changed without having been sent it. Whether that operation
 * resets what is absent is not established (contracts.md §7).
 */
export function undoing(
  before: WireFile,
  after: WireFile,
  sent: Readonly<Record<string, unknown>>,
  zone: string,
): Record<string, unknown> {
  const terms: Terms = { zone, token: tokenOf(textFrom(before.File["FileDescription"])) };
  const parameters: Record<string, unknown> = {};
  for (const { parameter, part, to, from } of MEMBERS) {
    if (parameter in sent) continue;
    const was = from(before[part][parameter], terms);
    if (was === undefined || same(before[part][parameter], after[part][parameter])) continue;
    parameters[parameter] = to(was as never, terms);
  }
  return parameters;
}

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
const isOwnOutput = (output: string, fileId: string) => output.endsWith(`.${fileId}_out`);

/** What others can depend on: the output the service gave the file, else the first one. */
export function outputOf({ File, NodeConfiguration }: WireFile): string | undefined {
  const outputs = items(NodeConfiguration["OutputList"]).map(({ Output }) => String(Output));
  return outputs.find((output) => isOwnOutput(output, String(File["FileId"]))) ?? outputs[0];
}

/** Whether the arguments name the file's own output themselves. */
export const declaresOwnOutput = (args: DataWorksDISyncTaskArguments, fileId: string): boolean =>
  args.schedule?.outputs?.some((output) => isOwnOutput(output, fileId)) ?? false;

/** The upstream outputs as UpdateFile takes them; its note demands them for sync tasks in every call. */
export const inputList = ({ NodeConfiguration }: WireFile): string =>
  items(NodeConfiguration["InputList"])
    .map(({ Input }) => String(Input))
    .join(",");

export const zoneOf = (zone: string | undefined): string => zone || DEFAULT_TIME_ZONE;
