import type { TokenUsage } from "../token-usage.ts";
import { type OnInvalid, property, usageFrom } from "./raw-usage.ts";

/**
 * Reads an answer of Ollama, or the last piece of a streamed one; its counts stand at the top.
 *
 * @returns `undefined` when there is no usable usage. Never throws.
 */
export function readOllamaUsage(answer: unknown, onInvalid?: OnInvalid): TokenUsage | undefined {
  return usageFrom(
    { input: property(answer, "prompt_eval_count"), output: property(answer, "eval_count") },
    onInvalid,
  );
}
