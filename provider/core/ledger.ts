import { closeSync, fstatSync, mkdirSync, openSync, writeSync } from "node:fs";
import path from "node:path";

/** Counts what is spent in a day, by all who share it. */
export interface Ledger {
  /** Spends one, and gives how many have been spent on that day, this one included. `day`: `2026-11-28`. */
  spend: (day: string) => number | Promise<number>;
}

/** A ledger that only this process knows. */
export function ledgerHere(): Ledger {
  let current = { day: "", spent: 0 };
  return {
    spend(day) {
      if (current.day !== day) current = { day, spent: 0 };
      return (current.spent += 1);
    },
  };
}

export interface LedgerFileOptions {
  /** Made when it is missing. */
  folder: string;
  /** Fit for a file's name. */
  name: string;
  /** Told once, when the file can't be used and only this process is counted from then on. */
  broken: (error: unknown) => void;
}

/**
 * A ledger that the processes of one machine share: a file for each day, one byte for each that was spent. The operating
 * system appends in one piece, so that nothing is lost or counted twice whoever is killed when, and there is no lock.
 */
export function ledgerInFile({ folder, name, broken }: LedgerFileOptions): Ledger {
  const here = ledgerHere();
  let isBroken = false;
  let open: { day: string; descriptor: number } | undefined;

  const there = (day: string): number => {
    if (open?.day !== day || fstatSync(open.descriptor).nlink === 0) {
      if (open !== undefined) closeSync(open.descriptor);
      open = undefined;
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      open = { day, descriptor: openSync(path.join(folder, `${name}.${day}`), "a", 0o600) };
    }
    if (writeSync(open.descriptor, ".") !== 1) throw new Error("the disk is full");
    // With those that others have spent in between: never less than there were.
    return fstatSync(open.descriptor).size;
  };

  return {
    spend(day) {
      const alone = Number(here.spend(day));
      if (isBroken) return alone;
      try {
        return there(day);
      } catch (error) {
        isBroken = true;
        broken(error);
        return alone;
      }
    },
  };
}
