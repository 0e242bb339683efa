import type { ModelCall } from "../../agent/model-call.ts";
import { readAnthropicUsage } from "../../cost/readers/anthropic.ts";
import { readBedrockInvocation, readBedrockUsage } from "../../cost/readers/bedrock.ts";
import type { TokenUsage } from "../../cost/token-usage.ts";
import type { Endpoint } from "../endpoint.ts";
import { field, list, text } from "../fields.ts";
import { oddUsage } from "../odd-usage.ts";
import { bedrockModel } from "./bedrock-model.ts";

/** An answer larger than this is an image or the like, and not worth the time to parse. */
const MAX_BYTES = 1_048_576;

const METRICS = "amazon-bedrock-invocationMetrics";
const odd = oddUsage("bedrock");

/**
 * `InvokeModelCommand` and its stream. The body is the model maker's own, so a plain answer has usage only where the body is
 * Anthropic's, Amazon's Nova's or Titan's; to the last piece of a stream Bedrock adds the counts itself, whatever the model.
 */
export function bedrockInvoke(command: unknown, stream: boolean): Endpoint {
  const model = bedrockModel(field(command, "input"));
  return {
    operation: /embed/.test(model ?? "") ? "embeddings" : "chat",

    request: () => ({ model, stream, attributes: {} }),

    answer(call, answer) {
      takeBody(call, parse(field(answer, "body")));
    },

    ...(stream ? { streamField: "body" } : {}),

    streamReader: () => ({
      item(call, event) {
        const bytes = field(field(event, "chunk"), "bytes");
        if (
          !(bytes instanceof Uint8Array) ||
          !Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).includes(METRICS)
        ) {
          return "keep";
        }
        const usage = readBedrockInvocation(field(parse(bytes), METRICS), odd);
        if (usage !== undefined) call.usage(usage);
        return "keep";
      },
    }),
  };
}

function takeBody(call: ModelCall, body: unknown): void {
  const reason = text(body, "stop_reason") ?? text(body, "stopReason");
  call.response({ id: text(body, "id"), finishReasons: reason === undefined ? [] : [reason] });
  const usage = usageOf(body);
  if (usage !== undefined) call.usage(usage);
}

function usageOf(body: unknown): TokenUsage | undefined {
  const usage = field(body, "usage");
  if (field(usage, "input_tokens") !== undefined) return readAnthropicUsage(usage, odd);
  if (field(usage, "inputTokens") !== undefined) return readBedrockUsage(usage, odd);
  // Titan's: a text has results with counts of their own, an embedding has none.
  const results = list(body, "results");
  const outputTokens = results.length === 0 ? 0 : field(results[0], "tokenCount");
  if (outputTokens === undefined) return undefined;
  return readBedrockUsage({ inputTokens: field(body, "inputTextTokenCount"), outputTokens }, odd);
}

function parse(body: unknown): unknown {
  if (!(body instanceof Uint8Array) || body.byteLength > MAX_BYTES) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}
