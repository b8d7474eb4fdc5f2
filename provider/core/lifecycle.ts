import { type Checked, canonicalMembers, checkArguments } from "./check";
import { findingsOfFiles } from "./content";
import { type Carried, type Definition, type Found, type Properties, type Work } from "./definition";
import { type Change, changesBetween } from "./diff";
import { endingOf } from "./ending";
import { type Table, isObject, leavesOf, valueAt } from "./fields";
import { type Finding, type Level, type Levels, error, withLevels } from "./findings";
import { inFormerSpelling } from "./former";
import { HEEDED, heedOf } from "./heeded";
import { outcome } from "./outcome";
import { inOneLine, reasonOf } from "./quoting";
import { type Live, type Refreshed, type Settled, differences, refresh, settle } from "./settle";
import { PROVIDER, TOKEN, before, factsOf, keyOf, outputs } from "./state";

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

/** What brings a task from its state to its arguments. */
export interface Comparison {
  readonly changes: readonly Change[];
  /** Paths of the changes for which a new task is made. */
  readonly replaces: readonly string[];
  /** It stopped on the way the last time. */
  readonly resumes: boolean;
}

/** A task as a look found it: its outputs, its inputs where something moved, the paths that moved, and who edited it last. */
export interface Look {
  readonly props: Properties;
  readonly inputs?: Properties;
  readonly moved: readonly string[];
  readonly editor?: string;
}

/** The hooks of one kind of task, with what a set of tasks asks of each beside them. */
export interface TaskHooks extends Hooks {
  compare(id: string, olds: Properties, news: Properties): Comparison;
  /** A read that brings back the inputs of a task in which nothing moved, too; `undefined` when it is gone. */
  look(id: string, props: Properties, always: boolean): Promise<Look | undefined>;
}

/** Thrown when something exists and is not finished: the engine records it with its id, and the next run resumes. */
export class Unfinished extends Error {
  override readonly name = "Unfinished";
  readonly id: string;
  readonly properties: Properties;
  readonly reasons: string[];
  constructor(id: string, properties: Properties, cause: unknown) {
    const message = inOneLine(cause instanceof Error ? cause.message : String(cause));
    super(message, { cause });
    this.id = id;
    this.properties = properties;
    this.reasons = [message];
    this.stack = message;
  }
}

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
  let whole: Properties;
  try {
    whole = { ...given };
  } catch (thrown) {
    return { inputs: {}, findings: [error("the arguments", "plain-data", `can't be read: ${reasonOf(thrown)}`)] };
  }
  const { [PROVIDER]: _provider, [TOKEN]: token, [HEEDED]: heeded, ...args } = whole;
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

/** The code that a sentence ends with. */
const codeIn = (message: string): string | undefined => / \[([a-z-]+)\]$/.exec(message)?.[1];

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
): TaskHooks {
  const fields = definition.fields as unknown as Table;
  const table = leavesOf(fields);
  /** What the user makes of a warning that is said outside of the check. */
  const levelOf = (code: string, args: Properties): Level | undefined => {
    const own = isObject(args["rules"]) ? (args["rules"] as Levels) : {};
    return { ...environment.levels?.(), ...own }[code];
  };
  /** Says a warning, unless the code at its end is turned off. */
  const warnIn =
    (args: Properties) =>
    (message: string): void => {
      const code = codeIn(message);
      if (code === undefined || levelOf(code, args) !== "off") environment.warn(message);
    };
  /** A read is asked for its canonical values at every step after it. */
  const lives = new WeakMap<Found<F>, Live>();
  const liveOf = (found: Found<F>): Live => {
    let live = lives.get(found);
    if (live === undefined) {
      live = {
        values: canonicalMembers(fields, found.values),
        shown: found.values,
        ...(found.unreadable && { unreadable: found.unreadable }),
        ...(found.unread && { unread: found.unread }),
      };
      lives.set(found, live);
    }
    return live;
  };

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
    const recorded = before(table, state);
    let last: { found: Found<F>; sent: A | undefined; prior: Found<F> | undefined; result: Settled } | undefined;
    const settled = (found: Found<F>): Settled => {
      const { sent, prior } = work;
      if (last?.found === found && last.sent === sent && last.prior === prior) return last.result;
      const result = settle(table, args, changes, recorded, liveOf(found), key, sentBy(work), priorOf(work));
      last = { found, sent, prior, result };
      return result;
    };
    const work: Work<A, F> = {
      args: args as A,
      id,
      facts: factsOf(definition, id, state),
      token: key,
      changes,
      found: undefined,
      prior: undefined,
      sent: undefined,
      recordOnly: false,
      changed: (...paths) =>
        changes.some(({ path }) => paths.some((name) => path === name || path.startsWith(`${name}.`))),
      differences: (found, wanted) =>
        differences(table, wanted ? canonicalMembers(fields, wanted as Properties) : args, liveOf(found)).filter(
          (path) => !ignores(path),
        ),
      stale(found) {
        const { ineffective, uncleared } = settled(found);
        return [...ineffective, ...uncleared];
      },
      disturbed: (found) => settled(found).disturbed.filter((path) => !spares(path)),
      warn: warnIn(args),
      inform: environment.inform,
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
    return changesBetween(table, before(table, state).applied, inputs, keyOf(state)).filter(
      ({ path }) => !ignores(path),
    );
  };
  const priorOf = ({ prior }: Work<A, F>) => prior && liveOf(prior);
  const sentBy = ({ sent }: Work<A, F>) => sent && canonicalMembers(fields, sent as Properties);

  const conclude = outcome(definition, table, { liveOf, sentBy });
  /**
   * The outputs after a create or an update that threw something, where it ends well all the same: because a person has to
   * let it go on. An error would stop the engine from starting with any other task; as it is, the record says how far it
   * came, the next preview shows an update, and that goes on with what is under way. Everything else is thrown.
   */
  const ended = (work: Work<A, F>, error: unknown, inputs: Properties, state: Properties): Properties => {
    const ending = endingOf(error, work.id);
    if (ending.how === "refused" || ending.how === "unknown") throw plain(error);
    const outs = conclude(work, inputs, state, true);
    const message = error instanceof Error ? error.message : String(error);
    const isError = ending.how === "partly" || levelOf(codeIn(message) ?? "", inputs) === "error";
    if (isError) throw new Unfinished(ending.id, { ...outs, [PROVIDER]: inputs[PROVIDER] }, error);
    work.warn(message);
    return outs;
  };

  const compare = (id: string, olds: Properties, news: Properties): Comparison => {
    const changes = changesTo(olds, news);
    const facts = factsOf(definition, id, olds);
    const replaces = [
      ...changes.map(({ path }) => path).filter(heedOf(news).replaces),
      ...changes.filter(({ leaf, kind }) => leaf.replace && kind !== "removed").map(({ path }) => path),
      ...(definition.replaces?.({ id, facts, changes, inputs: news as Partial<A>, kept: olds as Partial<A> }) ?? []),
    ];
    // The engine takes paths, and shows them as the reason.
    const resumes = definition.unfinished(facts, news as Partial<A>);
    return { changes, replaces: [...new Set(replaces)], resumes };
  };

  const look: TaskHooks["look"] = async (id, props, always) => {
    const token = keyOf(props);
    const adopted = props["adopted"] === true;
    const differs = props["differs"] === true;
    const recorded = before(table, props);
    const former = factsOf(definition, id, props);
    let last: { seen: Found<F>; result: Refreshed } | undefined;
    const refreshed = (seen: Found<F>): Refreshed => {
      // What the look was content with is not compared once more.
      if (last?.seen === seen) return last.result;
      const mayBeDraft = seen.mayBeDraft === true && props["publish"] !== false;
      const whole = adopted || differs || always;
      last = { seen, result: refresh(table, props, recorded, liveOf(seen), token, whole, mayBeDraft) };
      return last.result;
    };
    // Whatever moved, or is to be shown as it is, needs the whole task.
    const asRecorded = (seen: Found<F>) => refreshed(seen).inputs === undefined;
    const found = await definition
      .read(id, { ...former }, props as Partial<A>, token, asRecorded)
      .catch((error: unknown) => {
        throw plain(error);
      });
    if (!found) return undefined;
    const result = refreshed(found);
    const facts = { ...former, ...found.facts };
    const values = { ...props, ...result.inputs };
    return {
      props: outputs(facts, values, { ...result, adopted, differs }, token),
      moved: result.moved,
      ...(found.editor !== undefined && { editor: found.editor }),
      ...(result.inputs && {
        inputs: { ...result.inputs, [TOKEN]: token, ...(props[HEEDED] !== undefined && { [HEEDED]: props[HEEDED] }) },
      }),
    };
  };

  return {
    compare,
    look,

    async check(olds, news) {
      await environment.ready();
      const oldToken = isObject(olds) && typeof olds[TOKEN] === "string" ? olds[TOKEN] : undefined;
      const given = oldToken === undefined ? news : { ...news, [TOKEN]: oldToken };
      const { inputs, findings } = checkInputs(definition, given, environment.levels?.(), new Date());
      const files = await findingsOfFiles(table, inputs, olds);
      const failures = failuresOf([...findings, ...files]);
      // What was refused has no canonical form, and may have holes where the engine takes none.
      if (failures.length > 0) return { inputs: news, failures };
      return { inputs: isObject(olds) ? inFormerSpelling(fields, table, inputs, olds) : inputs, failures };
    },

    diff(id, olds, news) {
      let compared: Comparison;
      try {
        compared = compare(id, olds, news);
      } catch (error) {
        const refusal = error instanceof Error ? error : new Error(String(error));
        plain(refusal);
        return Promise.reject(refusal);
      }
      const { changes, replaces, resumes } = compared;
      if ((olds["adopted"] === true || olds["differs"] === true) && changes.length > 0) {
        const paths = changes.map(({ path }) => path).join(", ");
        environment.inform(
          `${definition.name} ${id}${olds["adopted"] === true ? ", adopted," : ""} is not as declared in ${paths}; \`pulumi refresh\` brings its live values into the preview`,
        );
      }
      // What is replaced leaves its values behind.
      for (const { path, kind, leaf } of replaces.length > 0 ? [] : changes) {
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
        changes: changes.length > 0 || replaces.length > 0 || resumes,
        replaces: [...replaces],
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
        const outs = ended(work, error, inputs, {});
        return { id: work.id as string, outs };
      }
      return { id: work.id as string, outs: conclude(work, inputs, {}, false) };
    },

    async read(id, props) {
      await environment.ready();
      const seen = await look(id, props, false);
      if (!seen) return { id: "", props: {} };
      return { id, props: seen.props, ...(seen.inputs && { inputs: seen.inputs }) };
    },

    async update(id, olds, news) {
      await environment.ready();
      const work = begin(news, id, olds, changesTo(olds, news));
      try {
        await definition.update(work);
      } catch (error) {
        return { outs: ended(work, error, news, olds) };
      }
      return { outs: conclude(work, news, olds, false) };
    },

    async delete(id, props) {
      await environment.ready();
      await definition
        .delete(id, factsOf(definition, id, props), props as Partial<A>, keyOf(props), environment.inform)
        .catch((error: unknown) => {
          throw plain(error);
        });
    },
  };
}

/** A list with one fault in each of its thousand items is told by the first ones. */
const MOST_FAILURES = 50;

export function failuresOf(findings: readonly Finding[]): { property: string; reason: string }[] {
  const errors = findings.filter(({ severity }) => severity === "error");
  return errors.slice(0, MOST_FAILURES).map(({ property, reason, code }, index) => {
    const more = index === MOST_FAILURES - 1 ? errors.length - MOST_FAILURES : 0;
    return { property, reason: `${reason} [${code}]${more > 0 ? `; ${more} more faults are not shown` : ""}` };
  });
}

/** The host prints an error with its stack: a sentence for the user has none. A service repeats what it was sent. */
export function plain(error: unknown): unknown {
  if (error instanceof Error) error.stack = error.message = inOneLine(error.message);
  return error;
}
