// The keys under which the three protocols keep what a person would read, going down from the body.
const TEXT_KEYS = [
  "system",
  "instructions",
  "messages",
  "input",
  "content",
  "text",
  "thinking",
  "tool_calls",
  "function",
  "arguments",
  "output",
];

/**
 * The rule for usage that is not scripted: one token for every 4 characters (UTF-16 units), rounded up over the whole.
 * Roles, names, ids, tool definitions and images are free.
 */
export function countTokens(...texts: readonly string[]): number {
  return Math.ceil(texts.reduce((sum, text) => sum + text.length, 0) / 4);
}

/** The tokens of a request body: its prompts and messages by the rule above. Prompts given as token numbers count one each. */
export function countInputTokens(body: Readonly<Record<string, unknown>>): number {
  return countTokens(...textsIn(body)) + tokensIn(body["input"]);
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(textsIn);
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => (TEXT_KEYS.includes(key) ? textsIn(inner) : []));
}

function tokensIn(input: unknown): number {
  if (!Array.isArray(input)) return 0;
  return input.flat().filter((token) => typeof token === "number").length;
}
