import type { ClientInstrumentation, PatchTarget } from "../endpoint.ts";
import { field } from "../fields.ts";
import { openAiChat } from "./openai-chat.ts";
import { openAiEmbeddings } from "./openai-embeddings.ts";
import { openAiProvider } from "./openai-hosts.ts";
import { openAiResponses } from "./openai-responses.ts";
import { classTargets, instanceTargets, type Resources } from "./stainless.ts";

const RESOURCES: Resources = [
  ["chat.completions", openAiChat],
  ["responses", openAiResponses],
  ["beta.responses", openAiResponses],
  ["embeddings", openAiEmbeddings],
  // The legacy endpoint has the same request options, finish reasons and usage.
  ["completions", { ...openAiChat, operation: "text_completion" }],
];

/** The `openai` package. */
export const openai: ClientInstrumentation = {
  packageName: "openai",

  targets(exports): readonly PatchTarget[] {
    return classTargets(field(exports, "OpenAI") ?? field(exports, "default"), RESOURCES);
  },

  instanceTargets(client): readonly PatchTarget[] {
    const completions = field(field(client, "chat"), "completions");
    // Other clients of the same make have resources of the same names.
    return completions === undefined ? [] : instanceTargets(client, RESOURCES);
  },

  provider: openAiProvider,
};
