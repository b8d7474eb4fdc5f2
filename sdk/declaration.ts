import type { Level } from "../provider/core/findings";

export type Env = "Prod" | "Dev";

/** An output of a task, by which others can wait for it. */
export interface Produced {
  readonly output: string;
  /** As the user wrote it, such as `outputs.taskOutputs[0]`. */
  readonly property: string;
}

/** What a task waits for: an earlier task of the program, an output of some task, or a task by its id in the cloud. */
export type Upstream =
  { readonly task: number } | { readonly output: string } | { readonly id: string; readonly env?: Env };

export interface Need {
  /** As the user wrote it, such as `dependencies[1].upstreamOutput`. */
  readonly property: string;
  readonly upstream: Upstream;
  /** It waits for the run of the same cycle. Only such waiting can go round in a circle. */
  readonly sameCycle: boolean;
}

/** What one task says to the graph. What is not known while the program runs is `undefined`, or left out of a list. */
export interface Declaration {
  /** For sentences, such as `DataWorksTask "orders"`. */
  readonly name: string;
  /** Cloud, region and endpoint: ids and outputs of different places have nothing to do with each other. */
  readonly place: string | undefined;
  readonly project: string | undefined;
  /** WeData has none, and says `Prod`. */
  readonly env: Env | undefined;
  readonly produces: readonly Produced[];
  /** There are outputs that are not known yet. */
  readonly hasMoreOutputs?: boolean;
  /** The name of a task without declared outputs, for which the service makes up `<workspace name>.<task name>`. */
  readonly ownOutput?: string | undefined;
  /** The id of an adopted task. */
  readonly id?: string | undefined;
  readonly needs: readonly Need[];
  /** What the user makes of our cautions. */
  readonly levels: Readonly<Record<string, Level>>;
  /** How to wait for another cycle instead, for the sentence about a circle. */
  readonly crossCycle?: string | undefined;
}
