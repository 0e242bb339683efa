import {
  ATTR_PROVIDER,
  ATTR_USAGE_AUDIO_INPUT,
  ATTR_USAGE_AUDIO_OUTPUT,
  ATTR_USAGE_CACHE_READ,
  ATTR_USAGE_CACHE_WRITE,
  ATTR_USAGE_INPUT,
  ATTR_USAGE_OUTPUT,
  ATTR_USAGE_REASONING,
} from "../../telemetry/semconv.ts";
import type { TokenUsage } from "../token-usage.ts";
import { count, type OnInvalid, property, type RawUsage, usageFrom } from "./raw-usage.ts";

/**
 * What each count is called on spans, the first name that is there wins: never the sum, so that a span that carries two
 * generations of names counts once. A further dialect is further names here.
 * Newest first: the GenAI conventions of October 2026, v1.37 to v1.41, up to v1.36, then vendors: OpenLLMetry and OpenLIT
 * (`gen_ai.*`), OpenInference (`llm.*`), the Vercel AI SDK (`ai.*`).
 */
const NAMES: Readonly<Record<keyof RawUsage, readonly string[]>> = {
  input: [
    ATTR_USAGE_INPUT,
    "gen_ai.usage.prompt_tokens",
    "llm.token_count.prompt",
    "ai.usage.inputTokens",
    "ai.usage.promptTokens",
    // Embeddings.
    "ai.usage.tokens",
  ],
  output: [
    ATTR_USAGE_OUTPUT,
    "gen_ai.usage.completion_tokens",
    "llm.token_count.completion",
    "ai.usage.outputTokens",
    "ai.usage.completionTokens",
  ],
  // The names with cache_read_input_tokens are OpenLLMetry's, those with prompt_tokens_details OpenLIT's.
  cacheRead: [
    ATTR_USAGE_CACHE_READ,
    "gen_ai.usage.cache_read_input_tokens",
    "gen_ai.usage.prompt_tokens_details.cache_read",
    "llm.token_count.prompt_details.cache_read",
    "ai.usage.cachedInputTokens",
    "ai.usage.inputTokenDetails.cacheReadTokens",
  ],
  cacheWrite: [
    ATTR_USAGE_CACHE_WRITE,
    "gen_ai.usage.cache_creation.input_tokens",
    "gen_ai.usage.cache_creation_input_tokens",
    "gen_ai.usage.prompt_tokens_details.cache_write",
    "llm.token_count.prompt_details.cache_write",
    "ai.usage.inputTokenDetails.cacheWriteTokens",
  ],
  // Anthropic's own spans, @anthropic-ai/sdk 1.12.
  cacheWrite5m: ["anthropic.usage.cache_creation.ephemeral_5m_input_tokens"],
  cacheWrite1h: ["anthropic.usage.cache_creation.ephemeral_1h_input_tokens"],
  reasoning: [
    ATTR_USAGE_REASONING,
    "gen_ai.usage.reasoning_tokens",
    "gen_ai.usage.completion_tokens_details.reasoning",
    "llm.token_count.completion_details.reasoning",
    "ai.usage.reasoningTokens",
    "ai.usage.outputTokenDetails.reasoningTokens",
  ],
  inputAudio: [ATTR_USAGE_AUDIO_INPUT, "llm.token_count.prompt_details.audio"],
  outputAudio: [ATTR_USAGE_AUDIO_OUTPUT, "llm.token_count.completion_details.audio"],
};

/** Who was asked, by the same rule: the conventions, those up to v1.36, OpenInference, the AI SDK. */
export const SPAN_PROVIDER_NAMES: readonly string[] = [
  ATTR_PROVIDER,
  "gen_ai.system",
  "llm.provider",
  "llm.system",
  "ai.model.provider",
];

export interface ReadSpanUsageOptions {
  /**
   * Whether the input count includes cached tokens, as the conventions say. openlit and OpenLLMetry leave them out for
   * Anthropic, so tell by the span's instrumentation scope. @default true
   */
  readonly inputIncludesCache?: boolean;
  readonly onInvalid?: OnInvalid;
}

/**
 * Reads usage from the attributes of a model span: the GenAI conventions of any generation, OpenInference, the AI SDK.
 *
 * @returns `undefined` when the span carries no usable input count. Never throws.
 */
export function readSpanUsage(
  attributes: unknown,
  options: ReadSpanUsageOptions = {},
): TokenUsage | undefined {
  const { inputIncludesCache = true, onInvalid } = options;
  const raw = {
    input: first(attributes, NAMES.input),
    output: first(attributes, NAMES.output),
    cacheRead: first(attributes, NAMES.cacheRead),
    cacheWrite: first(attributes, NAMES.cacheWrite),
    cacheWrite5m: first(attributes, NAMES.cacheWrite5m),
    cacheWrite1h: first(attributes, NAMES.cacheWrite1h),
    reasoning: first(attributes, NAMES.reasoning),
    inputAudio: first(attributes, NAMES.inputAudio),
    outputAudio: first(attributes, NAMES.outputAudio),
  };
  return usageFrom(inputIncludesCache ? raw : { ...raw, input: withCache(raw) }, onInvalid);
}

function first(attributes: unknown, names: readonly string[]): unknown {
  for (const name of names) {
    const value = property(attributes, name);
    if (value !== undefined && value !== null) return value;
  }
  return undefined;
}

function withCache(raw: RawUsage): unknown {
  const uncached = count("input", raw.input);
  if (uncached === undefined) return raw.input;
  const written =
    count("cacheWrite", raw.cacheWrite) ??
    (count("cacheWrite5m", raw.cacheWrite5m) ?? 0) + (count("cacheWrite1h", raw.cacheWrite1h) ?? 0);
  return uncached + (count("cacheRead", raw.cacheRead) ?? 0) + written;
}
