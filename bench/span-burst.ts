/** Spans that end in one tick. */
export const BURST = 100_000;
