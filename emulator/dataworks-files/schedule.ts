import { Refusal } from "../service";
import type { Context, Operation, Parameters } from "../service";
import { amount, commaSeparated, flag, isRecord, parsedJson, text } from "../given";
import { done, edited, filesState, livingFileOf, missing, nameIsTaken } from "./file";
import type { StoredFile } from "./file";
import { position } from "./switches";

/** Data.NodeConfiguration of GetFile. Booleans that the write side takes come back as text, as documented. */
export interface Schedule {
  ApplyScheduleImmediately: string;
  AutoRerunIntervalMillis: number;
  AutoRerunTimes: number;
  CronExpress: string;
  CycleType: string;
  DependentNodeIdList: string;
  DependentType: string;
  EndEffectDate: number;
  IgnoreParentSkipRunningProperty: string;
  ImageId: string;
  InputList: { Input: string; ParseType: string }[];
  InputParameters: Record<string, unknown>[];
  OutputList: { Output: string; RefTableName?: string }[];
  OutputParameters: Record<string, unknown>[];
  ParaValue: string;
  RerunMode: string;
  ResourceGroupId: string;
  SchedulerType: string;
  StartEffectDate: number;
  StartImmediately: boolean;
  Stop: boolean;
  Timeout: number;
}

/** The schedule of a new file: the service has an opinion about everything, and gives the file an output of its own. */
export const defaultSchedule = (ownOutput: string): Schedule => ({
  ApplyScheduleImmediately: "false",
  AutoRerunIntervalMillis: 120_000,
  AutoRerunTimes: 3,
  CronExpress: "00 00 00 * * ?",
  CycleType: "DAY",
  DependentNodeIdList: "",
  DependentType: "NONE",
  EndEffectDate: 253_370_736_000_000,
  IgnoreParentSkipRunningProperty: "false",
  ImageId: "",
  InputList: [],
  InputParameters: [],
  OutputList: [{ Output: ownOutput }],
  OutputParameters: [],
  ParaValue: "",
  RerunMode: "ALL_ALLOWED",
  ResourceGroupId: "1",
  SchedulerType: "NORMAL",
  StartEffectDate: 0,
  StartImmediately: false,
  Stop: false,
  Timeout: 0,
});

/** What the schedule of a file becomes by an UpdateFile call: only what the call carries. */
function scheduleChanges(parameters: Parameters, ownOutput: string, context: Context): Partial<Schedule> {
  const changes: Partial<Schedule> = {};
  for (const name of [
    "AutoRerunIntervalMillis",
    "AutoRerunTimes",
    "EndEffectDate",
    "StartEffectDate",
    "Timeout",
  ] as const) {
    const value = amount(parameters, name);
    if (value !== undefined) changes[name] = value;
  }
  for (const name of [
    "CycleType",
    "DependentNodeIdList",
    "DependentType",
    "ImageId",
    "ParaValue",
    "RerunMode",
    "SchedulerType",
  ] as const) {
    const value = text(parameters, name);
    if (value !== undefined) changes[name] = value;
  }
  for (const name of ["ApplyScheduleImmediately", "IgnoreParentSkipRunningProperty"] as const) {
    const value = flag(parameters, name);
    if (value !== undefined) changes[name] = String(value);
  }
  for (const name of ["StartImmediately", "Stop"] as const) {
    const value = flag(parameters, name);
    if (value !== undefined) changes[name] = value;
  }
  const cron = text(parameters, "CronExpress");
  if (cron !== undefined) changes.CronExpress = checkedCron(cron);
  const group = text(parameters, "ResourceGroupIdentifier");
  if (group !== undefined) {
    const groups = filesState(context.state).resourceGroups;
    const known = Object.hasOwn(groups, group) ? groups[group] : undefined;
    changes.ResourceGroupId = known ?? (groups[group] = context.newId(8));
  }
  if (text(parameters, "InputList") !== undefined) {
    changes.InputList = (commaSeparated(parameters, "InputList") ?? []).map((Input) => ({
      Input,
      ParseType: "MANUAL",
    }));
  }
  if (text(parameters, "OutputList") !== undefined) {
    const given = commaSeparated(parameters, "OutputList") ?? [];
    const others = given.filter((output) => output !== ownOutput);
    const isWhole = position(context, "outputListIsWhole") === true;
    changes.OutputList = (isWhole ? given : [ownOutput, ...others]).map((Output) => ({ Output }));
  }
  for (const name of ["InputParameters", "OutputParameters"] as const) {
    const value = text(parameters, name);
    if (value !== undefined) changes[name] = listOfObjects(name, value);
  }
  return changes;
}

/** What UpdateFile carries of the file itself; the rest is its schedule. */
const OF_THE_FILE: readonly string[] = ["FileName", "FileFolderPath", "FileDescription", "Content", "Owner"];

/** Changes the properties an UpdateFile call carries; absent ones stay unless a switch says otherwise. */
export const UpdateFile: Operation = (parameters, context) => {
  const file = livingFileOf(parameters, context);
  if (!file) return missing(parameters, context);
  const name = text(parameters, "FileName") ?? file.FileName;
  const folder = text(parameters, "FileFolderPath") ?? file.FileFolderPath;
  if (name === "") throw new Refusal("InvalidFileName", "The file name must not be empty.");
  if (nameIsTaken(context, file.ProjectId, folder, name, file.FileId)) {
    throw new Refusal("1201111003", `A file named ${name} exists in the folder ${folder}.`);
  }
  if (
    file.FileType === 23 &&
    position(context, "inputListRequired") === true &&
    text(parameters, "InputList") === undefined
  ) {
    throw new Refusal("MissingInputList", "InputList is mandatory for a batch synchronization node.");
  }
  const ownOutput = ownOutputOf(file, context);
  if (position(context, "updateFileRefusesUnchanged") === true) refuseUnchanged(parameters, file, ownOutput, context);
  const given =
    position(context, "updateFileEmptyKeeps") === true
      ? Object.fromEntries(Object.entries(parameters).filter(([, value]) => value !== ""))
      : parameters;
  const changes = scheduleChanges(given, ownOutput, context);
  if (position(context, "stopIsSchedulerType") === true) {
    if (changes.SchedulerType !== undefined) changes.Stop = changes.SchedulerType === "PAUSE";
    else if (changes.Stop !== undefined) changes.SchedulerType = changes.Stop ? "PAUSE" : "NORMAL";
  }
  const base =
    position(context, "updateFileClearsAbsent") === true ? defaultSchedule(ownOutput) : file.NodeConfiguration;
  file.NodeConfiguration = { ...base, ...changes };
  file.FileName = name;
  file.FileFolderPath = folder;
  file.FileDescription = text(given, "FileDescription") ?? file.FileDescription;
  file.Content = text(parameters, "Content") ?? file.Content;
  file.Owner = text(parameters, "Owner") || file.Owner;
  const isOfSchedule = Object.keys(parameters).every((part) => !OF_THE_FILE.includes(part));
  edited(file, context.account, context, isOfSchedule);
  return done;
};

/** Refuses a call that gives a parameter the value it has already. */
function refuseUnchanged(parameters: Parameters, file: StoredFile, ownOutput: string, context: Context): void {
  for (const [name, value] of Object.entries(parameters)) {
    if (["ProjectId", "ProjectIdentifier", "FileId", "ResourceGroupIdentifier"].includes(name)) continue;
    const isScheduled = name in file.NodeConfiguration;
    const changes: object = isScheduled ? scheduleChanges({ [name]: value }, ownOutput, context) : { [name]: value };
    const there = isScheduled ? file.NodeConfiguration : file;
    const unchanged = Object.entries(changes).every(
      ([part, next]) => JSON.stringify(next) === JSON.stringify((there as unknown as Record<string, unknown>)[part]),
    );
    if (unchanged) throw new Refusal(`Invalid${name}`, `Specified parameter ${name} is not valid: it is unchanged.`);
  }
}

/** The output the service gives every file: `<workspace>.<FileId>_out`. */
export function ownOutputOf(file: Pick<StoredFile, "FileId" | "ProjectId">, context: Context): string {
  const workspace = filesState(context.state).projects?.[file.ProjectId];
  return `${workspace?.Name ?? file.ProjectId}.${file.FileId}_out`;
}

/** A seconds-first cron has six fields, or seven with a year. */
function checkedCron(cron: string): string {
  const fields = cron.trim().split(/\s+/).length;
  if (cron.trim() !== "" && (fields < 6 || fields > 7)) {
    throw new Refusal("InvalidCronExpress", `The cron expression [${cron}] is invalid.`);
  }
  return cron;
}

function listOfObjects(name: string, value: string): Record<string, unknown>[] {
  if (value === "") return [];
  const parsed = parsedJson(value);
  if (Array.isArray(parsed) && parsed.every(isRecord)) return parsed;
  throw new Refusal(`Invalid${name}`, `${name} must be a JSON array of objects.`);
}
