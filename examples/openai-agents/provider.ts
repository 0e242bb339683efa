import { type ScriptedProvider, scriptedProvider } from "agent-otel/testing";
import OpenAI from "openai";

export interface Provider extends AsyncDisposable {
  readonly openai: OpenAI;
}

/** What the models of the desk say, in order. */
export function script(server: Pick<ScriptedProvider, "queue">): void {
  server.queue(
    { toolCalls: [{ name: "transfer_to_billing", arguments: {} }], usage: { input: 180, output: 12 } },
    {
      toolCalls: [{ name: "find_invoices", arguments: { customer: "Otter Ltd" } }],
      usage: { input: 260, output: 18 },
    },
    {
      toolCalls: [{ name: "translate", arguments: { input: "You paid it twice." } }],
      usage: { input: 310, output: 20, cacheRead: 256 },
    },
    { text: "Sie haben zweimal bezahlt.", usage: { input: 60, output: 9 } },
    {
      text: "Sie haben zweimal bezahlt; 12 EUR kommen zurück.",
      usage: { input: 350, output: 22, cacheRead: 256 },
    },
  );
}

/** OpenAI where there is a key, else a server on this machine that says what a model might say. */
export async function openProvider(): Promise<Provider> {
  if (process.env["OPENAI_API_KEY"] !== undefined)
    return { openai: new OpenAI(), [Symbol.asyncDispose]: async () => {} };
  const server = await scriptedProvider();
  script(server);
  return {
    openai: new OpenAI({ apiKey: "scripted", baseURL: server.openaiBaseUrl }),
    [Symbol.asyncDispose]: () => server.close(),
  };
}
