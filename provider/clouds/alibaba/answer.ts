import { CloudError, TaskError } from "../../core/errors";
import { retryAfterOf } from "../exchange";
import type { Exchange } from "../exchange";
import { parseObject } from "../json";
import { tidy, transportFailure, unreadable } from "../transport";
import type { Verdict } from "../transport";
import type { Keys } from "./credentials";
import { classify } from "./errors";
import type { Operation } from "./operations";

export type Outcome = { exchange: Exchange } & ({ value: Record<string, unknown> } | { error: unknown });

/** The answer when it is a success; every other outcome as CloudError. */
export function answerOf(
  name: string,
  operation: Operation,
  outcome: Outcome,
  about: string | undefined,
  keys: Keys,
): Record<string, unknown> {
  const { exchange } = outcome;
  const fail = (code: string, detail: string, verdict: Verdict, requestId?: unknown): never => {
    throw new CloudError({
      cloud: "dataworks",
      operation: name,
      about,
      code,
      detail: tidy(detail, [keys.accessKeySecret, keys.securityToken]),
      errorClass: verdict.errorClass,
      unclear: verdict.unclear === true && !operation.read,
      requestId: typeof requestId === "string" ? requestId : undefined,
      http: exchange.status,
      retryAfterMilliseconds: retryAfterOf(exchange.headers),
    });
  };

  if ("error" in outcome) {
    const { error } = outcome;
    if (error instanceof TaskError) throw error;
    const envelope = envelopeOf(error);
    if (envelope !== undefined) {
      const { Code, Message, RequestId } = envelope;
      return fail(Code, Message, classify(Code, exchange.status), RequestId);
    }
    const failure = transportFailure(error, exchange);
    return fail(failure.code, failure.detail, failure);
  }

  const answer = exchange.status === 200 ? parseObject(String(outcome.value.body)) : undefined;
  if (answer === undefined) {
    const failure = unreadable(exchange);
    return fail(failure.code, failure.detail, failure);
  }
  const refusal = refusalOf(operation, answer);
  if (refusal === undefined) return answer;
  return fail(refusal.code, refusal.detail, classify(refusal.code, exchange.status), answer.RequestId);
}

/** The service's error envelope inside the SDK's error; its own message is the envelope's with a prefix. */
function envelopeOf(error: unknown): { Code: string; Message: string; RequestId: unknown } | undefined {
  const data: unknown = error instanceof Error && "data" in error ? error.data : undefined;
  if (!isRecord(data)) return undefined;
  const code = data.Code ?? data.code ?? data.ErrorCode;
  if (typeof code !== "string" && typeof code !== "number") return undefined;
  return {
    Code: String(code),
    Message: text(data.Message ?? data.message ?? data.ErrorMessage),
    RequestId: data.RequestId ?? data.requestId,
  };
}

/**
 * The refusal inside an HTTP 200, by the flag that decides for this operation and never by the presence of a message:
 * the vendor's own samples of success carry error messages (contracts.md §6.10).
 */
function refusalOf(
  operation: Operation,
  answer: Record<string, unknown>,
): { code: string; detail: string } | undefined {
  const data = isRecord(answer.Data) ? answer.Data : undefined;
  if (operation.outcome === "SuccessInfo" && isRecord(answer.SuccessInfo)) return undefined;
  if (operation.outcome === "Data.Status" && typeof data?.Status === "string") {
    if (data.Status.toLowerCase() !== "fail") return undefined;
    return { code: codeIn(answer) ?? "Data.Status=fail", detail: text(data.Message) };
  }
  if (answer.Success !== false && answer.Success !== "false") return undefined;
  const detail = text(answer.ErrorMessage ?? answer.Message ?? data?.Message);
  return { code: codeIn(answer) ?? "Success=false", detail: detail === "" ? NO_REASON : detail };
}

const NO_REASON = "the service answered that it did not do it, and gives no reason";

function codeIn(answer: Record<string, unknown>): string | undefined {
  const code = answer.ErrorCode ?? answer.Code;
  return (typeof code === "string" && code !== "") || typeof code === "number" ? String(code) : undefined;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const text = (value: unknown): string =>
  typeof value === "string" ? value : typeof value === "number" ? String(value) : "";
