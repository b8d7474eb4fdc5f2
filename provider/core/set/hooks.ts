import { type Definition, type Properties } from "../definition";
import { type Table } from "../fields";
import { HEEDED } from "../heeded";
import { type Environment, type Hooks, type TaskHooks, Unfinished, failuresOf, hooks, plain } from "../lifecycle";
import { PROVIDER, TOKEN } from "../state";
import { IDENTITIES, LABEL, checkSet, findingsOfFilesIn, setInFormerSpelling } from "./check";
import { places } from "./order";
import { type Plan, isEmptyPlan, planOf } from "./plan";
import { TASKS, type TaskState, type TaskStates, put, setOutputs, statesOf, taskState } from "./record";
import { siblingOf, withNames } from "./siblings";
import { failureOf, named, planSentence, teller } from "./telling";
import { type Result, type Surroundings, carryOut, takeAway } from "./work";

/** What surrounds the hooks of a set. */
export interface SetEnvironment extends Environment {
  /** Told of every task that a set of this run has made or taken up. */
  readonly took: (id: string) => void;
  /** Whether another resource of this run has a task. */
  readonly isTaken: (id: string) => boolean;
}

/**
 * How many tasks of all sets are worked on at once: two full batches of BatchUpdateTasks, and not so many that the time
 * limit of one runs out while the others have the calls that the service allows.
 */
const AT_ONCE = 200;
const place = places(AT_ONCE);
/** Reads travel in pages, and more of them meet in one call. */
const lookingPlace = places(2_000);

/**
 * The hooks of a set of tasks, over the hooks of the single resource: each task has its own state, changes, and failures,
 * and the tasks that do not wait for each other are worked on at once, so that their calls leave together.
 */
export function setHooks<A extends object, F extends object>(
  definition: Definition<A, F>,
  environment: SetEnvironment,
): Hooks {
  const kind = `${definition.name}Set`;
  const known = definition as unknown as Definition<never, never>;
  const task = hooks(definition, environment);
  const titleOf = (label: unknown) => `${kind} ${String(label)}`;

  const around = (
    title: string,
    total: number,
    say: Pick<Environment, "warn" | "inform"> = environment,
  ): Surroundings => {
    const told = teller(title, total, say);
    const carried: NonNullable<Environment["carried"]> = (call) => {
      told.carried(call);
      environment.carried?.(call);
    };
    const taskOf = (key: string): TaskHooks =>
      hooks(definition, {
        ...environment,
        warn: (message) => told.warn(key, message),
        inform: (message) => told.inform(key, message),
        carried,
      });
    return { taskOf, teller: told, place, took: environment.took, isTaken: environment.isTaken };
  };
  const outputsFrom = (states: TaskStates, news: Properties): Properties => ({
    ...setOutputs(known, states),
    ...setWide(news),
  });

  /** Does what a plan says; the outputs, or an error that carries them where something has come to be. */
  const bring = async (id: string, plan: Plan, news: Properties): Promise<Properties> => {
    const title = titleOf(news[LABEL]);
    const steps = [...plan.steps.values()];
    const working = steps.filter((step) => step.kind !== "same").length + plan.leaving.size;
    const surroundings = around(title, working);
    const result: Result = await carryOut(known, plan, news, surroundings);
    surroundings.teller.end();
    const outs = outputsFrom(result.states, news);
    if (result.failed.size + result.skipped.size === 0) return outs;
    const rest = "what was done is recorded, and the next `pulumi up` does the rest";
    const error = failureOf(title, plan.steps.size + plan.leaving.size, result, rest);
    const wereThere = plan.leaving.size > 0 || steps.some(({ state }) => state?.id !== undefined);
    const areThere = [...result.states.values()].some(({ id: own }) => own !== undefined);
    if (!wereThere && !areThere) throw plain(error);
    throw new Unfinished(id, { ...outs, [PROVIDER]: news[PROVIDER] }, error);
  };

  return {
    async check(olds, news) {
      await environment.ready();
      const token = typeof olds?.[TOKEN] === "string" ? olds[TOKEN] : news[TOKEN];
      const given = { ...news, [TOKEN]: token };
      const { inputs, findings } = checkSet(definition, given, environment.levels?.(), new Date());
      const fields = definition.fields as unknown as Table;
      const files = await findingsOfFilesIn(fields, inputs, olds);
      const failures = failuresOf([...findings, ...files]);
      if (failures.length > 0) return { inputs: news, failures };
      return { inputs: olds?.[TASKS] === undefined ? inputs : setInFormerSpelling(fields, inputs, olds), failures };
    },

    async diff(_id, olds, news) {
      const plan = planOf(known, task, statesOf(known, olds), news);
      const changes = !isEmptyPlan(plan);
      const title = titleOf(news[LABEL]);
      if (changes) environment.inform(`${title}: ${planSentence(plan)}`);
      // What single resources say of their changes, the line above says for all.
      const { taskOf, teller: told } = around(title, 0, { ...environment, inform: () => undefined });
      const refusals: string[] = [];
      for (const [key, { kind: what, state, paths, args }] of plan.steps) {
        if (what !== "update" || state?.id === undefined || paths.length === 0) continue;
        await taskOf(key)
          .diff(state.id, state.outs, args)
          .catch((error: unknown) => void refusals.push(error instanceof Error ? error.message : String(error)));
      }
      told.end();
      if (refusals.length > 0) throw plain(new Error(`${title}: ${refusals.join("\n  ")}`));
      return { changes, replaces: [], deleteBeforeReplace: true };
    },

    async create(inputs) {
      await environment.ready();
      const id = `${String(inputs[LABEL])}-${String(inputs[TOKEN])}`;
      return { id, outs: await bring(id, planOf(known, task, new Map(), inputs), inputs) };
    },

    async update(id, olds, news) {
      await environment.ready();
      const states = statesOf(known, olds);
      return { outs: await bring(id, planOf(known, task, states, news), news) };
    },

    async read(id, props) {
      await environment.ready();
      const states = statesOf(known, props);
      const { label, token } = partsOf(id);
      const title = titleOf(label);
      const failed = new Map<string, unknown>();
      type Seen = { state: TaskState; inputs: Properties | undefined; moved: readonly string[] };
      const seen = new Map<string, Seen>();
      const lookAt = (some: Iterable<readonly [string, TaskState]>, whole: boolean) =>
        Promise.all(
          [...some].map(async ([key, state]) => {
            if (state.id === undefined) return;
            const leave = await (whole ? place : lookingPlace)();
            const found = await task
              .look(state.id, state.outs, whole)
              .catch((error: unknown) => void failed.set(key, error))
              .finally(leave);
            if (!found) return;
            const { props: outs, inputs, moved } = found;
            seen.set(key, { state: taskState(state.id, outs, state), inputs, moved });
          }),
        );
      // Most refreshes find nothing, and need no arguments; where one task moved, those of all are to be given.
      await lookAt(states, false);
      const isWhole = [...states].every(([key, { id: own }]) => own === undefined || seen.has(key));
      if (failed.size === 0 && (!isWhole || [...seen.values()].some(({ inputs }) => inputs !== undefined)))
        await lookAt(
          [...states].filter(([key]) => seen.get(key)?.inputs === undefined && seen.has(key)),
          true,
        );
      if (failed.size > 0) {
        const nothing = { failed, skipped: new Map<string, string>() };
        throw plain(failureOf(title, states.size, nothing, "nothing of this set was refreshed"));
      }
      const gone = [...states].filter(([key, state]) => state.id !== undefined && !seen.has(key)).map(([key]) => key);
      const after = new Map(
        [...states].flatMap(([key, state]) => {
          const now = seen.get(key)?.state ?? (state.id === undefined ? state : undefined);
          return now ? [[key, now] as const] : [];
        }),
      );
      const moved = [...seen].filter(([, found]) => found.moved.length > 0);
      const isOpen = [...states.values()].some(({ outs }) => outs["adopted"] === true || outs["differs"] === true);
      const outs = outputsFrom(after, props);
      if (moved.length === 0 && gone.length === 0 && !isOpen) return { id, props: outs };
      const said = [
        ...(moved.length > 0
          ? [
              `${moved.length} of ${states.size} moved: ${named(moved.map(([key, each]) => `${key} (${each.moved.join(", ")})`))}`,
            ]
          : []),
        ...(gone.length > 0 ? [`${gone.length} of ${states.size} gone: ${named(gone)}`] : []),
      ];
      if (said.length > 0) environment.inform(`${title}: ${said.join("; ")}`);
      return {
        id,
        props: outs,
        inputs: { ...inputsOf(states, seen), [LABEL]: label, [TOKEN]: token, ...setWide(props) },
      };
    },

    async delete(id, props) {
      await environment.ready();
      const states = statesOf(known, props);
      const title = titleOf(partsOf(id).label);
      const surroundings = around(title, states.size);
      const result = await takeAway(states, surroundings);
      surroundings.teller.end();
      if (result.failed.size + result.skipped.size === 0) return;
      throw plain(
        failureOf(
          title,
          states.size,
          result,
          "the next `pulumi destroy` or `pulumi up` deletes the rest; to keep the set instead, run `pulumi refresh` first, which finds out what is gone",
        ),
      );
    },
  };

  /** The arguments of all tasks as they are, upstreams by key where they are in the set. */
  function inputsOf(
    states: TaskStates,
    seen: ReadonlyMap<string, { readonly inputs: Properties | undefined }>,
  ): Properties {
    const { upstreams } = known;
    const keys = new Map(
      [...states].flatMap(([key, { id: own }]) =>
        own === undefined || !upstreams ? [] : [[upstreams.name(own), key] as const],
      ),
    );
    const nameOf = (name: string) => {
      const key = keys.get(name);
      return key === undefined ? undefined : siblingOf(key);
    };
    const tasks: Record<string, Properties> = {};
    for (const [key, { inputs = {} }] of seen) {
      const { [TOKEN]: _token, [HEEDED]: _heeded, ...args } = inputs;
      put(tasks, key, upstreams ? withNames(args, upstreams, nameOf) : args);
    }
    return { [TASKS]: tasks };
  }
}

/** Inputs beside the tasks that a refresh has to bring back. */
const setWide = (props: Properties): Properties =>
  Object.fromEntries(
    [HEEDED, IDENTITIES].filter((name) => props[name] !== undefined).map((name) => [name, props[name]]),
  );

/** A set's id is its name and its creation token. */
function partsOf(id: string): { label: string; token: string } {
  const at = id.lastIndexOf("-");
  return { label: id.slice(0, at), token: id.slice(at + 1) };
}
