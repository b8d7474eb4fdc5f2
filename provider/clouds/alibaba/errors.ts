import { byStatus } from "../transport";
import type { Verdict } from "../transport";

/**
 * The class of a DataWorks error code (contracts/protocol: errors; contracts.md §5.3). Exact codes stand before
 * families: a rule "Throttling… may be repeated" alone would also repeat the daily limit.
 */
const CODES: readonly [RegExp, Verdict][] = [
  [/^Throttling\.(Api\.Risk|Resource)$/, { errorClass: "quota" }],
  [/^(Rejected\.)?Throttling(\.|$)/, { errorClass: "throttle" }],
  [/^ServiceUnavailable/, { errorClass: "transient" }],
  [/ServiceIsBusy$/, { errorClass: "transient" }],
  // While a workspace changes; the official Terraform provider repeats it.
  [/^9990020002$/, { errorClass: "transient" }],
  [/^(InvalidTimeStamp\.Expired|IllegalTimestamp)$/, { errorClass: "clock" }],
  // Every attempt has a nonce of its own, so a replay was made below us and the first copy may have been served.
  [/^SignatureNonceUsed$/, { errorClass: "replay", unclear: true }],
  [
    /^(SignatureDoesNotMatch|IncompleteSignature|InvalidAccessKeyId|InvalidSecurityToken|MissingSecurityToken)/,
    { errorClass: "auth" },
  ],
  [/^(Forbidden\.Not\.Server|InternalError\.UserId\.Missing)$/, { errorClass: "business" }],
  [/^(Forbidden|ResourceNotAuthorized|NoPermission|Unauthorized|AccessDenied)/, { errorClass: "auth" }],
  // HTTP 500, but it means the arguments.
  [/^InternalError\.DI\.Parameter$/, { errorClass: "parameter" }],
  [/^InternalError/, { errorClass: "transient", unclear: true }],
  [/^(Missing|Invalid|Illegal|Unsupported|Unknown)([A-Z.]|$)/, { errorClass: "parameter" }],
  [/(NotFound|NotExists?)$/, { errorClass: "missing" }],
  // Business codes are bare digits; which of them means a missing task or file is not documented anywhere.
  [/^\d+$/, { errorClass: "business" }],
];

/** The class of an error envelope with this code and HTTP status. */
export function classify(code: string, http: number | undefined): Verdict {
  const known = CODES.find(([pattern]) => pattern.test(code))?.[1];
  if (known !== undefined) return known;
  return http === undefined || http === 200 ? { errorClass: "business" } : byStatus(http);
}
