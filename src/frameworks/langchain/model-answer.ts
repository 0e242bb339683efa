import type { ModelResponse } from "../../agent/model-call.ts";
import { count, property, usageFrom } from "../../cost/readers/raw-usage.ts";
import type { TokenUsage } from "../../cost/token-usage.ts";

/** The messages of an `LLMResult` of LangChain: one of each answer that was asked for. */
export function messagesOf(result: unknown): readonly unknown[] {
  const generations = property(result, "generations");
  if (!Array.isArray(generations)) return [];
  return generations
    .flat()
    .map((generation: unknown) => property(generation, "message"))
    .filter((message) => message !== undefined);
}

/**
 * What was billed. Each of several answers carries the usage of them all, so the first that has one tells.
 *
 * @returns `undefined` where LangChain was not told: an estimate of its own (`estimatedTokenUsage`) is none.
 */
export function usageOf(result: unknown): TokenUsage | undefined {
  for (const message of messagesOf(result)) {
    const usage = usageOfMessage(message);
    if (usage !== undefined) return usage;
  }
  const output = property(result, "llmOutput");
  return usageOfOutput(property(output, "tokenUsage")) ?? usageOfOutput(property(output, "usage"));
}

function usageOfMessage(message: unknown): TokenUsage | undefined {
  const said = property(message, "usage_metadata");
  const given = property(said, "input_token_details");
  const made = property(said, "output_token_details");
  const input = property(said, "input_tokens");
  const cacheRead = property(given, "cache_read");
  const byLife = property(property(property(message, "response_metadata"), "usage"), "cache_creation");
  const cacheWrite1h = part(given, "ephemeral_1h_input_tokens") ?? part(byLife, "ephemeral_1h_input_tokens");
  const lives = (cacheWrite1h ?? 0) + (part(given, "ephemeral_5m_input_tokens") ?? 0);
  const cacheWrite = Math.max(part(given, "cache_creation") ?? 0, lives);
  const cached = (count("", cacheRead) ?? 0) + cacheWrite;
  return usageFrom({
    // The sum of all, LangChain says. Some packages have left out what was cached.
    input: typeof input === "number" && cached > input ? input + cached : input,
    output: property(said, "output_tokens"),
    cacheRead,
    cacheWrite: cacheWrite === 0 ? undefined : cacheWrite,
    cacheWrite1h,
    reasoning: property(made, "reasoning"),
    inputAudio: property(given, "audio"),
    outputAudio: property(made, "audio"),
  });
}

/** Of models of before `usage_metadata`, in the names of OpenAI's package and of Anthropic's. */
function usageOfOutput(said: unknown): TokenUsage | undefined {
  const cacheRead = part(said, "cache_read_input_tokens");
  const cacheWrite = part(said, "cache_creation_input_tokens");
  const apart = part(said, "input_tokens");
  return usageFrom({
    input:
      property(said, "promptTokens") ??
      property(said, "prompt_tokens") ??
      (apart === undefined ? property(said, "inputTokens") : apart + (cacheRead ?? 0) + (cacheWrite ?? 0)),
    output: ["completionTokens", "completion_tokens", "output_tokens", "outputTokens"]
      .map((name) => property(said, name))
      .find((value) => value !== undefined),
    cacheRead,
    cacheWrite,
  });
}

function part(said: unknown, name: string): number | undefined {
  return count("", property(said, name));
}

export function responseOf(result: unknown): ModelResponse {
  const messages = messagesOf(result);
  const [first] = messages;
  const about = property(first, "response_metadata");
  const id = property(first, "id");
  const reasons = messages
    .map((message) => property(message, "response_metadata"))
    .map(
      (each) =>
        property(each, "finish_reason") ?? property(each, "stop_reason") ?? property(each, "finishReason"),
    );
  return {
    // Where the provider gave none, LangChain makes one of the run's.
    id: typeof id === "string" && !/^(?:run|lc_run)-/.test(id) ? id : undefined,
    model: [property(about, "model_name"), property(about, "model")].find((name) => typeof name === "string"),
    finishReasons: reasons.filter((reason): reason is string => typeof reason === "string"),
  };
}
