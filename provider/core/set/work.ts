import { type Definition, type Properties } from "../definition";
import { StillNeeded, isAuth } from "../errors";
import { type TaskHooks, Unfinished } from "../lifecycle";
import { encodeRecord } from "../record";
import { TOKEN } from "../state";
import { inOrder, reversed } from "./order";
import { type Plan, type Step, argumentsOf, identityOf } from "./plan";
import { type TaskState, type TaskStates, onlyToDelete, shortName, taskState } from "./record";
import { type Failures, type Teller } from "./telling";

/** What surrounds the work on the tasks of a set. */
export interface Surroundings {
  /** The hooks of the single resource, for one task. */
  readonly taskOf: (key: string) => TaskHooks;
  readonly teller: Teller;
  /** One of the places that the tasks of all sets share. */
  readonly place: () => Promise<() => void>;
  /** Told of every task that is there now. */
  readonly took: (id: string) => void;
  /** Whether another resource of this run has a task. */
  readonly isTaken: (id: string) => boolean;
}

/** What is true after the work. */
export interface Result extends Failures {
  readonly states: TaskStates;
}

const cause = (error: unknown): unknown => (error instanceof Unfinished ? error.cause : error);
/** Refused credentials are refused for every task. */
const REFUSED = "the credentials were refused";

/** Carries a plan out: what is to be made or changed in order, then what is to be deleted, in the reverse one. */
export async function carryOut(
  definition: Pick<Definition<never, never>, "fields" | "upstreams" | "identity" | "staysWhileNeeded">,
  plan: Plan,
  news: Properties,
  around: Surroundings,
): Promise<Result> {
  const { steps, upstreams, waits } = plan;
  const leaving = new Map([...plan.leaving].filter(([key]) => !plan.released.has(key)));
  const states = new Map<string, TaskState>();
  const failed = new Map<string, unknown>();
  const skipped = new Map<string, string>();
  let refused = false;
  const aboutOf = (key: string) => ({
    after: (upstreams.get(key) ?? []).map(shortName),
    identity: identityOf(definition, news, key),
  });
  for (const [key, { state }] of steps) if (state) states.set(key, taskState(state.id, state.outs, aboutOf(key)));

  const nameOf = (key: string): string => {
    const id = states.get(key)?.id;
    return id === undefined || !definition.upstreams ? `tasks.${key}` : definition.upstreams.name(id);
  };
  /** Where a task was that is to be made anew. The token outlives it: what an interrupted creation has left behind carries it. */
  const vacate = (key: string, token: string) =>
    states.set(key, { id: undefined, outs: { applied: encodeRecord(new Map(), token) }, ...aboutOf(key) });

  const inTheWay = withWhatWaits(definition, plan, leaving);
  const cleared = await takeAway(inTheWay, around);
  for (const [key, error] of cleared.failed) failed.set(key, error);
  for (const [key, reason] of cleared.skipped) skipped.set(key, reason);
  refused = [...cleared.failed.values()].some((error) => isAuth(cause(error)));
  for (const key of inTheWay.keys()) {
    if (failed.has(key) || skipped.has(key)) continue;
    const step = steps.get(key);
    if (step === undefined) leaving.delete(key);
    else vacate(key, String(step.args[TOKEN]));
  }

  const work = async (key: string): Promise<void> => {
    const step = steps.get(key) as Step;
    if (failed.has(key) || skipped.has(key)) return;
    const stopped = (waits.get(key) ?? []).filter((upstream) => failed.has(upstream) || skipped.has(upstream));
    if (refused) skipped.set(key, REFUSED);
    else if (stopped.length > 0) skipped.set(key, `it waits for ${stopped.join(", ")}`);
    if (skipped.has(key)) return;
    const token = String(step.args[TOKEN]);
    const inputs = argumentsOf(definition, news, key, token, nameOf);
    const about = aboutOf(key);
    const keep = (id: string | undefined, outs: Properties) => {
      states.set(key, taskState(id, outs, about));
      if (id !== undefined) around.took(id);
    };
    const task = around.taskOf(key);
    try {
      if (step.kind === "replace" && step.state?.id !== undefined && !inTheWay.has(key)) {
        await task.delete(step.state.id, step.state.outs);
        vacate(key, token);
      }
      if (step.kind === "update" && step.state?.id !== undefined) {
        const { outs } = await task.update(step.state.id, step.state.outs, inputs);
        keep(step.state.id, outs);
      } else {
        const { id, outs } = await task.create(inputs);
        keep(id, outs);
      }
    } catch (error) {
      failed.set(key, error);
      refused ||= isAuth(cause(error));
      if (error instanceof Unfinished) keep(error.id, error.properties);
    }
    around.teller.done();
  };
  await inOrder(
    [...steps.keys()].filter((key) => steps.get(key)?.kind !== "same"),
    {
      upstreams: waits,
      place: around.place,
      work,
    },
  );

  // What was not changed waits at the service for what it has waited for so far, too.
  for (const key of [...failed.keys(), ...skipped.keys()]) {
    const state = states.get(key);
    const was = steps.get(key)?.state?.after ?? [];
    if (state?.id !== undefined) states.set(key, { ...state, after: [...new Set([...state.after, ...was])] });
  }

  const waitingFor = (key: string) =>
    [...states, ...leaving].find(
      ([other, { after }]) => after.includes(shortName(key)) && (failed.has(other) || skipped.has(other)),
    )?.[0];
  const held = new Map<string, string>();
  for (const key of leaving.keys()) {
    const waiting = waitingFor(key);
    if (failed.has(key) || skipped.has(key)) continue;
    if (refused) held.set(key, REFUSED);
    else if (waiting !== undefined) held.set(key, `${waiting} still waits for it`);
  }
  const left = new Map([...leaving].filter(([key]) => !failed.has(key) && !skipped.has(key)));
  const removal = await takeAway(left, around, held);
  const downstreams = reversed(edgesOf(left));
  const kept = new Set<string>();
  const keep = (key: string, reason: string): void => {
    kept.add(key);
    around.teller.warn(key, `${reason}; it is kept for now, and the next \`pulumi up\` deletes it [still-needed]`);
  };
  for (const [key, error] of removal.failed) {
    if (error instanceof StillNeeded && left.get(key)?.kept !== true) keep(key, error.message);
    else failed.set(key, error);
  }
  // Downstream first: what only a kept task waits for is kept with it.
  for (const [key, reason] of removal.skipped) {
    const waiting = (downstreams.get(key) ?? []).filter(
      (other) => removal.failed.has(other) || removal.skipped.has(other),
    );
    if (!held.has(key) && waiting.every((other) => kept.has(other))) keep(key, reason);
    else skipped.set(key, reason);
  }
  for (const [key, state] of leaving) {
    const rest = onlyToDelete(definition, state);
    if (kept.has(key)) states.set(key, { ...rest, kept: true });
    else if (failed.has(key) || skipped.has(key)) states.set(key, rest);
  }
  return { states, failed, skipped };
}

/**
 * The tasks that are made anew, that are not deleted while they are needed, and for which others wait that are made anew, or
 * deleted, as well; with these. They go before anything is made, downstream first. All others are made anew one by one, so that
 * a failure leaves the rest as it was.
 */
function withWhatWaits(
  { staysWhileNeeded }: Pick<Definition<never, never>, "staysWhileNeeded">,
  { steps }: Plan,
  leaving: TaskStates,
): Map<string, TaskState> {
  const going = new Map<string, TaskState>(leaving);
  for (const [key, { kind, state }] of steps) if (kind === "replace" && state) going.set(key, state);
  const upstreams = edgesOf(going);
  const downstreams = reversed(upstreams);
  const isInTheWay = ([key, { outs }]: [string, TaskState]) =>
    steps.has(key) && downstreams.get(key)?.length && staysWhileNeeded?.(outs as never, outs as never);
  const members = new Set([...going].filter(isInTheWay).map(([key]) => key));
  for (const key of members) for (const downstream of downstreams.get(key) ?? []) members.add(downstream);
  return new Map([...going].filter(([key]) => members.has(key)));
}

/** What tasks wait for among themselves, as the state has it. Two keys may share a short name. */
function edgesOf(states: TaskStates): Map<string, string[]> {
  const byName = new Map<string, string[]>();
  for (const key of states.keys()) byName.set(shortName(key), [...(byName.get(shortName(key)) ?? []), key]);
  return new Map([...states].map(([key, { after }]) => [key, after.flatMap((name) => byName.get(name) ?? [])]));
}

/** Deletes tasks, each after those that wait for it; `held` are those that are to stay, and why. */
export async function takeAway(
  states: TaskStates,
  around: Surroundings,
  held: ReadonlyMap<string, string> = new Map(),
): Promise<Failures> {
  const failed = new Map<string, unknown>();
  const skipped = new Map<string, string>(held);
  const waits = reversed(edgesOf(states));
  await inOrder([...states.keys()], {
    upstreams: waits,
    place: around.place,
    async work(key) {
      if (skipped.has(key)) return;
      const { id, outs } = states.get(key) as TaskState;
      const stopped = (waits.get(key) ?? []).filter((other) => failed.has(other) || skipped.has(other));
      if (stopped.length > 0) {
        skipped.set(key, `${stopped.join(", ")} still waits for it`);
        return;
      }
      if (id !== undefined && around.isTaken(id)) {
        around.teller.warn(key, `task ${id} was not deleted: another resource has the same task now`);
      } else if (id !== undefined) {
        await around
          .taskOf(key)
          .delete(id, outs)
          .catch((error: unknown) => void failed.set(key, error));
      }
      around.teller.done();
    },
  });
  return { failed, skipped };
}
