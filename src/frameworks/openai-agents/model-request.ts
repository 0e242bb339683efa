import type { Attributes } from "@opentelemetry/api";
import type { ModelRequest } from "../../agent/model-call.ts";
import { streamAttributes } from "../../agent/told/told-model-call.ts";
import { openAiProvider } from "../../instrumentation/clients/openai-hosts.ts";
import { field, text } from "../../instrumentation/fields.ts";
import { serverOf } from "../../instrumentation/server-of.ts";
import * as names from "../../telemetry/semconv.ts";

const SETTINGS: readonly (readonly [setting: string, attribute: string])[] = [
  ["temperature", names.ATTR_REQUEST_TEMPERATURE],
  ["topP", names.ATTR_REQUEST_TOP_P],
  ["maxTokens", names.ATTR_REQUEST_MAX_TOKENS],
];

/**
 * What one of the SDK's models is about to ask.
 *
 * @param provider Where the program has said it; the model for Responses knows its host, the one for Chat Completions hides it.
 */
export function modelRequest(
  model: object,
  request: unknown,
  stream: boolean,
  provider: string | undefined,
): ModelRequest {
  const { host, port } = serverOf(field(model, "_client"));
  const attributes: Attributes = { ...streamAttributes(stream) };
  if (host !== undefined) attributes[names.ATTR_SERVER_ADDRESS] = host;
  if (port !== undefined) attributes[names.ATTR_SERVER_PORT] = port;
  for (const [setting, attribute] of SETTINGS) {
    const value = field(field(request, "modelSettings"), setting);
    if (typeof value === "number") attributes[attribute] = value;
  }
  return { provider: provider ?? openAiProvider(host, port), model: text(model, "_model"), attributes };
}
