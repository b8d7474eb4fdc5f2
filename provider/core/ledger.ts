import { closeSync, fstatSync, mkdirSync, openSync, writeSync } from "node:fs";
import path from "node:path";

/** Counts what is spent in a day, by all who share it. A day is written `2026-11-28`. */
export interface Ledger {
  /** How many have been spent on that day. */
  spent: (day: string) => number | Promise<number>;
  /** Spends one, and gives how many have been spent, this one included; where that would be more than `most`, spends none and gives nothing. */
  spend: (day: string, most: number) => number | undefined | Promise<number | undefined>;
}

/** A ledger that only this process knows. */
export function ledgerHere() {
  let current = { day: "", spent: 0 };
  const on = (day: string) => (current.day === day ? current : (current = { day, spent: 0 }));
  return {
    spent: (day) => on(day).spent,
    spend(day, most) {
      const today = on(day);
      return today.spent + 1 > most ? undefined : (today.spent += 1);
    },
  } satisfies Ledger;
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

  const fileOf = (day: string): number => {
    if (open?.day !== day || fstatSync(open.descriptor).nlink === 0) {
      if (open !== undefined) closeSync(open.descriptor);
      open = undefined;
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      open = { day, descriptor: openSync(path.join(folder, `${name}.${day}`), "a", 0o600) };
    }
    return open.descriptor;
  };

  const spendThere = (day: string, most: number): number | undefined => {
    const descriptor = fileOf(day);
    if (fstatSync(descriptor).size + 1 > most) return undefined;
    if (writeSync(descriptor, ".") !== 1) throw new Error("the disk is full");
    // With those that others have spent in between: never less than there were. Who meets others at the last one is
    // refused though counted; that happens once, since whoever comes later is refused above.
    const { size } = fstatSync(descriptor);
    if (size > most) return undefined;
    // Known here too, in case that the file breaks.
    here.spend(day, Infinity);
    return size;
  };

  /** What `there` gives while the file can be used; from the first failure on what `alone` gives. */
  const tried = <T>(there: () => T, alone: () => T): T => {
    if (!isBroken) {
      try {
        return there();
      } catch (error) {
        isBroken = true;
        broken(error);
      }
    }
    return alone();
  };

  return {
    spent: (day) =>
      tried(
        () => fstatSync(fileOf(day)).size,
        () => here.spent(day),
      ),
    spend: (day, most) =>
      tried(
        () => spendThere(day, most),
        () => here.spend(day, most),
      ),
  };
}
