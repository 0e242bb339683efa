import { anthropic } from "./clients/anthropic.ts";
import { openai } from "./clients/openai.ts";
import { patchClient } from "./patch-client.ts";

const CLIENTS = [openai, anthropic];

/** Patches the exports of a client that a program has required. */
export function patchRequired(packageName: string, exports: unknown): void {
  const client = CLIENTS.find((known) => known.packageName === packageName);
  if (client !== undefined) patchClient(client, exports);
}
