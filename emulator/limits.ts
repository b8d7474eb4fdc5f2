import { Refusal } from "./service";

export type Edition = "Basic" | "Standard" | "Professional" | "Enterprise";

/** How many calls are let through. What is absent is not limited. */
export interface Limits {
  /** DataWorks, all operations together, per second. */
  totalPerSecond?: number;
  readsPerSecond?: number;
  writesPerSecond?: number;
  /** DataWorks, all operations together, per UTC day. */
  perDay?: number;
  /** WeData, each operation by itself, per second. */
  wedataPerSecond?: number;
  /** Single operations by name, per second. */
  operations?: Record<string, number>;
}

/** The documented figures (contracts.md §5.3). Those of Standard and Professional per second are not legible anywhere. */
export const documentedLimits: Readonly<Record<Edition, Limits>> = {
  Basic: { totalPerSecond: 5, perDay: 100, wedataPerSecond: 20 },
  Standard: { perDay: 1000, wedataPerSecond: 20 },
  Professional: { perDay: 10_000, wedataPerSecond: 20 },
  Enterprise: { readsPerSecond: 50, writesPerSecond: 20, wedataPerSecond: 20 },
};

/** True while fewer than `most` calls were let through in the last second; counts the call it lets through. */
function slidingSecond(): (now: number, most: number) => boolean {
  let times: number[] = [];
  return (now, most) => {
    if (times.length > 0 && (times[0] ?? 0) <= now - 1000) times = times.filter((time) => time > now - 1000);
    if (times.length >= most) return false;
    times.push(now);
    return true;
  };
}

/** Lets a call through, or throws the throttling of its cloud. */
export function limiter(
  limits: () => Limits,
): (call: { cloud: "alibaba" | "tencent"; operation: string; reads: boolean; now: number }) => void {
  const seconds = new Map<string, ReturnType<typeof slidingSecond>>();
  let day = { start: 0, calls: 0 };
  const passes = (name: string, most: number | undefined, now: number): boolean => {
    if (most === undefined) return true;
    const second = seconds.get(name) ?? slidingSecond();
    seconds.set(name, second);
    return second(now, most);
  };
  return ({ cloud, operation, reads, now }) => {
    const allowed = limits();
    if (cloud === "tencent") {
      const most = allowed.operations?.[operation] ?? allowed.wedataPerSecond;
      if (passes(`tencent ${operation}`, most, now)) return;
      throw new Refusal(
        "RequestLimitExceeded",
        `Your current request times equals to ${most ?? 0} in a second, which exceeds the frequency limit ${most ?? 0} for a second. Please reduce the frequency of calls.`,
        200,
      );
    }
    if (allowed.perDay !== undefined) {
      const start = now - (now % 86_400_000);
      if (day.start !== start) day = { start, calls: 0 };
      if (day.calls >= allowed.perDay)
        throw new Refusal("Throttling.Api.Risk", "The daily limit of API calls is exceeded.", 429);
    }
    if (!passes(operation, allowed.operations?.[operation], now)) {
      throw new Refusal("Throttling.Api", "Request was denied due to api flow control.", 429);
    }
    const kind = reads ? allowed.readsPerSecond : allowed.writesPerSecond;
    if (!passes("total", allowed.totalPerSecond, now) || !passes(reads ? "reads" : "writes", kind, now)) {
      throw new Refusal("Throttling.User", "Request was denied due to user flow control.", 429);
    }
    day.calls += 1;
  };
}
