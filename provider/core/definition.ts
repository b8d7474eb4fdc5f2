import { type Rule } from "./check";
import { type Change } from "./diff";
import { type Fields } from "./fields";
import { type Governance } from "./governed";
import { type Outlook } from "./outlook";

export type Properties = Record<string, unknown>;

/** A task as a read found it. */
export interface Found<F> {
  /** In the words of the arguments; canonicalised here. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly unreadable?: (path: string) => boolean;
  /** Properties that this read left out, because they are known to be as they are recorded. */
  readonly unread?: (path: string) => boolean;
  /** The values are those of an editing space, and no read tells whether production runs the same. */
  readonly mayBeDraft?: boolean;
  /** Who has edited the task last, as the service names them. */
  readonly editor?: string;
  readonly facts: Partial<F>;
}

/** One create or update under way. What is written into it survives a failure at the next step. */
export interface Work<A, F> {
  readonly args: A;
  /** Where we are; set as soon as something exists. */
  id: string | undefined;
  readonly facts: Partial<F>;
  /** Marks what we create as ours, on this stack, for ever. A task that is moved here keeps the one that it carries. */
  token: string;
  readonly changes: readonly Change[];
  /** The task as read back last. */
  found: Found<F> | undefined;
  /** The task as it was before the update, where it was read: a value that is still the same was not taken. */
  prior: Found<F> | undefined;
  /** The arguments in the form in which they were sent, where that is another one (an upstream by its output). */
  sent: A | undefined;
  /** Set by a create that only took an existing task under management and wrote nothing. */
  recordOnly: boolean;
  /** Whether one of these properties, or anything below them, has to be sent. */
  readonly changed: (...paths: string[]) => boolean;
  /** Declared properties that a read does not show as declared, or as in the arguments given instead. */
  readonly differences: (found: Found<F>, args?: A) => string[];
  /** Of the properties to be sent, those that a read does not show as sent: not there yet, or without effect. */
  readonly stale: (found: Found<F>) => string[];
  /** Of the declared properties that are not to be sent, those that are not as they were: changed by somebody or something else. */
  readonly disturbed: (found: Found<F>) => string[];
  readonly warn: (message: string) => void;
  /** Tells the user how far something is that takes long. */
  readonly inform: (message: string) => void;
  /** Tells the user which operation brings which properties to the service; said just before each writing call. */
  readonly carries: (operation: string, paths: readonly string[]) => void;
}

/** A writing call of a run. */
export interface Carried {
  /** The class, and the name or id of the task. */
  readonly kind: string;
  readonly task: string;
  readonly operation: string;
  /** The properties as the user writes them. */
  readonly properties: readonly string[];
}

/** A task as it is in the state beside the arguments it should have. */
export interface Difference<A, F> {
  readonly id: string;
  readonly facts: Partial<F>;
  readonly inputs: Partial<A>;
  readonly changes: readonly Change[];
  /** The old options. */
  readonly kept: Partial<A>;
}

/** How a task names the tasks that it waits for. In a set, whose tasks are made in that order, a key can stand there. */
export interface UpstreamNames {
  /** The property that lists them, and the member of an item that names one by its resource. */
  readonly list: string;
  readonly member: string;
  /** What stands there for the task with this id. */
  readonly name: (id: string) => string;
  /** A valid name that no task has, other ones for other numbers. */
  readonly placeholder: (nth: number) => string;
  /** The names by which tasks can be waited for as well: those of a task, and the member of an item that has one. */
  readonly outputs?: { readonly of: (args: Properties) => readonly unknown[]; readonly member: string };
}

/** One kind of task: its arguments, and how its life maps onto operations. */
export interface Definition<A extends object, F extends object> {
  /** The class the user knows. */
  readonly name: string;
  readonly fields: Fields<A>;
  readonly rules: readonly Rule[];
  /** Namespace of its stack configuration. */
  readonly module: "dataworks" | "wedata";
  /** Of the API, as its documents write it; named as the source of what they demand. */
  readonly version: string;
  /** Facts about the task that the outputs show. A set writes them in this order into the state: append, and never sort. */
  readonly factNames: readonly (keyof F & string)[];
  /** The facts that the id of a resource tells. */
  readonly factsOfId?: (id: string) => Partial<F>;
  /** Properties whose change makes a new task, beyond those that always do. */
  readonly replaces?: (difference: Difference<A, F>) => readonly string[];
  readonly upstreams?: UpstreamNames;
  /** Properties that, with the same values, make two sets of arguments mean one task: its key in a set may change. */
  readonly identity?: readonly (keyof A & string)[];
  /** Whether a task stopped on the way to where its arguments want it. */
  readonly unfinished: (facts: Partial<F>, inputs: Partial<A>) => boolean;
  /** What a reviewer wants to know of a difference before it is applied. */
  readonly outlook: Outlook<A, F>;
  /** What a team's policies look at. */
  readonly governance: (args: Partial<A>) => Governance;
  readonly create: (work: Work<A, F>) => Promise<void>;
  readonly update: (work: Work<A, F>) => Promise<void>;
  /**
   * `undefined`: no part of it is left. `kept` has the declared values that no read brings back. `asRecorded` says whether
   * what a cheaper read has found is all that the state needs, so that the rest of the task may stay unread.
   */
  readonly read: (
    id: string,
    facts: Partial<F>,
    kept: Partial<A>,
    token: string,
    asRecorded?: (found: Found<F>) => boolean,
  ) => Promise<Found<F> | undefined>;
  readonly delete: (
    id: string,
    facts: Partial<F>,
    kept: Partial<A>,
    token: string,
    inform: (message: string) => void,
  ) => Promise<void>;
  /** Whether a task is not deleted while others depend on it. */
  readonly staysWhileNeeded?: (facts: Partial<F>, kept: Partial<A>) => boolean;
  /** The names of the tasks at the service that wait for one directly, in whichever program they are; where an operation tells. */
  readonly downstream?: (id: string, facts: Partial<F>, kept: Partial<A>) => Promise<readonly string[]>;
}
