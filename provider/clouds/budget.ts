import { noteDay } from "../core/counters";
import { type Cloud, CloudError } from "../core/errors";
import { type Ledger } from "../core/ledger";

/** What an account may spend in a day. */
export interface Budget {
  /** Throws when all calls are spent already. */
  check: (operation: string) => Promise<void>;
  /** Spends a call; throws when there is none left, and counts nothing then. */
  spend: (operation: string) => Promise<void>;
}

/**
 * Assumption, named here alone: the service's day begins at midnight in Beijing, for all accounts; no document says so.
 * Where it begins elsewhere, the service refuses earlier than we do, or `requestsPerDay` has to be raised for a while.
 */
const dayAt = (milliseconds: number): string => new Date(milliseconds + 8 * 60 * 60_000).toISOString().slice(0, 10);

/** From this part of the day's calls on the user is told. */
const EARLY = 0.8;

export interface BudgetOptions {
  cloud: Cloud;
  perDay: number;
  ledger: Ledger;
  warn: (message: string) => void;
  now?: () => number;
}

/** The daily budget of an account: warns once when most of it is used, and lets no call leave when all of it is. */
export function budget({ cloud, perDay, ledger, warn, now = Date.now }: BudgetOptions): Budget {
  let warnedOn: string | undefined;
  const refuse = (operation: string): never => {
    noteDay(cloud, perDay, perDay);
    throw new CloudError({
      cloud,
      operation,
      code: "DayIsUsedUp",
      detail: `not sent: this account may make ${String(perDay)} calls a day (${cloud}:edition, ${cloud}:requestsPerDay), and all of them are used until midnight in Beijing, as far as was counted here`,
      errorClass: "quota",
    });
  };
  return {
    async check(operation) {
      if ((await ledger.spent(dayAt(now()))) + 1 > perDay) refuse(operation);
    },
    async spend(operation) {
      const day = dayAt(now());
      const spent = await ledger.spend(day, perDay);
      if (spent === undefined) return refuse(operation);
      noteDay(cloud, spent, perDay);
      if (spent < EARLY * perDay || warnedOn === day) return;
      warnedOn = day;
      warn(
        `${String(spent)} of the ${String(perDay)} calls that this account may make today are used (${cloud}:edition, ${cloud}:requestsPerDay); when all are, this run stops until midnight in Beijing. \`pulumi up --target\` on what matters most needs fewer`,
      );
    },
  };
}
