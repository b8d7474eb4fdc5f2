import { canonicalMembers } from "../../core/check";
import { withoutAdditions } from "../../core/document";
import { type Placed, leaves } from "../../core/fields";
import { stableText } from "../../core/record";

import { carried, carries, understood } from "../../core/wire";
import { DEFAULT_TIME_ZONE } from "../time";
import { type DataWorksDISyncTaskArguments, fields } from "./arguments";
import { type Terms, inputsFrom, isOwnOutput, outputsFrom, textFrom } from "./answers";

/** GetFile's Data: the file and its schedule. Version 2020-05-18. */
export interface WireFile {
  readonly File: Readonly<Record<string, unknown>>;
  readonly NodeConfiguration: Readonly<Record<string, unknown>>;
}

const table: readonly Placed[] = leaves(fields);
/** What UpdateFile carries and GetFile shows; the script has its own way (write.ts). */
const shown = table.filter(
  (placed) => carries(placed, "UpdateFile") && carries(placed, "GetFile") && placed.path !== "taskContent",
);

const given = (terms: Terms): Readonly<Record<string, unknown>> => ({ ...terms });

/** UpdateFile's parameters for some properties, without the script; one no longer declared is sent as what clears it. */
export const updateParameters = (
  args: DataWorksDISyncTaskArguments,
  paths: ReadonlySet<string>,
  terms: Terms,
): Record<string, unknown> =>
  carried(
    table,
    "UpdateFile",
    { ...args },
    (path) => path !== "projectId" && path !== "taskContent" && paths.has(path),
    given(terms),
  );

/** TaskParam as JSON text, or nothing; its members travel together, since an update may replace it as a whole. */
export function taskParam(
  operation: "CreateDISyncTask" | "UpdateDISyncTask",
  args: Partial<DataWorksDISyncTaskArguments>,
): string | undefined {
  const body = carried(table, operation, { ...args }, (path) => ["resourceGroup", "cu", "folder"].includes(path));
  return body["TaskParam"] === undefined ? undefined : JSON.stringify(body["TaskParam"]);
}

/** A file in the words of the arguments; only what GetFile can say. */
export function valuesOf(answer: WireFile, terms: Terms, shape: string | undefined): Record<string, unknown> {
  const { taskContent, ...values } = understood(table, "GetFile", { ...answer }, given(terms));
  return typeof taskContent === "string" && taskContent !== ""
    ? { ...values, taskContent: withoutAdditions(taskContent, shape) }
    : values;
}

/** A file in the words of the arguments; only what ListFiles can say. */
export const listedValues = (listed: object): Record<string, unknown> => understood(table, "ListFiles", { ...listed });

/** The folder as ListFiles tells it. */
export const folderFrom = (listed: object): string | undefined => listedValues(listed)["folder"] as string | undefined;

/** Properties that GetFile shows and the list leaves out. */
export const UNLISTED: readonly string[] = table
  .filter((placed) => carries(placed, "GetFile") && !carries(placed, "ListFiles"))
  .map(({ path }) => path);

/** UpdateFile's parameters that would say what a file is already. */
function rendered(answer: WireFile, { zone, hidesOwnOutputOf }: Terms): Record<string, unknown> {
  const terms = given({ zone, hidesOwnOutputOf });
  const values = canonicalMembers(fields, understood(shown, "GetFile", { ...answer }, terms));
  const parameters = carried(shown, "UpdateFile", values, () => true, terms);
  // With the token that may stand behind it.
  return { ...parameters, FileDescription: textFrom(answer.File["FileDescription"]) ?? "" };
}

/**
 * Of UpdateFile's parameters those that a file does not have yet. The description of the operation says that a parameter
 * given as it is already is refused; that it is not, is the other answer, and this serves both.
 */
export function unlike(
  parameters: Readonly<Record<string, unknown>>,
  answer: WireFile,
  terms: Terms,
): Record<string, unknown> {
  const there = rendered(answer, terms);
  return Object.fromEntries(
    Object.entries(parameters).filter(([name, value]) => !(name in there) || !same(value, there[name])),
  );
}

/** UpdateFile's parameters that one file has and another does not, so that they would make the other one like it. */
export const towards = (wanted: WireFile, is: WireFile, terms: Terms): Record<string, unknown> =>
  unlike(rendered(wanted, terms), is, terms);

/** Texts of a JSON list are the same whatever the order of its items and of their keys. */
const same = (one: unknown, other: unknown): boolean => one === other || comparable(one) === comparable(other);
function comparable(value: unknown): string {
  if (typeof value !== "string" || !value.startsWith("[")) return stableText(value);
  try {
    return stableText((JSON.parse(value) as unknown[]).map(stableText).sort());
  } catch {
    return stableText(value);
  }
}

/**
 * The parameters that put back what an UpdateFile call has reset without having been sent it. Whether that operation resets
 * what is absent is not established (contracts.md §7). Another value in its place is no loss: somebody has set that in
 * between.
 */
export function undoing(
  before: WireFile,
  after: WireFile,
  sent: Readonly<Record<string, unknown>>,
  zone: string,
): Record<string, unknown> {
  const isOneSetting = ONE_SETTING.some((name) => name in sent);
  const now = rendered(after, { zone, hidesOwnOutputOf: String(after.File["FileId"]) });
  return Object.fromEntries(
    Object.entries(towards(before, after, { zone })).filter(
      ([name]) => !(name in sent) && !(isOneSetting && ONE_SETTING.includes(name)) && isReset(name, now[name]),
    ),
  );
}

/** Whether a parameter has the value that a call would leave it with by resetting it: none, or that of a new file. */
const isReset = (name: string, value: unknown): boolean =>
  [undefined, "", "[]", 0, false].includes(value as undefined) || DEFAULTS[name]?.(value) === true;

const DEFAULTS: Readonly<Record<string, (value: unknown) => boolean>> = {
  CronExpress: (value) => value === "0 0 0 * * ?",
  CycleType: (value) => value === "DAY",
  SchedulerType: (value) => value === "NORMAL",
  StartEffectDate: (value) => Number(value) < Date.UTC(1971),
  EndEffectDate: (value) => Number(value) > Date.UTC(9998),
  RerunMode: (value) => value === "ALL_ALLOWED",
  AutoRerunTimes: (value) => value === 3,
  AutoRerunIntervalMillis: (value) => value === 120_000,
  DependentType: (value) => value === "NONE",
};

/** The console has one setting for these two, so that one may follow the other. */
const ONE_SETTING: readonly string[] = ["Stop", "SchedulerType"];

/** What others can depend on: the output the service gave the file, else the first one. */
export function outputOf({ File, NodeConfiguration }: WireFile): string | undefined {
  const outputs = outputsFrom(NodeConfiguration["OutputList"]);
  return outputs.find((output) => isOwnOutput(output, String(File["FileId"]))) ?? outputs[0];
}

/** Whether the arguments name the file's own output themselves. */
export const declaresOwnOutput = (args: DataWorksDISyncTaskArguments, fileId: string): boolean =>
  args.schedule?.outputs?.some((output) => isOwnOutput(output, fileId)) ?? false;

/**
 * The parameters with the output that the service gave the file, which others wait for. Assumption, named here alone: OutputList
 * may be taken for the whole list, that one included; where the service keeps it anyway, naming it changes nothing.
 */
export function withOwnOutput(
  parameters: Readonly<Record<string, unknown>>,
  file: WireFile,
): Readonly<Record<string, unknown>> {
  const { OutputList: given } = parameters;
  const own = outputOf(file);
  const isOwn = (output: string): boolean => isOwnOutput(output, String(file.File["FileId"]));
  if (typeof given !== "string" || own === undefined || !isOwn(own)) return parameters;
  const others = given.split(",").filter((output) => output !== "");
  return others.some(isOwn) ? parameters : { ...parameters, OutputList: [own, ...others].join(",") };
}

/** The upstream outputs as UpdateFile takes them. */
export const inputList = ({ NodeConfiguration }: WireFile): string =>
  inputsFrom(NodeConfiguration["InputList"]).join(",");

export const zoneOf = (zone: string | undefined): string => zone || DEFAULT_TIME_ZONE;
