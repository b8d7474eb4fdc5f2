/**
 * A provider process without an engine: it loads the same entry, is configured once, and carries out one phase of a run
 * with as many hooks at once as the engine would. Each phase has a process of its own, as each run of the engine has.
 */
import type { Properties } from "../../../provider/core/definition";
import * as provider from "../../../provider/index";
import type { KindName } from "./declared";

export type Phase = "create" | "update" | "refresh" | "destroy";

/** A task as a state has it. */
export interface Kept {
  readonly name: string;
  readonly kind: KindName;
  readonly inputs: Properties;
  readonly id: string;
  readonly outs: Properties;
}

export interface Order {
  readonly phase: Phase;
  readonly config: Readonly<Record<string, string>>;
  readonly parallel: number;
  readonly tasks: readonly { name: string; kind: KindName; args: Properties; kept?: Kept | undefined }[];
}

export interface Answer {
  readonly kept: readonly Kept[];
  readonly failures: readonly { name: string; message: string }[];
}

/** What the engine makes of values on their way to a hook and back. */
const carried = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

async function one(phase: Phase, { name, kind, args, kept }: Order["tasks"][number]): Promise<Kept | undefined> {
  const hooks = provider[kind];
  if (phase === "create" || phase === "update") {
    const news = { ...args, creationToken: `load${name.replace("_", "")}` };
    const { inputs, failures } = await hooks.check(kept?.inputs ?? {}, carried(news));
    const [failure] = failures;
    if (failure) throw new Error(`refused by a rule: ${failure.reason}`);
    if (kept === undefined) return { name, kind, inputs, ...carried(await hooks.create(carried(inputs))) };
    const { changes, replaces } = await hooks.diff(kept.id, kept.outs, inputs);
    if (!changes) throw new Error("the change is no difference");
    if (replaces.length > 0) throw new Error(`the change would replace it: ${replaces.join(", ")}`);
    const { outs } = await hooks.update(kept.id, carried(kept.outs), carried(inputs));
    return { ...kept, inputs, outs: carried(outs) };
  }
  if (kept === undefined) throw new Error("is not in the state");
  if (phase === "destroy") return void (await hooks.delete(kept.id, carried(kept.outs)));
  const { id, props, inputs } = await hooks.read(kept.id, carried(kept.outs));
  if (id !== kept.id) throw new Error(`was read as ${id === "" ? "gone" : id}`);
  const after = { ...kept, outs: carried(props), ...(inputs && { inputs: carried(inputs) }) };
  if ((await hooks.diff(id, after.outs, kept.inputs)).changes)
    throw new Error("a refresh of the unmoved task shows a change");
  return after;
}

async function run({ phase, config, parallel, tasks }: Order): Promise<Answer> {
  const kept: Kept[] = [];
  const failures: { name: string; message: string }[] = [];
  await provider.dataworksTask.configure({ config: { get: (key) => config[key] } });
  const waiting = [...tasks];
  const lane = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const task = next;
      try {
        const state = await one(phase, task);
        if (state) kept.push(state);
      } catch (error) {
        failures.push({
          name: `${task.kind} ${task.name}`,
          message: error instanceof Error ? error.message : String(error),
        });
        // The engine records what a failed operation has left.
        const { id, properties } = error as { id?: string; properties?: Properties };
        if (id !== undefined && properties !== undefined)
          kept.push({ name: task.name, kind: task.kind, inputs: task.kept?.inputs ?? {}, id, outs: properties });
        else if (task.kept) kept.push(task.kept);
      }
    }
  };
  await Promise.all(Array.from({ length: parallel }, lane));
  return { kept, failures };
}

process.once("message", (order: Order) => {
  void run(order).then((answer) => process.send?.(answer, () => process.exit(0)));
});
