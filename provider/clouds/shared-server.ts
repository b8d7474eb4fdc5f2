import type { Redis } from "ioredis";
import { bookByScript } from "../core/book-script";
import type { RunScript } from "../core/book-script";
import { type Cloud, TaskError } from "../core/errors";
import type { Book } from "../core/rate";
import { nameOf } from "./account";
import type { SharedLimits, Store } from "./limits";

export interface SharedServerOptions extends SharedLimits {
  cloud: Cloud;
  warn: (message: string) => void;
  /** Where the limits are kept once the server does not answer. */
  otherwise: Store;
  environment?: NodeJS.ProcessEnv;
}

const CONNECT_MILLISECONDS = 3_000;
const COMMAND_MILLISECONDS = 3_000;
const DAYS_KEPT_SECONDS = 3 * 24 * 60 * 60;

/** Counts one call of a day, unless that is more than there may be: then it gives nothing. */
const SPEND = `
local spent = tonumber(redis.call('GET', KEYS[1]) or '0')
if spent + 1 > tonumber(ARGV[1]) then return false end
redis.call('SET', KEYS[1], spent + 1, 'EX', ARGV[2])
return spent + 1`;

/** Where the password may stand, so that it is in no configuration. */
const PASSWORD = "DATA_TASKS_LIMITER_PASSWORD";

/** The address without what opens the server; a sentence where it is none. */
export function serverAt(address: string, key: string): { url: URL; shown: string } {
  const form = `${key} must be the address of a server of the Redis protocol, redis://host[:port][/database], or rediss:// with TLS`;
  const refusal = new TaskError(form);
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    throw refusal;
  }
  if (!/^rediss?:$/.test(url.protocol) || url.hostname === "" || !/^(\/\d*)?$/.test(url.pathname)) throw refusal;
  // Both may hold a password.
  if (url.search !== "" || url.hash !== "")
    throw new TaskError(
      `${form}, without "?" and "#": write the number of the database behind the slash, and the password before the host or into ${PASSWORD}`,
    );
  return { url, shown: `${url.protocol}//${url.host}${url.pathname}` };
}

/**
 * A store on a server of the Redis protocol, which the pipelines of all machines share. The client library is loaded with
 * the first call. Where the server can't be reached, once or at any later moment, the run goes on with the limits of its
 * machine and one warning says so; or, where the server is required, it ends.
 */
export function onSharedServer(options: SharedServerOptions): Store {
  const { address, isRequired, cloud, warn, otherwise, environment = process.env } = options;
  const { url, shown } = serverAt(address, `${cloud}:limiter`);
  let connecting: Promise<Redis> | undefined;
  let isLost = false;

  const connect = async (): Promise<Redis> => {
    const { Redis: Client } = await import("ioredis");
    const password = url.password === "" ? environment[PASSWORD] : decodeURIComponent(url.password);
    const client = new Client({
      host: url.hostname.replace(/^\[|\]$/g, ""),
      port: url.port === "" ? 6379 : Number(url.port),
      db: Number(url.pathname.slice(1) || "0"),
      ...(url.username !== "" && { username: decodeURIComponent(url.username) }),
      ...(password !== undefined && password !== "" && { password }),
      ...(url.protocol === "rediss:" && { tls: {} }),
      connectTimeout: CONNECT_MILLISECONDS,
      commandTimeout: COMMAND_MILLISECONDS,
      lazyConnect: true,
      maxRetriesPerRequest: 0,
      enableOfflineQueue: false,
      // Who has lost it goes on alone: with two views of one limit, neither is right.
      retryStrategy: () => null,
    });
    // Says why, where a command only says that the connection is closed.
    let reason: unknown;
    client.on("error", (error: unknown) => (reason = error));
    await client.connect().catch((error: unknown) => {
      throw (reason ?? error) as Error;
    });
    // The limits must not keep a program alive that is done.
    (client as unknown as { stream?: { unref?: () => void } }).stream?.unref?.();
    return client;
  };

  /** What the server gives, or what the machine gives once it has failed. */
  const tried = async <T>(there: (client: Redis) => Promise<T>, here: () => T | Promise<T>): Promise<T> => {
    if (isLost) return here();
    try {
      return await there(await (connecting ??= connect()));
    } catch (error) {
      const reason = reasonOf(error);
      const sentence = `${cloud}:limiter ${shown} can't be used: ${reason}`;
      if (isRequired)
        throw new TaskError(
          `${sentence}; nothing more is sent, since ${cloud}:limiterRequired is set. Bring the server back, or take that setting away`,
        );
      if (!isLost)
        warn(`${sentence}; the limits of calls are kept for this machine alone, other machines don't see them`);
      isLost = true;
      return here();
    }
  };

  const run =
    (client: Redis): RunScript =>
    (script, keys, given) =>
      client.eval(script, keys.length, ...keys, ...given);

  return {
    book(key, perSecond): Book {
      const name = `data-tasks:${nameOf([key, perSecond])}`;
      const local = otherwise.book(key, perSecond);
      let there: Book | undefined;
      const bookOn = (client: Redis): Book => (there ??= bookByScript({ run: run(client), name, perSecond }));
      return {
        book: (wanted, slack) =>
          tried(
            async (client) => bookOn(client).book(wanted, slack),
            () => local.book(wanted, slack),
          ),
        hold: (time) =>
          tried(
            async (client) => bookOn(client).hold(time),
            () => local.hold(time),
            // Nobody waits for it.
          ).catch(() => undefined),
        held: () =>
          tried(
            async (client) => bookOn(client).held(),
            () => local.held(),
          ),
      };
    },
    ledger(key) {
      const local = otherwise.ledger(key);
      const nameOn = (day: string): string => `data-tasks:${nameOf(["day", key])}:${day}`;
      return {
        spent: (day) =>
          tried(
            async (client) => Number(await client.get(nameOn(day))),
            () => local.spent(day),
          ),
        spend: (day, most) =>
          tried<number | undefined>(
            async (client) => {
              const spent = await run(client)(SPEND, [nameOn(day)], [String(most), String(DAYS_KEPT_SECONDS)]);
              return spent === null ? undefined : Number(spent);
            },
            () => local.spend(day, most),
          ),
      };
    },
  };
}

/** Why it failed, without what was sent to it. */
function reasonOf(error: unknown): string {
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (typeof message === "string" && /^(WRONGPASS|NOAUTH|NOPERM)\b/.test(message))
    return `it refuses the password (${PASSWORD}, or the address as a secret)`;
  if (typeof code === "string" && code !== "") return code;
  return typeof message === "string" && message !== "" ? (message.split("\n")[0]?.slice(0, 120) ?? "") : "no answer";
}
