/** What a review says, whatever it is written as. Published as JSON: docs/schemas/review.schema.json. */

export type TaskOperation = "create" | "update" | "replace" | "delete";

/** How much a change deserves to be looked at, most first. */
export const IMPORTANCES = ["destructive", "schedule", "change"] as const;
export type Importance = (typeof IMPORTANCES)[number];

/** One property that differs. Texts are ready to be shown: units named, secrets masked, long ones cut. */
export interface PropertyChange {
  readonly property: string;
  readonly before?: string;
  readonly after?: string;
  /** Said apart, because somebody else may care: the owner, or what the task runs on. */
  readonly callout?: "owner" | "resource group";
}

/** When a task runs. */
export interface ScheduleText {
  readonly cron?: string;
  readonly zone: string;
  /** The cron, or the schedule of a cycle, in words. */
  readonly english?: string;
  readonly chinese?: string;
  readonly mode: "runs" | "skips" | "paused" | "manual" | "unknown";
  /** The next moments, `yyyy-mm-dd hh:mm:ss` in the zone. */
  readonly next: readonly string[];
}

export interface ScheduleChange {
  readonly before?: ScheduleText;
  readonly after?: ScheduleText;
  /** The first run that differs, in one sentence. */
  readonly firstDifference?: string;
  /** What else the reader should know: a shift over midnight moves the bizdate. */
  readonly remarks: readonly string[];
}

/** A JSON document, path by path. */
export interface DocumentChange {
  readonly property: string;
  readonly paths: readonly { readonly path: string; readonly before?: string; readonly after?: string }[];
}

/** A script, line by line, or its digests where the text before is not at hand. */
export interface ScriptChange {
  readonly property: string;
  /** A unified diff. */
  readonly diff?: string;
  readonly digests?: { readonly before?: string; readonly after?: string };
  /** Where the text before comes from. */
  readonly source?: "state" | "git" | "live";
}

export interface Downstream {
  readonly name: string;
  /** In the program, or found at the service. */
  readonly where: "program" | "live";
}

export interface TaskReview {
  readonly urn: string;
  /** The class: `DataWorksTask`. */
  readonly kind: string;
  /** The task's name, or the resource's where it has none. */
  readonly name: string;
  readonly resource: string;
  /** Where the program declares it, as far as the preview says. */
  readonly position?: { readonly file: string; readonly line: number; readonly column: number };
  readonly id?: string;
  readonly operation: TaskOperation;
  readonly importance: Importance;
  /** Why it is what it is, in sentences. */
  readonly reasons: readonly string[];
  readonly properties: readonly PropertyChange[];
  readonly schedule?: ScheduleChange;
  readonly documents: readonly DocumentChange[];
  readonly scripts: readonly ScriptChange[];
  /** The tasks that wait for it, directly first. */
  readonly downstream: readonly Downstream[];
  /** How many of them wait for it directly. */
  readonly direct: number;
  readonly calls: readonly { readonly operation: string; readonly properties: readonly string[] }[];
  /**
   * Every argument from before the change in its canonical form, for `data-tasks rollback`: a secret as `[secret]`, a script
   * of a file with its text where that is at hand. Absent for a task that is made.
   */
  readonly previous?: { readonly [argument: string]: unknown };
}

export interface Warning {
  readonly severity: "error" | "warning";
  /** Stands in the reference with cause and remedy; of a policy, the name of its rule. */
  readonly code?: string;
  /** Of a policy: its enforcement level. */
  readonly policy?: "advisory" | "mandatory";
  readonly message: string;
  readonly task?: string;
  readonly urn?: string;
  readonly position?: { readonly file: string; readonly line: number; readonly column: number };
}

export interface GraphNode {
  readonly key: string;
  readonly name: string;
  readonly change?: TaskOperation | "pause" | "schedule";
}

export interface Review {
  readonly version: 1;
  readonly project?: string;
  readonly stack?: string;
  /** The moment from which fire times are counted, ISO 8601. */
  readonly at: string;
  readonly counts: {
    readonly create: number;
    readonly update: number;
    readonly replace: number;
    readonly delete: number;
    readonly pause: number;
    readonly scheduleShift: number;
    readonly unchanged: number;
  };
  /** Most important first. */
  readonly tasks: readonly TaskReview[];
  /** Resources of other kinds that change. */
  readonly others: readonly { readonly operation: string; readonly type: string; readonly name: string }[];
  readonly warnings: readonly Warning[];
  readonly calls: {
    /** Writing calls by operation; a batch counts once. */
    readonly byOperation: readonly { readonly operation: string; readonly calls: number; readonly tasks: number }[];
    readonly total: number;
    /** What the account's edition allows in a day, where that has a limit. */
    readonly daily?: number;
  };
  readonly graph: { readonly nodes: readonly GraphNode[]; readonly edges: readonly (readonly [string, string])[] };
  /** When the tasks of the program start in the seven days to come, unchanged ones too. */
  readonly calendar: {
    readonly zone: string;
    /** By the hour, `yyyy-mm-dd hh:mm` in the zone. */
    readonly hours: readonly { readonly at: string; readonly before: number; readonly after: number }[];
    /** Minutes in which many tasks start at once, most first, with some of their names. */
    readonly pileUps: readonly {
      readonly at: string;
      readonly before: number;
      readonly after: number;
      readonly tasks: readonly string[];
    }[];
  };
  /** False where the file has no values from before the change. */
  readonly hasBefore: boolean;
  /** How many resources that stay the same the file leaves out: without `--show-sames`, all of them. */
  readonly leftOut?: number;
}
