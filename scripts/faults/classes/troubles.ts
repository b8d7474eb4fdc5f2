import type { FaultRule } from "../../../emulator/index";
import type { ErrorClass } from "../../../provider/core/errors";
import type { Scene } from "./scenes";

/** One thing that goes wrong with a call. */
export interface Trouble {
  readonly name: string;
  readonly errorClass: ErrorClass;
  readonly cloud?: Scene["cloud"];
  readonly rule: Pick<FaultRule, "kind" | "code" | "http" | "message" | "milliseconds">;
  /** Nobody knows whether a call that writes has taken effect. */
  readonly unclear?: true;
  /** Repeating it would be vain, whatever its class says. */
  readonly hopeless?: true;
  /** How the message names it. */
  readonly shows: RegExp;
  /** Time limits of the client, in seconds. */
  readonly limits?: { readonly connect: number; readonly read: number };
  /** Only these operations can meet it. */
  readonly only?: RegExp;
}

type Coded = readonly [errorClass: ErrorClass, http: number, ...codes: string[]];

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

const coded = (cloud: Scene["cloud"], table: readonly Coded[], unclear: RegExp): Trouble[] =>
  table.flatMap(([errorClass, http, ...codes]) =>
    codes.map((code): Trouble => ({
      name: code,
      errorClass,
      cloud,
      rule: { kind: "error", code, http, message: "Something is not right." },
      shows: new RegExp(`\\b${escaped(code)}: Something is not right \\(request [\\w-]+\\)`),
      ...(unclear.test(code) && { unclear: true as const }),
    })),
  );

const alibaba = coded(
  "alibaba",
  [
    ["throttle", 429, "Throttling.User", "Throttling.Api", "Throttling.System"],
    ["throttle", 400, "Throttling", "Rejected.Throttling"],
    ["quota", 429, "Throttling.Api.Risk", "Throttling.Resource"],
    ["transient", 503, "ServiceUnavailable"],
    ["transient", 400, "9990020002"],
    ["transient", 500, "InternalError.System"],
    ["clock", 400, "InvalidTimeStamp.Expired"],
    ["replay", 400, "SignatureNonceUsed"],
    ["auth", 400, "SignatureDoesNotMatch", "InvalidAccessKeyId.Inactive"],
    ["auth", 404, "InvalidAccessKeyId.NotFound"],
    ["auth", 403, "ResourceNotAuthorized.Api", "Forbidden.Access"],
    ["missing", 404, "ResourceNotFound"],
    ["parameter", 400, "MissingProjectId", "InvalidProjectId", "Invalid.DI.Parameter"],
    ["parameter", 500, "InternalError.DI.Parameter"],
    ["business", 400, "9990040003", "1201111279"],
    ["business", 500, "Forbidden.Not.Server"],
    ["unknown", 400, "NobodyKnowsThisOne"],
  ],
  /^(InternalError\.System|SignatureNonceUsed)$/,
);

const tencent = coded(
  "tencent",
  [
    ["throttle", 200, "RequestLimitExceeded", "RequestLimitExceeded.UinLimitExceeded"],
    ["quota", 200, "LimitExceeded", "InvalidParameter.QuotaExceedError", "InvalidParameter.MaxLimitExceeded"],
    ["transient", 200, "InvalidParameter.ServiceIsBusy", "ResourceInUse", "ResourceUnavailable"],
    ["transient", 200, "InternalError", "InternalError.CallSchedulerApiError"],
    ["transient", 200, "FailedOperation.ConnectionTimeOutError"],
    ["clock", 200, "AuthFailure.SignatureExpire"],
    ["auth", 200, "AuthFailure.SignatureFailure", "AuthFailure.UnauthorizedOperation", "UnauthorizedOperation"],
    ["missing", 200, "ResourceNotFound"],
    ["parameter", 200, "MissingParameter", "InvalidParameter", "InvalidParameterValue"],
    ["business", 200, "FailedOperation", "OperationDenied"],
    ["unknown", 200, "NobodyKnowsThisOne"],
  ],
  /^(InternalError.*|FailedOperation\.ConnectionTimeOutError)$/,
);

const lost: readonly Omit<Trouble, "errorClass" | "unclear">[] = [
  { name: "drop-before", rule: { kind: "drop-before" }, shows: /\bECONNRESET: the connection was cut/ },
  { name: "drop-after", rule: { kind: "drop-after" }, shows: /\bECONNRESET: the connection was cut/ },
  { name: "html502", rule: { kind: "html502" }, shows: /\bHTTP 502: the answer was an HTML page/ },
  { name: "cut-json", rule: { kind: "cut-json" }, shows: /\bUnreadableAnswer: the answer was no readable JSON/ },
  {
    name: "slow",
    rule: { kind: "slow", milliseconds: 2_500 },
    shows: /\bReadTimeout: no complete answer within [\d.]+ s/,
    // Together shorter than that, and long enough that no other call meets them on a busy machine.
    limits: { connect: 0.5, read: 1 },
  },
];
const transport = lost.map((trouble): Trouble => ({ ...trouble, errorClass: "transport", unclear: true }));

export const troubles: readonly Trouble[] = [
  ...alibaba,
  ...tencent,
  ...transport,
  {
    name: "redirect",
    errorClass: "transport",
    rule: { kind: "redirect" },
    shows: /\bHTTP 307: a redirect, which is not followed/,
    hopeless: true,
  },
  {
    name: "refused inside a 200",
    errorClass: "business",
    rule: { kind: "business-failure", message: "It is locked." },
    shows: /It is locked|did not do it|did not (set|take)|gives no reason/,
    only: /^(?!Get|List|Describe|Check)/,
  },
  {
    name: "refused for this task",
    errorClass: "business",
    rule: { kind: "batch-partial", message: "It is locked." },
    shows: /It is locked|gives no reason|did not take it off/,
    only: /^Batch/,
  },
];
