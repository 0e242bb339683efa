import type { ClientInstrumentation, Endpoint, PatchTarget } from "../endpoint.ts";
import { field } from "../fields.ts";
import { openAiChat } from "./openai-chat.ts";
import { openAiResponses } from "./openai-responses.ts";

/** Hosts of providers that speak OpenAI's protocol, by the end of the name. */
const PROVIDERS: readonly (readonly [string, string])[] = [
  ["openai.azure.com", "azure.ai.openai"],
  ["services.ai.azure.com", "azure.ai.inference"],
  ["api.groq.com", "groq"],
  ["api.deepseek.com", "deepseek"],
  ["api.mistral.ai", "mistral_ai"],
  ["api.x.ai", "x_ai"],
  ["api.perplexity.ai", "perplexity"],
  ["api.moonshot.ai", "moonshot_ai"],
  ["generativelanguage.googleapis.com", "gcp.gemini"],
];

/** The `openai` package. */
export const openai: ClientInstrumentation = {
  packageName: "openai",

  targets(exports): readonly PatchTarget[] {
    const client = field(exports, "OpenAI") ?? field(exports, "default");
    return [
      ...target(field(field(client, "Chat"), "Completions"), openAiChat),
      ...target(field(client, "Responses"), openAiResponses),
    ];
  },

  provider(host): string {
    const known = PROVIDERS.find(([suffix]) => host === suffix || host?.endsWith(`.${suffix}`));
    return known?.[1] ?? "openai";
  },
};

function target(resource: unknown, endpoint: Endpoint): readonly PatchTarget[] {
  const prototype = field(resource, "prototype");
  return typeof field(prototype, "create") === "function"
    ? [{ prototype: prototype as object, method: "create", endpoint }]
    : [];
}
