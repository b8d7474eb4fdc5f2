import { type Checked, type Rule, canonicalMembers, checkArguments } from "./check";
import { type Change, changesBetween } from "./diff";
import { type Fields, type Placed, type Table, isObject, leaves, putAt, valueAt } from "./fields";
import { type Finding, type Level, type Levels, withLevels } from "./findings";
import { HEEDED, heedOf } from "./heeded";
import { type AppliedRecord, UNSURE, decodeRecord, digest, encodeRecord, tokenOfRecord } from "./record";
import { type Live, differences, refresh, settle, settleAdopted } from "./settle";

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

/** A task as a read found it. */
export interface Found<F> {
  /** In the words of the arguments; canonicalised here. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly unreadable?: (path: string) => boolean;
  readonly facts: Partial<F>;
}

/** One create or update under way. What is written into it survives a failure at the next step. */
export interface Work<A, F> {
  readonly args: A;
  /** Where we are; set as soon as something exists. */
  id: string | undefined;
  readonly facts: Partial<F>;
  /** Marks what we create as ours, on this stack, for ever. */
  readonly token: string;
  readonly changes: readonly Change[];
  /** The task as read back last. */
  found: Found<F> | undefined;
  /** The task as it was before the update, where it was read: a value that is still the same was not taken. */
  prior: Found<F> | undefined;
  /** The arguments in the form in which they were sent, where that is another one (an upstream by its output). */
  sent: A | undefined;
  /** Set by a create that only took an existing task under management and wrote nothing. */
  recordOnly: boolean;
  /** Whether one of these properties, or anything below them, has to be sent. */
  readonly changed: (...paths: string[]) => boolean;
  /** Declared properties that a read does not show as declared, or as in the arguments given instead. */
  readonly differences: (found: Found<F>, args?: A) => string[];
  /** Of the properties to be sent, those that a read does not show as sent: not there yet, or without effect. */
  readonly stale: (found: Found<F>) => string[];
  /** Of the declared properties that are not to be sent, those that are not as they were: changed by somebody or something else. */
  readonly disturbed: (found: Found<F>) => string[];
  readonly warn: (message: string) => void;
  /** Tells the user which operation brings which properties to the service; said just before each writing call. */
  readonly carries: (operation: string, paths: readonly string[]) => void;
}

/** A writing call of a run. */
export interface Carried {
  /** The class, and the name or id of the task. */
  readonly kind: string;
  readonly task: string;
  readonly operation: string;
  /** The properties as the user writes them. */
  readonly properties: readonly string[];
}

/** A task as it is in the state beside the arguments it should have. */
export interface Difference<A, F> {
  readonly id: string;
  readonly facts: Partial<F>;
  readonly inputs: Partial<A>;
  readonly changes: readonly Change[];
  /** The old options. */
  readonly kept: Partial<A>;
}

/** One kind of task: its arguments, and how its life maps onto operations. */
export interface Definition<A extends object, F extends object> {
  /** The class the user knows. */
  readonly name: string;
  readonly fields: Fields<A>;
  readonly rules: readonly Rule[];
  /** Namespace of its stack configuration. */
  readonly module: "dataworks" | "wedata";
  /** Of the API, as its documents write it; named as the source of what they demand. */
  readonly version: string;
  /** Facts about the task that the outputs show. */
  readonly factNames: readonly (keyof F & string)[];
  /** Properties whose change makes a new task, beyond those that always do. */
  readonly replaces?: (difference: Difference<A, F>) => readonly string[];
  /** Whether a task stopped on the way to where its arguments want it. */
  readonly unfinished: (facts: Partial<F>, inputs: Partial<A>) => boolean;
  readonly create: (work: Work<A, F>) => Promise<void>;
  readonly update: (work: Work<A, F>) => Promise<void>;
  /** `undefined`: no part of it is left. `kept` has the declared values that no read brings back. */
  readonly read: (id: string, facts: Partial<F>, kept: Partial<A>, token: string) => Promise<Found<F> | undefined>;
  readonly delete: (id: string, facts: Partial<F>, kept: Partial<A>, token: string) => Promise<void>;
}

export type Properties = Record<string, unknown>;

/** The hooks as the engine's provider process calls them; plain functions, no Pulumi in them. */
export interface Hooks {
  check(
    olds: Properties,
    news: Properties,
  ): Promise<{ inputs: Properties; failures: { property: string; reason: string }[] }>;
  diff(
    id: string,
    olds: Properties,
    news: Properties,
  ): Promise<{ changes: boolean; replaces: string[]; deleteBeforeReplace: boolean }>;
  create(inputs: Properties): Promise<{ id: string; outs: Properties }>;
  read(id: string, props: Properties): Promise<{ id: string; props: Properties; inputs?: Properties }>;
  update(id: string, olds: Properties, news: Properties): Promise<{ outs: Properties }>;
  delete(id: string, props: Properties): Promise<void>;
}

/** Thrown when something exists and is not finished: the engine records it with its id, and the next run resumes. */
export class Unfinished extends Error {
  override readonly name = "Unfinished";
  readonly id: string;
  readonly properties: Properties;
  readonly reasons: string[];
  constructor(id: string, properties: Properties, cause: unknown) {
    const message = cause instanceof Error ? cause.message : String(cause);
    super(message, { cause });
    this.id = id;
    this.properties = properties;
    this.reasons = [message];
    this.stack = message;
  }
}

const PROVIDER = "__provider";
const TOKEN = "creationToken";

/**
 * The canonical arguments and the findings: the one check of the hook, the SDK class, and the command. `configured` says
 * what the stack makes of cautions; the argument `rules` of the task itself comes before it.
 */
export function checkInputs<A extends object, F extends object>(
  definition: Definition<A, F>,
  given: Properties,
  configured: Levels = {},
  now?: Date,
): Checked {
  const { [PROVIDER]: _provider, [TOKEN]: token, [HEEDED]: heeded, ...args } = given;
  const { inputs, findings } = checkArguments(definition.fields, definition.rules, args, {
    version: definition.version,
    ...(now !== undefined && { now }),
  });
  const own = isObject(inputs["rules"]) ? (inputs["rules"] as Levels) : {};
  return {
    inputs: {
      ...inputs,
      ...(token !== undefined && { [TOKEN]: token }),
      ...(heeded !== undefined && { [HEEDED]: heeded }),
    },
    findings: withLevels(findings, { ...configured, ...own }),
  };
}

/** What surrounds the hooks. */
export interface Environment {
  /** Awaited before any call: the clients are configured then. */
  readonly ready: () => Promise<void>;
  /** Reaches the user of a run, as something to think about. */
  readonly warn: (message: string) => void;
  /** Reaches the user of a run, as something to know. */
  readonly inform: (message: string) => void;
  /** Told before each writing call of an update. */
  readonly carried?: (call: Carried) => void;
  /** What the stack's configuration makes of cautions. */
  readonly levels?: () => Levels;
}

/** The hooks of one kind of task. */
export function hooks<A extends object, F extends object>(
  definition: Definition<A, F>,
  environment: Environment,
): Hooks {
  const fields = definition.fields as unknown as Table;
  const table = leaves(fields);
  const before = (state: Properties & Bookkeeping) => ({
    applied: decodeRecord(state.applied, table),
    seen: decodeRecord(state.seen, table),
  });
  const factsOf = (state: Properties): Partial<F> =>
    Object.fromEntries(
      definition.factNames.filter((name) => state[name] !== undefined).map((name) => [name, state[name]]),
    ) as Partial<F>;
  /** The creation token: a property of the inputs, and part of the record in the outputs. */
  const keyOf = (state: Properties) =>
    typeof state[TOKEN] === "string" ? state[TOKEN] : (tokenOfRecord(state["applied"]) ?? "");
  /** What the user makes of a warning that is said outside of the check. */
  const levelOf = (code: string, args: Properties): Level | undefined => {
    const own = isObject(args["rules"]) ? (args["rules"] as Levels) : {};
    return { ...environment.levels?.(), ...own }[code];
  };
  /** Says a warning, unless the code at its end is turned off. */
  const warnIn =
    (args: Properties) =>
    (message: string): void => {
      const code = / \[([a-z-]+)\]$/.exec(message)?.[1];
      if (code === undefined || levelOf(code, args) !== "off") environment.warn(message);
    };
  const liveOf = (found: Found<F>): Live => ({
    values: canonicalMembers(fields, found.values),
    ...(found.unreadable && { unreadable: found.unreadable }),
  });

  const outputs = (
    work: Pick<Work<A, F>, "facts">,
    values: Properties,
    record: {
      applied: AppliedRecord;
      seen?: AppliedRecord;
      kept: ReadonlySet<string>;
      adopted?: boolean;
      differs?: boolean;
    },
    token: string,
  ): Properties => ({
    ...Object.fromEntries(
      [...record.kept].filter((name) => values[name] !== undefined).map((name) => [name, values[name]]),
    ),
    ...Object.fromEntries(Object.entries(work.facts).filter(([, value]) => value !== undefined && value !== "")),
    applied: encodeRecord(record.applied, token),
    ...(record.seen !== undefined && record.seen.size > 0 && { seen: encodeRecord(record.seen) }),
    ...(record.adopted && { adopted: true }),
    ...(record.differs && { differs: true }),
    ...(values[HEEDED] !== undefined && { [HEEDED]: values[HEEDED] }),
  });

  const begin = (
    inputs: Properties,
    id: string | undefined,
    state: Properties,
    changes: readonly Change[],
  ): Work<A, F> => {
    const { [PROVIDER]: _provider, [TOKEN]: _token, [HEEDED]: _heeded, ...args } = inputs;
    // What is ignored keeps its value once the task is there; a new one is made as declared.
    const { ignores, spares } = heedOf(id === undefined && !isAdopting(inputs) ? {} : inputs);
    const key = keyOf(id === undefined ? inputs : state);
    const settled = (found: Found<F>) =>
      settle(table, args, changes, before(state), liveOf(found), key, sentBy(work), priorOf(work));
    const work: Work<A, F> = {
      args: args as A,
      id,
      facts: factsOf(state),
      token: key,
      changes,
      found: undefined,
      prior: undefined,
      sent: undefined,
      recordOnly: false,
      changed: (...paths) =>
        changes.some(({ path }) => paths.some((name) => path === name || path.startsWith(`${name}.`))),
      differences: (found, wanted) =>
        differences(table, wanted ? canonicalMembers(fields, wanted as Properties) : args, liveOf(found), key).filter(
          (path) => !ignores(path),
        ),
      stale(found) {
        const { ineffective, uncleared } = settled(found);
        return [...ineffective, ...uncleared];
      },
      disturbed: (found) => settled(found).disturbed.filter((path) => !spares(path)),
      warn: warnIn(args),
      carries(operation, properties) {
        const { name } = args as { name?: unknown };
        const task = typeof name === "string" ? name : (work.id ?? "");
        environment.carried?.({ kind: definition.name, task, operation, properties });
      },
    };
    return work;
  };
  const isAdopting = (inputs: Properties) =>
    table.some(({ path, leaf }) => leaf.identity === true && valueAt(inputs, path) !== undefined);
  /** What an update has to do; what is ignored is no part of it, whatever the record says. */
  const changesTo = (state: Properties, inputs: Properties) => {
    const { ignores } = heedOf(inputs);
    return changesBetween(table, before(state).applied, inputs, keyOf(state)).filter(({ path }) => !ignores(path));
  };
  const priorOf = ({ prior }: Work<A, F>) => prior && liveOf(prior);
  const sentBy = ({ sent }: Work<A, F>) => sent && canonicalMembers(fields, sent as Properties);

  /** What is true after the work, finished or not. A property not confirmed by a read is recorded only when all went well. */
  const conclude = (work: Work<A, F>, inputs: Properties, state: Properties, failed: boolean): Properties => {
    const key = work.token;
    if (work.found) Object.assign(work.facts, work.found.facts);
    const live = work.found && liveOf(work.found);
    if (work.recordOnly && live) {
      const { applied, kept, different } = settleAdopted(table, inputs, live, key);
      const shown = new Set([...kept, ...different.map((path) => path.split(".")[0] as string)]);
      const values = asFound(live.values, different, inputs);
      return outputs(work, values, { applied, kept: shown, adopted: different.length > 0 }, key);
    }
    if (failed && !live) return unconfirmed(work, inputs, state);
    const settled = settle(table, inputs, work.changes, before(state), live, key, sentBy(work), priorOf(work));
    if (settled.ineffective.length > 0) {
      work.warn(
        `${definition.name} ${work.id}: the service accepted ${settled.ineffective.join(", ")} and shows another value; the next preview will show the difference again [value-not-shown]`,
      );
    }
    const { spares } = heedOf(inputs);
    const disturbed = settled.disturbed.filter((path) => !spares(path));
    if (disturbed.length > 0) {
      work.warn(
        `${definition.name} ${work.id}: ${disturbed.join(", ")} changed although not by this update; the next preview will show the difference [changed-meanwhile]`,
      );
    }
    if (settled.uncleared.length > 0) {
      work.warn(
        `${definition.name} ${work.id}: the service keeps the value of ${settled.uncleared.join(", ")}, no longer declared, and it is not compared any more [not-cleared]`,
      );
    }
    const differs = settled.ineffective.length > 0 || settled.disturbed.length > 0;
    if (!failed) return outputs(work, inputs, { ...settled, differs }, key);
    // Only what a read confirmed, and what nobody touched, counts as applied.
    const applied = unsure(before(state).applied, work.changes);
    const inWork = new Set(work.changes.map(({ path }) => path));
    for (const [path, value] of settled.applied) {
      const certain = settled.ineffective.includes(path) && applied.has(path);
      if (!inWork.has(path) || certain || (live && confirmed(path, live, settled)) || madeWith(path, state))
        applied.set(path, value);
    }
    return outputs(work, inputs, { ...settled, applied, differs }, key);
  };
  /** The record after a failure: what was to be changed may have been, and is sent again even where the user takes it back. */
  const unsure = (applied: AppliedRecord, changes: readonly Change[]): Map<string, string> =>
    new Map(
      [...applied].map(([path, value]) => [path, changes.some((change) => change.path === path) ? UNSURE : value]),
    );
  /** A failure that left nothing to read: the state as it was, or the bare options of something half made. */
  const unconfirmed = (work: Work<A, F>, inputs: Properties, state: Properties): Properties => {
    if (Object.keys(state).length > 0) {
      const { applied, seen } = before(state);
      // The engine marks as secret what is secret in the new arguments: an old value that is none of them would lie open.
      const values: Properties = {};
      for (const { path, leaf } of table) {
        const value = valueAt(state, path);
        const stays = leaf.option === true || !work.changes.some((change) => change.path === path);
        if (value !== undefined && stays) putAt(values, path, value);
      }
      const record = { applied: unsure(applied, work.changes), seen, kept: new Set(Object.keys(values)) };
      return outputs(work, values, { ...record, adopted: state["adopted"] === true }, work.token);
    }
    const known = table.filter(
      ({ path, leaf }) => (leaf.option || madeWith(path, state)) && valueAt(inputs, path) !== undefined,
    );
    const applied = new Map(
      known.map(({ path, leaf }) => [path, digest(leaf.kind, valueAt(inputs, path), work.token)]),
    );
    const kept = known
      .filter(({ leaf }) => leaf.option || leaf.writeOnly)
      .map(({ path }) => path.split(".")[0] as string);
    return outputs(work, inputs, { applied, kept: new Set(kept) }, work.token);
  };
  /** What a new task is made with can't be changed afterwards: once the task exists, it has it. */
  const madeWith = (path: string, state: Properties) =>
    Object.keys(state).length === 0 && table.some((placed) => placed.path === path && placed.leaf.replace === true);
  const confirmed = (path: string, live: Live, settled: { seen: AppliedRecord; ineffective: readonly string[] }) => {
    const placed = table.find((entry) => entry.path === path) as Placed;
    return (
      (placed.leaf.option ?? false) ||
      (!placed.leaf.writeOnly &&
        live.unreadable?.(path) !== true &&
        !settled.seen.has(path) &&
        !settled.ineffective.includes(path))
    );
  };

  return {
    async check(olds, news) {
      await environment.ready();
      const oldToken = isObject(olds) && typeof olds[TOKEN] === "string" ? olds[TOKEN] : undefined;
      const given = oldToken === undefined ? news : { ...news, [TOKEN]: oldToken };
      const { inputs, findings } = checkInputs(definition, given, environment.levels?.(), new Date());
      const failures = failuresOf(findings);
      // What was refused has no canonical form, and may have holes where the engine takes none.
      return { inputs: failures.length === 0 ? inputs : news, failures };
    },

    diff(id, olds, news) {
      const changes = changesTo(olds, news);
      const facts = factsOf(olds);
      const heed = heedOf(news);
      const replaces = [
        ...changes.map(({ path }) => path).filter(heed.replaces),
        ...changes.filter(({ leaf, kind }) => leaf.replace && kind !== "removed").map(({ path }) => path),
        ...(definition.replaces?.({ id, facts, changes, inputs: news as Partial<A>, kept: olds as Partial<A> }) ?? []),
      ];
      if ((olds["adopted"] === true || olds["differs"] === true) && changes.length > 0) {
        const paths = changes.map(({ path }) => path).join(", ");
        environment.inform(
          `${definition.name} ${id}${olds["adopted"] === true ? ", adopted," : ""} is not as declared in ${paths}; \`pulumi refresh\` brings its live values into the preview`,
        );
      }
      for (const { path, kind, leaf } of changes) {
        if (kind !== "removed" || leaf.clear !== undefined || leaf.option || leaf.replace) continue;
        const message = `${definition.name} ${id}: ${path} is no longer declared; no operation clears it, so the service keeps its value, which is not compared any more [kept-value]`;
        if (levelOf("kept-value", news) === "error") {
          const refusal = new Error(message);
          plain(refusal);
          return Promise.reject(refusal);
        }
        warnIn(news)(message);
      }
      return Promise.resolve({
        changes: changes.length > 0 || replaces.length > 0 || definition.unfinished(facts, news as Partial<A>),
        // The engine takes paths, and shows them as the reason.
        replaces: [...new Set(replaces)],
        deleteBeforeReplace: true,
      });
    },

    async create(inputs) {
      await environment.ready();
      const changes = changesBetween(table, new Map(), inputs, keyOf(inputs));
      const work = begin(inputs, undefined, {}, changes);
      try {
        await definition.create(work);
      } catch (error) {
        if (work.id === undefined) throw plain(error);
        throw new Unfinished(work.id, { ...conclude(work, inputs, {}, true), [PROVIDER]: inputs[PROVIDER] }, error);
      }
      return { id: work.id as string, outs: conclude(work, inputs, {}, false) };
    },

    async read(id, props) {
      await environment.ready();
      const token = keyOf(props);
      const found = await definition.read(id, factsOf(props), props as Partial<A>, token).catch((error: unknown) => {
        throw plain(error);
      });
      if (!found) return { id: "", props: {} };
      const adopted = props["adopted"] === true;
      const differs = props["differs"] === true;
      const live = liveOf(found);
      const result = refresh(table, props, before(props), live, token, adopted || differs);
      const facts = { ...factsOf(props), ...found.facts };
      const values = { ...props, ...result.inputs };
      return {
        id,
        props: outputs({ facts }, values, { ...result, adopted, differs }, token),
        ...(result.inputs && {
          inputs: { ...result.inputs, [TOKEN]: token, ...(props[HEEDED] !== undefined && { [HEEDED]: props[HEEDED] }) },
        }),
      };
    },

    async update(id, olds, news) {
      await environment.ready();
      const work = begin(news, id, olds, changesTo(olds, news));
      try {
        await definition.update(work);
      } catch (error) {
        throw new Unfinished(id, { ...conclude(work, news, olds, true), [PROVIDER]: news[PROVIDER] }, error);
      }
      return { outs: conclude(work, news, olds, false) };
    },

    async delete(id, props) {
      await environment.ready();
      await definition.delete(id, factsOf(props), props as Partial<A>, keyOf(props)).catch((error: unknown) => {
        throw plain(error);
      });
    },
  };
}

/** The declared properties as they are now: live where they differ, without the undeclared ones beside them. */
function asFound(
  live: Readonly<Record<string, unknown>>,
  different: readonly string[],
  inputs: Properties,
): Properties {
  const result = structuredClone(inputs);
  for (const path of different) {
    const there = valueAt(live, path);
    if (there !== undefined) putAt(result, path, there);
  }
  return result;
}

const failuresOf = (findings: readonly Finding[]) =>
  findings
    .filter(({ severity }) => severity === "error")
    .map(({ property, reason, code }) => ({ property, reason: `${reason} [${code}]` }));

/** The host prints an error with its stack: a sentence for the user has none. */
function plain(error: unknown): unknown {
  if (error instanceof Error) error.stack = error.message;
  return error;
}
