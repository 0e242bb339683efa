import type { Amounts } from "../../stores/rate-limits/rate-limit-store.ts";
import { headerOf } from "./retry-after.ts";

const CALLS = ["x-ratelimit-remaining-requests", "anthropic-ratelimit-requests-remaining"];
const TOKENS = ["x-ratelimit-remaining-tokens", "anthropic-ratelimit-tokens-remaining"];

/** What a provider says is left, by the headers of OpenAI, of those who speak like it, and of Anthropic. */
export function remainingOf(headers: unknown): Partial<Amounts> | undefined {
  const calls = leastOf(headers, CALLS);
  const tokens = leastOf(headers, TOKENS);
  if (calls === undefined && tokens === undefined) return undefined;
  return { ...(calls !== undefined && { calls }), ...(tokens !== undefined && { tokens }) };
}

function leastOf(headers: unknown, names: readonly string[]): number | undefined {
  const values = names.map((name) => headerOf(headers, name)).filter((value) => value !== undefined);
  const numbers = values.filter((value) => /^\d+$/.test(value)).map(Number);
  return numbers.length === 0 ? undefined : Math.min(...numbers);
}
