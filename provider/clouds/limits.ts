import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { bookInFile } from "../core/book-file";
import { bookHere, limiter } from "../core/rate";
import type { Book, Limiter } from "../core/rate";

/** Where the starts of a limiter are booked: in this process, or in a place that others share. */
export type Store = (key: string, perSecond: number) => Book;

const inThisProcess: Store = (_key, perSecond) => bookHere(perSecond);

/** One limiter per account, region and class of calls in this process, whichever client makes them. */
const limiters = new Map<string, Limiter>();
let store = inThisProcess;
/** The folder of the store, when it is one that processes share. */
let shared: string | undefined;

/** Books all limiters in this store from now on; without one, in this process alone. */
export function keepLimits(chosen: Store = inThisProcess): void {
  store = chosen;
  shared = undefined;
  limiters.clear();
}

/** Books all limiters where the other runs on this machine do; may be called again. */
export function shareLimits(warn: (message: string) => void, folder: string = limitsFolder()): void {
  if (shared === folder) return;
  keepLimits(onThisMachine(warn, folder));
  shared = folder;
}

/** The limiter shared by all calls with this key and limit. */
export function sharedLimiter(key: string, perSecond: number): Limiter {
  const name = `${key} ${String(perSecond)}`;
  const known = limiters.get(name);
  if (known !== undefined) return known;
  const made = limiter({ perSecond, book: store(key, perSecond) });
  limiters.set(name, made);
  return made;
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
  return (key, perSecond) => {
    // A file's name shows neither an account nor a key.
    const name = createHash("sha256")
      .update(JSON.stringify([machine, key, perSecond]))
      .digest("hex")
      .slice(0, 32);
    return bookInFile({ folder, name, perSecond, broken });
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
