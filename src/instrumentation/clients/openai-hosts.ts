/**
 * Providers that speak OpenAI's protocol, by host: its name, or the end of it after a dot. The GenAI conventions' names where they
 * have one, else snake case.
 */
const BY_HOST: readonly (readonly [host: string, provider: string])[] = [
  ["openai.azure.com", "azure.ai.openai"],
  ["cognitiveservices.azure.com", "azure.ai.openai"],
  ["services.ai.azure.com", "azure.ai.inference"],
  ["models.ai.azure.com", "azure.ai.inference"],
  ["api.anthropic.com", "anthropic"],
  ["api.cohere.com", "cohere"],
  ["api.cohere.ai", "cohere"],
  ["api.groq.com", "groq"],
  ["api.deepseek.com", "deepseek"],
  ["api.mistral.ai", "mistral_ai"],
  ["api.x.ai", "x_ai"],
  ["api.perplexity.ai", "perplexity"],
  ["api.moonshot.ai", "moonshot_ai"],
  ["api.moonshot.cn", "moonshot_ai"],
  ["generativelanguage.googleapis.com", "gcp.gemini"],
  ["aiplatform.googleapis.com", "gcp.vertex_ai"],
  ["openrouter.ai", "openrouter"],
  ["api.together.xyz", "together_ai"],
  ["api.together.ai", "together_ai"],
  ["api.fireworks.ai", "fireworks_ai"],
  ["api.cerebras.ai", "cerebras"],
  ["ollama.com", "ollama"],
];

/** The region stands inside these names, not before them. */
const BY_PATTERN: readonly (readonly [host: RegExp, provider: string])[] = [
  [/^[a-z0-9-]+-aiplatform\.googleapis\.com$/, "gcp.vertex_ai"],
  [/^bedrock-(?:runtime|mantle)(?:-fips)?\.[a-z0-9-]+\.(?:amazonaws\.com(?:\.cn)?|api\.aws)$/, "aws.bedrock"],
];

/** Ollama listens here unless told otherwise, on whatever host. */
const OLLAMA_PORT = 11_434;

/**
 * Whom a client of OpenAI's protocol talks to. An unknown host, such as a vLLM of one's own or a proxy, stays `openai`: the
 * conventions take that name for the protocol where the instrumentation cannot tell who is behind it.
 */
export function openAiProvider(host: string | undefined, port?: number): string {
  // The table is not read for the host that most calls go to.
  if (host === undefined || host === "api.openai.com") return "openai";
  const known =
    BY_HOST.find(([name]) => host === name || host.endsWith(`.${name}`)) ??
    BY_PATTERN.find(([pattern]) => pattern.test(host));
  return known?.[1] ?? (port === OLLAMA_PORT ? "ollama" : "openai");
}
