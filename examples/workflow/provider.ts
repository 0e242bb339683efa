import { type ScriptedProvider, scriptedProvider } from "agent-otel/testing";
import OpenAI from "openai";

/** The real client library, and a server on this machine that says what a model might say. No key and no network is needed. */
export interface Provider extends AsyncDisposable {
  readonly openai: OpenAI;
}

export async function openProvider(): Promise<Provider> {
  const server: ScriptedProvider = await scriptedProvider({
    respond: ({ body }) => {
      const asked = JSON.stringify(body);
      if (asked.includes("List the subjects")) return '["otters", "rivers"]';
      return asked.includes("What is known")
        ? "They need each other."
        : "Otters need rivers. They need each other.";
    },
  });
  return {
    openai: new OpenAI({ apiKey: "scripted", baseURL: server.openaiBaseUrl }),
    [Symbol.asyncDispose]: () => server.close(),
  };
}
