/** What an edition of the service allows. `total` means that reads and writes share one limit. */
interface Allowance {
  total?: number;
  read?: number;
  write?: number;
  /** Calls in a day, where that is limited. */
  perDay?: number;
}

/**
 * Calls per second, and in a day, by edition of the account (DataWorks "Use OpenAPI" page, November 2025; contracts.md
 * §5.3). The figures per second of Standard and Professional are not legible there: ours stay well below Enterprise's.
 * The page limited their days as well (1,000 and 10,000); its revision of 2026 limits Basic's alone, which holds here.
 * `dataworks:requestsPerSecond`, `readsPerSecond`, `writesPerSecond` and `requestsPerDay` take the place of these figures.
 */
export const EDITIONS = {
  basic: { total: 5, perDay: 100 },
  standard: { read: 20, write: 10 },
  professional: { read: 20, write: 10 },
  enterprise: { read: 50, write: 20 },
} as const satisfies Record<string, Allowance>;

export type Edition = keyof typeof EDITIONS;

/** What a stack says of the limits per second. */
export interface Rates {
  edition?: Edition;
  /** One limit for all calls together, instead of the edition's. */
  requestsPerSecond?: number;
  /** Limits of their own for the two classes, instead of whatever holds for them otherwise. */
  readsPerSecond?: number;
  writesPerSecond?: number;
}

/** Which limiter a call passes, and how many calls a second that one lets through. */
export function rateOf(read: boolean, rates: Rates): { name: string; perSecond: number } {
  const { edition = "enterprise", requestsPerSecond, readsPerSecond, writesPerSecond } = rates;
  const name = read ? "read" : "write";
  const own = read ? readsPerSecond : writesPerSecond;
  if (own !== undefined) return { name, perSecond: own };
  if (requestsPerSecond !== undefined) return { name: "all", perSecond: requestsPerSecond };
  const limits = EDITIONS[edition];
  return "total" in limits ? { name: "all", perSecond: limits.total } : { name, perSecond: limits[name] };
}

/** How many calls a day the account may make, where that is limited. */
export const perDayOf = (edition: Edition, requestsPerDay: number | undefined): number | undefined =>
  requestsPerDay ?? (EDITIONS[edition] as Allowance).perDay;
