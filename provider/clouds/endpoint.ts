import { TaskError } from "../core/errors";
import { show } from "../core/quoting";

/** Where to send calls. */
export interface Endpoint {
  protocol: "http" | "https";
  /** Name or address, with the port if it isn't the protocol's own. */
  host: string;
  hostname: string;
  loopback: boolean;
}

export interface EndpointRules {
  /** The configuration key to name in messages, e.g. `dataworks:endpoint`. */
  key: string;
  /** An endpoint of ours, as an example. */
  example: string;
  /** Domains that belong to the other cloud. */
  foreign: { domains: readonly string[]; key: string };
  allowHttp: boolean;
  /** The key that allows plain HTTP to another machine. */
  allowHttpKey: string;
}

/** The host name in an endpoint, where it is well formed. */
export function hostnameIn(endpoint: string): string | undefined {
  try {
    return new URL(/^https?:/i.test(endpoint) ? endpoint : `https://${endpoint}`).hostname;
  } catch {
    return undefined;
  }
}

export const isLoopback = (hostname: string): boolean => LOOPBACK.test(hostname);

const LOOPBACK = /^(localhost|.*\.localhost|127(\.\d{1,3}){3}|\[::1\])$/;
const isWithin = (hostname: string, domain: string): boolean => hostname === domain || hostname.endsWith(`.${domain}`);

/**
 * The endpoint in a user's text, `host[:port]` or a URL. Without a scheme it is HTTPS, except on loopback, where an
 * emulator is meant. Anything that isn't plainly an endpoint of this cloud is refused with one sentence.
 */
export function parseEndpoint(text: string, rules: EndpointRules): Endpoint {
  const { key, example, foreign, allowHttp, allowHttpKey } = rules;
  const refuse = (reason: string): never => {
    throw new TaskError(`${key} ${reason}; it must be host[:port] or a URL such as ${example}`);
  };
  const trimmed = text.trim();
  // A password in a URL must not be repeated in a message, so the text is shown only once it is known to have none.
  if (/@/.test(trimmed)) refuse("must not contain a user name or password");
  const shown = JSON.stringify(trimmed.slice(0, 100));
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(trimmed)?.[1]?.toLowerCase();
  if (scheme !== undefined && scheme !== "http" && scheme !== "https") refuse(`has the scheme ${scheme}, got ${shown}`);
  let url: URL;
  try {
    // eslint-disable-next-line no-control-regex
    if (trimmed === "" || /[\s\u0000-\u001f\\]/.test(trimmed)) throw new Error();
    url = new URL(scheme === undefined ? `https://${trimmed}` : trimmed);
  } catch {
    return refuse(`is malformed, got ${shown}`);
  }
  if ((url.pathname !== "/" && url.pathname !== "") || url.search !== "" || url.hash !== "") {
    refuse(`must not have a path or a query, got ${shown}`);
  }
  const { hostname } = url;
  if (!/^(\[[0-9a-f:.]+\]|[a-z0-9]([a-z0-9.-]*[a-z0-9])?)$/.test(hostname)) refuse(`is malformed, got ${shown}`);
  const loopback = isLoopback(hostname);
  if (foreign.domains.some((domain) => isWithin(hostname, domain))) {
    refuse(`is an endpoint of the other cloud (${hostname}, which would belong into ${foreign.key})`);
  }
  const protocol = scheme === "http" || (scheme === undefined && loopback) ? "http" : "https";
  if (protocol === "http" && !loopback && !allowHttp) {
    refuse(
      `uses plain HTTP to ${hostname}, which sends tasks unprotected (allowed for this machine only, or with ${allowHttpKey}: true)`,
    );
  }
  // `new URL` drops the port that is the scheme's own; a bare loopback host was read as https for parsing only.
  const port = url.port !== "" ? url.port : scheme === undefined ? (/:(\d+)$/.exec(trimmed)?.[1] ?? "") : "";
  return { protocol, host: port === "" ? hostname : `${hostname}:${port}`, hostname, loopback };
}

/** The region if it is well formed; it becomes part of a host name, so nothing else may pass. */
export function checkRegion(region: string, key: string): string {
  if (!/^[a-z]{2,}(-[a-z0-9]+)+$/.test(region)) {
    throw new TaskError(
      `${key} must be a region id such as ${key.startsWith("wedata") ? "ap-guangzhou" : "cn-shanghai"}, got ${show(region.slice(0, 60))}`,
    );
  }
  return region;
}
