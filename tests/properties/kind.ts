import type fc from "fast-check";
import type { Emulator } from "../../emulator/index";
import type { Table } from "../../provider/core/fields";
import type { Carried, Properties } from "../../provider/core/definition";
import type { Hooks } from "../../provider/core/lifecycle";
import type { CrossFault } from "./faults";
import type { Told } from "./stage";

/** How hooks report, and what they are made with. */
export interface Environment {
  readonly ready: () => Promise<void>;
  readonly warn: (message: string) => void;
  readonly inform: (message: string) => void;
  readonly carried: (call: Carried) => void;
}

/** How a task came under management, and whether production runs it: other operations write it. */
export type Standing = "made" | "draft" | "adopted";

/** What the properties have to know of one kind of task beside its field table. */
export interface Kind {
  readonly name: string;
  readonly fields: Table;
  readonly hooks: (environment: Environment) => Hooks;
  readonly switches?: Readonly<Record<string, unknown>>;
  readonly config: (emulator: Emulator) => Record<string, string>;
  /** Makes the tasks that arguments may refer to as `upstream(0)`, `upstream(1)` …; their ids. */
  readonly upstreams: (emulator: Emulator) => Promise<readonly string[]>;
  /** What an example has to have, beside what `obey` gives. */
  readonly base: (emulator: Emulator) => Properties;
  /** Valid arguments with members that stories never have. */
  readonly example?: Properties;
  readonly arguments: (emulator: Emulator) => {
    /** Arguments, most of them valid. */
    readonly some: fc.Arbitrary<Properties>;
    /** A value for every argument, each valid on its own. */
    readonly all: fc.Arbitrary<Properties>;
  };
  /** Gives arguments what a rule asks for beside them; what rules refuse all the same is left out (see `lawful`). */
  readonly obey: (args: Properties) => Properties;
  /** The change to the stored task that gives an argument a (canonical) value, as somebody at the console would. */
  readonly touch: (path: string, value: unknown) => Properties | undefined;
  /** The writing operations, cheapest first: an edit goes through the first one that the table names for its field. */
  readonly writes: (standing: Standing) => readonly string[];
  /** The operations of an edit where it is not the first one that the table names. */
  readonly otherWrites?: (path: string, value: unknown, told: Told) => readonly string[] | undefined;
  /** Parameters that say what a call is about, or that an operation demands beside any other. */
  readonly keys: readonly string[];
  /** Parameters that go with those of a field. */
  readonly companions?: (operation: string, path: string) => readonly string[];
  /** Operations that carry a whole document, so that nothing in them is foreign. */
  readonly whole?: readonly string[];
  /** Operations that publish, and so belong to every edit. */
  readonly publishing: readonly string[];
  /** Parameters that hold JSON as text. */
  readonly json?: readonly string[];
  /** How a path of a call reads inside the service's object. */
  readonly inside?: (operation: string, path: string) => string;
  /** Arguments that cannot be given together with `adopt`. */
  readonly createdOnly: readonly string[];
  /** Where an outside change would have to be worked out as the provider does. */
  readonly untouched?: (inputs: Properties, path: string) => boolean;
  /** Another value as an outside change may bring it, where not any value will do. */
  readonly moved?: (path: string, value: unknown) => unknown;
  /** Arguments whose values no read brings back. */
  readonly unread: (path: string, value: unknown, standing: Standing) => boolean;
  /** The id by which a task is adopted, and touched. */
  readonly taskId: (outs: Properties) => string;
  readonly service: string;
  /** Reads show the editing space, and none shows what production runs. */
  readonly readsDrafts?: boolean;
  /** Nothing of the task can be read yet. */
  readonly isDraft?: (inputs: Properties) => boolean;
  /** What only rules over several arguments refuse. */
  readonly crossFaults: readonly CrossFault[];
}

/** Stands for the id of an upstream task, which another run does not give it again. */
export const upstream = (nth: number): string => `upstream ${nth}`;

/** A value with the ids in place of what stands for them. */
export function withUpstreams(value: unknown, ids: readonly string[]): unknown {
  if (typeof value === "string") {
    const nth = /^upstream (\d)$/.exec(value)?.[1];
    return nth === undefined ? value : ids[Number(nth)];
  }
  if (Array.isArray(value)) return value.map((item) => withUpstreams(item, ids));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withUpstreams(member, ids)]));
}

/** `rerunTimes` as `RerunTimes`. */
export const pascal = (name: string): string =>
  name
    .split(".")
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join(".");
