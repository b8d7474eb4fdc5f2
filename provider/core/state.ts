import { type Definition, type Found, type Properties } from "./definition";
import { type Placed, putAt, valueAt } from "./fields";
import { HEEDED } from "./heeded";
import { type AppliedRecord, decodeRecord, encodeRecord, tokenOfRecord } from "./record";
import { type Before } from "./settle";

/** Names that the engine's properties have beside the arguments. */
export const PROVIDER = "__provider";
export const TOKEN = "creationToken";

/** What every state carries beside the facts of its kind. */
interface Bookkeeping {
  /** See record.ts. */
  readonly applied?: string;
  /** The same for values that the service renders in its own way; absent when there are none. */
  readonly seen?: string;
  /** An adopted task whose differences have not been applied yet. */
  readonly adopted?: boolean;
  /** When it was written last, something was left, or found, with another value than declared. */
  readonly differs?: boolean;
}

/** What the state says was applied. */
export const before = (table: readonly Placed[], state: Properties & Bookkeeping): Before => ({
  applied: decodeRecord(state.applied, table),
  seen: decodeRecord(state.seen, table),
});

/** The facts that a state holds. What should be an id and is none was written by nobody's hooks, and counts as lost. */
const factsIn = <F>(names: readonly (keyof F & string)[], state: Properties): Partial<F> =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = state[name];
      const isLost = name.endsWith("Id") && (typeof value !== "string" || value === "");
      return value === undefined || isLost ? [] : [[name, value]];
    }),
  ) as Partial<F>;

/** What is known of a task: what its state holds, and of what that has lost what the resource's id tells. */
export const factsOf = <F extends object>(
  { factNames, factsOfId }: Pick<Definition<never, F>, "factNames" | "factsOfId">,
  id: string | undefined,
  state: Properties,
): Partial<F> => ({ ...(id !== undefined && factsOfId?.(id)), ...factsIn<F>(factNames, state) });

/** The creation token: a property of the inputs, and part of the record in the outputs. */
export const keyOf = (state: Properties): string =>
  typeof state[TOKEN] === "string" ? state[TOKEN] : (tokenOfRecord(state["applied"]) ?? "");

/** What is to be recorded of a task. */
export interface Recorded {
  readonly applied: AppliedRecord;
  readonly seen?: AppliedRecord;
  /** Paths of the properties whose values stay in the outputs. */
  readonly kept: ReadonlySet<string>;
  readonly adopted?: boolean;
  readonly differs?: boolean;
}

/** The outputs of a task: facts, the record, and of the arguments only what no read brings back. */
export const outputs = <F>(
  facts: Found<F>["facts"],
  values: Properties,
  record: Recorded,
  token: string,
): Properties => ({
  ...keptOf(values, record.kept),
  ...Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined && value !== "")),
  applied: encodeRecord(record.applied, token),
  ...(record.seen !== undefined && record.seen.size > 0 && { seen: encodeRecord(record.seen) }),
  ...(record.adopted && { adopted: true }),
  ...(record.differs && { differs: true }),
  ...(values[HEEDED] !== undefined && { [HEEDED]: values[HEEDED] }),
});

/** The values at some paths, in the groups that they stand in, without what else stands there. */
function keptOf(values: Properties, paths: ReadonlySet<string>): Properties {
  const kept: Properties = {};
  for (const path of paths) {
    const value = valueAt(values, path);
    if (value !== undefined) putAt(kept, path, value);
  }
  return kept;
}
