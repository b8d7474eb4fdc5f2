import type { DocumentChange, PropertyChange, ScheduleChange, ScriptChange } from "../review/model";

/** What a drift report says, whatever it is written as. Published as JSON: docs/schemas/drift.schema.json. */
export interface Drift {
  readonly version: 1;
  readonly project?: string;
  readonly stack?: string;
  /** The moment from which fire times are counted, ISO 8601. */
  readonly at: string;
  readonly counts: {
    /** Tasks of which at least one declared property has another value at the service than was deployed last. */
    readonly edited: number;
    /** Tasks that are not as declared, and nothing tells whether by an edit or by an update that failed. */
    readonly unsure: number;
    /** Tasks that are not at the service any more. */
    readonly gone: number;
    /** Tasks in which nothing has moved. */
    readonly same: number;
    /** Tasks that could not be read. */
    readonly unread: number;
  };
  /** Gone first, then by name. `before` is the value that was deployed, `after` the live one. */
  readonly tasks: readonly TaskDrift[];
  /** Tasks of which nothing is known, with the reason. */
  readonly unread: readonly { readonly urn: string; readonly name: string; readonly reason: string }[];
  /** How the program takes the edits over; absent where that was not asked for. */
  readonly takeOver?: TakeOver;
}

export interface TaskDrift {
  readonly urn: string;
  /** The class: `DataWorksTask`. */
  readonly kind: string;
  /** The task's name as it was deployed, or the resource's where it has none. */
  readonly name: string;
  readonly resource: string;
  readonly id: string;
  /** Where the program declares it, as far as the state says. */
  readonly position?: { readonly file: string; readonly line: number; readonly column: number };
  readonly what: "edited" | "unsure" | "gone";
  /** The properties of which is not known what was deployed last, because an update failed or a refresh found them changed. */
  readonly unsure?: readonly string[];
  /** Who has edited the task last, as the service names them. */
  readonly editor?: string;
  /** When: ISO 8601 where the service counts from the epoch, else as the service writes it. */
  readonly edited?: string;
  readonly properties: readonly PropertyChange[];
  readonly schedule?: ScheduleChange;
  readonly documents: readonly DocumentChange[];
  readonly scripts: readonly ScriptChange[];
}

/** The edits as a change of the program. */
export interface TakeOver {
  /** A unified diff that `git apply` takes, paths from the project's folder; empty where nothing could be located. */
  readonly patch: string;
  /** Whether the files have been changed. */
  readonly written: boolean;
  readonly edits: readonly TakenEdit[];
}

export interface TakenEdit {
  readonly task: string;
  readonly urn: string;
  readonly property: string;
  /** The file in which the patch changes it. */
  readonly file?: string;
  /** Why it has to be put in by hand, and what. */
  readonly reason?: string;
  readonly snippet?: string;
}
