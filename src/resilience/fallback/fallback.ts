/** A call as a fallback sees it. */
export interface ProtectedCall {
  /** Of the breaker, or of the function where there is no breaker. Low in cardinality. */
  readonly name: string | undefined;
  /** Arguments of a function made by `around`, the caller's signal left out; `undefined` under `execute`, where nobody knows the input. */
  readonly args: readonly unknown[] | undefined;
  /** The function that `around` was put around: one policy may protect several. */
  readonly target?: object;
}

export interface FailedCall extends ProtectedCall {
  /** What the call threw; a `CircuitOpenError` where it was not made. */
  readonly error: unknown;
  /** The caller's. Never aborted where the caller gave none. */
  readonly signal: AbortSignal;
}

export interface FallbackAnswer {
  readonly value: unknown;
  /** How far to trust it, from 0 to 1. */
  readonly confidence?: number;
  /** Milliseconds since a call had this answer. */
  readonly ageMs?: number;
  /** Of the incident that a human was told of. */
  readonly ticket?: string;
}

/** What answers in place of a call that failed or was refused. At most one is asked for each call, and never for its own failure. */
export interface Fallback {
  /** Low in cardinality: a metric label. `cached`, `degraded`, `escalated` and `decomposed` are taken. */
  readonly kind: string;
  /**
   * @returns `undefined` where it has nothing to offer: the call then fails with its own error.
   * @throws what made it fail: the call then fails with a `FallbackFailedError` of both.
   */
  answer(call: FailedCall): FallbackAnswer | undefined | Promise<FallbackAnswer | undefined>;
  /** Told of each call that succeeds. What it throws is reported and costs the call nothing. */
  succeeded?(value: unknown, call: ProtectedCall): void;
}
