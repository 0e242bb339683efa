import { createAnthropic } from "@ai-sdk/anthropic";
import { createOpenAI } from "@ai-sdk/openai";
import { type ScriptedAnswer, scriptedProvider } from "agent-otel/testing";
import type { LanguageModel } from "ai";

export interface Models extends AsyncDisposable {
  readonly editor: LanguageModel;
  readonly researcher: LanguageModel;
  readonly writer: LanguageModel;
}

/** What a model might say, in order: for a run without keys. */
const SCRIPT: readonly ScriptedAnswer[] = [
  {
    toolCalls: [{ name: "ask_researcher", arguments: { question: "How do otters sleep?" } }],
    usage: { input: 180, output: 22 },
  },
  { toolCalls: [{ name: "search", arguments: { query: "otters" } }], usage: { input: 410, output: 18 } },
  {
    text: "Otters hold hands while they sleep.",
    usage: { input: 520, output: 12, cacheRead: 384, cacheWrite5m: 64 },
  },
  { text: "They hold hands.", usage: { input: 240, output: 8 } },
  { text: "Afloat on their backs, otters sleep hand in hand.", usage: { input: 60, output: 15 } },
];

/** OpenAI's and Anthropic's models where both keys are set; else a server on this machine that speaks like them. */
export async function openModels(env = process.env): Promise<Models> {
  const hasKeys = env["OPENAI_API_KEY"] && env["ANTHROPIC_API_KEY"];
  const scripted = hasKeys ? undefined : await scriptedProvider();
  scripted?.queue(...SCRIPT);
  const openai = createOpenAI(scripted && { apiKey: "none", baseURL: scripted.openaiBaseUrl });
  const anthropic = createAnthropic(
    scripted && { apiKey: "none", baseURL: `${scripted.anthropicBaseUrl}/v1` },
  );
  return {
    editor: openai("gpt-4o-mini"),
    researcher: anthropic("claude-haiku-4-5"),
    writer: openai("gpt-4o-mini"),
    [Symbol.asyncDispose]: async () => scripted?.close(),
  };
}
