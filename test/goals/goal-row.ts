/** One row of the goal table: what the package is to do, and what shows that it does. */
export interface GoalRow {
  readonly row: number;
  readonly goal: string;
  /** Test files, each with titles of tests in it that prove the goal. */
  readonly proofs?: Readonly<Record<string, readonly string[]>>;
  /** Headings of docs/limits.md that say what of it is not done, and why. */
  readonly limits?: readonly string[];
  /** Test files that are still to come: then their titles move into `proofs`. */
  readonly awaited?: readonly string[];
}
