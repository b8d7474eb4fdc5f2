import type { Call } from "./calls";
import type { Fault, FaultRule } from "./faults";
import type { Hold, HoldRule } from "./hold";

/** What tests and people move in a running emulator, past the clouds' APIs. */
export interface Controls {
  /** The calls so far, secrets masked; only those after a sequence number when given. */
  calls: (since?: number) => Promise<Call[]>;
  /** How often each operation was called. */
  counts: () => Promise<Record<string, number>>;
  /** The most calls of each cloud that have arrived within any one second since the last reset, refused ones included. */
  highestPerSecond: () => Promise<{ alibaba: number; tencent: number }>;
  /** Forgets calls and counts. The clouds' state stays. */
  reset: () => Promise<void>;
  /** Lets calls fail; see FaultRule. */
  fault: (rule: FaultRule) => Promise<Fault>;
  faults: () => Promise<Fault[]>;
  /** Takes back one fault, or all. */
  clearFaults: (id?: string) => Promise<void>;
  /** Stops one of the coming calls on its way; see HoldRule. */
  hold: (rule: HoldRule) => Promise<void>;
  /** The hold once its call is held, or as it stands after that time; undefined when there is none. */
  held: (waitMilliseconds?: number) => Promise<Hold | undefined>;
  /** Lets the held call go on, or loses it (`drop`); takes the hold away. */
  release: (how?: "go" | "drop") => Promise<void>;
  /** Changes a task as somebody at the console would; returns it as stored. `service`: dataworks, dataworks-files, wedata. */
  touch: (service: string, id: string, changes: Record<string, unknown>) => Promise<object>;
  /** Deletes a task as somebody at the console would. */
  remove: (service: string, id: string) => Promise<boolean>;
  /** What is stored of a service. */
  tasks: (service?: string) => Promise<unknown[]>;
  /** Makes tasks as if they had always been there; returns their ids. */
  createTasks: (service: string, task: Record<string, unknown>, count?: number) => Promise<string[]>;
  switches: () => Promise<Record<string, unknown>>;
  /** Sets one switch; see switches.ts. */
  setSwitch: (name: string, value: unknown) => Promise<void>;
  /** Moves the emulator's clock. `signatures: false` leaves time stamps to be judged by the real time. */
  clock: (offsetMilliseconds: number, options?: { signatures?: boolean }) => Promise<void>;
}
