import type { Attributes } from "@opentelemetry/api";
import { providerOfModel } from "../../cost/provider-of-model.ts";
import { SPAN_PROVIDER_NAMES } from "../../cost/readers/span-attributes.ts";
import { firstText } from "./text.ts";

/**
 * What others call a provider, and the value of `gen_ai.provider.name` for it; the first rule that matches counts. Left are
 * the AI SDK's (`openai.chat`, `google.vertex.chat`), OpenInference's (`mistralai`, `aws`), OpenLLMetry's (`Anthropic`).
 */
const RULES: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/^gcp\.gen_ai$/, "gcp.gen_ai"],
  [/^(?:gcp[._-]|google[._-]?)?vertex/, "gcp.vertex_ai"],
  [/^(?:gcp|google|gemini)/, "gcp.gemini"],
  [/^(?:aws|amazon|bedrock)/, "aws.bedrock"],
  [/^az(?:ure)?[._-]ai[._-]inference/, "azure.ai.inference"],
  [/^az(?:ure)?(?![a-z])/, "azure.ai.openai"],
  // Not `openai-compatible`.
  [/^openai(?![a-z-])/, "openai"],
  [/^anthropic(?![a-z])/, "anthropic"],
  [/^cohere(?![a-z])/, "cohere"],
  [/^mistral/, "mistral_ai"],
  [/^moonshot/, "moonshot_ai"],
  [/^x[._-]?ai(?![a-z])/, "x_ai"],
  [/^deepseek/, "deepseek"],
  [/^groq(?![a-z])/, "groq"],
  [/^perplexity/, "perplexity"],
  [/^(?:ibm|watsonx)/, "ibm.watsonx.ai"],
];

/** Frameworks that give their own name where the provider's belongs: the model tells more. */
const FRAMEWORK = /^(?:lang(?:chain|graph)|llama[._-]?index|vercel|haystack|crewai)/;

/** The AI SDK says which kind of model of the provider it is: `together.chat`. */
const AI_SDK_MODEL = /\.(?:chat|responses|messages|completion|embedding)$/;

/** Who was asked, in the conventions' names, or in the span's own where they have none. */
export function providerOf(attributes: Attributes, model: string | undefined): string | undefined {
  const said = firstText(attributes, SPAN_PROVIDER_NAMES);
  const name = said?.trim().toLowerCase();
  if (name === undefined || FRAMEWORK.test(name)) return model === undefined ? said : providerOfModel(model);
  return RULES.find(([pattern]) => pattern.test(name))?.[1] ?? said?.replace(AI_SDK_MODEL, "");
}
