import { byStatus } from "../transport";
import type { Verdict } from "../transport";

/**
 * The class of a WeData or Tencent Cloud error code (contracts/protocol: errors). Exact codes stand before families:
 * "InvalidParameter… is permanent" alone would give up on ServiceIsBusy.
 */
const CODES: readonly [RegExp, Verdict][] = [
  [/^RequestLimitExceeded(\.|$)/, { errorClass: "throttle" }],
  [/^(LimitExceeded|ResourceInsufficient|ResourcesSoldOut)(\.|$)/, { errorClass: "quota" }],
  [/^InvalidParameter\.(QuotaExceedError|MaxLimitExceeded)$/, { errorClass: "quota" }],
  [/^InvalidParameter\.ServiceIsBusy$/, { errorClass: "transient" }],
  // The official Terraform provider repeats these: another change of the same thing is under way.
  [/^(ResourceInUse|ResourceUnavailable|ResourceBusy)(\.|$)/, { errorClass: "transient" }],
  [/^FailedOperation\.ConnectionTimeOutError$/, { errorClass: "transient", unclear: true }],
  [/^InternalError(\.|$)/, { errorClass: "transient", unclear: true }],
  [/^AuthFailure\.SignatureExpire$/, { errorClass: "clock" }],
  [/^(AuthFailure|UnauthorizedOperation)(\.|$)/, { errorClass: "auth" }],
  [/^OperationDenied\.UserNotInWhitelistError$/, { errorClass: "auth" }],
  [/^ResourceNotFound(\.|$)/, { errorClass: "missing" }],
  // A workspace that isn't there is a wrong argument: were it "missing", a misspelt project would look like deleted tasks.
  [/^(InvalidParameter|InvalidParameterValue|MissingParameter|UnknownParameter)(\.|$)/, { errorClass: "parameter" }],
  [
    /^(InvalidAction|NoSuchVersion|UnsupportedRegion|UnsupportedProtocol|UnsupportedOperation|InvalidRequest|InvalidProtocol)/,
    { errorClass: "parameter" },
  ],
  // Also used for "does not exist" (contracts.md §6.30): settled by reading.
  [/^(FailedOperation|OperationDenied|DryRunOperation)(\.|$)/, { errorClass: "business" }],
];

/** The class of an error with this code and HTTP status. */
export function classify(code: string, http: number | undefined): Verdict {
  const known = CODES.find(([pattern]) => pattern.test(code))?.[1];
  if (known !== undefined) return known;
  return http === undefined || http === 200 ? { errorClass: "unknown" } : byStatus(http);
}
