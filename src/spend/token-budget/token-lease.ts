/** Tokens that an agent may use until it gives them back or the lease expires. */
export interface TokenLease {
  readonly agent: string;
  readonly asked: number;
  /** What it got: from 1 to `asked`. */
  readonly granted: number;
  /** Whether it got less than it had asked for. */
  readonly partial: boolean;
  /** Granted and not yet reported as used; 0 once it is released or expired. */
  readonly remaining: number;
  readonly isOpen: boolean;
  /**
   * Says that so many tokens were used, and makes the lease last as long again as a new one. May be called for each call that is made
   * with it. What is beyond the grant, or comes after the end, is charged to the agent all the same.
   *
   * @throws RangeError unless `tokens` is a whole number >= 0.
   */
  report(tokens: number): void;
  /** Gives back what was not used. May be called twice. */
  release(): void;
}
