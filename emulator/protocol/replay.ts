/** Remembers the nonces of a time window; `seen` answers whether one came before, and keeps it. */
export function replayGuard(windowMilliseconds: number): { seen: (nonce: string, now: number) => boolean } {
  // Insertion order is time order, so the oldest entries are always first.
  const times = new Map<string, number>();
  return {
    seen(nonce, now) {
      for (const [old, time] of times) {
        if (Math.abs(now - time) < windowMilliseconds) break;
        times.delete(old);
      }
      if (times.has(nonce)) return true;
      times.set(nonce, now);
      return false;
    },
  };
}
