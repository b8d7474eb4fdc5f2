import { type Fields, INT32, choice, flag, group, integer, list, record, text } from "../../core/fields";
import { canonicalCron } from "../cron";
import { DEFAULT_TIME_ZONE } from "../time";
import {
  PARAMETER_TYPES,
  flagFrom,
  inputsFrom,
  isOwnOutput,
  items,
  listed,
  moment,
  numberFrom,
  outputsFrom,
  rerunModeFrom,
  textFrom,
  wordFrom,
} from "./answers";

/** A value that the task takes from an upstream's output parameter. */
export interface InputParameter {
  /** Name in this task. Source: UpdateFile InputParameters ParameterName. */
  name: string;
  /** Where it comes from, `<upstream output>:<parameter>`. Source: UpdateFile InputParameters ValueSource. */
  valueSource: string;
}

/** A value that other tasks can take from this one. */
export interface OutputParameter {
  /** Name, unique among the output parameters. Source: UpdateFile OutputParameters ParameterName. */
  name: string;
  /** `Constant` a fixed value, `Variable` an expression such as `${bizdate}`, `PassThrough` an upstream's value. */
  type: "Constant" | "Variable" | "PassThrough";
  /** Value or expression. */
  value: string;
  /** Free text. */
  description?: string;
}

/** When and where a sync task runs, and after whom. Source: UpdateFile; what it has for other kinds of files: unmapped.ts. */
export interface Schedule {
  /**
   * Cron with six fields (second first) or seven (with a year), in the time zone of the workspace. At least 5 minutes
   * between runs, none before 00:05. Source: CronExpress.
   */
  cron?: string;
  /** `DAY` for a day, week or month schedule, `NOT_DAY` for minutes and hours. Source: CycleType. */
  cycleType?: "NOT_DAY" | "DAY";
  /**
   * `NORMAL` runs by `cron`, `MANUAL` only by hand, `PAUSE` is frozen (instances fail and block what depends on them),
   * `SKIP` runs dry (instances succeed at once). Source: SchedulerType.
   */
  schedulerType?: "NORMAL" | "MANUAL" | "PAUSE" | "SKIP";
  /** First moment of the schedule, `yyyy-mm-dd hh:mm:ss` in `timeZone`. Source: StartEffectDate. */
  startTime?: string;
  /** Last moment of the schedule, `yyyy-mm-dd hh:mm:ss` in `timeZone`. Source: EndEffectDate. */
  endTime?: string;
  /**
   * Time zone in which `startTime` and `endTime` are written, default `Asia/Shanghai`, or `dataworks:timeZone` of the
   * stack. An edit sends them again, removing it too. Not the service's: it keeps moments.
   */
  timeZone?: string;
  /** Whether a run may be repeated: always, after a failure, never. Source: RerunMode. */
  rerunMode?: "ALL_ALLOWED" | "FAILURE_ALLOWED" | "ALL_DENIED";
  /** Automatic reruns after a failure. Source: AutoRerunTimes. */
  rerunTimes?: number;
  /** Wait between automatic reruns, in seconds, at most 1800. Source: AutoRerunIntervalMillis. */
  rerunIntervalSeconds?: number;
  /**
   * Scheduling parameters in one string, such as `bizdate=$bizdate region=cn`. How many blanks part them means nothing.
   * Removing them clears them. Source: ParaValue.
   */
  parameters?: string;
  /**
   * Dependency on the previous cycle: of the task itself, of its direct downstreams, of `dependentNodeIds`, or none.
   * Removing it means `NONE`. Source: DependentType.
   */
  dependentType?: "SELF" | "CHILD" | "USER_DEFINE" | "NONE";
  /** Scheduler node ids whose previous cycle is waited for, with `USER_DEFINE`. Order means nothing. Source: DependentNodeIdList. */
  dependentNodeIds?: string[];
  /**
   * Output names of the upstream tasks, such as `<workspace name>_root` or `project.ods_orders`. Order means nothing;
   * the list is complete. The service wants at least one before a sync task can be published. Source: InputList.
   */
  inputs?: string[];
  /**
   * Output names of this task, beside the one the service gives every file. Order means nothing; the list is complete.
   * Source: OutputList.
   */
  outputs?: string[];
  /** Values taken from upstreams. Order means nothing. Source: InputParameters. */
  inputParameters?: InputParameter[];
  /** Values offered to downstreams. Order means nothing. Source: OutputParameters. */
  outputParameters?: OutputParameter[];
  /**
   * Identifier of the scheduling resource group, such as `S_res_group_…`; not the one of `resourceGroup`, which moves the
   * data. Write-only: reads show a number for it. Source: ResourceGroupIdentifier.
   */
  resourceGroupIdentifier?: string;
  /** Longest run. The service documents no unit; its console counts hours. 0 is no limit. Source: Timeout. */
  timeout?: number;
  /** Suspend the schedule. Source: Stop. */
  stop?: boolean;
  /** Bring a changed schedule into force at once after publishing, not from the next day on. Source: ApplyScheduleImmediately. */
  applyScheduleImmediately?: boolean;
  /** Run although an upstream ran dry. Source: IgnoreParentSkipRunningProperty. */
  ignoreParentSkipRunningProperty?: boolean;
}

const TIME = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/;
const time = { ...moment, pattern: [TIME, "a time such as 2026-01-31 00:00:00"] } as const;
const outputName = () => text({ pattern: [/^[^,\s]+$/, "an output name, without commas and blanks"] });

/** One blank between the parameters; blanks inside quotes stay. */
const canonicalParameters = (value: string): string =>
  value.trim().replace(/("[^"]*"|'[^']*')|\s+/g, (_, quoted?: string) => quoted ?? " ");

/** GetFile answers the parameters of a schedule under the names by which UpdateFile takes them. */
const node = (parameter: string) => ({ UpdateFile: parameter, GetFile: `NodeConfiguration.${parameter}` });
const SERVICE = "the service's own; not documented";

export const scheduleFields = group<Schedule>({
  cron: text({ wire: node("CronExpress"), default: SERVICE, canonical: canonicalCron, from: wordFrom }),
  cycleType: choice(["NOT_DAY", "DAY"], { wire: node("CycleType"), default: SERVICE, from: wordFrom }),
  schedulerType: choice(["NORMAL", "MANUAL", "PAUSE", "SKIP"], {
    wire: node("SchedulerType"),
    default: SERVICE,
    from: wordFrom,
  }),
  startTime: text({ ...time, wire: node("StartEffectDate"), default: SERVICE }),
  endTime: text({ ...time, wire: node("EndEffectDate"), default: SERVICE }),
  // Not the service's: the times are read in the default zone again when it is taken away.
  timeZone: text({ clear: DEFAULT_TIME_ZONE, default: `${DEFAULT_TIME_ZONE}, ours` }),
  rerunMode: choice(["ALL_ALLOWED", "FAILURE_ALLOWED", "ALL_DENIED"], {
    wire: node("RerunMode"),
    default: SERVICE,
    from: rerunModeFrom,
  }),
  rerunTimes: integer({ minimum: 0, maximum: INT32, wire: node("AutoRerunTimes"), default: SERVICE, from: numberFrom }),
  rerunIntervalSeconds: integer({
    minimum: 0,
    maximum: 1800,
    unit: "seconds",
    wire: node("AutoRerunIntervalMillis"),
    default: SERVICE,
    to: (value) => value * 1000,
    from: (answer) => {
      const milliseconds = numberFrom(answer);
      return milliseconds === undefined ? undefined : milliseconds / 1000;
    },
  }),
  parameters: text({
    clear: "",
    default: "none",
    wire: node("ParaValue"),
    canonical: canonicalParameters,
    from: textFrom,
  }),
  dependentType: choice(["SELF", "CHILD", "USER_DEFINE", "NONE"], {
    clear: "NONE",
    default: "NONE",
    wire: node("DependentType"),
    from: wordFrom,
  }),
  dependentNodeIds: list(text({ pattern: [/^\d{1,19}$/, "the digits of a node id"] }), {
    unordered: true,
    clear: [],
    default: "none",
    wire: node("DependentNodeIdList"),
    to: listed,
    from: (answer) =>
      (textFrom(answer) ?? "")
        .split(",")
        .map((id) => id.trim())
        .filter((id) => id !== ""),
  }),
  inputs: list(outputName(), {
    unordered: true,
    clear: [],
    default: "none; the service wants at least one before it publishes",
    wire: node("InputList"),
    to: listed,
    from: inputsFrom,
  }),
  outputs: list(outputName(), {
    unordered: true,
    clear: [],
    default: "the one that the service gives every file",
    wire: node("OutputList"),
    to: listed,
    from: (answer, { terms }) => {
      const hidden = terms["hidesOwnOutputOf"];
      return outputsFrom(answer).filter((output) => typeof hidden !== "string" || !isOwnOutput(output, hidden));
    },
  }),
  inputParameters: list<InputParameter>(
    record<InputParameter>({ name: text({ required: true }), valueSource: text({ required: true }) }),
    {
      unordered: true,
      clear: [],
      default: "none",
      wire: node("InputParameters"),
      to: (value) =>
        JSON.stringify(value.map(({ name, valueSource }) => ({ ParameterName: name, ValueSource: valueSource }))),
      from: (answer) =>
        items(answer).map(({ ParameterName, ValueSource }) => ({
          name: String(ParameterName),
          valueSource: String(ValueSource),
        })),
    },
  ),
  outputParameters: list<OutputParameter>(
    record<OutputParameter>(
      {
        name: text({ required: true }),
        type: choice(["Constant", "Variable", "PassThrough"], { required: true }),
        value: text({ required: true }),
        description: text(),
      },
      // Reads do not tell an empty description from none.
      { canonical: ({ description, ...others }) => (description ? { ...others, description } : others) },
    ),
    {
      unordered: true,
      clear: [],
      default: "none",
      wire: node("OutputParameters"),
      to: (value) =>
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
    },
  ),
  resourceGroupIdentifier: text({ wire: { UpdateFile: "ResourceGroupIdentifier" }, default: SERVICE }),
  timeout: integer({ minimum: 0, maximum: INT32, wire: node("Timeout"), default: SERVICE, from: numberFrom }),
  stop: flag({ wire: node("Stop"), default: SERVICE, from: flagFrom }),
  applyScheduleImmediately: flag({ wire: node("ApplyScheduleImmediately"), default: SERVICE, from: flagFrom }),
  ignoreParentSkipRunningProperty: flag({
    wire: node("IgnoreParentSkipRunningProperty"),
    default: SERVICE,
    from: flagFrom,
  }),
} satisfies Fields<Schedule>);
