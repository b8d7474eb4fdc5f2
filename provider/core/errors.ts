/**
 * What kind of failure it is, which decides whether to repeat the call and what the user can do.
 * `business`: the service understood and refused; `transport`: no readable answer; `quota`: repeating can't help.
 */
export type ErrorClass =
  | "throttle"
  | "quota"
  | "transient"
  | "clock"
  | "replay"
  | "auth"
  | "missing"
  | "parameter"
  | "business"
  | "transport"
  | "unknown";

export type Cloud = "dataworks" | "wedata";

/** The facts of one failed call. */
export interface CloudFailure {
  cloud: Cloud;
  operation: string;
  code: string;
  errorClass: ErrorClass;
  /** The service's own text, without secrets. */
  detail: string;
  /** The task concerned, as the user would recognise it. */
  about?: string | undefined;
  requestId?: string | undefined;
  http?: number | undefined;
  retryAfterMilliseconds?: number | undefined;
  attempts?: number | undefined;
  /** True when the call may have taken effect although no success was seen. */
  unclear?: boolean | undefined;
}

/** A call to a cloud that did not succeed. Its message is a sentence for the person who must act. */
export class CloudError extends Error {
  override readonly name = "CloudError";
  readonly cloud: Cloud;
  readonly operation: string;
  readonly code: string;
  readonly errorClass: ErrorClass;
  readonly detail: string;
  readonly about?: string;
  readonly requestId?: string;
  readonly http?: number;
  readonly retryAfterMilliseconds?: number;
  readonly attempts: number;
  readonly unclear: boolean;

  constructor(failure: CloudFailure) {
    const attempts = failure.attempts ?? 1;
    super(sentence({ ...failure, attempts }));
    this.cloud = failure.cloud;
    this.operation = failure.operation;
    this.code = failure.code;
    this.errorClass = failure.errorClass;
    this.detail = failure.detail;
    if (failure.about !== undefined) this.about = failure.about;
    if (failure.requestId !== undefined) this.requestId = failure.requestId;
    if (failure.http !== undefined) this.http = failure.http;
    if (failure.retryAfterMilliseconds !== undefined) this.retryAfterMilliseconds = failure.retryAfterMilliseconds;
    this.attempts = attempts;
    this.unclear = failure.unclear ?? false;
  }

  /** The same failure with some facts replaced, e.g. the number of attempts or the task it concerns. */
  with(facts: Partial<Pick<CloudFailure, "about" | "attempts" | "unclear" | "errorClass">>): CloudError {
    return new CloudError({ ...this.failure(), ...facts });
  }

  private failure(): CloudFailure {
    const { cloud, operation, code, errorClass, detail, about, requestId, http } = this;
    const { retryAfterMilliseconds, attempts, unclear } = this;
    return {
      cloud,
      operation,
      code,
      errorClass,
      detail,
      about,
      requestId,
      http,
      retryAfterMilliseconds,
      attempts,
      unclear,
    };
  }
}

/** A sentence for the user that is no refusal by a cloud: wrong configuration, a task that is somebody else's, … */
export class TaskError extends Error {
  override readonly name = "TaskError";
}

/** A deletion that is not made, because other tasks depend on the task. */
export class StillNeeded extends TaskError {}

/** Something is under way at the service that only a person can let go on: nothing has failed, and nothing is lost. */
export class Waiting extends TaskError {}

export const isCloudError = (error: unknown): error is CloudError => error instanceof CloudError;
const isOf = (error: unknown, ...classes: ErrorClass[]): error is CloudError =>
  isCloudError(error) && classes.includes(error.errorClass);

/** True when the service says plainly that the thing is not there. */
export const isMissing = (error: unknown): error is CloudError => isOf(error, "missing");
/**
 * True when the refusal could mean "not there": no document gives the code for a missing task or file
 * (contracts.md §7), so the caller settles it by reading (a list by id or name) and not by this code.
 */
export const mayMeanMissing = (error: unknown): error is CloudError => isOf(error, "missing", "business", "unknown");
/** True when the call may have taken effect although it failed: look before repeating it. */
export const isUnclear = (error: unknown): error is CloudError => isCloudError(error) && error.unclear;
export const isThrottled = (error: unknown): error is CloudError => isOf(error, "throttle");
export const isTransient = (error: unknown): error is CloudError => isOf(error, "transient", "throttle", "transport");
export const isAuth = (error: unknown): error is CloudError => isOf(error, "auth");
/** True when the service was not reached, or its answer did not come back whole. */
export const isTransport = (error: unknown): error is CloudError => isOf(error, "transport");
export const isParameter = (error: unknown): error is CloudError => isOf(error, "parameter");
export const isBusiness = (error: unknown): error is CloudError => isOf(error, "business");

/** True when nothing has changed for certain: the service refused before doing anything. */
export const isRefused = (error: unknown): error is CloudError =>
  isCloudError(error) && !error.unclear && isOf(error, "quota", "auth", "missing", "parameter", "business", "throttle");

function sentence(failure: CloudFailure & { attempts: number }): string {
  const { operation, about, code, detail, requestId, attempts } = failure;
  const what = about === undefined ? operation : `${operation} ${about}`;
  const request = requestId === undefined ? "" : ` (request ${requestId})`;
  const tried = attempts > 1 ? `tried ${String(attempts)} times` : "not repeated";
  const text = detail.replace(/[.。]$/, "");
  return `${what}: ${code}${text === "" ? "" : `: ${text}`}${request}, ${tried}; ${adviceFor(failure)}`;
}

/** What each class says; the page of the reference is made from it. */
export const MEANINGS: Readonly<Record<ErrorClass, string>> = {
  throttle: "The service was called more often than it allows. Nothing was done.",
  quota: "A quota, or a limit per day, is used up. Nothing was done, and repeating can't help.",
  transient: "The service is busy, or something inside it failed.",
  clock:
    "The service refuses a signature of this time. The clock is corrected by the Date of the service's answer, with a warning, and the call is made again; this error is what remains where that does not help.",
  replay:
    "The service has seen this very request before. Every attempt is a new one, so something on the way has copied it.",
  auth: "The key is not accepted, or may not do this. Nothing was done.",
  missing: "What the call is about is not there.",
  parameter: "The service does not accept an argument. Nothing was done.",
  business: "The service understood the call and refuses it.",
  transport: "The service was not reached, or its answer did not come back whole.",
  unknown: "A code that no document has. Nobody can say what it means, so it is never repeated.",
};

/** What the user can do about a failure; the end of its message. */
export function adviceFor({
  cloud,
  errorClass,
  unclear,
}: Pick<CloudFailure, "cloud" | "errorClass" | "unclear">): string {
  const doubt = unclear ? "it may have taken effect all the same: run again, the next run looks before it repeats" : "";
  switch (errorClass) {
    case "throttle":
      return `the service allows fewer calls than were made: run again in a minute, or lower ${cloud}:requestsPerSecond`;
    case "quota":
      return "a quota or daily limit is used up: repeating does not help, wait until it is renewed or have it raised";
    case "clock":
      return "this machine's clock differs from the service's: set it (NTP) and run again";
    case "auth":
      return `check the credentials in use (stack configuration, ${cloud}:profile, environment or role) and that they may call this operation`;
    case "missing":
      return "it does not exist: if it was deleted elsewhere, `pulumi refresh` notices it";
    case "parameter":
      return "the service does not accept an argument: correct it and run again";
    case "transport":
      return unclear ? doubt : `check the network, ${cloud}:region and ${cloud}:endpoint, then run again`;
    case "transient":
    case "replay":
      return unclear ? doubt : "the fault is temporary: run again";
    case "business":
      return unclear
        ? doubt
        : "the service understood the call and does not do it: correct what it names and run again";
    case "unknown":
      return unclear ? doubt : "no document has this code: correct what it names and run again";
  }
}
