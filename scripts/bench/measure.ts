/** What one round has shown: its value, and the figures that it is made from, by what they are called. */
export type Round = Readonly<Record<string, number>> & { readonly value: number };

export interface Taken {
  readonly rounds: readonly Round[];
  /** Made from all rounds together; the median of their values when left out. */
  readonly value?: number;
  /** Tells where the time, the bytes or the calls go; asked when the goal is missed. */
  readonly explain: () => Promise<string> | string;
}

export interface Grounds {
  /** How often it is measured, the variants taking turns. */
  readonly runs: number;
  /** The number of tasks: that of the measure, or less where the command says so. */
  readonly tasks: (own: number) => number;
  /** Says how far it is. */
  readonly progress: (text: string) => void;
  /** Clears up when the measure is over, also when it fails. */
  readonly afterwards: (clear: () => void | Promise<void>) => void;
}

export interface Measure {
  /** As `--only` names it, or its beginning. */
  readonly name: string;
  /** What is measured, and against what. */
  readonly title: string;
  /** The value may be at most this. */
  readonly goal: number;
  readonly take: (grounds: Grounds) => Promise<Taken>;
}
