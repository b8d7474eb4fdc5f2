import type { ErrorClass } from "../core/errors";
import type { Codes } from "./codes";
import { withoutSecrets } from "../core/secrets";
import { Stopped, TimeLimit } from "./exchange";
import type { Exchange } from "./exchange";

/** A class, and whether the call may have taken effect all the same. */
export interface Verdict {
  errorClass: ErrorClass;
  unclear?: boolean;
}

/** Socket errors that come before any byte of ours can have arrived. */
const NEVER_SENT = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "EADDRNOTAVAIL"]);
const CERTIFICATE = /CERT|SELF_SIGNED|ALTNAME|UNABLE_TO_|ERR_SSL|ERR_TLS|EPROTO/;

/** Codes of our own, for what comes without one; the page of the reference is made from it. */
export const OWN_CODES: readonly Codes[] = [
  {
    codes: ["Stopped"],
    errorClass: "transport",
    meaning: "the run was ended while the call was waiting or under way",
  },
  {
    codes: ["NoTurn"],
    errorClass: "transient",
    meaning:
      "the call was not sent: its turn under the limit of calls did not come before the time of the operation was up. Run again, or give more time with `timeouts`",
  },
  {
    codes: ["ConnectTimeout"],
    errorClass: "transport",
    meaning:
      "no connection came about within `connectTimeoutSeconds`: a wrong endpoint, or a network that drops packets. Made twice at most",
  },
  {
    codes: ["ReadTimeout"],
    errorClass: "transport",
    unclear: true,
    meaning: "no complete answer came within `readTimeoutSeconds`, or before the time of the operation was up",
  },
  {
    codes: ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "EADDRNOTAVAIL"],
    errorClass: "transport",
    meaning: "the endpoint can't be reached, or its name can't be resolved: nothing was sent",
  },
  {
    codes: ["ECONNRESET", "EPIPE", "ETIMEDOUT"],
    errorClass: "transport",
    unclear: true,
    meaning: "the connection was cut",
  },
  {
    codes: ["CERT*", "SELF_SIGNED*", "UNABLE_TO_*", "ERR_TLS*", "ERR_SSL*", "EPROTO"],
    errorClass: "transport",
    meaning: "the service's certificate was not accepted: a proxy, or a wrong endpoint. Not repeated",
  },
  {
    codes: ["NoAnswer"],
    errorClass: "transport",
    unclear: true,
    meaning: "the connection ended without an answer",
  },
  {
    codes: ["UnreadableAnswer"],
    errorClass: "transport",
    unclear: true,
    meaning: "the answer was an HTML page, or JSON that breaks off",
  },
  {
    codes: ["EmptyAnswer", "NoPage"],
    errorClass: "transient",
    meaning: "an answer of HTTP 200 without what was asked for; nothing is concluded from it",
  },
  {
    codes: ["HTTP *"],
    errorClass: "transport",
    unclear: true,
    meaning:
      "a status without the service's own words: 429 counts as `throttle`, 500 and 503 as `transient`, 401 and 403 as `auth`, other 4xx as `unknown`; a redirect (3xx) is neither followed nor repeated",
  },
  {
    codes: ["Success=false", "Data.Status=fail", "Data=false"],
    errorClass: "business",
    meaning: "an answer of HTTP 200 that says that nothing was done, without a code",
  },
  {
    codes: ["TaskRefused"],
    errorClass: "business",
    meaning: "a batch was carried out, and the service refused this task of it; the message is the service's",
  },
  {
    codes: ["NoOutcome"],
    errorClass: "unknown",
    unclear: true,
    meaning: "a batch was carried out, and the answer does not say what became of this task: it is read",
  },
];

export interface TransportFailure extends Verdict {
  code: string;
  detail: string;
}

/** What went wrong between us and the service, as far as the wire shows it. */
export function transportFailure(error: unknown, exchange: Exchange): TransportFailure {
  if (error instanceof TimeLimit) {
    const unclear = error.code === "ReadTimeout";
    const detail = unclear ? error.message : `${error.message} to ${endpointIn(exchange)}`;
    return { errorClass: "transport", code: error.code, detail, unclear };
  }
  if (error instanceof Stopped)
    return { errorClass: "transport", code: error.code, detail: error.message, unclear: true };
  const text = error instanceof Error ? error.message : String(error);
  const code = exchange.failure?.code ?? codeOf(error) ?? /\b(E[A-Z]{4,}(?:_[A-Z]+)*)\b/.exec(text)?.[1];
  const neverSent = !exchange.connected && code !== undefined && NEVER_SENT.has(code);
  if (code !== undefined && CERTIFICATE.test(code)) {
    return { errorClass: "transport", code, detail: "the service's certificate was not accepted", unclear: false };
  }
  if (code !== undefined && exchange.status === undefined) {
    return { errorClass: "transport", code, detail: describe(code, exchange), unclear: !neverSent };
  }
  return { ...unreadable(exchange), ...(code !== undefined && { code }) };
}

/** The failure of an answer that isn't the service's envelope: a gateway's page, cut JSON, an unexpected status. */
export function unreadable(exchange: Exchange): TransportFailure {
  const { status, headers } = exchange;
  const kind = /html/i.test(headers?.["content-type"] ?? "") ? "an HTML page" : "no readable JSON";
  const code = status === undefined ? "NoAnswer" : status === 200 ? "UnreadableAnswer" : `HTTP ${String(status)}`;
  const detail =
    status === undefined
      ? "the connection ended without an answer"
      : isRedirect(status)
        ? "a redirect, which is not followed"
        : `the answer was ${kind}`;
  return { ...byStatus(status), code, detail };
}

const isRedirect = (status: number): boolean => status >= 300 && status < 400;

/** What a status says when nothing else does. */
export function byStatus(status: number | undefined): Verdict {
  if (status !== undefined && isRedirect(status)) return { errorClass: "transport" };
  if (status === 429) return { errorClass: "throttle" };
  if (status === 503) return { errorClass: "transient" };
  if (status === 401 || status === 403) return { errorClass: "auth" };
  if (status !== undefined && status >= 400 && status < 500) return { errorClass: "unknown" };
  if (status === 500) return { errorClass: "transient", unclear: true };
  return { errorClass: "transport", unclear: true };
}

/** True for failures of the connection that the next attempt can't heal: a certificate, a redirect. */
export const isHopeless = (code: string): boolean => CERTIFICATE.test(code) || /^HTTP 3\d\d$/.test(code);

const codeOf = (error: unknown): string | undefined => {
  const code: unknown = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" && code !== "" ? code : undefined;
};

function endpointIn({ request }: Exchange): string {
  const host = request?.getHeader("host");
  return host === undefined ? "the endpoint" : `the endpoint ${String(host)}`;
}

function describe(code: string, exchange: Exchange): string {
  if (code === "ECONNREFUSED") return `nothing listens at ${endpointIn(exchange)}`;
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") return `the name of ${endpointIn(exchange)} can't be resolved`;
  if (code === "ECONNRESET" || code === "EPIPE") return "the connection was cut";
  if (code === "ETIMEDOUT") return "the connection timed out";
  return "the connection failed";
}

/** A text of the service, fit for a message: one line, no control characters, not endless, no secret. */
export function tidy(text: string, secrets: readonly (string | undefined)[] = []): string {
  // A refused signature is explained by repeating all that was signed, session token included; a URL carries it.
  let tidied = withoutSecrets(text)
    .replace(/(server string to sign is)[\s\S]*$/i, "$1 […]")
    .replace(/(GET|POST|PUT) https?:\/\/\S+ failed\.?/g, "")
    .replace(/(https?:\/\/[^\s?]+)\?\S*/g, "$1");
  for (const secret of secrets)
    if (secret !== undefined && secret.length > 3) tidied = tidied.replaceAll(secret, "[secret]");
  // eslint-disable-next-line no-control-regex
  tidied = tidied.replace(/[\u0000-\u001f\u007f\s]+/g, " ").trim();
  return tidied.length > 600 ? `${tidied.slice(0, 600)}…` : tidied;
}
