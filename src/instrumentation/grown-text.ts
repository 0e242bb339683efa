/** Where the pieces of a streamed answer have their text: of OpenAI's and Anthropic's streams. */
const TEXT_KEYS: ReadonlySet<string> = new Set([
  "content",
  "text",
  "delta",
  "arguments",
  "partial_json",
  "thinking",
  "reasoning_content",
  "refusal",
]);
const MAX_DEPTH = 6;

/** Characters of answer that one piece of a stream brings. */
export function grownText(item: unknown, depth = 0): number {
  if (typeof item !== "object" || item === null || depth > MAX_DEPTH) return 0;
  let length = 0;
  for (const [key, value] of Object.entries(item)) {
    if (typeof value === "string") length += TEXT_KEYS.has(key) ? value.length : 0;
    else length += grownText(value, depth + 1);
  }
  return length;
}
