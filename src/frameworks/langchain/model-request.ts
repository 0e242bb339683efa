import type { Attributes, AttributeValue } from "@opentelemetry/api";
import type { ModelRequest } from "../../agent/model-call.ts";
import { conventionProviderName, libraryProviderId } from "../../cost/provider-names.ts";
import { providerOfModel } from "../../cost/provider-of-model.ts";
import { property } from "../../cost/readers/raw-usage.ts";
import * as names from "../../telemetry/semconv.ts";

/** What the parameters are called by LangChain's packages of the providers. */
const PARAMETERS: Readonly<Record<string, readonly string[]>> = {
  [names.ATTR_REQUEST_TEMPERATURE]: ["temperature"],
  [names.ATTR_REQUEST_MAX_TOKENS]: [
    "max_tokens",
    "max_completion_tokens",
    "max_output_tokens",
    "maxOutputTokens",
    "maxTokens",
  ],
  [names.ATTR_REQUEST_TOP_P]: ["top_p", "topP"],
  [names.ATTR_REQUEST_TOP_K]: ["top_k", "topK"],
  [names.ATTR_REQUEST_FREQUENCY_PENALTY]: ["frequency_penalty"],
  [names.ATTR_REQUEST_PRESENCE_PENALTY]: ["presence_penalty"],
  [names.ATTR_REQUEST_SEED]: ["seed"],
};

/** LangChain's names where the price library's rules do not tell Google's products apart. */
const GOOGLE: readonly (readonly [pattern: RegExp, provider: string])[] = [
  [/vertex/, "gcp.vertex_ai"],
  [/^(?:google|gemini)/, "gcp.gemini"],
];

/**
 * What LangChain says of a call of a model before it is sent.
 *
 * @param extra With `invocation_params`.
 * @param metadata With `ls_provider` and `ls_model_name`.
 */
export function modelRequest(
  operation: "chat" | "text_completion",
  extra: unknown,
  metadata: unknown,
): ModelRequest {
  const sent = property(extra, "invocation_params");
  const model = text(property(sent, "model")) ?? text(property(metadata, "ls_model_name"));
  return {
    operation,
    provider: providerOf(text(property(metadata, "ls_provider")), model),
    model,
    attributes: attributesOf(sent, metadata),
  };
}

function providerOf(said: string | undefined, model: string | undefined): string | undefined {
  if (said === undefined) return model === undefined ? undefined : providerOfModel(model);
  const name = said.trim().toLowerCase();
  return (
    GOOGLE.find(([pattern]) => pattern.test(name))?.[1] ?? conventionProviderName(libraryProviderId(name))
  );
}

function attributesOf(sent: unknown, metadata: unknown): Attributes {
  const attributes: Record<string, AttributeValue> = {};
  for (const [attribute, parameters] of Object.entries(PARAMETERS)) {
    const value = parameters.map((name) => property(sent, name)).find((each) => typeof each === "number");
    if (typeof value === "number") attributes[attribute] = value;
  }
  const limit = property(metadata, "ls_max_tokens");
  if (typeof limit === "number") attributes[names.ATTR_REQUEST_MAX_TOKENS] ??= limit;
  const choices = property(sent, "n");
  if (typeof choices === "number" && choices > 1) attributes[names.ATTR_REQUEST_CHOICE_COUNT] = choices;
  const stop = [property(sent, "stop"), property(sent, "stop_sequences")].find(Array.isArray);
  if (stop !== undefined && stop.length > 0) attributes[names.ATTR_REQUEST_STOP_SEQUENCES] = stop.map(String);
  return attributes;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
