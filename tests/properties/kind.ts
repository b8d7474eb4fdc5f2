import type fc from "fast-check";
import type { Emulator } from "../../emulator/index";
import type { Table } from "../../provider/core/fields";
import type { Hooks, Properties } from "../../provider/core/lifecycle";

/** How hooks report, and what they are made with. */
export interface Environment {
  readonly ready: () => Promise<void>;
  readonly warn: (message: string) => void;
  readonly inform: (message: string) => void;
}

/** One argument on the wire. */
export interface Carrier {
  /** The parameters that may carry it, as dotted paths inside the service's object. */
  readonly names: readonly string[];
  /** The change to the stored task that gives it a (canonical) value, as somebody at the console would. */
  readonly touch?: (value: unknown) => Properties;
  /** The operations that bring it to the service; those of the kind when absent. */
  readonly operations?: readonly string[];
}

/** What the properties have to know of one kind of task beside its field table. */
export interface Kind {
  readonly name: string;
  readonly fields: Table;
  readonly hooks: (environment: Environment) => Hooks;
  readonly switches?: Readonly<Record<string, unknown>>;
  readonly config: (emulator: Emulator) => Record<string, string>;
  /** Prepares what arguments may refer to; the generators that need it. */
  readonly arguments: (emulator: Emulator) => Promise<{
    /** Valid arguments. */
    readonly some: fc.Arbitrary<Properties>;
    /** A value for every argument, each valid on its own. */
    readonly all: fc.Arbitrary<Properties>;
  }>;
  /** Makes arguments obey the rules that go over several of them. */
  readonly obey: (args: Properties) => Properties;
  /** The carrier of an argument; `undefined` when none is to be sent. */
  readonly carrier: (path: string) => Carrier;
  /** Parameters that say what a call is about. */
  readonly keys: readonly string[];
  /** Operations that publish, and so belong to every edit. */
  readonly publishing: readonly string[];
  /** How a path of a call reads inside the service's object. */
  readonly inside: (operation: string, path: string) => string;
  /** Arguments that cannot be given together with `adopt`. */
  readonly createdOnly: readonly string[];
  /** Where an outside change would have to be worked out as the provider does. */
  readonly untouched?: (inputs: Properties, path: string) => boolean;
  /** Another value as an outside change may bring it, where not any value will do. */
  readonly moved?: (path: string, value: unknown) => unknown;
  /** Arguments whose values no read brings back. */
  readonly unread: (path: string, value: unknown) => boolean;
  /** The id by which a task is adopted, and touched. */
  readonly taskId: (outs: Properties) => string;
  readonly service: string;
  /** Nothing of the task can be read yet. */
  readonly isDraft?: (inputs: Properties) => boolean;
}

/** `rerunTimes` as `RerunTimes`. */
export const pascal = (name: string): string =>
  name
    .split(".")
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join(".");
