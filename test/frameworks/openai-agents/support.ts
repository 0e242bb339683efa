import * as sdk from "@openai/agents";
import OpenAI from "openai";
import { afterEach, beforeEach } from "vitest";
import { traceOpenAIAgents } from "../../../src/frameworks/openai-agents/index.ts";
import { type ScriptedProvider, scriptedProvider } from "../../../src/testing/scripted-provider.ts";

/** What the SDK would send to OpenAI's servers is not sent from tests. */
/** Under NODE_ENV=test the SDK has its tracing off. */
export function trace(options: Parameters<typeof traceOpenAIAgents>[1] = {}): void {
  sdk.setTracingDisabled(false);
  traceOpenAIAgents(sdk, { sendToOpenAI: false, ...options });
}

export type Api = "responses" | "chat_completions";

export function runnerFor(
  provider: ScriptedProvider,
  { api = "responses" as Api, maxRetries = 0, ...config }: RunnerSetup = {},
): sdk.Runner {
  const openAIClient = new OpenAI({ apiKey: "none", baseURL: provider.openaiBaseUrl, maxRetries });
  const modelProvider = new sdk.OpenAIProvider({ openAIClient, useResponses: api === "responses" });
  return new sdk.Runner({ modelProvider, ...config });
}

export type RunnerSetup = ConstructorParameters<typeof sdk.Runner>[0] & {
  readonly api?: Api;
  readonly maxRetries?: number;
};

/** A function tool of the SDK that takes a query. */
export function queryTool(name: string, execute: (query: string) => unknown): sdk.Tool {
  return sdk.tool({
    name,
    description: name,
    strict: true,
    parameters: {
      type: "object",
      properties: { query: { type: "string" } },
      required: ["query"],
      additionalProperties: false,
    },
    execute: async (input) => execute((input as { query: string }).query),
  });
}

export const calls = (name: string, args: Record<string, unknown> = { query: "otters" }) => ({
  toolCalls: [{ name, arguments: args }],
  usage: { input: 100, output: 10 },
});

export const says = (text: string) => ({ text, usage: { input: 50, output: 5 } });

/** A provider for each test of the file. */
export function provide(): { readonly provider: ScriptedProvider } {
  let provider: ScriptedProvider | undefined;
  beforeEach(async () => {
    provider = await scriptedProvider();
  });
  afterEach(() => provider?.close());
  return {
    get provider() {
      if (provider === undefined) throw new Error("only inside of a test");
      return provider;
    },
  };
}
