import type { Context, Service } from "./service";
import { isRecord } from "./given";
import * as dataworksTasks from "./dataworks/service";
import * as dataworksFiles from "./dataworks-files/service";
import * as wedata from "./wedata/service";

type State = Record<string, unknown>;

/** One service as the control interface moves it. */
export interface Controlled {
  service: Service;
  /** What is stored, newest last. */
  list: (state: State) => unknown[];
  /** Makes many tasks at once, as if they had always been there; returns their ids. */
  bulk: (state: State, context: Context, count: number, template: Record<string, unknown>) => unknown;
  /** Deletes one task behind the caller's back; says whether it was there. */
  remove: (state: State, id: string) => boolean;
}

const collection =
  (name: string) =>
  (state: State): unknown[] =>
    isRecord(state[name]) ? Object.values(state[name]) : Array.isArray(state[name]) ? state[name] : [];
const removal =
  (name: string) =>
  (state: State, id: string): boolean => {
    const stored = state[name];
    if (!isRecord(stored) || !Object.hasOwn(stored, id)) return false;
    return delete stored[id];
  };

/** By the name the control interface gives them. */
export const controlled: Readonly<Record<string, Controlled>> = {
  dataworks: dataworksTasks.controlled,
  "dataworks-files": {
    service: dataworksFiles.service,
    bulk: dataworksFiles.bulk,
    list: collection("files"),
    remove: removal("files"),
  },
  wedata: { service: wedata.service, bulk: wedata.bulk, list: collection("tasks"), remove: removal("tasks") },
};

/** Everything the emulator serves. The first one seeds the workspaces the second one uses. */
export const services: readonly Service[] = Object.values(controlled).map(({ service }) => service);
