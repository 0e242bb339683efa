import type { Attributes } from "@opentelemetry/api";
import { checkUsage } from "../cost/check-usage.ts";
import type { TokenUsage } from "../cost/token-usage.ts";
import { isAgentError } from "../errors/agent-error.ts";
import { checkFunction, checkName } from "../internal/check-name.ts";
import { reportFailure, safely } from "../internal/warn-once.ts";
import {
  ATTR_REQUEST_MAX_TOKENS,
  ATTR_REQUEST_STREAM,
  ATTR_REQUEST_TEMPERATURE,
} from "../telemetry/semconv.ts";
import { askBeforeModelCall } from "./call-guard.ts";
import { boundGiven } from "./content/attribute-limits.ts";
import { type RecordedMessages, recordedMessages } from "./content/recorded-messages.ts";
import { ModelCall, type ModelResponse } from "./model-call.ts";
import { followResult } from "./streams/follow-result.ts";

/** Options of {@link chat}: what is known before the model is asked. */
export interface ChatOptions {
  /** In the GenAI conventions' names: openai, anthropic, gcp.gemini, aws.bedrock, mistral_ai, … */
  readonly provider: string;
  readonly model: string;
  /** @default "chat" */
  readonly operation?: "chat" | "generate_content" | "text_completion" | "embeddings";
  /** Whether the answer comes in pieces. */
  readonly stream?: boolean;
  readonly maxTokens?: number;
  readonly temperature?: number;
  /** More attributes for the span. */
  readonly attributes?: Attributes;
}

/** Tells what a model answered. May be called at any time until the call ends; later calls replace earlier ones. */
export interface ChatRecorder {
  /**
   * Tokens as the provider billed them; see {@link TokenUsage} for what includes what. Never an estimate.
   *
   * @throws RangeError that names the count and the value, when one is negative, fractional or larger than its whole.
   */
  usage(usage: TokenUsage): void;
  response(response: ModelResponse): void;
  /** Call it for each piece of a streamed answer: the first gives the time to first chunk. */
  chunk(): void;
  /**
   * What the model was asked, a text or messages. Recorded only where content is (see `captureContent` of `start`), redacted
   * and bounded; else not even read.
   */
  input(messages: RecordedMessages): void;
  /** What it answered, under the same conditions. */
  output(messages: RecordedMessages): void;
}

/**
 * Records one model call that no instrumentation sees: a span `chat {model}` with tokens and cost, booked on the agent at
 * work.
 *
 * @param fn Makes the call. Its result is handed on, and the span lasts until that is complete (a promise, a stream).
 * @returns What `fn` returns.
 * @throws TypeError when provider, model or function are unfit; the refusal of a limit or a budget, before `fn` is called.
 */
export function chat<T>(options: ChatOptions, fn: (recorder: ChatRecorder) => T): T {
  checkName("chat: provider", options.provider);
  checkName("chat: model", options.model);
  checkFunction("chat", fn);
  let call: ModelCall;
  try {
    const { operation = "chat", provider, model } = options;
    const request = { operation, provider, model, attributes: requestAttributes(options) };
    call = new ModelCall(request, undefined, askBeforeModelCall(request, undefined));
  } catch (error) {
    if (isAgentError(error)) throw error;
    reportFailure("opening a model call", error);
    return fn({ usage() {}, response() {}, chunk() {}, input() {}, output() {} });
  }
  const recorder: ChatRecorder = {
    usage(usage) {
      checkUsage("chat: usage", usage);
      call.usage(usage);
    },
    response: (response) => safely("reading a model's answer", () => call.response(response)),
    chunk: () => call.chunk(),
    input: (messages) => call.content?.request(() => ({ input: recordedMessages(messages, "user") })),
    output: (messages) => call.content?.output(() => recordedMessages(messages, "assistant")),
  };
  let result: T;
  try {
    result = call.run(() => fn(recorder));
  } catch (error) {
    call.fail(error);
    throw error;
  }
  return followResult(result, call, options.model) as T;
}

function requestAttributes(options: ChatOptions): Attributes {
  const attributes = boundGiven(options.attributes);
  if (options.stream) attributes[ATTR_REQUEST_STREAM] = true;
  if (options.maxTokens !== undefined) attributes[ATTR_REQUEST_MAX_TOKENS] = options.maxTokens;
  if (options.temperature !== undefined) attributes[ATTR_REQUEST_TEMPERATURE] = options.temperature;
  return attributes;
}
