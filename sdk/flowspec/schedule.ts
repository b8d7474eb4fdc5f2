import type { DataWorksTaskArguments } from "../../provider/resources/dataworks-task/arguments";
import type { Trigger } from "../../provider/resources/dataworks-task/schedule";
import type { Findings } from "./findings";
import { type Members, shown } from "./members";

const RECURRENCE = { normal: "Normal", pause: "Pause", skip: "Skip" } as const;
const CYCLE_TYPE = { daily: "Daily", notdaily: "NotDaily" } as const;
const INSTANCE_MODE = { "t+1": "T+1", tplus1: "T+1", immediately: "Immediately" } as const;
/** FlowSpec's words, those of the task API and those of the API 2020-05-18 (contracts.md §6.17). */
const RERUN_MODE = {
  allowed: "AllAllowed",
  allallowed: "AllAllowed",
  failureallowed: "FailureAllowed",
  denied: "AllDenied",
  alldenied: "AllDenied",
} as const;
const TIMEOUT_UNIT = {
  hours: "HOURS",
  hour: "HOURS",
  minutes: "MINUTES",
  minute: "MINUTES",
  seconds: "SECONDS",
  second: "SECONDS",
} as const;
const SECONDS = { HOURS: 3600, MINUTES: 60, SECONDS: 1 } as const;
/** The longest timeout the console takes: a week. A number of hours above it was probably meant as seconds. */
const MOST_HOURS = 168;
/** The longest wait between reruns that UpdateTask and BatchUpdateTasks take. */
const MOST_RERUN_SECONDS = 1800;

/** What a node, its `strategy`, or the `strategy` of its workflow says about running. */
export type Running = Pick<
  DataWorksTaskArguments,
  "instanceMode" | "timeoutSeconds" | "rerunMode" | "rerunTimes" | "rerunIntervalSeconds"
> & { recurrence?: "Normal" | "Pause" | "Skip" };

/** The settings about running in FlowSpec's units, in those of the task's arguments. */
export function readRunning(members: Members, findings: Findings): Running {
  const running: Running = {};
  const set = <K extends keyof Running>(name: K, value: Running[K] | undefined) => {
    if (value !== undefined) running[name] = value;
  };
  set("recurrence", members.word("recurrence", RECURRENCE) ?? members.word("recurrenceType", RECURRENCE));
  set("instanceMode", members.word("instanceMode", INSTANCE_MODE));
  set("timeoutSeconds", timeout(members, findings));
  set("rerunMode", members.word("rerunMode", RERUN_MODE));
  set("rerunTimes", whole(members, "rerunTimes", findings));
  set("rerunIntervalSeconds", rerunInterval(members, findings));
  members.leaveOut("priority");
  members.leaveOut("failureStrategy");
  // `false` is what every task does.
  if (members.text("ignoreBranchConditionSkip") === "true") members.leaveOut("ignoreBranchConditionSkip");
  return running;
}

/** FlowSpec counts in hours (contracts.md §6.2; version 2 says so in `timeoutUnit`); 0 is no limit. */
function timeout(members: Members, findings: Findings): number | undefined {
  const value = members.number("timeout");
  const unit = members.word("timeoutUnit", TIMEOUT_UNIT);
  if (value === undefined) return undefined;
  const exact = value * SECONDS[unit ?? "HOURS"];
  const seconds = Math.max(0, Math.ceil(exact - 1e-6)); // 0.1 hours are 360 seconds, not 361
  if (unit === undefined && value > MOST_HOURS) {
    findings.warning(
      members.at("timeout"),
      `is read as hours, FlowSpec's unit, and makes ${seconds} seconds; if seconds are meant, write timeoutUnit: SECONDS`,
    );
  } else if (Math.abs(seconds - exact) > 1e-6) {
    findings.warning(members.at("timeout"), `is no whole number of seconds and becomes ${seconds} seconds`);
  }
  return seconds;
}

/** FlowSpec counts in milliseconds, a task in seconds (contracts.md §6.1). */
function rerunInterval(members: Members, findings: Findings): number | undefined {
  const milliseconds = members.number("rerunInterval");
  if (milliseconds === undefined) return undefined;
  const path = members.at("rerunInterval");
  const seconds = Math.ceil(milliseconds / 1000);
  if (seconds > MOST_RERUN_SECONDS) {
    findings.warning(
      path,
      `is ${milliseconds} milliseconds; a task waits at most ${MOST_RERUN_SECONDS} seconds, which is used`,
    );
    return MOST_RERUN_SECONDS;
  }
  if (seconds * 1000 !== milliseconds) {
    findings.warning(
      path,
      `is ${milliseconds} milliseconds, no whole number of seconds, and becomes ${seconds} seconds`,
    );
  }
  return seconds;
}

function whole(members: Members, name: string, findings: Findings): number | undefined {
  const value = members.number(name);
  if (value === undefined || Number.isInteger(value)) return value;
  findings.warning(members.at(name), `is left out: it must be a whole number, got ${value}`);
  return undefined;
}

const TRIGGER_TYPE = {
  scheduler: "Scheduler",
  schedulertrigger: "Scheduler",
  manual: "Manual",
  manualtrigger: "Manual",
  none: "None",
  streaming: "Streaming",
  custom: "Custom",
} as const;

/** A trigger of the document. `unsupported` is what a task's trigger cannot be. */
export interface ReadTrigger {
  readonly trigger: Trigger;
  readonly unsupported?: { readonly path: string; readonly reason: string };
}

/** The trigger in the words of a task's arguments. */
export function readTrigger(members: Members, findings: Findings): ReadTrigger {
  const written = members.text("type");
  const type = members.word("type", TRIGGER_TYPE);
  const cron = members.text("cron");
  const trigger: Trigger = {};
  const set = <K extends keyof Trigger>(name: K, value: Trigger[K] | undefined) => {
    if (value !== undefined) trigger[name] = value;
  };
  if (type === "Scheduler" || type === "Manual") trigger.type = type;
  else if (type === "None") {
    trigger.type = "Manual";
    findings.warning(
      members.at("type"),
      'is "None", no trigger: the task gets Manual, so that it runs only when it is started',
    );
  } else if (written === undefined && cron !== undefined) trigger.type = "Scheduler";
  set("recurrence", members.word("recurrence", RECURRENCE));
  set("cron", cron);
  set("startTime", time(members, "startTime", findings));
  set("endTime", time(members, "endTime", findings));
  set("cycleType", members.word("cycleType", CYCLE_TYPE));
  set("timeZone", members.text("timezone", "timeZone"));
  if ((members.number("delaySeconds") ?? 0) !== 0) {
    findings.warning(members.at("delaySeconds"), "is left out: a task has no argument for a delay after its time");
  }
  if (cron !== undefined && !/^(\S+\s+){5,6}\S+$/.test(cron)) {
    findings.error(members.at("cron"), `must have six or seven fields, second first, got ${shown(cron)}`);
  }
  members.ignore("name", "description");
  members.rest();
  if (type === "Streaming" || type === "Custom") {
    return {
      trigger,
      unsupported: {
        path: members.at("type"),
        reason: `is ${shown(written)}, and a task starts by schedule or by hand`,
      },
    };
  }
  return { trigger };
}

/** `2023-01-01T00:00:00` and `2023-01-01` as `2023-01-01 00:00:00`; the clock time stays as it is written. */
function time(members: Members, name: "startTime" | "endTime", findings: Findings): string | undefined {
  const text = members.text(name);
  if (text === undefined) return undefined;
  const [, date, hour = "00", minute = "00", second = "00", zone] =
    /^(\d{4}-\d{2}-\d{2})(?:[Tt\s]+(\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?)?$/i.exec(text) ?? [];
  if (date === undefined) {
    findings.warning(
      members.at(name),
      `is left out: it must be a time such as 2026-01-31 00:00:00, got ${shown(text)}`,
    );
    return undefined;
  }
  if (zone !== undefined) {
    findings.warning(
      members.at(name),
      `has the zone ${zone}, which is dropped: a task's times count in the trigger's time zone`,
    );
  }
  return `${date} ${hour}:${minute}:${second}`;
}

/**
 * The trigger of a task: its own members first, then those of the workflow around it. A task started by hand has no
 * schedule, and what it says about one is reported.
 */
export function triggerOf(
  own: Trigger | undefined,
  inherited: Trigger | undefined,
  recurrence: "Normal" | "Pause" | "Skip" | undefined,
  manual: boolean,
  path: string,
  findings: Findings,
): Trigger | undefined {
  if (manual || (own?.type ?? inherited?.type) === "Manual") {
    const { type: _type, timeZone, recurrence: fire, ...schedule } = own ?? {};
    const lost: string[] = Object.keys(schedule);
    // "Normal" is what a task does that says nothing.
    if ((recurrence ?? fire ?? "Normal") !== "Normal") lost.push("recurrence");
    if (timeZone !== undefined && lost.length > 0) lost.push("timezone");
    if (lost.length > 0)
      findings.warning(path, `is started by hand: its ${lost.join(", ")} ${lost.length === 1 ? "is" : "are"} left out`);
    return { type: "Manual" };
  }
  const trigger: Trigger = { ...inherited, ...own };
  const fire = recurrence ?? trigger.recurrence;
  if (fire !== undefined) trigger.recurrence = fire;
  return Object.keys(trigger).length > 0 ? trigger : undefined;
}
