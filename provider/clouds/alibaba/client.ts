import { createHash, randomUUID } from "node:crypto";
import type OpenApiClient from "@alicloud/openapi-client";
import { now } from "../../core/clock";
import { TaskError } from "../../core/errors";
import { accountMark } from "../account";
import { attempts } from "../attempts";
import type { CallOptions } from "../attempts";
import { checkRegion, parseEndpoint } from "../endpoint";
import type { Endpoint } from "../endpoint";
import { watching } from "../exchange";
import type { Exchange } from "../exchange";
import { jsonText } from "../json";
import { gate } from "../limits";
import { serviceClock } from "../service-clock";
import { answerOf } from "./answer";
import { asCredential, keysOf } from "./credentials";
import type { Keys } from "./credentials";
import { perDayOf, rateOf } from "./limits";
import type { Rates } from "./limits";
import { isRepeatable, operations, placed } from "./operations";
import type { DataWorksOperation, Operation } from "./operations";
import { endpointOf } from "./regions";

export type { CallOptions } from "../attempts";
export type { DataWorksOperation } from "./operations";

export interface AlibabaSettings extends Rates {
  region?: string;
  endpoint?: string;
  profile?: string;
  roleArn?: string;
  accessKeyId?: string;
  accessKeySecret?: string;
  securityToken?: string;
  readTimeoutSeconds?: number;
  connectTimeoutSeconds?: number;
  allowHttp?: boolean;
  fullRefresh?: boolean;
  requestsPerDay?: number;
}

export interface AlibabaClient {
  /** Names the account, endpoint and limits, without a secret: what may share a batch or a cache has the same key. */
  readonly key: string;
  /** A refresh reads every task in full, and trusts no time of modification. */
  readonly fullRefresh: boolean;
  /**
   * The answer's top level. Integers beyond 2^53 are strings in it; objects and lists among the parameters become JSON
   * text, in which a bigint is written as a number. Everything that isn't a success is thrown as CloudError.
   */
  call(
    operation: DataWorksOperation,
    parameters: Record<string, unknown>,
    options?: CallOptions,
  ): Promise<Record<string, unknown>>;
}

const CLOUD = "dataworks";

/** A client for these settings. The SDK is loaded by its first call; `warn` is told what the user has to know of it. */
export function alibabaClient(
  settings: AlibabaSettings,
  warn: (message: string) => void = () => undefined,
): AlibabaClient {
  const { readTimeoutSeconds = 30, connectTimeoutSeconds = 10, edition = "enterprise" } = settings;
  const perDay = perDayOf(edition, settings.requestsPerDay);
  const endpoint = endpointFor(settings);
  const keys = keysOf(settings);
  const key = keyOf(settings, endpoint);
  const { accessKeyId: keyId, securityToken: token, profile, roleArn } = settings;
  const payer = `${CLOUD}|${endpoint.host}|${accountMark(CLOUD, { keyId, token, profile, roleArn })}`;
  let loading: Promise<OpenApiClient> | undefined;
  const sdk = (): Promise<OpenApiClient> => (loading ??= load(endpoint, keys));
  const clock = serviceClock(CLOUD, warn);

  const call: AlibabaClient["call"] = async (name, parameters, options = {}) => {
    const operation: Operation = operations[name];
    const placement = placed(operation, parameters, jsonText);
    const rate = rateOf(operation.read, settings);
    let corrected = false;
    let [last, ahead]: [Exchange?, number?] = [];

    const attempt = async (deadline: number): Promise<Record<string, unknown>> => {
      const [client, current] = [await sdk(), await keys()];
      const nonce = randomUUID();
      const total = Math.max(1, Math.min((readTimeoutSeconds + connectTimeoutSeconds) * 1000, deadline - now()));
      const limits = {
        connectMilliseconds: connectTimeoutSeconds * 1000,
        totalMilliseconds: total,
        signal: options.signal,
      };
      ahead = clock.ahead();
      const headers = { "x-acs-signature-nonce": nonce, "x-acs-date": dateAt(Date.now() + ahead) };
      const outcome = await watching(nonce, limits, () =>
        send(client, name, operation, { ...placement, headers }, total),
      );
      last = outcome.exchange;
      return answerOf(name, operation, outcome, options.about, current);
    };

    return attempts({
      cloud: CLOUD,
      operation: name,
      options,
      repeatable: options.repeatable ?? isRepeatable(name, parameters),
      limiter: gate({ cloud: CLOUD, operation: name, payer, rate, perDay }),
      ready: () => Promise.all([sdk(), keys()]),
      attempt,
      correctClock: () => !corrected && (corrected = clock.correct(last?.headers, ahead ?? 0)),
    });
  };
  return { key, fullRefresh: settings.fullRefresh ?? false, call };
}

async function load(endpoint: Endpoint, keys: () => Promise<Keys>): Promise<OpenApiClient> {
  const { default: library } = await import("@alicloud/openapi-client");
  const { default: Client, Config } = library;
  const { protocol, host } = endpoint;
  return new Client(
    new Config({
      credential: asCredential(keys),
      endpoint: host,
      protocol: protocol.toUpperCase(),
      userAgent: "pulumi-data-tasks",
    }),
  );
}

interface Request {
  query: Record<string, string>;
  body?: Record<string, string>;
  headers: Record<string, string>;
}

async function send(
  client: OpenApiClient,
  action: string,
  operation: Operation,
  request: Request,
  totalMilliseconds: number,
) {
  const { default: library } = await import("@alicloud/openapi-client");
  const params = new library.Params({
    action,
    version: operation.version,
    method: operation.method,
    protocol: "HTTPS",
    pathname: "/",
    authType: "AK",
    style: "RPC",
    reqBodyType: "formData",
    // The client rounds integers beyond 2^53 when it parses JSON itself.
    bodyType: "string",
  });
  // Headers of the request win over the client's own, which is how the nonce and a corrected date get in.
  // Its time limits (default 3 s) lie behind ours, which know what they measure.
  const runtime = { readTimeout: totalMilliseconds + 5000, connectTimeout: totalMilliseconds + 5000, autoretry: false };
  return client.callApi(
    params,
    new library.OpenApiRequest(request),
    runtime as unknown as Parameters<OpenApiClient["callApi"]>[2],
  );
}

function endpointFor({ endpoint, region, allowHttp = false }: AlibabaSettings): Endpoint {
  const checked = region === undefined ? undefined : checkRegion(region, "dataworks:region");
  if (endpoint === undefined && checked === undefined) {
    throw new TaskError(
      "no region for DataWorks: `pulumi config set dataworks:region cn-shanghai`, or set ALIBABA_CLOUD_REGION_ID",
    );
  }
  return parseEndpoint(endpoint ?? endpointOf(checked ?? ""), {
    key: "dataworks:endpoint",
    example: "dataworks.cn-shanghai.aliyuncs.com",
    foreign: { domains: ["tencentcloudapi.com", "tencentcloudapi.woa.com", "tencent.com"], key: "wedata:endpoint" },
    allowHttp,
    allowHttpKey: "dataworks:allowHttp",
  });
}

/** Settings that mean the same account and service give the same key; it shows no key id, only a mark of it. */
function keyOf({ accessKeyId, profile, roleArn, region }: AlibabaSettings, { host }: Endpoint): string {
  const who = createHash("sha256")
    .update(JSON.stringify([accessKeyId, profile, roleArn]))
    .digest("hex")
    .slice(0, 12);
  return `${CLOUD}|${host}|${region ?? ""}|${who}`;
}

const dateAt = (milliseconds: number): string => `${new Date(milliseconds).toISOString().slice(0, 19)}Z`;
