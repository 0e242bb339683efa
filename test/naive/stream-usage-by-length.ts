/** How one counts the tokens of a stream at first, as it brings none: four characters each, of what was sent and seen. */
export function usageByLength(prompt: string, pieces: readonly string[]): { input: number; output: number } {
  return { input: Math.ceil(prompt.length / 4), output: Math.ceil(pieces.join("").length / 4) };
}
