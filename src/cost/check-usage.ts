import type { TokenUsage } from "./token-usage.ts";

const PART_OF = {
  input: undefined,
  output: undefined,
  cacheRead: "input",
  cacheWrite5m: "input",
  cacheWrite1h: "input",
  inputAudio: "input",
  reasoning: "output",
  outputAudio: "output",
} as const satisfies Record<keyof TokenUsage, "input" | "output" | undefined>;

/**
 * Checks token counts that a program gives by hand.
 *
 * @param owner Who asked: stands at the start of the message.
 * @throws RangeError that names the count and the value, when one is negative, fractional, or larger than its whole.
 */
export function checkUsage(owner: string, usage: TokenUsage): void {
  for (const key of Object.keys(PART_OF) as (keyof TokenUsage)[]) {
    const value = usage[key];
    const whole = PART_OF[key];
    if (value === undefined && whole !== undefined) continue;
    if (!Number.isSafeInteger(value) || (value as number) < 0) {
      throw new RangeError(`${owner}: ${key} must be a whole number of tokens >= 0, got ${String(value)}`);
    }
    if (whole !== undefined && (value as number) > usage[whole]) {
      throw new RangeError(
        `${owner}: ${key} is part of ${whole} and must not exceed it, got ${value} of ${usage[whole]}`,
      );
    }
  }
  const cached = (usage.cacheRead ?? 0) + (usage.cacheWrite5m ?? 0) + (usage.cacheWrite1h ?? 0);
  if (cached > usage.input) {
    throw new RangeError(
      `${owner}: cacheRead, cacheWrite5m and cacheWrite1h together must not exceed input, got ${cached} of ${usage.input}`,
    );
  }
}
