/** Two clocks, because they answer two questions: when was it, and how long did it take. */
export interface Clock {
  /** Wall clock, milliseconds since the epoch. For display and calendar budgets; may jump. */
  now(): number;
  /** Monotonic milliseconds from an arbitrary origin. For durations and deadlines; never goes back. */
  monotonic(): number;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
};
