/**
 * Generations of the GenAI conventions: the newest names, those of v1.41, which most back ends still read, or both side by side.
 */
export const SEMCONV_GENERATIONS = ["latest", "v1.41", "dup"] as const;

export type SemconvGeneration = (typeof SEMCONV_GENERATIONS)[number];
