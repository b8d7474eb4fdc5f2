import { Refusal } from "./service";

export type Edition = "Basic" | "Standard" | "Professional" | "Enterprise";

/** How many calls are let through. What is absent is not limited. */
export interface Limits {
  /** Each cloud by itself, all its operations together, per second. */
  perSecond?: number;
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

/** The arrivals of the last second. */
class SlidingSecond {
  private times: number[] = [];

  count(now: number): number {
    if ((this.times[0] ?? Infinity) <= now - 1000) this.times = this.times.filter((time) => time > now - 1000);
    return this.times.length;
  }

  add(now: number): number {
    const count = this.count(now) + 1;
    this.times.push(now);
    return count;
  }
}

type Cloud = "alibaba" | "tencent";

export interface Limiter {
  /** Lets a call through, or throws the throttling of its cloud. */
  pass: (call: { cloud: Cloud; operation: string; reads: boolean; now: number }) => void;
  /** The most calls of a cloud that have arrived within one second, refused ones included. */
  highest: () => Record<Cloud, number>;
  /** Begins to look for the highest anew. */
  forget: () => void;
}

export function limiter(limits: () => Limits): Limiter {
  const seconds = new Map<string, SlidingSecond>();
  const arrived = { alibaba: new SlidingSecond(), tencent: new SlidingSecond() };
  let highest = { alibaba: 0, tencent: 0 };
  let day = { start: 0, calls: 0 };
  /** Only what is let through counts. */
  const passes = (name: string, most: number | undefined, now: number): boolean => {
    if (most === undefined) return true;
    const second = seconds.get(name) ?? new SlidingSecond();
    seconds.set(name, second);
    if (second.count(now) >= most) return false;
    second.add(now);
    return true;
  };
  const tooMany = (most: number | undefined): Refusal =>
    new Refusal(
      "RequestLimitExceeded",
      `Your current request times equals to ${most ?? 0} in a second, which exceeds the frequency limit ${most ?? 0} for a second. Please reduce the frequency of calls.`,
      200,
    );
  const pass: Limiter["pass"] = ({ cloud, operation, reads, now }) => {
    const allowed = limits();
    highest[cloud] = Math.max(highest[cloud], arrived[cloud].add(now));
    if (cloud === "tencent") {
      const most = allowed.operations?.[operation] ?? allowed.wedataPerSecond;
      if (!passes("tencent", allowed.perSecond, now)) throw tooMany(allowed.perSecond);
      if (!passes(`tencent ${operation}`, most, now)) throw tooMany(most);
      return;
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
    const total = [allowed.perSecond, allowed.totalPerSecond].filter((most) => most !== undefined);
    const most = total.length === 0 ? undefined : Math.min(...total);
    if (!passes("total", most, now) || !passes(reads ? "reads" : "writes", kind, now)) {
      throw new Refusal("Throttling.User", "Request was denied due to user flow control.", 429);
    }
    day.calls += 1;
  };
  return { pass, highest: () => ({ ...highest }), forget: () => (highest = { alibaba: 0, tencent: 0 }) };
}
