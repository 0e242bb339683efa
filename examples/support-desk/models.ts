// The models that the desk asks, and what they say where there are none: one server on this machine plays both providers.
import Anthropic from "@anthropic-ai/sdk";
import { type ScriptedAnswer, type ScriptedRequest, scriptedProvider } from "agent-otel/testing";
import OpenAI from "openai";
import type { Tally } from "./tally.ts";

export interface Models extends AsyncDisposable {
  /** Asks a model of either provider. `purpose` is the ticket, so that the script knows what is wanted. */
  ask(model: string, purpose: string, maxTokens?: number): Promise<string>;
}

/** @param isDown Whether Anthropic answers with errors just now. */
export async function openModels(tally: Tally, isDown: () => boolean): Promise<Models> {
  const server = await scriptedProvider({ respond: (request) => answer(request, tally, isDown) });
  const openai = new OpenAI({
    apiKey: "scripted",
    baseURL: server.openaiBaseUrl,
    maxRetries: 0,
    timeout: 20_000,
  });
  const anthropic = new Anthropic({
    apiKey: "scripted",
    authToken: null,
    baseURL: server.anthropicBaseUrl,
    maxRetries: 0,
    timeout: 20_000,
  });
  return {
    async ask(model, purpose, maxTokens = 400) {
      const messages = [{ role: "user" as const, content: purpose }];
      if (!model.startsWith("claude"))
        return (await openai.chat.completions.create({ model, max_completion_tokens: maxTokens, messages }))
          .choices[0]?.message.content as string;
      const { content } = await anthropic.messages.create({ model, max_tokens: maxTokens, messages });
      return content.map((block) => (block.type === "text" ? block.text : "")).join("");
    },
    [Symbol.asyncDispose]: () => server.close(),
  };
}

/** Token counts in the sizes of real tickets, the same on every run. */
function answer(request: ScriptedRequest, tally: Tally, isDown: () => boolean): ScriptedAnswer {
  const { model, sequence } = request;
  if (model.startsWith("claude") && isDown()) {
    tally.failedCall(model);
    return { fail: { status: 529, message: "Overloaded" }, delayMs: 15 };
  }
  const input = 600 + ((sequence * 137) % 900);
  const output = 40 + ((sequence * 61) % 160);
  tally.modelCall(model, input, output);
  return { text: `An answer of ${model}.`, usage: { input, output }, delayMs: 10 + (output % 40) };
}
