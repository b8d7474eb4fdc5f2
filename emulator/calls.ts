/** One call as the control interface shows it. */
export interface Call {
  seq: number;
  time: string;
  version: string;
  operation: string;
  /** `ok`, `unsuccessful` (HTTP 200 that says it failed), the error code, or `dropped`. */
  outcome: string;
  http: number;
  milliseconds: number;
  /** The id of the access key that signed. */
  caller: string;
  agent: string;
  /** The fault that was injected. */
  fault?: string;
  parameters: unknown;
}

export interface CallLog {
  add: (call: Omit<Call, "seq">) => void;
  /** Calls after that sequence number, secrets masked. */
  list: (since?: number) => Call[];
  counts: () => { total: number; operations: Record<string, number>; outcomes: Record<string, number> };
  reset: () => void;
}

const secretName = /secret|passw(or)?d|passwd|(?<!client)token|accesskey|credential|privatekey/i;
/** A member of JSON text, at any depth of escaping, whose name says that its value is secret. */
const secretMember =
  /(\\*")([^"\\]*(?:secret|passw(?:or)?d|passwd|(?<!client)token|accesskey|credential|privatekey)[^"\\]*)\1(\s*:\s*)\1(?:(?!\1).)*\1/gis;

function masked(value: unknown): unknown {
  if (typeof value === "string") return value.replace(secretMember, "$1$2$1$3$1******$1");
  if (Array.isArray(value)) return value.map(masked);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      secretName.test(name) && typeof member === "string" ? "******" : masked(member),
    ]),
  );
}

/** Keeps the last calls and counts all of them. */
export function callLog(keep = 50_000): CallLog {
  let calls: Call[] = [];
  let last = 0;
  let operations: Record<string, number> = {};
  let outcomes: Record<string, number> = {};
  return {
    add(call) {
      calls.push({ seq: (last += 1), ...call });
      if (calls.length > keep * 1.2) calls = calls.slice(-keep);
      operations[call.operation] = (operations[call.operation] ?? 0) + 1;
      outcomes[call.outcome] = (outcomes[call.outcome] ?? 0) + 1;
    },
    list: (since = 0) =>
      calls.filter((call) => call.seq > since).map((call) => ({ ...call, parameters: masked(call.parameters) })),
    counts: () => ({
      total: Object.values(operations).reduce((sum, count) => sum + count, 0),
      operations: { ...operations },
      outcomes: { ...outcomes },
    }),
    reset() {
      calls = [];
      operations = {};
      outcomes = {};
    },
  };
}
