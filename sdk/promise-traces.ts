/**
 * While a resource is made, Pulumi gives every promise behind its properties a stack trace, some four for each property,
 * for who looks for a promise that is never settled. Making these texts, through source maps, was more than half of what
 * a resource cost the program (measured on 3.230.0: 15.5 ms with them, 7.8 ms without).
 */
const areWanted = (): boolean => (process.env["PULUMI_DEBUG_PROMISE_LEAKS"] ?? "") !== "";

/** The limit to go back to; `undefined` while traces are made as always. */
let limit: number | undefined;

const begin = (): void => {
  if (limit !== undefined || areWanted()) return;
  limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  // In case that Pulumi's constructor does not get to the end.
  queueMicrotask(end);
};

const end = (): void => {
  if (limit === undefined) return;
  Error.stackTraceLimit = limit;
  limit = undefined;
};

/**
 * Lets resources of a class be made without these traces. Pulumi's constructor sets `urn` first and, of a dynamic
 * resource, `__provider` last: between the two it makes promises and runs no code of the program, so that no trace is
 * missing that anybody could want. Errors of the program, and the position in the state, have theirs as ever.
 */
export function withoutPromiseTraces(resourceClass: { prototype: object }): void {
  for (const [name, then] of [
    ["urn", begin],
    ["__provider", end],
  ] as const) {
    Object.defineProperty(resourceClass.prototype, name, {
      configurable: true,
      get: () => undefined,
      set(this: object, value: unknown) {
        Object.defineProperty(this, name, { value, configurable: true, enumerable: true, writable: true });
        then();
      },
    });
  }
}
