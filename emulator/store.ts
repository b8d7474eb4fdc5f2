import { mkdirSync, readFileSync, rmSync } from "node:fs";
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

function load(file: string): Saved | undefined {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new Error(`The state file ${file} cannot be read: ${(error as Error).message}`, { cause: error });
  }
  const parsed = ((): Partial<Saved> => {
    try {
      return JSON.parse(text) as Partial<Saved>;
    } catch (error) {
      throw new Error(`The state file ${file} is not JSON. Move it away to start with a fresh state.`, {
        cause: error,
      });
    }
  })();
  if (
    parsed.format !== 1 ||
    parsed.credentials === undefined ||
    parsed.ids === undefined ||
    parsed.services === undefined
  ) {
    throw new Error(`The state file ${file} was not written by this emulator. Name another file, or move it away.`);
  }
  return parsed as Saved;
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
