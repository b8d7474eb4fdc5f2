import { retrying } from "../../provider/core/retry";

export type Json = unknown;

export interface Request {
  readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly path: string;
  readonly body?: Json;
  /** What is to be deleted may be gone already. */
  readonly mayBeMissing?: true;
}

/** A call that was refused or got no answer: a sentence without any key. */
export class HostError extends Error {
  override readonly name = "HostError";
  readonly status: number | undefined;
  constructor(message: string, status?: number) {
    super(message);
    this.status = status;
  }
}

const TIMEOUT_MILLISECONDS = 30_000;
const LOOPBACK = /^(127(\.\d+){3}|localhost|\[::1\])$/;

/** The base of an API: HTTPS, or plain HTTP on this machine alone, since a token travels with each call. */
export function baseUrl(given: string): string {
  let url: URL;
  try {
    url = new URL(given);
  } catch {
    throw new HostError(`--base-url must be a URL such as https://api.github.com, got ${JSON.stringify(given)}`);
  }
  const isPlain = url.protocol === "http:" && LOOPBACK.test(url.hostname);
  if ((url.protocol !== "https:" && !isPlain) || url.username !== "" || url.password !== "")
    throw new HostError(`--base-url must begin with https:// and hold no password, got ${url.protocol}//${url.host}`);
  return `${url.origin}${url.pathname.replace(/\/+$/, "")}`;
}

/** Calls a host. A call that only reads, or changes a thing by its id, is repeated while the host is busy. */
export function caller(base: string, headers: Record<string, string>) {
  return async (request: Request): Promise<Json> => {
    const { method } = request;
    return retrying(() => once(base, headers, request), {
      judge: (error) =>
        method !== "POST" &&
        error instanceof HostError &&
        (error.status === undefined || [429, 502, 503, 504].includes(error.status))
          ? { kind: "busy", attempts: 4, firstMilliseconds: 500, longestMilliseconds: 5_000 }
          : undefined,
    });
  };
}

async function once(
  base: string,
  headers: Record<string, string>,
  { method, path, body, mayBeMissing }: Request,
): Promise<Json> {
  let answer: Response;
  try {
    answer = await fetch(`${base}${path}`, {
      method,
      headers: {
        "User-Agent": "pulumi-data-tasks",
        ...(body !== undefined && { "Content-Type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      // A token goes to the host that was named, and to no other.
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
    });
  } catch (error) {
    const { cause } = error as { cause?: { code?: string } };
    throw new HostError(`${method} ${base}${path}: no answer (${cause?.code ?? (error as Error).name})`);
  }
  const text = await answer.text().catch(() => "");
  if (mayBeMissing && answer.status === 404) return undefined;
  if (answer.status < 200 || answer.status > 299)
    throw new HostError(
      `${method} ${base}${path}: HTTP ${answer.status}${reasonIn(text)}${adviceFor(answer.status)}`,
      answer.status,
    );
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    throw new HostError(`${method} ${base}${path}: the answer is no JSON`, answer.status);
  }
}

/** The host's own word, if it is short. */
function reasonIn(text: string): string {
  try {
    const { message, errorMessage, error } = JSON.parse(text) as Record<string, unknown>;
    const reason = [message, errorMessage, error].find((each) => typeof each === "string" && each !== "");
    return typeof reason === "string" ? `: ${reason.slice(0, 200)}` : "";
  } catch {
    return "";
  }
}

function adviceFor(status: number): string {
  if (status === 401 || status === 403) return "; check the token and what it may do";
  if (status === 404) return "; check --repository, --number and whether the token may see them";
  if (status >= 300 && status < 400) return "; the host sends elsewhere: give that address as --base-url";
  return "";
}
