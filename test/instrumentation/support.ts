import { createRequire } from "node:module";
import * as anthropicModule from "@anthropic-ai/sdk";
import * as openaiModule from "openai";
import { anthropic } from "../../src/instrumentation/clients/anthropic.ts";
import { openai } from "../../src/instrumentation/clients/openai.ts";
import { patchClient } from "../../src/instrumentation/patch-client.ts";
import { quietAnthropic } from "../../src/instrumentation/quiet-anthropic.ts";
import type { ScriptedAnswer, ScriptedProvider } from "../../src/testing/index.ts";
import { scriptedProvider } from "../../src/testing/index.ts";

quietAnthropic(process.env);
patchClient(openai, openaiModule);
patchClient(anthropic, anthropicModule);

// The CommonJS builds are other copies of the same code, which nobody has patched.
const require = createRequire(import.meta.url);
const untouchedOpenAi = require("openai") as typeof openaiModule;
const untouchedAnthropic = require("@anthropic-ai/sdk") as typeof anthropicModule;

export interface Clients {
  readonly openai: openaiModule.OpenAI;
  readonly anthropic: anthropicModule.Anthropic;
}

export function clientsOf(
  provider: ScriptedProvider,
  { untouched = false, maxRetries = 0 }: { readonly untouched?: boolean; readonly maxRetries?: number } = {},
): Clients {
  const { OpenAI } = untouched ? untouchedOpenAi : openaiModule;
  const { Anthropic } = untouched ? untouchedAnthropic : anthropicModule;
  return {
    openai: new OpenAI({ apiKey: "sk-test", baseURL: provider.openaiBaseUrl, maxRetries }),
    anthropic: new Anthropic({ apiKey: "sk-ant-test", baseURL: provider.anthropicBaseUrl, maxRetries }),
  };
}

/** What came of a scenario: what the caller saw, and what the server saw. */
export interface Transcript {
  /** As JSON, so that the order of keys counts as well. */
  readonly seen: string;
  readonly requests: readonly { readonly path: string; readonly headers: object; readonly body: unknown }[];
}

/** Plays one scenario twice, each time with a server of its own: with our patch, and with a client that has none. */
export async function bothWays(
  answers: readonly ScriptedAnswer[],
  scenario: (clients: Clients) => Promise<unknown>,
): Promise<{ readonly patched: Transcript; readonly untouched: Transcript }> {
  return {
    patched: await play(answers, scenario, false),
    untouched: await play(answers, scenario, true),
  };
}

async function play(
  answers: readonly ScriptedAnswer[],
  scenario: (clients: Clients) => Promise<unknown>,
  untouched: boolean,
): Promise<Transcript> {
  await using provider = await scriptedProvider();
  provider.queue(...answers);
  const seen = JSON.stringify(await scenario(clientsOf(provider, { untouched })));
  const requests = provider.requests.map(({ path, headers, body }) => {
    const { host: _host, "content-length": _length, ...rest } = headers;
    return { path, headers: rest, body };
  });
  return { seen, requests };
}

/** Tokens of every kind that a chat completion can report. */
export const USAGE = { input: 100, output: 40, cacheRead: 60, reasoning: 25 };

export const chatRequest = {
  model: "gpt-4o-mini",
  messages: [{ role: "user" as const, content: "12345678" }],
};

export const responseRequest = { model: "gpt-5", input: "12345678" };

export const messageRequest = {
  model: "claude-sonnet-5",
  max_tokens: 1024,
  messages: [{ role: "user" as const, content: "12345678" }],
};

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const seen: T[] = [];
  for await (const item of items) seen.push(item);
  return seen;
}
