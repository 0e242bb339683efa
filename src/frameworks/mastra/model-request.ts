import { providerOf } from "../../agent/foreign/provider.ts";
import type { ModelRequest } from "../../agent/model-call.ts";
import { AI_SDK_SETTINGS } from "../../instrumentation/ai-sdk-settings.ts";
import { field, requestAttributes, text } from "../../instrumentation/fields.ts";
import * as names from "../../telemetry/semconv.ts";

/** What Mastra says of a model call: no content. */
export function modelRequest(attributes: unknown): ModelRequest {
  const model = text(attributes, "model");
  const said = text(attributes, "provider");
  return {
    provider: providerOf(said === undefined ? {} : { [names.ATTR_PROVIDER]: said }, model),
    model,
    // Not whether it streams: Mastra says so of `generate` too.
    attributes: requestAttributes(field(attributes, "parameters"), AI_SDK_SETTINGS),
  };
}
