/** One line of the table: how often something was done to the provider, and how often all was well afterwards. */
export interface Row {
  readonly name: string;
  readonly tried: number;
  readonly converged: number;
}

export interface Sample {
  /** The same seed gives the same faults. */
  readonly seed: number;
  /** Everything instead of a sample, where a part has more than fits a quarter of an hour. */
  readonly all: boolean;
}

/** A kind of trouble the provider is put to. */
export interface Part {
  /** As `--part` names it. */
  readonly name: string;
  readonly title: string;
  /**
   * Does it all and hands over every row as soon as it is known. What did not converge is told by `report`, in a sentence
   * that says how to see it again.
   */
  readonly run: (sample: Sample, row: (row: Row) => void, report: (failure: string) => void) => Promise<void>;
}
