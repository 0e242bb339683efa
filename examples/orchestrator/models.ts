import { scriptedProvider } from "agent-otel/testing";
import OpenAI from "openai";

/** The real client library, and for people who read along what it talks to. */
export interface Models extends AsyncDisposable {
  readonly openai: OpenAI;
  readonly description: string;
}

/** OpenAI where there is a key, or what OPENAI_BASE_URL names; without a key a script plays the model, and nothing is paid. */
export async function openModels(env: NodeJS.ProcessEnv): Promise<Models> {
  const client = { maxRetries: 1, timeout: 30_000 };
  if (env["OPENAI_API_KEY"]) {
    return {
      openai: new OpenAI(client),
      description: env["OPENAI_BASE_URL"] || "OpenAI",
      async [Symbol.asyncDispose]() {},
    };
  }
  const server = await scriptedProvider({
    respond: ({ sequence }) => ({
      text: `Answer ${sequence}.`,
      usage: { input: 300 + ((sequence * 137) % 900), output: 40 + ((sequence * 61) % 160) },
      delayMs: 150 + ((sequence * 97) % 300),
    }),
  });
  return {
    openai: new OpenAI({ ...client, apiKey: "scripted", baseURL: server.openaiBaseUrl }),
    description: "scripted answers (no OPENAI_API_KEY)",
    [Symbol.asyncDispose]: () => server.close(),
  };
}
