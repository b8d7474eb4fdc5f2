/**
 * What the engine's provider process loads by name: one set of hooks per kind of task. Clients, batches and limiters
 * live once per process behind this entry, shared by all resources of a run.
 */
import { configure, setting } from "./clouds/connections";
import { shareLimits } from "./clouds/limits";
import { limiterServers } from "./clouds/limiter-settings";
import { isAuth, isTransport } from "./core/errors";
import { endWithEngine } from "./engine";
import { announcing } from "./core/announced";
import { concealing } from "./core/concealing";
import { type Carried, type Definition, type Properties } from "./core/definition";
import { isObject } from "./core/fields";
import { type Hooks, hooks } from "./core/lifecycle";
import { withoutSecrets } from "./core/secrets";
import { setHooks } from "./core/set/hooks";
import { tasksIn } from "./core/set/plan";
import { refusingNewerStates } from "./core/version";
import { levelsFrom } from "./resources/codes";
import { definition as dataworksDISyncTaskDefinition } from "./resources/dataworks-di-sync-task/resource";
import { definition as dataworksTaskDefinition } from "./resources/dataworks-task/resource";
import { definition as wedataTaskDefinition } from "./resources/wedata-task/resource";
import { RunRecord, runsFolder } from "./runs";

/** The part of Pulumi's dynamic provider interface that we fill. */
export interface Provider extends Hooks {
  configure(request: { config: { get(key: string): string | undefined } }): Promise<void>;
}

let configured: () => void;
/** The host may call a hook before `configure` of an earlier one has finished, so every hook waits for this. */
const ready = new Promise<void>((resolve) => {
  configured = resolve;
});

/** What is wrong with a setting of the whole stack: told by the first hook, which belongs to a resource. */
let misconfigured: Error | undefined;
const usable = async (): Promise<void> => {
  await ready;
  if (misconfigured) throw misconfigured;
};

let watch: NodeJS.Timeout | undefined;

/**
 * The ids that this run made or took up. A deletion of one of them comes from a replacement that was told to create
 * first (a transform can say so), or from a resource that was renamed without an alias: the task has an owner again.
 */
const made = new Set<string>();

/** The ids that resources of this run are about to take over from others, which are deleted in the same run. */
const claimed = new Set<string>();
const isTaken = (id: string): boolean => made.has(id) || claimed.has(id);

/** Notes which task an argument `adopt` newly names by the whole id of its resource. */
function claim(before: Properties, { adopt }: Properties): void {
  const id = isObject(adopt) ? adopt["id"] : adopt;
  const was = isObject(before["adopt"]) ? before["adopt"]["id"] : before["adopt"];
  if (typeof id === "string" && id.includes("/") && id !== was) claimed.add(id);
}

function provider<A extends object, F extends object>(definition: Definition<A, F>): Provider {
  const levels = () => levelsFrom(setting(`${definition.module}:rules`));
  const plain = hooks(definition, { ready: usable, warn, inform, levels, carried });
  const task = announcing(definition.name, concealing(refusingNewerStates(plain)));
  return {
    ...shared(definition.name, task),
    async check(olds, news) {
      const { inputs, failures } = await task.check(olds, news);
      claim(olds ?? {}, inputs);
      return { inputs, failures: failures.map(asOne) };
    },
    async create(inputs) {
      const result = await task.create(inputs).finally(recorded);
      made.add(result.id);
      return result;
    },
    async delete(id, props) {
      if (isTaken(id)) return warn(`${definition.name} ${id} was not deleted: another resource has the same task now`);
      await task
        .delete(id, props)
        .catch(aside(`${definition.name} ${id} was not deleted`))
        .finally(recorded);
    },
  };
}

/** The hooks for many tasks as one resource. */
function providerOfSet<A extends object, F extends object>(definition: Definition<A, F>): Provider {
  const levels = () => levelsFrom(setting(`${definition.module}:rules`));
  const took = (id: string) => void made.add(id);
  const environment = { ready: usable, warn, inform, levels, carried: noted, took, isTaken };
  const set = concealing(setHooks(definition, environment));
  const name = `${definition.name}Set`;
  return {
    ...shared(name, set),
    async check(olds, news) {
      const { inputs, failures } = await set.check(olds, news);
      const before = tasksIn(olds ?? {});
      if (failures.length === 0)
        for (const [key, args] of Object.entries(tasksIn(inputs))) claim(before[key] ?? {}, args);
      return { inputs, failures: failures.map(asOne) };
    },
    create: (inputs) => set.create(inputs).finally(recorded),
    delete: (id, props) =>
      set
        .delete(id, props)
        .catch(aside(`${name} ${id} was not deleted`))
        .finally(recorded),
  };
}

/** A property named by itself makes the engine print its value, which it finds only at the top level. */
const asOne = ({ property, reason }: { property: string; reason: string }) => ({
  property: "",
  reason: `${property} ${reason}`,
});

/** What the hooks of one task and those of many have in common. */
const shared = (name: string, task: Hooks): Provider => ({
  ...task,
  update: (id, olds, news) => task.update(id, olds, news).finally(recorded),
  read: (id, props) =>
    task
      .read(id, props)
      .catch(aside(`${name} ${id} was not read`))
      .finally(recorded),
  configure({ config }) {
    // Only the engine's provider process is configured through here; its first argument is the engine's address.
    watch ??= endWithEngine(process.argv[2]);
    configure(config, process.env, warn);
    // The stacks that are deployed at once keep the limits of an account together: on this machine, or on a server.
    try {
      misconfigured = undefined;
      shareLimits(warn, limiterServers(config));
    } catch (error) {
      misconfigured = error as Error;
    }
    configured();
    return Promise.resolve();
  },
});

/** What the engine does, and who has just corrected a key or an endpoint does not expect. */
const STALE =
  "; `pulumi refresh` and `pulumi destroy` use the configuration that the last `pulumi up` recorded, with --run-program the present one";

/**
 * The host prints what a read or a deletion throws, text and stack, beside what the engine shows at the resource. What
 * it prints is made to point there, so that the reason is told once.
 */
const aside =
  (what: string) =>
  (error: unknown): never => {
    const told = new Error(error instanceof Error ? error.message : String(error), { cause: error });
    const stack = `the reason stands with the resource${isAuth(error) || isTransport(error) ? STALE : ""}`;
    throw Object.assign(told, { toString: () => what, stack });
  };

// A dynamic provider has no channel of its own; the engine shows what its process prints.
const warn = (message: string): void => console.error(`warning: ${withoutSecrets(message)}`);
const inform = (message: string): void => console.log(withoutSecrets(message));

const run = new RunRecord(runsFolder(), process.argv[2]);
const recorded = (): void => run.flush();
/** A set says it for all of its tasks. */
const noted = ({ task, ...rest }: Carried): void => run.carried({ ...rest, task: withoutSecrets(task) });
const carried = ({ task, ...rest }: Carried): void => {
  const call: Carried = { ...rest, task: withoutSecrets(task) };
  run.carried(call);
  const what = call.properties.length > 0 ? `: ${call.properties.join(", ")}` : "";
  inform(`${call.kind} ${call.task}: ${call.operation}${what}`);
};

export const dataworksTask: Provider = provider(dataworksTaskDefinition);
export const dataworksDISyncTask: Provider = provider(dataworksDISyncTaskDefinition);
export const wedataTask: Provider = provider(wedataTaskDefinition);
export const dataworksTaskSet: Provider = providerOfSet(dataworksTaskDefinition);
export const wedataTaskSet: Provider = providerOfSet(wedataTaskDefinition);

export const definitions = {
  DataWorksTask: dataworksTaskDefinition,
  DataWorksDISyncTask: dataworksDISyncTaskDefinition,
  WeDataTask: wedataTaskDefinition,
};
