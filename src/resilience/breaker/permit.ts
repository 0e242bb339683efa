/**
 * The right to make one call. It names the state that gave it: a result counts only while that state lasts.
 * One small object a call; it is what makes a second settlement, and a late one, harmless.
 */
export class Permit {
  /** Changes with every change of state, and with a reset. */
  readonly generation: number;
  /** Monotonic milliseconds. 0 where nobody measures durations, NaN where the start is not known. */
  readonly startMs: number;
  /** Written by the machine alone. */
  settled = false;

  constructor(generation: number, startMs: number) {
    this.generation = generation;
    this.startMs = startMs;
  }
}
