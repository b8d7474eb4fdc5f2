import type { Review } from "../review/model";

/** What a promotion says, whatever it is written as. Published as JSON: docs/schemas/promotion.schema.json. */

/** How a difference between two stacks comes to be, what needs a person first. */
export const KINDS = ["unexplained", "pending", "declared"] as const;
export type DifferenceKind = (typeof KINDS)[number];

/** One property of one task, or a whole task, that is not the same in both stacks. Texts are ready to be shown. */
export interface Difference {
  readonly kind: DifferenceKind;
  /** The task's name at the service, and the resource's in the program. */
  readonly task: string;
  readonly resource: string;
  /** The class: `DataWorksTask`. */
  readonly class: string;
  /** Absent where the whole task is in one stack only, or is made, replaced or deleted. */
  readonly property?: string;
  /** In the stack that is promoted. */
  readonly from?: string;
  /** In the target, as its state has it now. */
  readonly now?: string;
  /** In the target after the promotion. */
  readonly after?: string;
  /** Why it is of this kind, in one sentence. */
  readonly reason: string;
}

/** By which a deployment is recognised as the one that was reviewed: digests by resource. */
export interface Fingerprint {
  /** The state of the target. */
  readonly state: Readonly<Record<string, string>>;
  /** What the program makes of each resource: operation and arguments. */
  readonly program: Readonly<Record<string, string>>;
  /** The file with the configuration of the target, encrypted secrets included, where there is one. */
  readonly configuration?: string;
}

export interface Promotion {
  readonly version: 1;
  readonly what: "promotion";
  readonly project?: string;
  /** The stack whose tasks are promoted, and the target. */
  readonly from: string;
  readonly to: string;
  /** The moment from which fire times are counted, ISO 8601. */
  readonly at: string;
  /** Whether the target was refreshed first. */
  readonly refresh: boolean;
  readonly counts: Readonly<Record<DifferenceKind, number>>;
  readonly differences: readonly Difference[];
  /** What the reader should know besides, in sentences. */
  readonly remarks: readonly string[];
  /** What the deployment of the target does. */
  readonly review: Review;
  readonly fingerprint: Fingerprint;
}
