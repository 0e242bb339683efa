/** The parts of a usage object as a provider sends them. */
export interface RawUsage {
  readonly input: number;
  readonly cached: number;
  readonly output: number;
  readonly reasoning: number;
}

/** How one adds up tokens at first: all that the provider names, although some of it is part of another. */
export function allPartsAdded({ input, cached, output, reasoning }: RawUsage): {
  input: number;
  output: number;
} {
  return { input: input + cached, output: output + reasoning };
}
