import type { Attributes } from "@opentelemetry/api";
import { providerOf } from "../../agent/foreign/provider.ts";
import type { ModelRequest } from "../../agent/model-call.ts";
import { streamAttributes, type ToldModelCall } from "../../agent/told/told-model-call.ts";
import { AI_SDK_SETTINGS } from "../../instrumentation/ai-sdk-settings.ts";
import { openAiProvider } from "../../instrumentation/clients/openai-hosts.ts";
import { field, requestAttributes, text } from "../../instrumentation/fields.ts";
import { serverOf } from "../../instrumentation/server-of.ts";
import * as names from "../../telemetry/semconv.ts";

/** What an event says of the settings of a model call: no content. */
export function requestSettings(event: unknown): Attributes {
  return requestAttributes(event, AI_SDK_SETTINGS);
}

/** What an event of the AI SDK says of a model call. */
export function modelRequest(
  event: unknown,
  stream: boolean,
  settings: Attributes = requestSettings(event),
): ModelRequest {
  const model = text(event, "modelId");
  const attributes: Attributes = { ...settings, ...streamAttributes(stream) };
  return { operation: "chat", provider: providerName(event, model), model, attributes };
}

export function embeddingRequest(event: unknown): ModelRequest {
  const model = text(event, "modelId");
  return { operation: "embeddings", provider: providerName(event, model), model };
}

/** The AI SDK calls the API too: `openai.responses`, `anthropic.messages`. */
function providerName(event: unknown, model: string | undefined): string | undefined {
  return providerOf({ [names.ATTR_PROVIDER]: text(event, "provider") ?? "" }, model);
}

/** Adds where the request went, which only some models of the AI SDK say, and only with their answer. */
export function addServer(call: ToldModelCall, request: ModelRequest, result: unknown): void {
  const sent = field(result, "request");
  const { host, port } = serverOf(sent, field(sent, "url"));
  if (host === undefined) return;
  const attributes: Attributes = { ...request.attributes, [names.ATTR_SERVER_ADDRESS]: host };
  if (port !== undefined) attributes[names.ATTR_SERVER_PORT] = port;
  // Many providers are reached with OpenAI's package and another address.
  const provider = request.provider === "openai" ? openAiProvider(host, port) : request.provider;
  call.requested({ provider, attributes });
}
