import { Gone } from "./processes";
import type { HookError, Properties, ProviderProcess, Type } from "./processes";

/** A resource of a program. */
export interface Declared {
  readonly name: string;
  readonly type: Type;
  readonly args: Properties;
}

/** A resource as the engine's state has it. */
export interface Entry {
  readonly type: Type;
  readonly id: string;
  readonly inputs: Properties;
  readonly outputs: Properties;
  /** Recorded by an operation that failed: the next run updates it, whatever its diff says. */
  readonly failed?: true;
}

/** Hooks of a run threw; the engine has gone on with the other resources. */
export class RunFailed extends Error {
  override readonly name = "RunFailed";
}

/**
 * Keeps the state of a stack as the engine keeps it (seen on 3.230.0; the engine's tests and its part of the matrix hold
 * this against the real one): what a hook returned or threw is recorded before the next one is called, and nothing of a
 * hook that was killed. It then lists a pending operation: of a creation without an entry, of an update or a deletion
 * beside the old entry.
 */
export class Stack {
  readonly entries: Map<string, Entry>;

  constructor(entries: ReadonlyMap<string, Entry> = new Map()) {
    this.entries = new Map(structuredClone([...entries]));
  }

  /** `pulumi refresh`; the names of the resources that are not as the state had them. */
  async refresh(provider: ProviderProcess): Promise<string[]> {
    const moved: string[] = [];
    const failures: string[] = [];
    for (const [name, entry] of this.entries) {
      const { type, id, inputs, outputs } = entry;
      type Read = { id: string; props: Properties; inputs?: Properties };
      const answer = await provider.call<Read>(type, "read", id, outputs);
      if ("error" in answer) {
        failures.push(`read ${name}: ${answer.error.message}`);
        continue;
      }
      const { result } = answer;
      if (result.id === "") this.entries.delete(name);
      // The record of a failed operation goes with it.
      else this.entries.set(name, { type, id, inputs: result.inputs ?? inputs, outputs: result.props });
      if (result.id === "" || result.inputs !== undefined) moved.push(name);
    }
    if (failures.length > 0) throw new RunFailed(failures.join("\n"));
    return moved;
  }

  /** `pulumi up`; what was done, as `update orders`. Rejects with `Gone` when the process is killed. */
  async up(provider: ProviderProcess, program: readonly Declared[]): Promise<string[]> {
    const done: string[] = [];
    const failures: string[] = [];
    const attempt = async (what: string, work: () => Promise<HookError | undefined>): Promise<boolean> => {
      const error = await work();
      done.push(what);
      if (error !== undefined) failures.push(`${what}: ${error.message}`);
      return error === undefined;
    };
    for (const declared of program) {
      const { name, type } = declared;
      const entry = this.entries.get(name);
      const inputs = await checked(provider, declared, entry?.inputs ?? {});
      if (entry === undefined) {
        await attempt(`create ${name}`, () => this.#create(provider, declared, inputs));
        continue;
      }
      const answer = await provider.call<Difference>(type, "diff", entry.id, entry.outputs, inputs);
      if ("error" in answer) throw new RunFailed(answer.error.message);
      const { changes, replaces } = answer.result;
      if (replaces.length > 0) {
        const gone = await attempt(`delete ${name}`, () => this.#delete(provider, name, entry));
        if (gone) await attempt(`create ${name}`, () => this.#create(provider, declared, inputs));
      } else if (changes || entry.failed) {
        await attempt(`update ${name}`, () => this.#update(provider, name, entry, inputs));
      } else this.entries.set(name, { ...entry, inputs });
    }
    const left = [...this.entries].filter(([name]) => program.every((declared) => declared.name !== name));
    for (const [name, entry] of left.reverse()) {
      await attempt(`delete ${name}`, () => this.#delete(provider, name, entry));
    }
    if (failures.length > 0) throw new RunFailed(failures.join("\n"));
    return done;
  }

  async #create(
    provider: ProviderProcess,
    { name, type }: Declared,
    inputs: Properties,
  ): Promise<HookError | undefined> {
    const answer = await provider.call<{ id: string; outs: Properties }>(type, "create", inputs);
    if ("result" in answer) {
      const { id, outs } = answer.result;
      this.entries.set(name, { type, id, inputs, outputs: outs });
      return undefined;
    }
    const { id, properties } = answer.error;
    if (id !== undefined) this.entries.set(name, { type, id, inputs, outputs: properties ?? {}, failed: true });
    return answer.error;
  }

  async #update(
    provider: ProviderProcess,
    name: string,
    entry: Entry,
    inputs: Properties,
  ): Promise<HookError | undefined> {
    const { type, id, outputs } = entry;
    const answer = await provider.call<{ outs: Properties }>(type, "update", id, outputs, inputs);
    if ("result" in answer) {
      this.entries.set(name, { type, id, inputs, outputs: answer.result.outs });
      return undefined;
    }
    const { properties } = answer.error;
    if (properties !== undefined) this.entries.set(name, { ...entry, outputs: properties, failed: true });
    return answer.error;
  }

  async #delete(provider: ProviderProcess, name: string, entry: Entry): Promise<HookError | undefined> {
    const answer = await provider.call(entry.type, "delete", entry.id, entry.outputs);
    if ("error" in answer) return answer.error;
    this.entries.delete(name);
    return undefined;
  }
}

interface Difference {
  changes: boolean;
  replaces: string[];
}

async function checked(
  provider: ProviderProcess,
  { name, type, args }: Declared,
  olds: Properties,
): Promise<Properties> {
  type Checked = { inputs: Properties; failures: { reason: string }[] };
  const answer = await provider.call<Checked>(type, "check", olds, args);
  if ("error" in answer) throw new RunFailed(answer.error.message);
  const { inputs, failures } = answer.result;
  if (failures.length > 0) throw new RunFailed(`${name}: ${failures.map(({ reason }) => reason).join("; ")}`);
  return inputs;
}

export const isGone = (error: unknown): error is Gone => error instanceof Gone;
