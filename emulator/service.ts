/** What every emulated operation sees, and how it answers. The server owns HTTP, signatures, parameter checks, limits, faults. */

/**
 * The parameters of one call after the contract check: 64-bit integers are decimal strings, 32-bit integers numbers,
 * booleans booleans, JSON-string fields parsed. Absent parameters are absent; nothing unknown is left.
 */
export type Parameters = Readonly<Record<string, unknown>>;

export interface Context {
  /** The state of one service, JSON-serialisable, kept across restarts. Mutate it in place; the server saves it. */
  readonly state: Record<string, unknown>;
  /** Milliseconds since the epoch, moved by the control interface in tests. */
  readonly now: () => number;
  /** A number never given out before in this state, as a decimal string; `digits` says how long the id is. */
  readonly newId: (digits: number) => string;
  /** Says that the state has moved by itself (a stage is through), so that it is kept although the call only reads. */
  readonly moved: () => void;
  /** Answers that nobody has established, by name; see switches.ts. */
  readonly switches: Readonly<Record<string, unknown>>;
  /** How long an asynchronous stage takes, in milliseconds. */
  readonly stageMilliseconds: number;
  /** The account that signed the request. */
  readonly account: string;
  /** The site of the request: `cn` or `intl` (WeData); `cn` otherwise. */
  readonly site: "cn" | "intl";
}

/** Answers one operation with the response body (without RequestId, which the server adds) or throws a Refusal. */
export type Operation = (parameters: Parameters, context: Context) => object | Promise<object>;

/** An error of the cloud, in the cloud's own words: the server puts it into the envelope of the protocol. */
export class Refusal extends Error {
  readonly code: string;
  readonly http: number;
  constructor(code: string, message: string, http = 400) {
    super(message);
    this.code = code;
    this.http = http;
  }
}

/** A group of operations of one API version; the server merges all services it is given. */
export interface Service {
  /** `dataworks-2024-05-18`, `dataworks-2020-05-18`, `wedata-2021-08-20`: the folder name of the contracts. */
  readonly version: string;
  /** Which part of the state the operations share. Both DataWorks versions share `dataworks`. */
  readonly stateKey: "dataworks" | "wedata";
  /** Fills an empty state (workspaces, members); called once when the state has no such part. */
  readonly seed: (state: Record<string, unknown>, context: Omit<Context, "state">) => void;
  readonly operations: Readonly<Record<string, Operation>>;
  /** Changes one task behind the provider's back, for the control interface; returns the task as stored now. */
  readonly touch: (id: string, changes: Record<string, unknown>, context: Context) => object;
}
