/** Limits of one run, checked; money in integer nano-dollars. */
export interface CheckedLimits {
  readonly iterations: number | undefined;
  readonly modelCalls: number | undefined;
  readonly toolCalls: number | undefined;
  readonly tokens: number | undefined;
  readonly nanoUsd: number | undefined;
}
