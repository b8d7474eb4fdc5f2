import type { Change } from "../../provider/core/diff";

/** A preview of the engine, from whichever of its files it was read. */

export type Tree = Record<string, unknown>;

/** What is to become of a resource. */
export type Operation = "create" | "update" | "replace" | "delete" | "same" | "other";

/** One side of a step. */
export interface Snapshot {
  readonly id?: string;
  readonly inputs: Tree;
  readonly outputs: Tree;
  /** Names of the resources that it depends on, as far as the file says. */
  readonly dependencies: readonly string[];
}

export interface Step {
  readonly operation: Operation;
  readonly urn: string;
  readonly type: string;
  /** The resource's name in the program. */
  readonly name: string;
  /** Of a task of a set: its key. */
  readonly key?: string;
  readonly before?: Snapshot;
  readonly after?: Snapshot;
  /** Arguments that differ, where the values before the change are not known. */
  readonly changed?: readonly string[];
  /** What an update sends: the provider goes by what its state records, and not by the arguments before. */
  readonly sent?: readonly Change[];
  /** A task of its set that it waits for is made anew, so that it has to be told the new one. */
  readonly rewired?: true;
  /** Why the task stays at the service, where a deletion takes it out of the state alone. */
  readonly stays?: string;
  /** What no argument tells of it, in sentences. */
  readonly remarks?: readonly string[];
  /** Of a task of a set whose key changes: the URN that it had. */
  readonly formerly?: string;
  /** Where the program declares it, as far as the file says. */
  readonly position?: Position;
  /** Properties for whose sake it is replaced. */
  readonly replaceKeys: readonly string[];
}

/** A place in the program: the file as a path from its folder, line and column from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Something that the program or the provider said. */
export interface Note {
  readonly severity: "error" | "warning" | "info";
  readonly message: string;
  readonly urn?: string;
}

export interface Preview {
  readonly project?: string;
  readonly stack?: string;
  readonly steps: readonly Step[];
  readonly notes: readonly Note[];
  /** Stack configuration, secrets masked. */
  readonly config: Readonly<Record<string, string>>;
  /** When it was made, milliseconds since the epoch, where the file says. */
  readonly at?: number;
  /** Whether it has the values before the change. An update plan has only the new ones. */
  readonly hasBefore: boolean;
  /** How many resources that stay the same the file leaves out: without `--show-sames`, all of them. */
  readonly leftOut?: number;
}

/** In place of every secret value, as the engine writes it. */
export const SECRET = "[secret]";

/** Project, stack and name of a resource from its `urn:pulumi:<stack>::<project>::<types>::<name>`. */
export function partsOf(urn: string): { stack?: string; project?: string; type: string; name: string } {
  const [, stack, project, type, name] = /^urn:pulumi:(.*?)::(.*?)::(.*?)::(.*)$/s.exec(urn) ?? [];
  return {
    ...(stack !== undefined && { stack }),
    ...(project !== undefined && { project }),
    type: type?.split("$").at(-1) ?? "",
    name: name ?? urn,
  };
}
