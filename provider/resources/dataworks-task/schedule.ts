import { type Fields, choice, group, text } from "../../core/fields";
import { canonicalCron } from "../cron";

/** When a task runs. */
export interface Trigger {
  /** `Scheduler` runs by `cron`, `Manual` only when started by hand. */
  type?: "Scheduler" | "Manual";
  /**
   * What happens at each fire time: `Normal` runs, `Skip` runs dry (succeeds at once without executing), `Pause` fails
   * the instance and so blocks what depends on it. Only with `type: "Scheduler"`; the service's default is `Normal`.
   */
  recurrence?: "Pause" | "Skip" | "Normal";
  /** Quartz-like cron with six fields (second first) or seven (with a year), in `timeZone`. Only with `type: "Scheduler"`. */
  cron?: string;
  /** First moment of the schedule, `yyyy-mm-dd hh:mm:ss`. Only with `type: "Scheduler"`. */
  startTime?: string;
  /** Last moment of the schedule, `yyyy-mm-dd hh:mm:ss`. Only with `type: "Scheduler"`. */
  endTime?: string;
  /**
   * How a cron that names hours is counted: `Daily` as one cycle of a day, `NotDaily` hour by hour. Only with
   * `type: "Scheduler"`; the service's default is `Daily`. Write-only: UpdateTask takes it since 2025-10-09, no
   * operation returns it.
   */
  cycleType?: "Daily" | "NotDaily";
  /** Time zone of the schedule, such as `Asia/Shanghai`. Kept in the node, write-only; only for tasks created here. */
  timeZone?: string;
}

const TIME = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$/;
const time = {
  pattern: [TIME, "a time such as 2026-01-31 00:00:00"],
  canonical: (value: string) => value.trim(),
} as const;

export const triggerFields = group<Trigger>({
  type: choice(["Scheduler", "Manual"]),
  recurrence: choice(["Pause", "Skip", "Normal"]),
  cron: text({
    pattern: [/^\s*(\S+\s+){5,6}\S+\s*$/, "a cron of six or seven fields, second first"],
    canonical: canonicalCron,
  }),
  startTime: text(time),
  endTime: text(time),
  cycleType: choice(["Daily", "NotDaily"], { writeOnly: true }),
  timeZone: text({ writeOnly: true }),
} satisfies Fields<Trigger>);
