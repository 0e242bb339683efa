import { anthropic } from "./clients/anthropic.ts";
import { bedrock } from "./clients/bedrock.ts";
import { cohere } from "./clients/cohere.ts";
import { googleGenAi } from "./clients/google-genai.ts";
import { mistral } from "./clients/mistral.ts";
import { ollama } from "./clients/ollama.ts";
import { openai } from "./clients/openai.ts";
import { patchPino } from "./loggers/pino.ts";
import { patchWinston } from "./loggers/winston.ts";
import { patchClient } from "./patch-client.ts";

const CLIENTS = [openai, anthropic, googleGenAi, mistral, cohere, bedrock, ollama];

/** Patches the exports of a client that a program has required. */
export function patchRequired(packageName: string, exports: unknown): void {
  if (packageName === "pino") patchPino(exports);
  if (packageName === "winston") patchWinston(exports);
  const client = CLIENTS.find((known) => known.packageName === packageName);
  if (client !== undefined) patchClient(client, exports);
}
