/** The tokens of an answer of OpenAI (`usage.total_tokens`) or Anthropic (input, what was written to the cache, output). */
export function tokensOfUsage(result: unknown): number | undefined {
  const usage = (result as { usage?: unknown } | null | undefined)?.usage;
  if (typeof usage !== "object" || usage === null) return undefined;
  const count = (name: string): number | undefined => {
    const value = (usage as Record<string, unknown>)[name];
    return typeof value === "number" && value >= 0 ? value : undefined;
  };
  const total = count("total_tokens");
  if (total !== undefined) return total;
  const [input, output] = [count("input_tokens"), count("output_tokens")];
  if (input === undefined && output === undefined) return undefined;
  // What is read from the cache does not count against the provider's limits.
  return (input ?? 0) + (count("cache_creation_input_tokens") ?? 0) + (output ?? 0);
}
