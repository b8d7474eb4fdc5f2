import fc from "fast-check";

/** What follows from a seed. */
export interface Drawing {
  /** A whole number from 0, below the limit. */
  readonly below: (limit: number) => number;
  readonly one: <T>(items: readonly T[]) => T;
}

/** Draws from the same random numbers as the generated arguments. */
export function drawing(seed: number): Drawing {
  const numbers = fc.sample(fc.noBias(fc.nat()), { seed, numRuns: 1_000 });
  let next = 0;
  const below = (limit: number): number => (numbers[(next += 1) % numbers.length] ?? 0) % limit;
  return {
    below,
    one: (items) => items[below(items.length)] as never,
  };
}
