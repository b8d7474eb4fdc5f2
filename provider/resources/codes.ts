import { LEVELS, type Finding, type Level, type Levels, error } from "../core/findings";
import { type Rule, meant } from "../core/check";
import { show } from "../core/quoting";
import { isObject, isUnknown } from "../core/fields";

/** What stands behind the code of an error or a warning; the page of the reference is made from it. */
export interface Code {
  readonly severity: "error" | "warning";
  /** An error that is only our caution: it may be lowered or turned off, as every warning may. */
  readonly caution?: true;
  /** Why it is said. */
  readonly cause: string;
  /** What to do. */
  readonly remedy: string;
}

/** Every code there is, in the order of the reference. */
export const CODES = {
  "unknown-property": {
    severity: "error",
    cause: "The property is not one of this resource, or not one at this place.",
    remedy: "Spell it as the sentence suggests, or look it up in the reference.",
  },
  required: {
    severity: "error",
    cause: "A property is missing without which the task can't be made, or which another property asks for.",
    remedy: "Give it.",
  },
  type: {
    severity: "error",
    cause: "The value is of another type than the property takes.",
    remedy: "Write numbers without quotes, ids in quotes, lists in brackets.",
  },
  empty: {
    severity: "error",
    cause: "An empty value has no meaning to the service here: it would be accepted and change nothing.",
    remedy: "Leave the property out to keep what the service has.",
  },
  enum: {
    severity: "error",
    cause: "The value is not one of the words or numbers that the service knows.",
    remedy: "Use one of those that the sentence lists.",
  },
  length: { severity: "error", cause: "The text is too long.", remedy: "Shorten it." },
  range: {
    severity: "error",
    cause: "The number lies outside the documented limits, or between its steps.",
    remedy: "Use a value inside the limits that the sentence names.",
  },
  format: {
    severity: "error",
    cause: "The text does not have the documented form.",
    remedy: "Write it as the sentence shows.",
  },
  "plain-data": {
    severity: "error",
    cause:
      "The value is nothing that JSON and the engine can carry: it contains itself, can't be read, or has a name that Pulumi keeps for itself.",
    remedy: "Write texts, numbers, flags, lists and plain objects.",
  },
  "too-large": {
    severity: "error",
    cause: "The arguments are nested more than 100 levels deep, or hold more than 500,000 values.",
    remedy: "Look for a document that was put into itself; give a long one as its text.",
  },
  json: { severity: "error", cause: "The text is no JSON object.", remedy: "Give an object, or valid JSON." },
  cycle: {
    severity: "error",
    cause:
      "Tasks of the program wait for each other in a circle within one cycle, so that none of them would ever run.",
    remedy: "Take one of the dependencies out, or wait for the previous cycle instead.",
  },
  "duplicate-output": {
    severity: "error",
    cause: "Two tasks of one workspace and environment have the same output, which is unique there.",
    remedy: "Give one of them another output.",
  },
  "prod-on-dev": {
    severity: "error",
    caution: true,
    cause:
      "A task in production waits for a task of the development environment. By object, or by an id that says its environment, that is certain, and can't be turned off; by an output or a bare id it is our caution: the task of production may be managed elsewhere.",
    remedy: "Depend on the task of production; declare it before the task that waits for its output.",
  },
  "unproduced-output": {
    severity: "warning",
    cause: "No task of the program has the output that a dependency names: it is misspelt, or lives elsewhere.",
    remedy: "Correct it, look the task up with `getDataWorksTask`, or turn the warning off.",
  },
  "value-not-shown": {
    severity: "warning",
    cause: "The service accepted a value, and a read right after it shows another one.",
    remedy: "Look at the task in the console; declare what the service shows, or leave the property out.",
  },
  "changed-meanwhile": {
    severity: "warning",
    cause: "A property that an update did not send is not as it was: somebody else, or the service itself, changed it.",
    remedy: "Look at the next preview, which shows it; `pulumi up` puts it right.",
  },
  "not-cleared": {
    severity: "warning",
    cause: "A property was taken away, and the service did not take what should have cleared it.",
    remedy: "Clear it in the console, or declare the value that you want.",
  },
  "still-needed": {
    severity: "warning",
    cause:
      "A task has left a set, and tasks outside of the set depend on it still: perhaps those of another set, whose update comes later.",
    remedy:
      "Run `pulumi up` again: it deletes the task, or fails where something depends on it even then. Take that dependency away first, or set `force: true`.",
  },
  "kept-value": {
    severity: "warning",
    cause: "A property was taken away that no operation clears.",
    remedy: "Declare the value that you want, or leave it: the service keeps the old one, and it is not compared.",
  },
  environment: {
    severity: "error",
    cause:
      "A task created here is made in a workspace and published to its production; a Dev task can only be adopted.",
    remedy: "Use a workspace per environment, another `projectId`, or adopt the Dev task.",
  },
  elsewhere: {
    severity: "error",
    cause: "A task is to be moved here whose id belongs to another workspace or project.",
    remedy: "Correct `adopt`, or `projectId`: no operation moves a task from one to the other.",
  },
  "unknown-task": {
    severity: "error",
    cause: "A task of a set names an upstream by a key that the set does not have.",
    remedy: "Correct the key, or name a task outside of the set by object.",
  },
  "adopted-only": {
    severity: "error",
    cause: "The property belongs to a task that exists already.",
    remedy: "Leave it out, or manage an existing task with `adopt`.",
  },
  "created-only": {
    severity: "error",
    cause: "The property belongs to what is made together with a task, and an adopted task has that already.",
    remedy: "Leave it out together with `adopt`.",
  },
  "scheduler-only": {
    severity: "error",
    cause: "A schedule was given for a task that is started by hand.",
    remedy: "Leave the property out, or set `trigger.type` to `Scheduler`.",
  },
  cron: {
    severity: "error",
    cause: "The schedule can't be read.",
    remedy: "Write a cron of as many fields as the sentence names; it says which field is wrong.",
  },
  "cron-missing": {
    severity: "warning",
    cause: "A task is to be scheduled, and no schedule is given.",
    remedy: "Declare `trigger.cron`.",
  },
  "cron-both-days": {
    severity: "warning",
    cause:
      "A schedule names days of the month and of the week; Quartz refuses that, other schedulers take either or both.",
    remedy: "Write `?` for one of the two.",
  },
  "cron-never-runs": {
    severity: "warning",
    cause: "No moment to come fits the schedule, such as 30 February, a year that is over, or an end that has passed.",
    remedy: "Correct the schedule, or leave it when the task is not to run any more.",
  },
  "cycle-type-without-hours": {
    severity: "warning",
    cause: "The cycle type counts the hours of a schedule, and this one has only one.",
    remedy: "Leave `trigger.cycleType` out.",
  },
  "immediate-in-quiet-window": {
    severity: "warning",
    cause:
      'With `instanceMode: "Immediately"` no instances are made in the hours before midnight. The documents disagree on when they begin: 23:30 (UpdateTask page of 2026-01-12) or 22:00 (newer SDKs).',
    remedy: "Run or publish outside of them, or use `T+1`; set the code to `error` to have it refused.",
  },
  order: {
    severity: "error",
    cause: "A period ends before it begins.",
    remedy: "Put the end after the start.",
  },
  "rerun-without-effect": {
    severity: "warning",
    cause: "A setting of reruns is given, and other settings switch reruns off.",
    remedy: "Leave it out, or allow reruns.",
  },
  "timeout-disputed": {
    severity: "warning",
    cause:
      "The documents disagree on the shortest time limit: more than 3600 seconds by the text, 3600 in the example; real tasks have 0, no limit.",
    remedy: "Use 3600 or more, or 0.",
  },
  upstream: {
    severity: "error",
    cause: "A dependency names no upstream, several, or one where its type has none.",
    remedy: "Name exactly one with `Normal` and `CrossCycleDependsOnOtherNode`, none with the others.",
  },
  "cross-cycle-by-output": {
    severity: "warning",
    cause:
      "A dependency on another cycle names its upstream by an output, which is documented for the same cycle alone.",
    remedy: "Give `upstreamTaskId` or `upstream`.",
  },
  duplicate: {
    severity: "error",
    cause: "A list has the same entry twice.",
    remedy: "Leave one of them out.",
  },
  "variable-without-name": {
    severity: "warning",
    cause: "A variable has no name, so nothing can refer to it.",
    remedy: "Name it.",
  },
  "variable-without-value": {
    severity: "warning",
    cause: "A variable of this type takes its value from what is written here, and nothing is.",
    remedy: "Give it a value.",
  },
  "node-output-value": {
    severity: "warning",
    cause: "A variable that stands for the script's output does not refer to it as the samples do.",
    remedy: "Write `${outputs}`, or use the type `Constant`.",
  },
  "owner-not-an-id": {
    severity: "warning",
    cause: "The owner is an account id, digits; this looks like a name.",
    remedy: "Use the account id.",
  },
  "name-length": {
    severity: "error",
    caution: true,
    cause: "The name is longer than what we take to be the limit; no document names one.",
    remedy: "Shorten it, or turn the rule off.",
  },
  "service-keeps-value": {
    severity: "warning",
    cause: "The service does not clear what was given as empty.",
    remedy: "Clear it in the console, or declare the value it has.",
  },
  "without-effect": {
    severity: "warning",
    cause: "A property is given that another one makes meaningless.",
    remedy: "Leave one of them out.",
  },
  "cron-limits": {
    severity: "warning",
    cause: "The scheduler of DataWorks keeps 5 minutes between two runs, and starts its day at 00:05.",
    remedy: "Run it later, or less often.",
  },
  "cycle-type": {
    severity: "warning",
    cause: "The cycle type says days where the schedule runs several times a day, or hours where it does not.",
    remedy: "Use `DAY` for days, weeks and months, `NOT_DAY` for minutes and hours.",
  },
  "stop-against-scheduler-type": {
    severity: "warning",
    cause: "One property suspends the schedule and the other does not; the console has one setting for both.",
    remedy: "Declare one of them, or `stop: true` together with `PAUSE`.",
  },
  "dependent-type": {
    severity: "error",
    cause: "Nodes of the previous cycle are named, and the dependency is not on nodes that are named.",
    remedy: "Set `schedule.dependentType` to `USER_DEFINE`, or leave the nodes out.",
  },
  "no-inputs": {
    severity: "warning",
    cause: "A sync task without an upstream is to be published, and the service wants at least one.",
    remedy: "Name the root of the workspace, `<workspace name>_root`, or the output of another task.",
  },
  "rerun-times": {
    severity: "warning",
    cause: "More automatic reruns than another page of the same API allows.",
    remedy: "Use 10 at most.",
  },
  "timeout-unit": {
    severity: "warning",
    cause: "The number looks like seconds or minutes, and the console counts hours.",
    remedy: "Give hours, and see in the console what became of it.",
  },
  "parameter-value": {
    severity: "warning",
    cause: "The value of a parameter does not have the form that the documents show for its type.",
    remedy: "Write it as the sentence shows.",
  },
  "resource-group": {
    severity: "warning",
    cause: "A resource group is named by its number or by its name, and the service wants its identifier.",
    remedy: "Look up its identifier in the console, or with ListResourceGroups.",
  },
  "description-length": {
    severity: "warning",
    cause: "The description is longer than a client of the vendor allows; the documents of the service name no limit.",
    remedy: "Shorten it.",
  },
  "task-content-type": {
    severity: "warning",
    cause: "The script of a sync task is a `job` in every sample.",
    remedy: 'Set `type` to `"job"`.',
  },
  "task-content-steps": {
    severity: "warning",
    cause: "The script lacks a reader or a writer, or two of its steps have one name.",
    remedy: "Give it a step of each category, each with a name of its own.",
  },
  "task-content-hops": {
    severity: "warning",
    cause: "The script does not say which step leads to which, or names a step that it does not have.",
    remedy: "Write `order.hops` with the names of the steps.",
  },
  "crontab-only": {
    severity: "error",
    cause: "A crontab is given for a task whose cycle is another one.",
    remedy: 'Leave `crontabExpression` out, or set `cycleType` to `"Crontab"`.',
  },
  "cron-five-fields": {
    severity: "warning",
    cause: "The crontab has five fields; the samples of the service have six, the second first.",
    remedy: "Write the seconds in front: `0 0 2 * * ?`.",
  },
  "step-with-action": {
    severity: "error",
    cause: "An interval of more than 1 is given beside chosen hours or days, which the service refuses.",
    remedy: "Set `cycleStep` to 1, or leave `taskAction` out.",
  },
  "step-undocumented": {
    severity: "warning",
    cause: "The interval is none that the documents name for this cycle.",
    remedy: "Use one that the sentence names, or a crontab.",
  },
  "action-range": {
    severity: "error",
    cause: "Something is chosen that the cycle does not have, such as hour 24.",
    remedy: "Choose from the range that the sentence names.",
  },
  "weekday-disputed": {
    severity: "warning",
    cause: "A weekday at the edge is chosen, and no document says from which number weekdays count.",
    remedy: "Look in the console which day it has become; turn the warning off when it is right.",
  },
  "delay-beyond-day": {
    severity: "warning",
    cause: "The task is to run more than a day after midnight.",
    remedy: "Give minutes after midnight: 120 is 02:00.",
  },
  "offset-beyond-step": {
    severity: "warning",
    cause: "A minute task is shifted by its interval or more.",
    remedy: "Give an offset below `cycleStep`.",
  },
  "window-order": {
    severity: "error",
    caution: true,
    cause: "The daily window ends before it begins; no document says that a window may go over midnight.",
    remedy: "Put the end after the start, or turn the rule off when your service takes it.",
  },
  "schedule-over": {
    severity: "warning",
    cause: "The end of the schedule has passed.",
    remedy: "Set a later `endTime`, or leave it when the task is not to run any more.",
  },
  "startup-time": {
    severity: "warning",
    cause: "`startupTime` has no documented meaning, and the newest operation calls it abandoned.",
    remedy: "Leave it out; `delayTimeMinutes` or a crontab says when a task runs.",
  },
  "time-zone": {
    severity: "error",
    caution: true,
    cause: "The time zone is not written as the documents show it.",
    remedy: "Write it as `UTC+8`, or turn the rule off when your service takes the other form.",
  },
  "unreadable-word": {
    severity: "warning",
    cause: "No document gives the word by which reads call this cycle, so that a change of it elsewhere can't be seen.",
    remedy: "Nothing has to be done; turn the warning off.",
  },
  "task-type-unknown": {
    severity: "warning",
    cause: "The task type is none of the documented ones.",
    remedy: "Check the number, or turn the warning off when your service has the type.",
  },
  "ttl-zero": {
    severity: "warning",
    cause: "The longest run is 0, and no document says what that means.",
    remedy: "Use -1 for no limit.",
  },
  "owners-twice": {
    severity: "error",
    cause: "Owners are given by id and by name.",
    remedy: "Give `owners` alone.",
  },
  reserved: {
    severity: "error",
    cause: "A key is used under which the provider keeps its own mark.",
    remedy: "Take another key.",
  },
  "parent-twice": {
    severity: "warning",
    cause: "Two dependencies name the same upstream task.",
    remedy: "Keep one of them, or turn the warning off when both are meant.",
  },
  "self-dependency": {
    severity: "error",
    cause: "A task is named as its own upstream.",
    remedy: "Say by `selfDepend` how its own instances follow each other.",
  },
  "other-task": {
    severity: "error",
    cause: "The downstream end of a dependency is another task than this one.",
    remedy: "Leave `sonTask` out, or name this task.",
  },
  "cycle-mismatch": {
    severity: "warning",
    cause: "The cycle of this task in a dependency is not the cycle of the task.",
    remedy: "Use the kind that the sentence names.",
  },
  "offset-missing": {
    severity: "warning",
    cause: "A dependency on a range or a list of instances does not say which.",
    remedy: "Give `offset`.",
  },
  "self-depend-unknown": {
    severity: "warning",
    cause:
      "An adopted task is serial, and no document says by which word reads call the ordered and the unordered kind.",
    remedy: "Nothing has to be done: the next update sets the declared kind once, and it is compared from then on.",
  },
  "value-not-taken": {
    severity: "warning",
    cause: "The service accepted a value, and shows another one; asking for it again would be no help.",
    remedy: "Declare the value that the service shows, or set it in the console.",
  },
  "draft-not-shown": {
    severity: "warning",
    cause: "The reads of the international site show what production runs, and the newest edit is a draft.",
    remedy: "Nothing has to be done: the edit is compared when it is published.",
  },
  "cleared-unread": {
    severity: "warning",
    cause: "The service clears what an update leaves out, also what the international site can't read.",
    remedy: "Declare what the task has there, so that every update sends it.",
  },
  "put-back": {
    severity: "warning",
    cause: "An update took away what it did not name, and the task got it again at once.",
    remedy: "Nothing has to be done.",
  },
  "taken-up": {
    severity: "warning",
    cause:
      "A node carries the creation token of this resource: an interrupted run, or another stack of the same name, made it.",
    remedy: "After an interrupted run nothing; otherwise give one of the stacks another name.",
  },
  "still-paused": {
    severity: "warning",
    cause: "The task of an earlier resource is taken up again, and that one left it paused.",
    remedy: 'Declare `trigger.recurrence: "Normal"` to run it.',
  },
  "code-without-node": {
    severity: "warning",
    cause: "An adopted task has no node in Data Studio, and its code can be set by a deprecated parameter alone.",
    remedy: "Keep the code of such a task out of the program, or make the task anew as a resource of its own.",
  },
  "owners-later": {
    severity: "warning",
    cause: "This account can set owners only through the operations centre, which has no drafts.",
    remedy: "Nothing has to be done: they are set when the task is published.",
  },
  "waits-for-approval": {
    severity: "warning",
    cause:
      "A publication has not moved for `timeouts.approval` seconds, and seems to wait for somebody to approve it. The run goes on with the other tasks and succeeds; the state says how far this one came.",
    remedy:
      "Approve it in the console, then run `pulumi up`: it goes on with the same publication. A pipeline that must not succeed before production has everything sets the level `error`.",
  },
  "created-only-edit": {
    severity: "warning",
    cause: "A property was edited that is used only when a task is created.",
    remedy: "Take the edit back, or move the task on the canvas of the console.",
  },
  "engine-option": {
    severity: "warning",
    cause:
      "An option of the engine names a property that this resource does not have, or does not reach this kind of resource.",
    remedy: "Write it as the sentence says; the page on the engine's options has them all.",
  },
  "unknown-setting": {
    severity: "warning",
    cause: "The stack's configuration has a setting under `dataworks:` or `wedata:` that nothing reads.",
    remedy: "Spell it as the sentence suggests, or remove it.",
  },
} satisfies Record<string, Code>;

const known: Readonly<Record<string, Code>> = CODES;

/** Whether a code may be turned off, lowered or raised. */
export const isSettable = (code: string): boolean =>
  Object.hasOwn(known, code) && (known[code]?.severity === "warning" || known[code]?.caution === true);

/** What is wrong with one entry of a setting of rules, or `undefined`. */
export function problemOfLevel(code: string, level: unknown): string | undefined {
  const settable = Object.keys(known).filter(isSettable);
  if (!Object.hasOwn(known, code)) return `is no code of a rule${meant(code, settable)}`;
  if (!isSettable(code)) return "is an error that the documents demand, and can't be turned off";
  if (!LEVELS.includes(level as Level)) return `must be one of ${LEVELS.join(", ")}, got ${show(level)}`;
  return undefined;
}

/** The rule over the argument `rules` itself. */
export const levelRule: Rule = function* ({ value }) {
  const given = value("rules");
  if (!isObject(given)) return;
  for (const [code, level] of Object.entries(given)) {
    const problem = isUnknown(level) ? undefined : problemOfLevel(code, level);
    if (problem !== undefined) yield error(`rules.${code}`, "enum", problem) satisfies Finding;
  }
};

/** The levels that a stack configures as a JSON object; what is no level is left out, since the program has said so. */
export function levelsFrom(text: string | undefined): Levels {
  try {
    const parsed: unknown = JSON.parse(text ?? "{}");
    if (!isObject(parsed)) return {};
    return Object.fromEntries(
      Object.entries(parsed).filter(([code, level]) => problemOfLevel(code, level) === undefined),
    ) as Levels;
  } catch {
    return {};
  }
}
