import type { Contract } from "./contract";
import { Refusal } from "./service";
import type { Parameters } from "./service";

export const faultKinds = [
  "throttle",
  "error500",
  "slow",
  "drop-before",
  "drop-after",
  "html502",
  "cut-json",
  "redirect",
  "business-failure",
  "batch-partial",
  "answer",
  "error",
] as const;

/** Something that goes wrong with the next matching calls. */
export interface FaultRule {
  kind: (typeof faultKinds)[number];
  /** Which operation, or several; any when absent. */
  operation?: string | string[];
  /** Which matching call is the first to fail, from 1 (default). */
  nth?: number;
  /** How many fail from then on: 1 by default, 0 for all until the rule is deleted. */
  times?: number;
  /** Only calls whose parameters have these values. */
  where?: Record<string, unknown>;
  /** Fails a call only with this chance, 0..1. */
  probability?: number;
  /** `throttle`: the waiting time told in x-acs-retry-after. */
  retryAfterMilliseconds?: number;
  /** `slow`: how long the answer takes; 5000 by default. */
  milliseconds?: number;
  /** `error`, `throttle`, `error500`: what is answered. */
  code?: string;
  message?: string;
  http?: number;
  /** `redirect`: where to; another port of this machine by default. */
  location?: string;
  /** `batch-partial`: ids that fail, or positions from 1. */
  ids?: (string | number)[];
  items?: number[];
  /** `answer`: members that stand in the answer as told here, where the operation has them. */
  body?: Record<string, unknown>;
}
export interface Fault extends FaultRule {
  id: string;
  /** Matching calls seen, and calls made to fail. */
  matched: number;
  applied: number;
}

export interface Faults {
  add: (rule: FaultRule) => Fault;
  /** Removes one rule, or all. */
  remove: (id?: string) => void;
  list: () => Fault[];
  /** The fault that strikes this call, counted. */
  strike: (operation: string, parameters: Parameters) => Fault | undefined;
}

function strikes(fault: Fault, operation: string, parameters: Parameters, random: () => number): boolean {
  const { operation: named = operation, nth = 1, times = 1, where = {}, probability = 1 } = fault;
  if (![named].flat().some((name) => name === operation || name === "*")) return false;
  if (!Object.entries(where).every(([name, value]) => String(parameters[name]) === String(value))) return false;
  if (probability < 1 && random() >= probability) return false;
  fault.matched += 1;
  if (fault.matched < nth || (times > 0 && fault.matched >= nth + times)) return false;
  fault.applied += 1;
  return true;
}

/** The list of faults waiting to strike. */
export function faultList(random: () => number): Faults {
  let faults: Fault[] = [];
  let last = 0;
  return {
    add(rule) {
      const fault = { ...rule, id: String((last += 1)), matched: 0, applied: 0 };
      faults.push(fault);
      return fault;
    },
    remove: (id) => {
      faults = id === undefined ? [] : faults.filter((fault) => fault.id !== id);
    },
    list: () => faults,
    strike: (operation, parameters) => faults.find((fault) => strikes(fault, operation, parameters, random)),
  };
}

/** The refusal of a fault that answers without applying; undefined for the other kinds. */
export function refusalOf(fault: Fault, cloud: "alibaba" | "tencent"): Refusal | undefined {
  const { code, message, http } = fault;
  const alibaba = cloud === "alibaba";
  if (fault.kind === "throttle") {
    return new Refusal(
      code ?? (alibaba ? "Throttling.User" : "RequestLimitExceeded"),
      message ?? "Request was denied due to user flow control.",
      http ?? (alibaba ? 429 : 200),
    );
  }
  if (fault.kind === "error500") {
    return new Refusal(
      code ?? (alibaba ? "InternalError.System" : "InternalError"),
      message ?? "The request processing has failed due to some unknown error.",
      http ?? (alibaba ? 500 : 200),
    );
  }
  if (fault.kind === "error") {
    return new Refusal(
      code ?? (alibaba ? "9990040003" : "FailedOperation"),
      message ?? "The operation failed.",
      http ?? (alibaba ? 400 : 200),
    );
  }
  return undefined;
}

/** A body that says with HTTP 200 that nothing was done; a refusal where the operation's response cannot say so. */
export function businessFailure(contract: Contract, fault: Fault, cloud: "alibaba" | "tencent", count: number): object {
  const message = fault.message ?? "The operation failed.";
  const { Data, Success, ErrorCode, ErrorMessage } = contract.response;
  const data = typeof Data === "object" && !Array.isArray(Data) ? (Data as Record<string, unknown>) : {};
  if (data["Status"] === "string" && data["Message"] === "string")
    return { Data: { Status: "fail", Message: message }, Success: true };
  if (data["FailedCount"] !== undefined)
    return { Data: { SuccessCount: 0, FailedCount: count, TotalCount: count, AsyncActionId: "" } };
  if (cloud === "tencent" && Data === "boolean") return { Data: false };
  if (Success !== undefined) {
    return {
      Success: false,
      ...(ErrorCode !== undefined && { ErrorCode: fault.code ?? "9990040003" }),
      ...(ErrorMessage !== undefined && { ErrorMessage: message }),
      ...(contract.response["HttpStatusCode"] !== undefined && { HttpStatusCode: 200 }),
    };
  }
  throw new Refusal(
    fault.code ?? (cloud === "alibaba" ? "9990040003" : "FailedOperation"),
    message,
    cloud === "alibaba" ? 400 : 200,
  );
}

interface Split {
  /** What is still to be applied; undefined when nothing is. */
  parameters: Parameters | undefined;
  /** Adds the outcome of the failed items to the body of the others. */
  merge: (body: object) => object;
}

/** Takes the items a `batch-partial` fault names out of a batch; undefined when the call is no batch. */
export function splitBatch(fault: Fault, parameters: Parameters): Split | undefined {
  const name = ["Tasks", "TaskIdList"].find((list) => Array.isArray(parameters[list]));
  if (name === undefined) return undefined;
  const items = parameters[name] as unknown[];
  const idOf = (item: unknown): string =>
    String(typeof item === "object" && item !== null ? (item as { Id?: unknown }).Id : item);
  const ids = new Set((fault.ids ?? []).map(String));
  const places = fault.items ?? (fault.ids === undefined ? [1] : []);
  const fails = (item: unknown, at: number): boolean => ids.has(idOf(item)) || places.includes(at + 1);
  const failed = items.filter(fails).map(idOf);
  const kept = items.filter((item, at) => !fails(item, at));
  const message = fault.message ?? "The task could not be changed.";
  return {
    parameters: kept.length > 0 ? { ...parameters, [name]: kept } : undefined,
    merge(body) {
      if (name === "Tasks") {
        const others = (body as { SuccessInfo?: object }).SuccessInfo ?? {};
        return {
          ...body,
          SuccessInfo: {
            ...others,
            ...Object.fromEntries(failed.map((id) => [id, { Success: false, Message: message }])),
          },
        };
      }
      const data = (body as { Data?: Record<string, unknown> }).Data ?? {};
      return {
        ...body,
        Data: {
          ...data,
          SuccessCount: kept.length,
          FailedCount: Number(data["FailedCount"] ?? 0) + failed.length,
          TotalCount: items.length,
        },
      };
    },
  };
}
