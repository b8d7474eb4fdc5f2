import * as pulumi from "@pulumi/pulumi";

/**
 * Gives each run of a program a value of its own: a process of the Automation API runs several, also at the same time.
 * `undefined` outside of a run, as in a unit test with mocks, where nothing says when one program ends and the next begins.
 */
export function perRun<T>(make: () => T): () => T | undefined {
  const values = new WeakMap<object, { value: T }>();
  return () => {
    const run = pulumi.runtime.getStackResource();
    if (run === undefined) return undefined;
    let known = values.get(run);
    if (known === undefined) values.set(run, (known = { value: make() }));
    return known.value;
  };
}

/** Runs `work` once in a run of a program; outside of one, every time. */
export function oncePerRun(work: () => void): () => void {
  const state = perRun(() => ({ done: false }));
  return () => {
    const own = state();
    if (own?.done === true) return;
    work();
    if (own) own.done = true;
  };
}
