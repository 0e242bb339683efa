import { hostAllowList } from "./host-allow-list.ts";
import { isLoopback } from "./host-name.ts";

const HOSTS = [
  "api.openai.com",
  "api.anthropic.com",
  ".openai.azure.com",
  ".cognitiveservices.azure.com",
  ".services.ai.azure.com",
  ".models.ai.azure.com",
  "api.cohere.com",
  "api.cohere.ai",
  "api.groq.com",
  "api.deepseek.com",
  "api.mistral.ai",
  "api.x.ai",
  "api.perplexity.ai",
  "api.moonshot.ai",
  "api.moonshot.cn",
  "generativelanguage.googleapis.com",
  "aiplatform.googleapis.com",
  "openrouter.ai",
  "api.together.xyz",
  "api.together.ai",
  "api.fireworks.ai",
  "api.cerebras.ai",
  "ollama.com",
] as const;

/** The region stands inside these names. */
const REGIONAL =
  /^(?:[a-z0-9-]+-aiplatform\.googleapis\.com|bedrock-(?:runtime|mantle)(?:-fips)?\.[a-z0-9-]+\.(?:amazonaws\.com(?:\.cn)?|api\.aws))$/;

/** @returns Whether a host, as `canonicalHost` writes it, belongs to somebody who sells model calls. Only used to warn. */
export function modelProviderTest(): (host: string) => boolean {
  const known = hostAllowList(HOSTS);
  // Every list of hosts has this machine on it.
  return (host) => !isLoopback(host) && (known.allows({ host, port: undefined }) || REGIONAL.test(host));
}
