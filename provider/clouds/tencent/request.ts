import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import type { Endpoint } from "../endpoint";
import { jsonText, parseObject } from "../json";
import type { Keys } from "./credentials";

const VERSION = "2021-08-20";

/** One call as it goes over the wire. */
export interface Request {
  readonly action: string;
  readonly parameters: object;
  readonly region: string;
  readonly keys: Keys;
  /** By which the exchange is found. */
  readonly trace: string;
  /** The service's time, in milliseconds since the epoch: it refuses a signature of another one. */
  readonly time: number;
  readonly timeoutMilliseconds: number;
}

/** The part of node-fetch, which the SDK brings without its types, that is used here. */
type Fetch = (url: string, options: object) => Promise<{ text: () => Promise<string> }>;

/** Sends a request; gives the answer's JSON object, or `undefined` when it is none. */
export type Send = (request: Request) => Promise<Record<string, unknown> | undefined>;

/**
 * A function that signs and sends by the SDK's own code. The SDK's client is not used for it, as that takes the time of
 * its signatures from the machine alone, loses the body of every answer that isn't 200, and rounds integers beyond 2^53
 * (tencentcloud-sdk-nodejs 4.1.313, read).
 */
export async function sender(endpoint: Endpoint): Promise<Send> {
  const [sign, http] = await Promise.all([
    import("tencentcloud-sdk-nodejs/tencentcloud/common/sign.js"),
    import("tencentcloud-sdk-nodejs/tencentcloud/common/http/fetch.js"),
  ]);
  const { default: Sign } = sign.default;
  const fetch = http.default.default as unknown as Fetch;
  const { protocol, host } = endpoint;
  const url = `${protocol}://${host}/`;
  const agent = agentFor(endpoint);
  return async ({ action, parameters, region, keys, trace, time, timeoutMilliseconds }) => {
    const timestamp = Math.floor(time / 1000);
    const body = jsonText(withoutNull(parameters));
    const headers = {
      Host: host,
      "Content-Type": "application/json",
      "X-TC-Action": action,
      "X-TC-Version": VERSION,
      "X-TC-Region": region,
      "X-TC-Timestamp": String(timestamp),
      "X-TC-RequestClient": "pulumi-data-tasks",
      "X-TC-TraceId": trace,
      ...(keys.token !== undefined && { "X-TC-Token": keys.token }),
    };
    const Authorization = Sign.sign3({
      method: "POST",
      url,
      // What is signed is what is sent, byte by byte.
      payload: Buffer.from(body, "utf8"),
      timestamp,
      service: host.split(".")[0] ?? "",
      secretId: keys.secretId,
      secretKey: keys.secretKey,
      multipart: false,
      boundary: "",
      headers,
    });
    const response = await fetch(url, {
      method: "POST",
      headers: { ...headers, Authorization },
      body,
      timeout: timeoutMilliseconds,
      // A task's content belongs to nobody else.
      redirect: "manual",
      ...(agent !== undefined && { agent }),
    });
    return parseObject(await response.text());
  };
}

/** Connections are kept. Where a proxy is set the SDK makes its own agent for it, as its users expect. */
function agentFor({ protocol, loopback }: Endpoint): HttpAgent | undefined {
  if (!loopback && process.env["http_proxy"]) return undefined;
  return protocol === "https" ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
}

/** The service takes no null: such a member is left out. */
function withoutNull(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNull);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== null && member !== undefined)
      .map(([name, member]) => [name, withoutNull(member)]),
  );
}
