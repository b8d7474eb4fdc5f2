import { subscribe } from "node:diagnostics_channel";
import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";

/**
 * What really happened on the wire in one attempt. Both SDKs hide it: neither shows the headers of an error (the
 * service's date, its retry-after), an HTML page loses its status, and nothing tells "never sent" from "no answer".
 * Node publishes every HTTP request and response on its diagnostics channels; ours are found by an id that both SDKs
 * let us put into a header of the request (the signature nonce, the trace id).
 */
export interface Exchange {
  status?: number;
  headers?: IncomingHttpHeaders;
  request?: ClientRequest;
  /** A connection existed: the request, or a part of it, may have arrived. */
  connected: boolean;
  /** The socket's own error, when there was one. */
  failure?: NodeJS.ErrnoException;
}

const ID_HEADERS = ["x-acs-signature-nonce", "x-tc-traceid"];
const open = new Map<string, Exchange>();
let subscribed = false;

const exchangeOf = (request: ClientRequest): Exchange | undefined => {
  for (const header of ID_HEADERS) {
    // node-fetch, inside the Tencent SDK, gives each header as a list.
    const value = request.getHeader(header);
    const id = Array.isArray(value) ? value[0] : value;
    if (typeof id === "string") return open.get(id);
  }
  return undefined;
};

const heard = new WeakSet<Socket>();

/**
 * Node takes its listener off a kept connection when the answer is complete; a service that answers before it has read
 * everything and then resets the connection would end our whole process with an error that nobody hears.
 */
function hear(socket: Socket): void {
  if (heard.has(socket)) return;
  heard.add(socket);
  socket.on("error", () => undefined);
}

function listen(): void {
  if (subscribed) return;
  subscribed = true;
  subscribe("http.client.request.start", (message) => {
    if (open.size === 0) return;
    const { request } = message as { request: ClientRequest };
    const exchange = exchangeOf(request);
    if (exchange === undefined) return;
    exchange.request = request;
    request.once("error", (error) => (exchange.failure = error));
    const { socket } = request;
    if (socket === null) return;
    hear(socket);
    const connected = (): boolean => (exchange.connected = true);
    if (!socket.connecting && (socket as Partial<TLSSocket>).encrypted !== true) connected();
    else if (request.reusedSocket) connected();
    else socket.once((socket as Partial<TLSSocket>).encrypted === true ? "secureConnect" : "connect", connected);
  });
  subscribe("http.client.response.finish", (message) => {
    if (open.size === 0) return;
    const { request, response } = message as { request: ClientRequest; response: IncomingMessage };
    const exchange = exchangeOf(request);
    if (exchange === undefined) return;
    exchange.connected = true;
    if (response.statusCode !== undefined) exchange.status = response.statusCode;
    exchange.headers = response.headers;
  });
}

/** Raised when an attempt took longer than it may. */
export class TimeLimit extends Error {
  override readonly name = "TimeLimit";
  readonly code: "ConnectTimeout" | "ReadTimeout";
  constructor(code: "ConnectTimeout" | "ReadTimeout", milliseconds: number) {
    const seconds = String(Math.round(milliseconds / 100) / 10);
    super(code === "ConnectTimeout" ? `no connection within ${seconds} s` : `no complete answer within ${seconds} s`);
    this.code = code;
  }
}

/** Raised when the caller's signal ended the attempt. */
export class Stopped extends Error {
  override readonly name = "Stopped";
  readonly code = "Stopped";
  constructor() {
    super("stopped before the answer came");
  }
}

export interface Limits {
  connectMilliseconds: number;
  /** For the whole attempt. */
  totalMilliseconds: number;
  signal?: AbortSignal | undefined;
}

/**
 * The result of one attempt whose request carries `id` in a header; past its limits the request is cut off.
 * The SDKs' own time limits can't be relied on: one measures idle time and calls it a connect time-out, and clears
 * its read timer only when the next request has used the socket (httpx 2.3, read and run).
 */
export async function watching<T>(
  id: string,
  limits: Limits,
  attempt: (exchange: Exchange) => Promise<T>,
): Promise<{ exchange: Exchange } & ({ value: T } | { error: unknown })> {
  listen();
  const exchange: Exchange = { connected: false };
  open.set(id, exchange);
  const { connectMilliseconds, totalMilliseconds, signal } = limits;
  let cut: ((error: Error) => void) | undefined;
  const cutOff = new Promise<never>((_, reject) => (cut = reject));
  const stop = (error: Error): void => {
    // An error of its own: httpx writes into the message of the one it gets.
    exchange.request?.destroy(new Error(error.message));
    cut?.(error);
  };
  const connectTimer = setTimeout(() => {
    if (exchange.request !== undefined && !exchange.connected)
      stop(new TimeLimit("ConnectTimeout", connectMilliseconds));
  }, connectMilliseconds);
  const totalTimer = setTimeout(() => stop(new TimeLimit("ReadTimeout", totalMilliseconds)), totalMilliseconds);
  const aborted = (): void => stop(new Stopped());
  signal?.addEventListener("abort", aborted, { once: true });
  try {
    return { exchange, value: await Promise.race([attempt(exchange), cutOff]) };
  } catch (error) {
    return { exchange, error };
  } finally {
    clearTimeout(connectTimer);
    clearTimeout(totalTimer);
    signal?.removeEventListener("abort", aborted);
    open.delete(id);
  }
}

/** How long the service asks us to wait: x-acs-retry-after is in milliseconds, Retry-After in seconds or a date. */
export function retryAfterOf(headers: IncomingHttpHeaders | undefined): number | undefined {
  const own = Number(headers?.["x-acs-retry-after"] ?? NaN);
  if (Number.isFinite(own) && own > 0) return own;
  const general = headers?.["retry-after"];
  if (general === undefined) return undefined;
  const seconds = Number(general);
  const wait = Number.isFinite(seconds) ? seconds * 1000 : Date.parse(general) - Date.now();
  return wait > 0 ? wait : undefined;
}
