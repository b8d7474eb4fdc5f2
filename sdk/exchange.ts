/**
 * What commands of `data-tasks` and a program that they run tell each other, through files that variables name. Knows neither
 * Pulumi nor a cloud. A program that is run in any other way sees none of these variables.
 */

export type Value = string | number | boolean;

/**
 * By these two `data-tasks promote` asks a program for what it declares for two stacks: the file to write, and the stack
 * beside the one that runs. So nothing of it is in the state.
 */
export const FILE_VARIABLE = "DATA_TASKS_DECLARED_FILE";
export const STACK_VARIABLE = "DATA_TASKS_DECLARED_STACK";

/** What the program writes. */
export interface Declarations {
  readonly version: 1;
  readonly from: string;
  readonly to: string;
  /**
   * What is declared for each task, by path: the values where they are known, in their canonical form, `null` for none. A
   * task of a set stands as `<urn of the set>#<key>`.
   */
  readonly tasks: readonly {
    readonly urn: string;
    readonly paths: Readonly<Record<string, { readonly from?: unknown; readonly to?: unknown }>>;
  }[];
  /** Values that stand for each other. */
  readonly values: readonly { readonly name: string; readonly from: Value; readonly to: Value }[];
  /** Names that `only` lists for one of the two stacks, or for both. */
  readonly only: readonly { readonly name: string; readonly in: readonly ("from" | "to")[] }[];
}

/**
 * By this `data-tasks rollback` gives a program the earlier values of arguments. So a rollback is a deployment like any
 * other, and the state holds what is deployed.
 */
export const RESTORE_VARIABLE = "DATA_TASKS_RESTORE_FILE";

/** The earlier values of a task's arguments by path, and the arguments that it did not have. */
export interface Restoration {
  readonly urn: string;
  readonly set: Readonly<Record<string, unknown>>;
  readonly unset: readonly string[];
}

/** What the program reads. */
export interface Restorations {
  readonly version: 1;
  readonly stack: string;
  readonly tasks: readonly Restoration[];
}
