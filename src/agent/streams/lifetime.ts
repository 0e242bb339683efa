/**
 * Follows what a promise brought, and returns it or its stand-in.
 *
 * @param inPlace It has been handed out already: a ReadableStream, which needs a stand-in, is then out of reach.
 */
export type Follow = (value: unknown, inPlace: boolean) => unknown;

/** The life of one call, as far as a stream needs to know it. Each ending may be called twice; only the first counts. */
export interface Lifetime {
  /** Runs a piece of the producer's code inside the call. */
  run<T>(fn: () => T): T;
  end(): void;
  fail(error: unknown): void;
  /** The consumer went away before the end: `break`, `return()`, `cancel()`. */
  leave(): void;
}
