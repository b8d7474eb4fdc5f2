import assert from "node:assert/strict";
import type { Properties } from "../../../provider/core/definition";
import type { Hooks } from "../../../provider/core/lifecycle";

/** A task as the engine's state has it. */
export interface Kept {
  readonly id: string;
  readonly inputs: Properties;
  readonly outs: Properties;
  /** Its last create or update has thrown something with an id. */
  readonly failed: boolean;
}

/** What a run did with a resource: which hooks it called, and what the last one threw. */
export interface Ran {
  readonly kept: Kept | undefined;
  readonly called: readonly ("create" | "update" | "delete" | "read")[];
  readonly error: Error | undefined;
}

interface Partial {
  readonly id?: string;
  readonly properties?: Properties;
}

/**
 * Does with one resource what the engine does (measured, see the design): an error with an id is recorded with it, over the
 * old inputs, and leads to an update the next time; any other error leaves the state as it was.
 */
export async function up(task: Hooks, kept: Kept | undefined, news: Properties): Promise<Ran> {
  const { inputs, failures } = await task.check(kept?.inputs ?? {}, news);
  assert.deepEqual(failures, []);
  if (kept === undefined) return create(task, inputs);
  const { id, outs } = kept;
  const { changes, replaces } = await task.diff(id, outs, inputs);
  if (replaces.length > 0) {
    const gone = await destroy(task, kept);
    if (gone.error !== undefined) return gone;
    const made = await create(task, inputs);
    return { ...made, called: [...gone.called, ...made.called] };
  }
  if (!changes && !kept.failed) return { kept, called: [], error: undefined };
  const called = ["update"] as const;
  try {
    const updated = await task.update(id, outs, inputs);
    return { kept: { id, inputs, outs: updated.outs, failed: false }, called, error: undefined };
  } catch (thrown) {
    return { kept: recorded(thrown, kept), called, error: thrown as Error };
  }
}

async function create(task: Hooks, inputs: Properties): Promise<Ran> {
  const called = ["create"] as const;
  try {
    const { id, outs } = await task.create(inputs);
    return { kept: { id, inputs, outs, failed: false }, called, error: undefined };
  } catch (thrown) {
    return { kept: recorded(thrown, undefined, inputs), called, error: thrown as Error };
  }
}

function recorded(thrown: unknown, before: Kept | undefined, inputs = before?.inputs): Kept | undefined {
  const { id, properties } = thrown as Partial;
  if (id === undefined || properties === undefined || inputs === undefined) return before;
  return { id, inputs, outs: JSON.parse(JSON.stringify(properties)) as Properties, failed: true };
}

export async function destroy(task: Hooks, kept: Kept): Promise<Ran> {
  const called = ["delete"] as const;
  try {
    await task.delete(kept.id, kept.outs);
    return { kept: undefined, called, error: undefined };
  } catch (error) {
    return { kept, called, error: error as Error };
  }
}

/** A refresh also forgets that the last create or update has failed. */
export async function refresh(task: Hooks, kept: Kept): Promise<Ran> {
  const called = ["read"] as const;
  try {
    const { id, props, inputs } = await task.read(kept.id, kept.outs);
    if (id === "") return { kept: undefined, called, error: undefined };
    return { kept: { id, inputs: inputs ?? kept.inputs, outs: props, failed: false }, called, error: undefined };
  } catch (error) {
    return { kept, called, error: error as Error };
  }
}
