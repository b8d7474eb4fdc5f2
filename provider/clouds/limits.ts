import { readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setImmediate as nextRound } from "node:timers/promises";
import { bookInFile } from "../core/book-file";
import { waiting } from "../core/counters";
import type { Cloud } from "../core/errors";
import { ledgerHere, ledgerInFile } from "../core/ledger";
import type { Ledger } from "../core/ledger";
import { bookHere, limiter } from "../core/rate";
import type { Book, Limiter } from "../core/rate";
import { nameOf } from "./account";
import { budget } from "./budget";
import type { Budget } from "./budget";
import { onSharedServer } from "./shared-server";

/** Where the starts of limiters and the calls of a day are kept: in this process, or in a place that others share. */
export interface Store {
  book: (key: string, perSecond: number) => Book;
  ledger: (key: string) => Ledger;
}

const inThisProcess: Store = { book: (_key, perSecond) => bookHere(perSecond), ledger: () => ledgerHere() };

/** One limiter per account, region and class of calls in this process, whichever client makes them. */
const limiters = new Map<string, Limiter>();
const budgets = new Map<string, Budget>();
let store: Store = inThisProcess;
let stores: Partial<Record<Cloud, Store>> = {};
let tell: (message: string) => void = () => undefined;
/** What was asked for last, so that asking again changes nothing. */
let shared: string | undefined;

/** Keeps all limits in this store from now on; without one, in this process alone. */
export function keepLimits(chosen: Store = inThisProcess): void {
  store = chosen;
  stores = {};
  shared = undefined;
  limiters.clear();
  budgets.clear();
}

/** A server in which the pipelines of many machines keep the limits of a cloud together. */
export interface SharedLimits {
  /** `redis://host[:port][/database]`, or `rediss://` with TLS; a password may stand before the host. */
  address: string;
  /** A run ends where the server can't be reached, rather than keep the limits for its machine alone. */
  isRequired: boolean;
}

/** Keeps all limits where the other runs on this machine do, or on a server that is given; may be called again. */
export function shareLimits(
  warn: (message: string) => void,
  servers: Partial<Record<Cloud, SharedLimits>> = {},
  folder: string = limitsFolder(),
): void {
  tell = warn;
  const asked = JSON.stringify([folder, servers]);
  if (shared === asked) return;
  const machine = onThisMachine(warn, folder);
  keepLimits(machine);
  for (const [cloud, server] of Object.entries(servers) as [Cloud, SharedLimits][])
    stores[cloud] = onSharedServer({ ...server, cloud, warn, otherwise: machine });
  shared = asked;
}

/**
 * What has happened while this process got no time comes first: when the engine is gone it ends here (engine.ts), where a
 * timer that is due would have sent a call. The end of a connection takes two rounds of the event loop to be told.
 */
async function lookAround(): Promise<void> {
  await nextRound();
  await nextRound();
}

/** The limiter shared by all calls with this key and limit. */
export function sharedLimiter(key: string, perSecond: number, where: Store = store): Limiter {
  const name = `${key} ${String(perSecond)}`;
  const known = limiters.get(name);
  if (known !== undefined) return known;
  const made = limiter({ perSecond, book: where.book(key, perSecond), lookAround });
  limiters.set(name, made);
  return made;
}

/** What a call has to pass. */
export interface Gate {
  cloud: Cloud;
  operation: string;
  /** Who pays, and from where. */
  payer: string;
  rate: { name: string; perSecond: number };
  /** How many calls the account may make in a day, where that is limited. */
  perDay?: number | undefined;
}

/** What lets a call through in its turn, and counts it then. */
export interface Passage extends Limiter {
  /** Takes the call from what a day allows; throws when nothing is left. */
  readonly spend: () => Promise<void>;
}

/** Lets a call through in its turn, counts how long that took, and what it takes of a limited day. */
export function gate({ cloud, operation, payer, rate, perDay }: Gate): Passage {
  const where = stores[cloud] ?? store;
  const { turn, pause } = sharedLimiter(`${payer}|${rate.name}`, rate.perSecond, where);
  const day = perDay === undefined ? undefined : dayOf(cloud, payer, perDay, where);
  return {
    pause,
    async turn(signal) {
      await day?.check(operation);
      const begun = waiting(cloud);
      await turn(signal).finally(begun);
    },
    // Only after the turn: what never gets it costs nothing, and what waits over midnight is of the new day. A server takes
    // a round trip to count, for which the starts that were booked there have room (book-script.ts).
    spend: async () => day?.spend(operation),
  };
}

function dayOf(cloud: Cloud, payer: string, perDay: number, where: Store): Budget {
  const name = `${payer} ${String(perDay)}`;
  let known = budgets.get(name);
  if (known === undefined) {
    known = budget({ cloud, perDay, ledger: where.ledger(payer), warn: (message) => tell(message) });
    budgets.set(name, known);
  }
  return known;
}

/** Where the processes of one machine share their limits. */
export const limitsFolder = (environment: NodeJS.ProcessEnv = process.env): string =>
  path.join(environment["PULUMI_HOME"] || path.join(os.homedir(), ".pulumi"), "data-tasks", "limits");

/** A store that all processes of this machine with the same folder share; where it can't be used, `warn` is told once. */
export function onThisMachine(warn: (message: string) => void, folder: string): Store {
  const machine = thisMachine();
  let warned = false;
  const broken = (error: unknown): void => {
    if (warned) return;
    warned = true;
    const reason = error instanceof Error ? error.message : String(error);
    warn(
      `the limits of calls are kept for this run alone, other runs on this machine don't see them: ${reason}; make ${folder} writable, or run one stack at a time`,
    );
  };
  return {
    book: (key, perSecond) => bookInFile({ folder, name: nameOf([machine, key, perSecond]), perSecond, broken }),
    // A day outlives a boot, and is the same on whichever machine the folder is seen.
    ledger: (key) => ledgerInFile({ folder, name: nameOf(["day", key]), broken }),
  };
}

/**
 * What all processes have in common whose monotonic clock is the same one: the boot, containers included; where the
 * system doesn't name it, the machine. A folder in a network may be seen by several.
 */
function thisMachine(): string {
  try {
    return readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
  } catch {
    return os.hostname();
  }
}
