import { createHash, randomUUID } from "node:crypto";
import { now } from "../../core/clock";
import { CloudError, TaskError } from "../../core/errors";
import { accountMark } from "../account";
import { attempts } from "../attempts";
import type { CallOptions } from "../attempts";
import { checkRegion, parseEndpoint } from "../endpoint";
import type { Endpoint } from "../endpoint";
import { retryAfterOf, watching } from "../exchange";
import type { Exchange } from "../exchange";
import { gate } from "../limits";
import { serviceClock } from "../service-clock";
import { tidy, transportFailure, unreadable } from "../transport";
import type { Verdict } from "../transport";
import { keysOf } from "./credentials";
import type { Keys } from "./credentials";
import { classify } from "./errors";
import { behaviourOf } from "./operations";
import { regionIn } from "./regions";
import { sender } from "./request";
import type { Send } from "./request";

export type { CallOptions } from "../attempts";

export interface TencentSettings {
  region?: string;
  endpoint?: string;
  profile?: string;
  roleArn?: string;
  secretId?: string;
  secretKey?: string;
  token?: string;
  /** Mainland or international; they differ in operations. Default: by the endpoint. */
  site?: "cn" | "intl";
  readTimeoutSeconds?: number;
  connectTimeoutSeconds?: number;
  allowHttp?: boolean;
  fullRefresh?: boolean;
  /** One limit for all calls together, instead of one for each operation. */
  requestsPerSecond?: number;
  /** The limit of each operation, instead of the documented one. */
  requestsPerSecondPerOperation?: number;
  requestsPerDay?: number;
}

export interface TencentClient {
  /** Names the account, endpoint and region, without a secret. */
  readonly key: string;
  readonly site: "cn" | "intl";
  /** A refresh reads every task in full, and trusts no time of modification. */
  readonly fullRefresh: boolean;
  /**
   * What stands in `Response`. Members that are undefined or null are not sent, so nothing can be cleared by null.
   * Integers beyond 2^53 are strings in the answer. Everything that isn't a success is thrown as CloudError.
   */
  call(operation: string, parameters: object, options?: CallOptions): Promise<Record<string, unknown>>;
}

const CLOUD = "wedata";
/** Documented for ModifyTaskInfo and its siblings: 20 requests a second and operation. */
const PER_SECOND_AND_OPERATION = 20;

/** A client for these settings. The SDK is loaded by its first call; `warn` is told what the user has to know of it. */
export function tencentClient(
  settings: TencentSettings,
  warn: (message: string) => void = () => undefined,
): TencentClient {
  const { readTimeoutSeconds = 30, connectTimeoutSeconds = 10, requestsPerSecond } = settings;
  const { requestsPerSecondPerOperation = PER_SECOND_AND_OPERATION } = settings;
  const endpoint = endpointFor(settings);
  const region = regionFor(settings, endpoint);
  const site = settings.site ?? (endpoint.hostname.includes(".intl.") ? "intl" : "cn");
  const keys = keysOf(settings, site);
  const key = keyOf(settings, endpoint, region);
  const { secretId: keyId, token, profile, roleArn } = settings;
  const payer = `${CLOUD}|${endpoint.host}|${region}|${accountMark(CLOUD, { keyId, token, profile, roleArn })}`;
  const clock = serviceClock(CLOUD, warn);
  let loading: Promise<Send> | undefined;
  const sdk = (): Promise<Send> => (loading ??= sender(endpoint));

  const call: TencentClient["call"] = async (name, parameters, options = {}) => {
    const behaviour = behaviourOf(name);
    let corrected = false;
    let [last, ahead]: [Exchange?, number?] = [];
    const attempt = async (deadline: number): Promise<Record<string, unknown>> => {
      const [send, used] = [await sdk(), await keys()];
      const trace = randomUUID();
      const total = Math.max(1, Math.min((readTimeoutSeconds + connectTimeoutSeconds) * 1000, deadline - now()));
      const limits = {
        connectMilliseconds: connectTimeoutSeconds * 1000,
        totalMilliseconds: total,
        signal: options.signal,
      };
      ahead = clock.ahead();
      const request = { action: name, parameters, region, keys: used, trace, time: Date.now() + ahead };
      // The SDK's time limit lies behind ours, which know what they measure.
      const outcome = await watching(trace, limits, () => send({ ...request, timeoutMilliseconds: total + 5000 }));
      last = outcome.exchange;
      return answerOf(name, outcome, options.about, used);
    };
    const rate =
      requestsPerSecond === undefined
        ? { name, perSecond: requestsPerSecondPerOperation }
        : { name: "all", perSecond: requestsPerSecond };
    return attempts({
      cloud: CLOUD,
      operation: name,
      options,
      repeatable: options.repeatable ?? behaviour.repeatable,
      limiter: gate({ cloud: CLOUD, operation: name, payer, rate, perDay: settings.requestsPerDay }),
      ready: () => Promise.all([sdk(), keys()]),
      attempt,
      correctClock: () => !corrected && (corrected = clock.correct(last?.headers, ahead ?? 0)),
    });
  };
  return { key, site, fullRefresh: settings.fullRefresh ?? false, call };
}

type Outcome = { exchange: Exchange } & ({ value: Record<string, unknown> | undefined } | { error: unknown });

/** The answer when it is a success; every other outcome as CloudError. */
function answerOf(name: string, outcome: Outcome, about: string | undefined, keys: Keys): Record<string, unknown> {
  const { exchange } = outcome;
  const { read, falseIsRefusal } = behaviourOf(name);
  const fail = (code: string, detail: string, verdict: Verdict, requestId?: unknown): never => {
    throw new CloudError({
      cloud: CLOUD,
      operation: name,
      about,
      code,
      detail: tidy(detail, [keys.secretKey, keys.token]),
      errorClass: verdict.errorClass,
      unclear: verdict.unclear === true && !read,
      requestId: typeof requestId === "string" && requestId !== "" ? requestId : undefined,
      http: exchange.status,
      retryAfterMilliseconds: retryAfterOf(exchange.headers),
    });
  };

  if ("error" in outcome) {
    const { error } = outcome;
    if (error instanceof TaskError) throw error;
    const failure = transportFailure(error, exchange);
    return fail(failure.code, failure.detail, failure);
  }

  const answer = objectIn(outcome.value, "Response");
  const refusal = objectIn(answer, "Error");
  if (typeof refusal?.Code === "string" && refusal.Code !== "") {
    const { Code, Message } = refusal;
    const detail = typeof Message === "string" ? Message : "";
    return fail(Code, detail, classify(Code, exchange.status), answer?.RequestId);
  }
  if (answer === undefined || exchange.status !== 200) {
    const failure = unreadable(exchange);
    return fail(failure.code, failure.detail, failure);
  }
  if (falseIsRefusal && answer.Data === false)
    return fail(
      "Data=false",
      "the service answered that it did not do it",
      { errorClass: "business" },
      answer.RequestId,
    );
  return answer;
}

function objectIn(whole: Record<string, unknown> | undefined, name: string): Record<string, unknown> | undefined {
  const value = whole?.[name];
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}

function endpointFor({ endpoint, allowHttp = false }: TencentSettings): Endpoint {
  return parseEndpoint(endpoint ?? "wedata.tencentcloudapi.com", {
    key: "wedata:endpoint",
    example: "wedata.tencentcloudapi.com",
    foreign: { domains: ["aliyuncs.com", "aliyun.com", "alibabacloud.com"], key: "dataworks:endpoint" },
    allowHttp,
    allowHttpKey: "wedata:allowHttp",
  });
}

function regionFor({ region }: TencentSettings, { hostname, loopback }: Endpoint): string {
  if (region !== undefined) return checkRegion(region, "wedata:region");
  const named = regionIn(hostname);
  if (named !== undefined) return named;
  // An emulator does not mind which; ModifyTaskInfo is at home in Guangzhou.
  if (loopback) return "ap-guangzhou";
  throw new TaskError(
    "no region for WeData: `pulumi config set wedata:region ap-guangzhou`, or set TENCENTCLOUD_REGION",
  );
}

/** Settings that mean the same account and service give the same key; it shows no key id, only a mark of it. */
function keyOf({ secretId, profile, roleArn }: TencentSettings, { host }: Endpoint, region: string): string {
  const who = createHash("sha256")
    .update(JSON.stringify([secretId, profile, roleArn]))
    .digest("hex")
    .slice(0, 12);
  return `${CLOUD}|${host}|${region}|${who}`;
}
