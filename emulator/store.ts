import { mkdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { newCredentials } from "./protocol/credentials";
import type { Credentials } from "./protocol/credentials";

export type ServiceState = Record<string, unknown>;

/** Everything that survives a restart. */
export interface Saved {
  format: 1;
  credentials: Credentials;
  /** The last id given out, by its number of digits. */
  ids: Record<string, string>;
  services: Partial<Record<"dataworks" | "wedata", ServiceState>>;
}

export interface Store {
  readonly saved: Saved;
  /** An id never given out before, of that many digits. */
  newId: (digits: number) => string;
  /** Says that the state is no longer what the file holds. */
  changed: () => void;
  isChanged: () => boolean;
  /** Resolves once the file holds everything changed so far; at once when there is no file. */
  flush: () => Promise<void>;
}

/** Node makes no longer text. */
const LARGEST_BYTES = 512 * 2 ** 20 - 1024;

function load(file: string): Saved | undefined {
  let text: string;
  try {
    const stats = statSync(file);
    // A device or a pipe may never end, and a file of that size was not written here.
    if (!stats.isFile()) throw new Error("it is no file");
    if (stats.size > LARGEST_BYTES) throw new Error(`it has ${Math.ceil(stats.size / 2 ** 20)} MiB`);
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new Error(`The state file ${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
  const parsed = ((): unknown => {
    try {
      return JSON.parse(text) as unknown;
    } catch (error) {
      throw new Error(`The state file ${file} is not JSON. Move it away to start with a fresh state.`, {
        cause: error,
      });
    }
  })();
  if (!isSaved(parsed)) {
    throw new Error(`The state file ${file} was not written by this emulator. Name another file, or move it away.`);
  }
  return parsed;
}

const isMembers = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Whether it has what every state has, as far down as the emulator relies on it without looking. */
function isSaved(value: unknown): value is Saved {
  if (!isMembers(value) || value["format"] !== 1) return false;
  const { credentials, ids, services } = value;
  if (!isMembers(credentials) || !isMembers(ids) || !isMembers(services)) return false;
  const keys = ["alibaba", "alibabaTemporary", "tencent", "tencentTemporary"].map((name) => credentials[name]);
  return (
    keys.every((key) => isMembers(key) && typeof key["id"] === "string" && typeof key["secret"] === "string") &&
    Object.values(ids).every((id) => typeof id === "string" && /^\d+$/.test(id)) &&
    Object.values(services).every(
      (service) => isMembers(service) && Object.values(service["projects"] ?? {}).every(isMembers),
    )
  );
}

/** Small repeatable pseudo-random numbers in [0, 1). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** The first id of a length: the leading digits seen in public captures, so that ids look like the clouds'. */
function firstId(digits: number, random: () => number): bigint {
  const start = digits >= 19 ? "8" : digits === 10 ? "10" : "5";
  const rest = Array.from({ length: Math.max(0, digits - start.length) }, (_, at) =>
    at < digits / 3 ? Math.floor(random() * 10) : 0,
  );
  return BigInt(start.slice(0, digits) + rest.join(""));
}

/** The state of an emulator, from `file` when there is one; `given` replaces the random credentials of a new state. */
export function openStore(file: string | undefined, given: Partial<Credentials>, random: () => number): Store {
  const loaded = file === undefined ? undefined : load(file);
  const saved: Saved = loaded ?? { format: 1, credentials: newCredentials(), ids: {}, services: {} };
  Object.assign(saved.credentials, given);
  let generation = 1;
  let written = loaded === undefined ? 0 : 1;
  let writing: Promise<void> | undefined;
  const scratch = `${file}.${process.pid}.tmp`;
  if (file !== undefined) mkdirSync(dirname(file), { recursive: true });

  async function write(target: string): Promise<void> {
    const holds = generation;
    try {
      // A reader, or a start after kill -9, sees the old file or the new one, never a part.
      await writeFile(scratch, JSON.stringify(saved), { mode: 0o600 });
      await rename(scratch, target);
      written = holds;
    } catch (error) {
      rmSync(scratch, { force: true });
      throw new Error(`The state file ${target} cannot be written: ${(error as Error).message}`, { cause: error });
    } finally {
      writing = undefined;
    }
  }

  return {
    saved,
    newId(digits) {
      const last = saved.ids[digits];
      const next = last === undefined ? firstId(digits, random) : BigInt(last) + 1n + BigInt(Math.floor(random() * 9));
      saved.ids[digits] = next.toString();
      generation += 1;
      return next.toString();
    },
    changed: () => {
      generation += 1;
    },
    isChanged: () => written < generation,
    async flush() {
      if (file === undefined) return;
      // Calls that wait at the same time share one write: the next one begins when this one is through.
      for (const wanted = generation; written < wanted;) await (writing ??= write(file));
    },
  };
}
