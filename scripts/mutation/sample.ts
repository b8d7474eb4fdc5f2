import { readFileSync } from "node:fs";
import path from "node:path";

/** A place in a file; lines and columns from 0, as the instrumenter counts. */
interface Location {
  readonly start: { readonly line: number; readonly column: number };
  readonly end: { readonly line: number; readonly column: number };
}

interface Mutant {
  readonly fileName: string;
  readonly location: Location;
  readonly mutatorName: string;
  readonly replacement: string;
}

/** Names a mutant the same way in every process. */
export const keyOf = ({ fileName, location: { start, end }, mutatorName, replacement }: Mutant): string =>
  [fileName, start.line, start.column, end.line, end.column, mutatorName, replacement].join(":");

/** The keys of every mutant that Stryker would make of some files. */
export async function mutantsOf(
  folder: string,
  files: readonly string[],
  ignorers: readonly Ignorer[],
): Promise<string[]> {
  const { Instrumenter } = await import("@stryker-mutator/instrumenter");
  const silent = () => undefined;
  const logger = new Proxy({}, { get: (_target, name) => (String(name).startsWith("is") ? () => false : silent) });
  const sources = files.map((file) => ({
    name: file,
    content: readFileSync(path.join(folder, file), "utf8"),
    mutate: true,
  }));
  const { mutants } = await new Instrumenter(logger as never).instrument(sources, {
    plugins: null,
    excludedMutations: [],
    ignorers: [...ignorers],
  });
  // Stryker ignores some by itself.
  return mutants.filter(({ status }) => status === undefined).map((mutant) => keyOf(mutant as Mutant));
}

/** What Stryker asks whether a piece of source is to be left alone. */
export interface Ignorer {
  shouldIgnore: (path: never) => string | undefined;
}

/** Some of the keys, the same ones for the same seed. */
export function drawn(keys: readonly string[], count: number, seed: number): string[] {
  const pool = [...keys].sort();
  const random = generator(seed);
  for (let index = 0; index < Math.min(count, pool.length); index++) {
    const other = index + Math.floor(random() * (pool.length - index));
    [pool[index], pool[other]] = [pool[other] as string, pool[index] as string];
  }
  return pool.slice(0, count);
}

/** Numbers from 0 to 1 that follow from a seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
