import { type Definition, type Properties } from "../definition";
import { isAuth } from "../errors";
import { type TaskHooks, Unfinished } from "../lifecycle";
import { encodeRecord } from "../record";
import { inOrder, reversed } from "./order";
import { type Plan, type Step, argumentsOf, identityOf, tokenOf } from "./plan";
import { type TaskState, type TaskStates, shortName, taskState } from "./record";
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
  definition: Pick<Definition<never, never>, "upstreams" | "identity">,
  plan: Plan,
  news: Properties,
  around: Surroundings,
): Promise<Result> {
  const { steps, upstreams, waits } = plan;
  const states = new Map<string, TaskState>();
  const failed = new Map<string, unknown>();
  const skipped = new Map<string, string>();
  let refused = false;
  const aboutOf = (key: string) => ({
    after: (upstreams.get(key) ?? []).map(shortName),
    identity: identityOf(definition, news, key),
  });
  for (const [key, { state }] of steps) if (state) states.set(key, { ...state, ...aboutOf(key) });

  const nameOf = (key: string): string => {
    const id = states.get(key)?.id;
    return id === undefined || !definition.upstreams ? `tasks.${key}` : definition.upstreams.name(id);
  };
  const work = async (key: string): Promise<void> => {
    const step = steps.get(key) as Step;
    const stopped = (waits.get(key) ?? []).filter((upstream) => failed.has(upstream) || skipped.has(upstream));
    if (refused) skipped.set(key, REFUSED);
    else if (stopped.length > 0) skipped.set(key, `it waits for ${stopped.join(", ")}`);
    if (skipped.has(key)) return;
    const token = tokenOf(step.state, news, key);
    const inputs = argumentsOf(definition, news, key, token, nameOf);
    const about = aboutOf(key);
    const keep = (id: string | undefined, outs: Properties) => {
      states.set(key, taskState(id, outs, about));
      if (id !== undefined) around.took(id);
    };
    const task = around.taskOf(key);
    try {
      if (step.kind === "replace" && step.state?.id !== undefined) {
        await task.delete(step.state.id, step.state.outs);
        // The token outlives the task: what an interrupted creation has left behind carries it.
        states.set(key, { id: undefined, outs: { applied: encodeRecord(new Map(), token) }, ...about });
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

  const release = new Set(Array.isArray(news["release"]) ? (news["release"] as unknown[]) : []);
  const leaving = new Map([...plan.leaving].filter(([key]) => !release.has(key)));
  const needed = (key: string) =>
    [...states].filter(
      ([other, { after }]) => after.includes(shortName(key)) && (failed.has(other) || skipped.has(other)),
    );
  const deletable = new Map<string, TaskState>();
  for (const [key, state] of leaving) {
    const [waiting] = needed(key);
    if (refused) skipped.set(key, REFUSED);
    else if (waiting) skipped.set(key, `${waiting[0]} still waits for it`);
    else deletable.set(key, state);
  }
  const removal = await takeAway(deletable, around);
  for (const [key, error] of removal.failed) failed.set(key, error);
  for (const [key, reason] of removal.skipped) skipped.set(key, reason);
  for (const [key, state] of leaving) if (failed.has(key) || skipped.has(key)) states.set(key, state);
  return { states, failed, skipped };
}

/** Deletes tasks, each after those that wait for it. */
export async function takeAway(states: TaskStates, around: Surroundings): Promise<Failures> {
  const failed = new Map<string, unknown>();
  const skipped = new Map<string, string>();
  const byName = new Map([...states.keys()].map((key) => [shortName(key), key]));
  const upstreams = new Map(
    [...states].map(([key, { after }]) => [key, after.flatMap((name) => byName.get(name) ?? [])]),
  );
  const waits = reversed(upstreams);
  await inOrder([...states.keys()], {
    upstreams: waits,
    place: around.place,
    async work(key) {
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
