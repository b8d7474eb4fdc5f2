/**
 * Calls per second by edition of the account (DataWorks "Use OpenAPI" page, November 2025; contracts.md §5.3). The
 * figures of Standard and Professional are not legible there: ours stay well below Enterprise's. `total` means that
 * reads and writes share one limit. The daily limits (Basic 100 calls) are the service's own to enforce: it answers
 * Throttling.Api.Risk, which is never repeated.
 */
export const EDITIONS = {
  basic: { total: 5 },
  standard: { read: 20, write: 10 },
  professional: { read: 20, write: 10 },
  enterprise: { read: 50, write: 20 },
} as const;

export type Edition = keyof typeof EDITIONS;

/** Which limiter a call passes, and how many calls a second that one lets through. */
export function rateOf(
  read: boolean,
  edition: Edition,
  requestsPerSecond: number | undefined,
): { name: string; perSecond: number } {
  if (requestsPerSecond !== undefined) return { name: "all", perSecond: requestsPerSecond };
  const limits = EDITIONS[edition];
  if ("total" in limits) return { name: "all", perSecond: limits.total };
  return read ? { name: "read", perSecond: limits.read } : { name: "write", perSecond: limits.write };
}
