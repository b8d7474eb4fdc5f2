import { createHash, randomUUID } from "node:crypto";
import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type { CommonClient } from "tencentcloud-sdk-nodejs/tencentcloud/common/common_client.js";
import { CloudError, TaskError } from "../../core/errors";
import { accountMark } from "../account";
import { attempts } from "../attempts";
import type { CallOptions } from "../attempts";
import { checkRegion, parseEndpoint } from "../endpoint";
import type { Endpoint } from "../endpoint";
import { retryAfterOf, watching } from "../exchange";
import type { Exchange } from "../exchange";
import { gate } from "../limits";
import { tidy, transportFailure, unreadable } from "../transport";
import type { Verdict } from "../transport";
import { keysOf } from "./credentials";
import type { Keys } from "./credentials";
import { classify } from "./errors";
import { behaviourOf } from "./operations";

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
  requestsPerSecond?: number;
  requestsPerDay?: number;
}

export interface TencentClient {
  /** Names the account, endpoint and region, without a secret. */
  readonly key: string;
  readonly site: "cn" | "intl";
  /** A refresh reads every task in full, and trusts no time of modification. */
  readonly fullRefresh: boolean;
  /**
   * What stands in `Response`. Members that are undefined or null are not sent (the SDK drops them), so nothing can be
   * cleared by null. Everything that isn't a success is thrown as CloudError.
   */
  call(operation: string, parameters: object, options?: CallOptions): Promise<Record<string, unknown>>;
}

const CLOUD = "wedata";
const VERSION = "2021-08-20";
/** Documented for ModifyTaskInfo and its siblings: 20 requests a second and operation. */
const PER_SECOND_AND_OPERATION = 20;

/** A client for these settings. The SDK's generic client, the only part needed, is loaded by the first call. */
export function tencentClient(settings: TencentSettings): TencentClient {
  const { readTimeoutSeconds = 30, connectTimeoutSeconds = 10, requestsPerSecond } = settings;
  const endpoint = endpointFor(settings);
  const region = regionFor(settings, endpoint);
  const site = settings.site ?? (endpoint.hostname.includes(".intl.") ? "intl" : "cn");
  const keys = keysOf(settings, site);
  const key = keyOf(settings, endpoint, region);
  const { secretId: keyId, token, profile, roleArn } = settings;
  const payer = `${CLOUD}|${endpoint.host}|${region}|${accountMark(CLOUD, { keyId, token, profile, roleArn })}`;
  let current: Keys | undefined;
  let loading: Promise<CommonClient> | undefined;
  // Keys are fetched before each attempt, outside the SDK, which would turn a failure there into one without a class.
  const sdk = (): Promise<CommonClient> =>
    (loading ??= load(
      endpoint,
      region,
      () => Promise.resolve(current ?? { secretId: "", secretKey: "" }),
      readTimeoutSeconds + connectTimeoutSeconds,
    ));

  const call: TencentClient["call"] = async (name, parameters, options = {}) => {
    const behaviour = behaviourOf(name);
    const attempt = async (deadline: number): Promise<Record<string, unknown>> => {
      const client = await sdk();
      const used = (current = await keys());
      const trace = randomUUID();
      const total = Math.max(1, Math.min((readTimeoutSeconds + connectTimeoutSeconds) * 1000, deadline - Date.now()));
      const limits = {
        connectMilliseconds: connectTimeoutSeconds * 1000,
        totalMilliseconds: total,
        signal: options.signal,
      };
      const outcome = await watching(
        trace,
        limits,
        () => client.request(name, parameters, { headers: { "X-TC-TraceId": trace } }) as Promise<unknown>,
      );
      return answerOf(name, outcome, options.about, used);
    };
    const rate =
      requestsPerSecond === undefined
        ? { name, perSecond: PER_SECOND_AND_OPERATION }
        : { name: "all", perSecond: requestsPerSecond };
    return attempts({
      cloud: CLOUD,
      operation: name,
      options,
      repeatable: options.repeatable ?? behaviour.repeatable,
      limiter: gate({ cloud: CLOUD, operation: name, payer, rate, perDay: settings.requestsPerDay }),
      ready: () => Promise.all([sdk(), keys()]),
      attempt,
      // The SDK takes the time for its signature from the machine and from nowhere else.
    });
  };
  return { key, site, fullRefresh: settings.fullRefresh ?? false, call };
}

async function load(
  endpoint: Endpoint,
  region: string,
  keys: () => Promise<Keys>,
  seconds: number,
): Promise<CommonClient> {
  const { CommonClient: Client } = (await import("tencentcloud-sdk-nodejs/tencentcloud/common/common_client.js"))
    .default;
  const { protocol, host } = endpoint;
  const agent = agentFor(endpoint);
  return new Client(host, VERSION, {
    credential: { getCredential: keys },
    region,
    profile: {
      httpProfile: {
        endpoint: host,
        protocol: `${protocol}://`,
        reqTimeout: seconds + 5,
        ...(agent !== undefined && { agent }),
      },
    },
  });
}

/**
 * An agent that keeps connections and lets nothing go to another host: the SDK's fetch follows redirects, and a task's
 * content belongs to nobody else. Where a proxy is set the SDK makes its own agent for it, as its users expect.
 */
function agentFor({ protocol, host, loopback }: Endpoint): HttpAgent | undefined {
  if (!loopback && process.env.http_proxy) return undefined;
  const agent = protocol === "https" ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
  const only = (url: { host?: string | null }): HttpAgent => {
    if (url.host !== host) throw Object.assign(new Error(`redirected to another host`), { code: "ERedirect" });
    return agent;
  };
  return only as unknown as HttpAgent;
}

type Outcome = { exchange: Exchange } & ({ value: unknown } | { error: unknown });

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
    const refusal = envelopeOf(error);
    if (refusal !== undefined)
      return fail(refusal.code, refusal.detail, classify(refusal.code, exchange.status), refusal.requestId);
    const failure = transportFailure(error, exchange);
    return fail(failure.code, failure.detail, failure);
  }

  const { value } = outcome;
  if (typeof value !== "object" || value === null) {
    const failure = unreadable(exchange);
    return fail(failure.code, failure.detail, failure);
  }
  const answer = value as Record<string, unknown>;
  if (falseIsRefusal && answer.Data === false)
    return fail(
      "Data=false",
      "the service answered that it did not do it",
      { errorClass: "business" },
      answer.RequestId,
    );
  return answer;
}

/** The service's own refusal inside the SDK's exception; anything else it throws has no code. */
function envelopeOf(error: unknown): { code: string; detail: string; requestId: unknown } | undefined {
  if (!(error instanceof Error) || !("requestId" in error)) return undefined;
  const code = "code" in error ? error.code : undefined;
  if (typeof code !== "string" || code === "") return undefined;
  return { code, detail: error.message, requestId: error.requestId };
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
  const named = /^wedata\.([a-z]{2,}-[a-z0-9-]+)\.tencentcloudapi\.com$/.exec(hostname)?.[1];
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
