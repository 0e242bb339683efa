/**
 * What others call a provider, and what the price library calls it; the first rule that matches counts. The library
 * guesses by substring, which takes `azure.ai.openai` for OpenAI and `google.vertex.anthropic` for Anthropic.
 *
 * Left are the values of `gen_ai.provider.name` and of the older `gen_ai.system` (`az.ai.openai`, `vertex_ai`, `xai`),
 * LangChain's (`google_vertexai`, `mistralai`) and the AI SDK's (`azure.chat`, `google.generative-ai`).
 */
const LIBRARY_IDS: readonly (readonly [pattern: RegExp, id: string])[] = [
  [/^az(?:ure)?(?![a-z])/, "azure"],
  [/^(?:gcp|google|vertex|gemini)/, "google"],
  [/^(?:aws|amazon|bedrock)/, "aws"],
  [/^x[._-]?ai(?![a-z])/, "x-ai"],
  [/^mistral/, "mistral"],
  [/^moonshot/, "moonshotai"],
  [/^together/, "together"],
  [/^fireworks/, "fireworks"],
  [/^groq(?![a-z])/, "groq"],
  [/^perplexity/, "perplexity"],
  [/^deepseek/, "deepseek"],
  [/^openrouter/, "openrouter"],
  [/^openai(?![a-z])/, "openai"],
];

/** The values of `gen_ai.provider.name` for what the library calls differently. */
const CONVENTION_NAMES: Readonly<Record<string, string>> = {
  aws: "aws.bedrock",
  azure: "azure.ai.openai",
  // The conventions' name for Google where the product behind it is not known.
  google: "gcp.gen_ai",
  mistral: "mistral_ai",
  moonshotai: "moonshot_ai",
  "x-ai": "x_ai",
};

/**
 * Hosts with prices of their own, or none at all: the maker's list price of the same open model would be wrong there.
 */
const OWN_PRICES =
  /^(?:ollama|vllm|sglang|llama[._-]?cpp|lm[._-]?studio|localai|tgi|transformers|mlx|gpt4all|koboldcpp|ibm|watsonx|databricks|snowflake|sagemaker|replicate|nvidia)/;

/** The price library's id of a provider, or the given name in lower case where no rule is known. */
export function libraryProviderId(provider: string): string {
  const name = provider.trim().toLowerCase();
  return LIBRARY_IDS.find(([pattern]) => pattern.test(name))?.[1] ?? name;
}

/** The GenAI conventions' name for one of the price library's providers. */
export function conventionProviderName(libraryId: string): string {
  return Object.hasOwn(CONVENTION_NAMES, libraryId) ? CONVENTION_NAMES[libraryId]! : libraryId;
}

export function hasOwnPrices(provider: string): boolean {
  return OWN_PRICES.test(provider.trim().toLowerCase());
}
