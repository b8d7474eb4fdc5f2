/**
 * Tasks as the services have them now, for the command line: through the same clients, limits and credentials as a run of
 * the engine, without one, and without a write.
 */
import type { ConfigurationSource } from "./clouds/configuration";
import { configure } from "./clouds/connections";
import { limiterServers } from "./clouds/limiter-settings";
import { shareLimits } from "./clouds/limits";
import { canonicalMembers } from "./core/check";
import type { Definition, Properties } from "./core/definition";
import { type Table, leavesOf } from "./core/fields";
import { type Environment, hooks } from "./core/lifecycle";
import { UNSURE, refuseNewer } from "./core/record";
import { rememberSecrets, withoutSecrets } from "./core/secrets";
import { places } from "./core/set/order";
import { factsOf, keyOf, before as recorded } from "./core/state";

type AnyDefinition = Definition<object, object>;

/** A task as the state has it: its id, and the outputs of the single resource, secrets in plain text. */
export interface StoredTask {
  readonly definition: AnyDefinition;
  readonly id: string;
  readonly outs: Properties;
}

/** What has become of a task since the state was written. */
export interface Sighting {
  /** Paths of the declared properties whose values at the service are others now. */
  readonly moved: readonly string[];
  /** Live values of the declared properties, canonical; only where something moved. */
  readonly values: Properties;
  /** Who has edited the task last, and when, as the service writes it; only where that is news to the state. */
  readonly editor?: string;
  readonly edited?: string;
}

/** What has moved between two outputs of a task, the newer ones those of a refresh. */
export function movedBetween({ fields }: AnyDefinition, older: Properties, newer: Properties): string[] {
  const table = leavesOf(fields as unknown as Table);
  const [was, is] = [older, newer].map((outs) => recorded(table, outs).applied);
  return table.map(({ path }) => path).filter((path) => was?.get(path) !== is?.get(path));
}

/** The paths of the properties of which the state does not know what was applied last. */
export const unsureIn = ({ fields }: AnyDefinition, outs: Properties): string[] =>
  [...recorded(leavesOf(fields as unknown as Table), outs).applied].flatMap(([path, value]) =>
    value === UNSURE ? [path] : [],
  );

/** So many tasks are read at once: full pages of the lists, and not so many that one waits until its time is over. */
const AT_ONCE = 200;

/** Reads tasks of one stack. */
export interface LiveReader {
  /** `undefined`: the task is gone. */
  sight(task: StoredTask): Promise<Sighting | undefined>;
  /** All that a read brings back, canonical, with what the state alone knows; `undefined` when the task is gone. */
  values(task: StoredTask): Promise<Properties | undefined>;
  /** The names of the tasks that wait for one directly; `undefined` where no operation tells. */
  downstream(task: StoredTask): Promise<readonly string[] | undefined>;
}

/**
 * Who reads the tasks of a stack with this configuration; `warn` is told what the user has to know. `seconds`: how long one
 * task may take instead of what it says itself.
 */
export function liveReader(config: ConfigurationSource, warn: (message: string) => void, seconds?: number): LiveReader {
  const say = (message: string): void => warn(withoutSecrets(message));
  configure(config, process.env, say);
  shareLimits(say, limiterServers(config));
  const environment: Environment = { ready: () => Promise.resolve(), warn: say, inform: () => undefined };
  const place = places(AT_ONCE);
  const reading = async <T>({ outs }: StoredTask, read: () => Promise<T>): Promise<T> => {
    rememberSecrets(outs);
    const leave = await place();
    try {
      refuseNewer(outs["applied"]);
      return await read();
    } catch (error) {
      throw new Error(withoutSecrets(error instanceof Error ? error.message : String(error)), { cause: error });
    } finally {
      leave();
    }
  };
  const hurried = (outs: Properties): Properties =>
    seconds === undefined ? outs : { ...outs, timeouts: { read: seconds } };
  return {
    sight: (task) =>
      reading(task, async () => {
        const found = await hooks(task.definition, environment).look(task.id, task.outs, false);
        if (found === undefined) return undefined;
        const { moved, inputs = {}, editor, props } = found;
        const edited = props["modifyTime"];
        const isNews = edited !== task.outs["modifyTime"];
        return {
          moved,
          values: inputs,
          ...(isNews && editor !== undefined && { editor }),
          ...(isNews && typeof edited === "string" && { edited }),
        };
      }),
    values: (task) =>
      reading(task, async () => {
        const { definition, id, outs } = task;
        const facts = factsOf(definition, id, outs);
        const found = await definition.read(id, facts, hurried(outs), keyOf(outs));
        if (found === undefined) return undefined;
        const fields = definition.fields as unknown as Table;
        const isSilent = (path: string) => found.unreadable?.(path) === true || found.unread?.(path) === true;
        const silent = new Set(leavesOf(fields).flatMap(({ path }) => (isSilent(path) ? [path.split(".")[0]] : [])));
        const values = canonicalMembers(fields, found.values);
        return Object.fromEntries(Object.entries(values).filter(([name]) => !silent.has(name)));
      }),
    downstream: (task) =>
      reading(task, async () => {
        const { definition, id, outs } = task;
        return definition.downstream?.(id, factsOf(definition, id, outs), hurried(outs));
      }),
  };
}
