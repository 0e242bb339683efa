/** Numbers in which the states of keys stand, each from some place on. */
export type Numbers = number[] | Float64Array;

/** Where in a state the end of a pause stands. The parts of the meters come after it. */
export const PAUSED_UNTIL = 0;

/**
 * Counts for one rule, in its own part of a key's state, which begins at `at`. Plain numbers, so that they can be stored as JSON, and so that
 * many keys stand close together in memory: with ten thousand of them most of the time goes into fetching what is far apart. `nowMs` is of
 * a clock that should not go back; where it does, no time has passed.
 */
export interface Meter {
  readonly isOfTokens: boolean;
  readonly capacity: number;
  /** Its part of the state of a key that nobody has used. */
  fresh(nowMs: number): readonly number[];
  /**
   * Forgets what time has freed. Before any of those below.
   *
   * @param lateMs How late a call comes that waited for its turn: that much time is not lost, up to what a call is worth. Else each wait
   *   would be longer than it should by what its timer is late, and the rate lower.
   */
  update(state: Numbers, at: number, nowMs: number, lateMs: number): void;
  used(state: Numbers, at: number): number;
  /** Negative amounts give back, as far as there is anything. */
  add(state: Numbers, at: number, amount: number): void;
  /** Milliseconds until so much is free that is not. */
  freeInMs(state: Numbers, at: number, amount: number, nowMs: number): number;
  /** Leaves no more than so much. */
  lower(state: Numbers, at: number, remaining: number): void;
  /** Milliseconds until nothing is used, if nobody comes; then the state tells nothing any more. */
  idleInMs(state: Numbers, at: number, nowMs: number): number;
}
