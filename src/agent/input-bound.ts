/** A string so long without a space is data (an image in base64), whose size says nothing of its tokens. */
const DATA_LENGTH = 2_048;
/** What providers bill for one large image, rounded up. */
const DATA_TOKENS = 4_096;
const MAX_DEPTH = 32;

/**
 * A bound for the tokens of a request: half of its characters, and one for each field. English has one token for about four characters,
 * code for three, Chinese and emoji up to one and a half for each.
 */
export function inputBound(body: unknown): number {
  return Math.ceil(boundOf(body, 0));
}

function boundOf(value: unknown, depth: number): number {
  if (typeof value === "string") return textBound(value);
  if (typeof value !== "object" || value === null || depth > MAX_DEPTH) return 1;
  let sum = 1;
  for (const [key, each] of Object.entries(value)) {
    sum += (Array.isArray(value) ? 0 : key.length / 2) + boundOf(each, depth + 1);
  }
  return sum;
}

function textBound(text: string): number {
  if (text.length > DATA_LENGTH && !/\s/.test(text.slice(0, DATA_LENGTH))) return DATA_TOKENS;
  let dense = 0;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) dense += 1;
  return (text.length - dense) / 2 + dense * 1.5;
}
