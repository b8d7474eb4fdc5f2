import { type Codes, classifier } from "../codes";
import { byStatus } from "../transport";
import type { Verdict } from "../transport";

/**
 * The class of a WeData or Tencent Cloud error code (contracts/protocol: errors). Exact codes stand before families:
 * "InvalidParameter… is permanent" alone would give up on ServiceIsBusy.
 */
export const CODES: readonly Codes[] = [
  {
    codes: ["RequestLimitExceeded", "RequestLimitExceeded.*"],
    errorClass: "throttle",
    meaning: "too many calls of this operation, of the account, or in the region",
  },
  {
    codes: [
      "LimitExceeded",
      "LimitExceeded.*",
      "InvalidParameter.QuotaExceedError",
      "InvalidParameter.MaxLimitExceeded",
    ],
    errorClass: "quota",
    meaning: "a quota of the account or the project is used up",
  },
  {
    codes: ["ResourceInsufficient", "ResourceInsufficient.*", "ResourcesSoldOut", "ResourcesSoldOut.*"],
    errorClass: "quota",
    meaning: "the cloud has no more of what the call asks for",
  },
  {
    codes: ["InvalidParameter.ServiceIsBusy"],
    errorClass: "transient",
    meaning: "the service is busy and has not begun, whatever its name says",
  },
  {
    codes: [
      ...["ResourceInUse", "ResourceInUse.*", "ResourceUnavailable", "ResourceUnavailable.*"],
      ...["ResourceBusy", "ResourceBusy.*"],
    ],
    errorClass: "transient",
    meaning: "another change of the same thing is under way; repeated by the official Terraform provider as well",
  },
  {
    codes: ["FailedOperation.ConnectionTimeOutError", "InternalError", "InternalError.*"],
    errorClass: "transient",
    unclear: true,
    meaning: "something inside the service has failed, before or after it did its work",
  },
  {
    codes: ["AuthFailure.SignatureExpire"],
    errorClass: "clock",
    meaning: "the time of the signature differs from the service's by more than 5 minutes",
  },
  {
    codes: ["AuthFailure", "AuthFailure.*", "UnauthorizedOperation", "UnauthorizedOperation.*"],
    errorClass: "auth",
    meaning: "the key is not known or not right, or may not do this",
  },
  {
    codes: ["OperationDenied.UserNotInWhitelistError"],
    errorClass: "auth",
    meaning: "the operation is for admitted accounts; where another one can do its work, that is called instead",
  },
  {
    codes: ["ResourceNotFound", "ResourceNotFound.*"],
    errorClass: "missing",
    meaning: "what the call is about does not exist",
  },
  {
    // A workspace that isn't there is a wrong argument: were it "missing", a misspelt project would look like deleted tasks.
    codes: [
      ...["InvalidParameter", "InvalidParameter.*", "InvalidParameterValue", "InvalidParameterValue.*"],
      ...["MissingParameter", "MissingParameter.*", "UnknownParameter", "UnknownParameter.*"],
    ],
    errorClass: "parameter",
    meaning: "a parameter is missing, or its value is not accepted; also a project that does not exist",
  },
  {
    codes: [
      ...["InvalidAction*", "NoSuchVersion*", "InvalidRequest*", "InvalidProtocol*"],
      ...["UnsupportedRegion*", "UnsupportedProtocol*", "UnsupportedOperation*"],
    ],
    errorClass: "parameter",
    meaning: "the site or the region does not offer the operation",
  },
  {
    codes: ["FailedOperation", "FailedOperation.*", "OperationDenied", "OperationDenied.*", "DryRunOperation*"],
    errorClass: "business",
    meaning: "any refusal, also of what does not exist: that is settled by reading",
  },
];

const known = classifier(CODES);

/** The class of an error with this code and HTTP status. */
export function classify(code: string, http: number | undefined): Verdict {
  return known(code) ?? (http === undefined || http === 200 ? { errorClass: "unknown" } : byStatus(http));
}
