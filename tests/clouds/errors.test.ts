import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { classify as alibaba } from "../../provider/clouds/alibaba/errors";
import { classify as tencent } from "../../provider/clouds/tencent/errors";

describe("the class of an error code", () => {
  const cases: [typeof alibaba, string, number, string][] = [
    [alibaba, "Throttling", 400, "throttle"],
    [alibaba, "Throttling.System", 429, "throttle"],
    [alibaba, "Rejected.Throttling", 400, "throttle"],
    [alibaba, "Throttling.Api.Risk", 429, "quota"],
    [alibaba, "Throttling.Resource", 429, "quota"],
    [alibaba, "ServiceUnavailable", 503, "transient"],
    [alibaba, "InternalError.System", 500, "transient unclear"],
    [alibaba, "InternalError.DI.Parameter", 500, "parameter"],
    [alibaba, "Invalid.DI.Parameter", 400, "parameter"],
    [alibaba, "Forbidden.DI.NoPrivilege", 403, "auth"],
    [alibaba, "Forbidden.Not.Server", 500, "business"],
    [alibaba, "MissingProjectId", 400, "parameter"],
    [alibaba, "InvalidAction.NotFound", 404, "parameter"],
    [alibaba, "InvalidAccessKeyId.NotFound", 404, "auth"],
    [alibaba, "InvalidTimeStamp.Expired", 400, "clock"],
    [alibaba, "InvalidTimeStamp.Format", 400, "parameter"],
    [alibaba, "SignatureNonceUsed", 400, "replay unclear"],
    [alibaba, "9990020002", 400, "transient"],
    [alibaba, "9990040003", 404, "business"],
    [alibaba, "ResourceNotFound", 404, "missing"],
    [alibaba, "Whatever", 403, "auth"],
    [alibaba, "Whatever", 500, "transient unclear"],
    [tencent, "RequestLimitExceeded.GlobalRegionUinLimitExceeded", 200, "throttle"],
    [tencent, "LimitExceeded", 200, "quota"],
    [tencent, "InvalidParameter.QuotaExceedError", 200, "quota"],
    [tencent, "InvalidParameter.ServiceIsBusy", 200, "transient"],
    [tencent, "InternalError.CallSchedulerApiError", 200, "transient unclear"],
    [tencent, "AuthFailure.SignatureExpire", 200, "clock"],
    [tencent, "AuthFailure.SignatureFailure", 200, "auth"],
    [tencent, "OperationDenied.UserNotInWhitelistError", 200, "auth"],
    [tencent, "InvalidParameter.WorkspaceNotExist", 200, "parameter"],
    [tencent, "ResourceNotFound", 200, "missing"],
    [tencent, "FailedOperation", 200, "business"],
    [tencent, "Whatever", 200, "unknown"],
    [alibaba, "Whatever", 200, "business"],
    [alibaba, "Whatever", 429, "throttle"],
    [alibaba, "Whatever", 307, "transport"],
  ];
  for (const [classify, code, http, expected] of cases) {
    it(`of ${code} (HTTP ${String(http)}) is ${expected}`, () => {
      const { errorClass, unclear = false } = classify(code, http);
      assert.equal(`${errorClass}${unclear ? " unclear" : ""}`, expected);
    });
  }
});

/** Every code of the contracts (protocol: errors), by the class that they give it in our words. */
const CONTRACT: readonly [typeof alibaba, string, readonly string[]][] = [
  [alibaba, "clock", ["InvalidTimeStamp.Expired", "IllegalTimestamp"]],
  [alibaba, "replay", ["SignatureNonceUsed"]],
  [
    alibaba,
    "auth",
    [
      ...["SignatureDoesNotMatch", "IncompleteSignature", "InvalidAccessKeyId.NotFound", "InvalidAccessKeyId.Inactive"],
      ...["Forbidden.RAM", "ResourceNotAuthorized.Api", "Forbidden.Access"],
    ],
  ],
  [
    alibaba,
    "parameter",
    [
      ...["InvalidTimeStamp.Format", "MissingProjectId", "InvalidPageSize", "InvalidAction.NotFound"],
      ...["InvalidApi.NotFound", "UnsupportedHTTPMethod", "Invalid.Tenant.ConnectionNotExists"],
    ],
  ],
  [
    alibaba,
    "throttle",
    ["Throttling", "Throttling.User", "Throttling.Api", "Throttling.System", "Rejected.Throttling"],
  ],
  [alibaba, "quota", ["Throttling.Api.Risk", "Throttling.Resource"]],
  [alibaba, "transient", ["ServiceUnavailable", "InternalError", "9990020002"]],
  [alibaba, "business", ["9990040003", "1101080008", "1101080166", "400010", "100002001", "500130", "1201111279"]],
  [
    tencent,
    "throttle",
    [
      ...["RequestLimitExceeded", "RequestLimitExceeded.UinLimitExceeded"],
      "RequestLimitExceeded.GlobalRegionUinLimitExceeded",
    ],
  ],
  [
    tencent,
    "quota",
    [
      ...["LimitExceeded", "InvalidParameter.QuotaExceedError", "InvalidParameter.MaxLimitExceeded"],
      ...["ResourceInsufficient", "ResourcesSoldOut"],
    ],
  ],
  [
    tencent,
    "transient",
    [
      ...["InvalidParameter.ServiceIsBusy", "FailedOperation.ConnectionTimeOutError", "InternalError"],
      ...["InternalError.CallSchedulerApiError", "InternalError.InternalCallCloudApiError"],
      ...["ResourceInUse", "ResourceUnavailable", "ResourceBusy"],
    ],
  ],
  [tencent, "clock", ["AuthFailure.SignatureExpire"]],
  [
    tencent,
    "auth",
    [
      ...["AuthFailure", "AuthFailure.SignatureFailure", "AuthFailure.SecretIdNotFound", "AuthFailure.InvalidSecretId"],
      ...["AuthFailure.InvalidAuthorization", "AuthFailure.TokenFailure", "AuthFailure.UnauthorizedOperation"],
      ...["AuthFailure.MFAFailure", "UnauthorizedOperation", "OperationDenied.UserNotInWhitelistError"],
    ],
  ],
  [tencent, "missing", ["ResourceNotFound"]],
  [
    tencent,
    "parameter",
    [
      ...["InvalidParameter", "InvalidParameter.DuplicateName", "InvalidParameter.WorkspaceNotExist"],
      ...["InvalidParameter.RuleNotExist", "InvalidParameterValue", "MissingParameter"],
    ],
  ],
  [
    tencent,
    "business",
    [
      ...["FailedOperation", "FailedOperation.ExecutorClusterStatusError", "FailedOperation.FailedOperationWithReason"],
      ...["FailedOperation.JobSplitLimitExceedCode", "FailedOperation.NoLock", "FailedOperation.PreviewTimeOut"],
      ...["OperationDenied", "DryRunOperation"],
    ],
  ],
];

describe("every code of the contracts", () => {
  for (const [classify, expected, codes] of CONTRACT) {
    it(`has its class: ${expected} (${classify === alibaba ? "DataWorks" : "WeData"})`, () => {
      const http = classify === alibaba ? 400 : 200;
      assert.deepEqual(
        codes.filter((code) => classify(code, http).errorClass !== expected),
        [],
      );
    });
  }
});
