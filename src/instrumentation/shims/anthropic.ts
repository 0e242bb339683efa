// Stands for `@anthropic-ai/sdk` in the programs that import it; see shims/openai.ts.
import * as client from "@anthropic-ai/sdk";
import { anthropic } from "../clients/anthropic.ts";
import { patchClient } from "../patch-client.ts";

patchClient(anthropic, client);

// A stand-in has to have every export of what it stands for, its default as well.
export * from "@anthropic-ai/sdk";
export { default } from "@anthropic-ai/sdk";
