/**
 * What the engine's provider process loads by name: one set of hooks per kind of task. Clients, batches and limiters
 * live once per process behind this entry, shared by all resources of a run.
 */
import { configure } from "./clouds/connections";
import { type Definition, type Hooks, hooks } from "./core/lifecycle";
import { definition as dataworksDISyncTaskDefinition } from "./resources/dataworks-di-sync-task/resource";
import { definition as dataworksTaskDefinition } from "./resources/dataworks-task/resource";
import { definition as wedataTaskDefinition } from "./resources/wedata-task/resource";

/** The part of Pulumi's dynamic provider interface that we fill. */
export interface Provider extends Hooks {
  configure(request: { config: { get(key: string): string | undefined } }): Promise<void>;
}

let configured: () => void;
/** The host may call a hook before `configure` of an earlier one has finished, so every hook waits for this. */
const ready = new Promise<void>((resolve) => {
  configured = resolve;
});

function provider<A extends object, F extends object>(definition: Definition<A, F>): Provider {
  return {
    ...hooks(definition, { ready: () => ready, warn, inform }),
    configure({ config }) {
      configure(config);
      configured();
      return Promise.resolve();
    },
  };
}

// A dynamic provider has no channel of its own; the engine shows what its process prints.
const warn = (message: string): void => console.error(`warning: ${message}`);
const inform = (message: string): void => console.log(message);

export const dataworksTask: Provider = provider(dataworksTaskDefinition);
export const dataworksDISyncTask: Provider = provider(dataworksDISyncTaskDefinition);
export const wedataTask: Provider = provider(wedataTaskDefinition);

export const definitions = {
  DataWorksTask: dataworksTaskDefinition,
  DataWorksDISyncTask: dataworksDISyncTaskDefinition,
  WeDataTask: wedataTaskDefinition,
};
