import { type Codes, classifier } from "../codes";
import { byStatus } from "../transport";
import type { Verdict } from "../transport";

/**
 * The class of a DataWorks error code (contracts/protocol: errors; contracts.md §5.3). Exact codes stand before
 * families: a rule "Throttling… may be repeated" alone would also repeat the daily limit.
 */
export const CODES: readonly Codes[] = [
  {
    codes: ["Throttling.Api.Risk"],
    errorClass: "quota",
    meaning: "the account's daily number of calls of this operation is used up",
  },
  {
    codes: ["Throttling.Resource"],
    errorClass: "quota",
    meaning: "what the edition of DataWorks allows is used up",
  },
  {
    codes: ["Throttling", "Throttling.*", "Rejected.Throttling"],
    errorClass: "throttle",
    meaning: "too many calls of the user, of the operation, or at the service as a whole",
  },
  {
    codes: ["ServiceUnavailable*", "*ServiceIsBusy"],
    errorClass: "transient",
    meaning: "the service is busy and has not begun",
  },
  {
    codes: ["9990020002"],
    errorClass: "transient",
    meaning: "the workspace is being changed; seen by others, and repeated by the official Terraform provider",
  },
  {
    codes: ["InvalidTimeStamp.Expired", "IllegalTimestamp"],
    errorClass: "clock",
    meaning: "the time of the signature differs from the service's by more than 15 minutes",
  },
  {
    // Every attempt has a nonce of its own, so a replay was made below us and the first copy may have been served.
    codes: ["SignatureNonceUsed"],
    errorClass: "replay",
    unclear: true,
    meaning: "something on the way has sent the call twice, and this is the second copy",
  },
  {
    codes: [
      ...["SignatureDoesNotMatch*", "IncompleteSignature*", "InvalidAccessKeyId*"],
      ...["InvalidSecurityToken*", "MissingSecurityToken*"],
    ],
    errorClass: "auth",
    meaning: "the key is not known, not active, or its secret or session token is another one",
  },
  {
    codes: ["Forbidden.Not.Server"],
    errorClass: "business",
    meaning: "the operation is not offered in this region",
  },
  {
    codes: ["InternalError.UserId.Missing"],
    errorClass: "business",
    meaning: "the service does not find the user of the key",
  },
  {
    codes: ["Forbidden*", "ResourceNotAuthorized*", "NoPermission*", "Unauthorized*", "AccessDenied*"],
    errorClass: "auth",
    meaning: "the key may not do this, or the edition or the workspace does not let it",
  },
  {
    // HTTP 500, but it means the arguments.
    codes: ["InternalError.DI.Parameter"],
    errorClass: "parameter",
    meaning: "the script of a sync task is not accepted",
  },
  {
    codes: ["InternalError*"],
    errorClass: "transient",
    unclear: true,
    meaning: "something inside the service has failed, before or after it did its work",
  },
  {
    codes: ["Missing*", "Invalid*", "Illegal*", "Unsupported*", "UnknownParameter*"],
    errorClass: "parameter",
    meaning: "a parameter is missing, or its value is not accepted; the rest of the code names it",
  },
  {
    codes: ["*NotFound", "*NotExist", "*NotExists"],
    errorClass: "missing",
    meaning: "what the call is about does not exist",
  },
  {
    codes: ["#"],
    errorClass: "business",
    meaning:
      "digits alone are DataWorks' own refusals. No document lists them, nor says which means that a task or a file is missing: that is settled by a list",
  },
];

const known = classifier(CODES);

/** The class of an error envelope with this code and HTTP status. */
export function classify(code: string, http: number | undefined): Verdict {
  return known(code) ?? (http === undefined || http === 200 ? { errorClass: "business" } : byStatus(http));
}
