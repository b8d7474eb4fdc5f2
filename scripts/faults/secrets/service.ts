import http from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Keys } from "./sources";

/** How a service that repeats all it was sent says no; `quote` repeats what the arguments of the call hold, and no more. */
export const refusals = ["mismatch", "expired", "throttle", "parameter", "quote", "fault", "page", "page-200"] as const;
export type Refusal = (typeof refusals)[number];

/** A gateway before the emulator: it lets calls through, or refuses them and repeats in its answer all that it got. */
export interface Gateway {
  /** Without a scheme, as an endpoint is configured. */
  readonly endpoint: string;
  /** Refuses from the n-th writing call on (from the first of any, where it is 0). */
  refuse(how: Refusal, from?: number): void;
  through(): void;
  /** How many calls were refused. */
  readonly refused: () => number;
  close(): Promise<void>;
}

const CODES: Record<
  Exclude<Refusal, "page" | "page-200">,
  [alibaba: [string, number], tencent: string, text: string]
> = {
  mismatch: [["SignatureDoesNotMatch", 400], "AuthFailure.SignatureFailure", "the signature is not that of"],
  expired: [["InvalidSecurityToken.Expired", 400], "AuthFailure.TokenFailure", "the token is expired, which came with"],
  throttle: [["Throttling.User", 429], "RequestLimitExceeded", "too many calls, the last of which was"],
  parameter: [["InvalidParameter", 400], "InvalidParameter", "cannot read"],
  quote: [["InvalidParameter", 400], "InvalidParameter", ""],
  fault: [["InternalError", 500], "InternalError", "failed at"],
};

/** Starts one on a free port of this machine. `keys` are given to whoever asks at /keys, as a machine with a role does. */
export async function gateway(emulator: string, keys: Keys): Promise<Gateway> {
  let how: Refusal | undefined;
  let from = 0;
  let writes = 0;
  let refused = 0;
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks);
      if (request.url === "/keys") return response.end(JSON.stringify(handedOut(keys)));
      if (isWrite(request)) writes += 1;
      if (how === undefined || writes < from) return forward(request, body, response, emulator);
      refused += 1;
      refuse(how, request, body, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    endpoint: `127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    refuse(as, after = 0) {
      [how, from, writes, refused] = [as, after, 0, 0];
    },
    through: () => void (how = undefined),
    refused: () => refused,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

const handedOut = ({ accessKeyId, accessKeySecret, securityToken }: Keys): object => ({
  Code: "Success",
  AccessKeyId: accessKeyId,
  AccessKeySecret: accessKeySecret,
  SecurityToken: securityToken ?? "",
  Expiration: new Date(Date.now() + 60 * 60_000).toISOString(),
});

const operationOf = ({ headers }: IncomingMessage): string =>
  String(headers["x-acs-action"] ?? headers["x-tc-action"] ?? "");
const isWrite = (request: IncomingMessage): boolean => !/^(Get|List|Describe|Check)/.test(operationOf(request));

function forward(request: IncomingMessage, body: Buffer, response: ServerResponse, emulator: string): void {
  const { method, headers, url } = request;
  const onward = http.request(emulator + (url ?? "/"), { method: method ?? "POST", headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on("error", () => response.destroy());
  onward.end(body);
}

function refuse(how: Refusal, request: IncomingMessage, body: Buffer, response: ServerResponse): void {
  const { method, url, headers, rawHeaders } = request;
  const text = body.toString();
  const sent = [
    `${method ?? ""} ${url ?? ""}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}`),
    rawHeaders.join("\n"),
    text,
    decoded(`${url ?? ""} ${text}`),
  ].join("\n");
  if (how === "page" || how === "page-200") {
    response.writeHead(how === "page" ? 502 : 200, { "content-type": "text/html" });
    response.end(`<html><body><h1>Bad gateway</h1><pre>${sent}</pre></body></html>`);
    return;
  }
  const [[code, status], tencentCode, words] = CODES[how];
  const isTencent = headers["x-tc-action"] !== undefined;
  const values = decoded(`${url ?? ""} ${text}`).replace(/[\s\S]*?(description|content|notes|param)/i, "$1");
  const Message = `Specified call is refused: ${how === "quote" ? values : `${words} ${sent}`}`;
  const RequestId = "00000000-0000-0000-0000-000000000000";
  response.writeHead(isTencent ? 200 : status, { "content-type": "application/json" });
  response.end(
    JSON.stringify(
      isTencent
        ? { Response: { Error: { Code: tencentCode, Message }, RequestId } }
        : { Code: code, Message, RequestId, HostId: "dataworks" },
    ),
  );
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return "";
  }
}
