import { type Fields, choice, flag, group, integer, list, record, text } from "../../core/fields";
import { canonicalCron } from "../cron";

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

/**
 * When and where a sync task runs, and after whom. Source: UpdateFile; its parameters for other kinds of files
 * (AdvancedSettings, AutoParsing, ConnectionName, ImageId, StartImmediately) have no meaning for a sync task.
 */
export interface Schedule {
  /** Cron with six fields (second first) or seven (with a year), in the time zone of the workspace. Source: CronExpress. */
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
  /** Time zone in which `startTime` and `endTime` are written, default `Asia/Shanghai`. An edit sends them again. */
  timeZone?: string;
  /** Whether a run may be repeated: always, after a failure, never. Source: RerunMode. */
  rerunMode?: "ALL_ALLOWED" | "FAILURE_ALLOWED" | "ALL_DENIED";
  /** Automatic reruns after a failure. Source: AutoRerunTimes. */
  rerunTimes?: number;
  /** Wait between automatic reruns, in seconds, at most 1800. Source: AutoRerunIntervalMillis. */
  rerunIntervalSeconds?: number;
  /** Scheduling parameters in one string, such as `bizdate=$bizdate region=cn`. Removing them clears them. Source: ParaValue. */
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
  /** Output names of this task, beside the one the service gives every file. Order means nothing. Source: OutputList. */
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
  /** Longest run. The service does not document the unit; its console counts in hours. 0 is no limit. Source: Timeout. */
  timeout?: number;
  /** Suspend the schedule. Source: Stop. */
  stop?: boolean;
  /** Bring a changed schedule into force at once after publishing, not from the next day on. Source: ApplyScheduleImmediately. */
  applyScheduleImmediately?: boolean;
  /** Run although an upstream ran dry. Source: IgnoreParentSkipRunningProperty. */
  ignoreParentSkipRunningProperty?: boolean;
}

const TIME = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/;
const time = { pattern: [TIME, "a time such as 2026-01-31 00:00:00"] } as const;
const outputName = () => text({ pattern: [/^[^,\s]+$/, "an output name, without commas and blanks"] });

export const scheduleFields = group<Schedule>({
  cron: text({
    pattern: [/^\s*(\S+\s+){5,6}\S+\s*$/, "a cron of six or seven fields, second first"],
    canonical: canonicalCron,
  }),
  cycleType: choice(["NOT_DAY", "DAY"]),
  schedulerType: choice(["NORMAL", "MANUAL", "PAUSE", "SKIP"]),
  startTime: text(time),
  endTime: text(time),
  timeZone: text(),
  rerunMode: choice(["ALL_ALLOWED", "FAILURE_ALLOWED", "ALL_DENIED"]),
  rerunTimes: integer({ minimum: 0 }),
  rerunIntervalSeconds: integer({ minimum: 0, maximum: 1800 }),
  parameters: text({ clear: "", canonical: (value) => value.trim().split(/\s+/).join(" ") }),
  dependentType: choice(["SELF", "CHILD", "USER_DEFINE", "NONE"], {
    clear: "NONE",
  }),
  dependentNodeIds: list(text({ pattern: [/^\d{1,19}$/, "the digits of a node id"] }), { unordered: true, clear: [] }),
  inputs: list(outputName(), { unordered: true, clear: [] }),
  outputs: list(outputName(), { unordered: true, clear: [] }),
  inputParameters: list<InputParameter>(
    record<InputParameter>({ name: text({ required: true }), valueSource: text({ required: true }) }),
    { unordered: true, clear: [] },
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
    { unordered: true, clear: [] },
  ),
  resourceGroupIdentifier: text(),
  timeout: integer({ minimum: 0 }),
  stop: flag(),
  applyScheduleImmediately: flag(),
  ignoreParentSkipRunningProperty: flag(),
} satisfies Fields<Schedule>);
