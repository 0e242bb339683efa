import { anthropic } from "../../../../instrumentation/clients/anthropic.ts";
import { bedrock } from "../../../../instrumentation/clients/bedrock.ts";
import { cohere } from "../../../../instrumentation/clients/cohere.ts";
import { googleGenAi } from "../../../../instrumentation/clients/google-genai.ts";
import { mistral } from "../../../../instrumentation/clients/mistral.ts";
import { ollama } from "../../../../instrumentation/clients/ollama.ts";
import { openai } from "../../../../instrumentation/clients/openai.ts";

/** Packages whose calls become spans. */
export const CLIENT_PACKAGES: readonly string[] = [
  openai,
  anthropic,
  googleGenAi,
  mistral,
  cohere,
  bedrock,
  ollama,
].map(({ packageName }) => packageName);
