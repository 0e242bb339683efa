/** What is told of a task that was given up. */
export interface GivenUp {
  readonly taskType: string;
  readonly payload: unknown;
  readonly error: unknown;
  readonly attempts: number;
  readonly agent?: string;
  readonly reason?: "max_attempts" | "non_retryable" | "poison";
  readonly context?: Readonly<Record<string, unknown>>;
  /** Of one key there is one letter, however often it is added. */
  readonly key?: string;
}

/** Takes what was given up: a `deadLetterQueue`. */
export interface LetterSink {
  /** @returns The letter; the first one, where there is one with the same key. */
  add(letter: GivenUp): Promise<{ readonly resolved: boolean }>;
}
