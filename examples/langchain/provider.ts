import { ChatOpenAI } from "@langchain/openai";
import { scriptedProvider } from "agent-otel/testing";

export interface Provider extends AsyncDisposable {
  readonly model: ChatOpenAI;
}

const MODEL = "gpt-4o-mini";

/** OpenAI where a key is set, else a server on this machine that says what a model might say: then no key and no network is needed. */
export async function openProvider(): Promise<Provider> {
  if (process.env["OPENAI_API_KEY"])
    return { model: new ChatOpenAI({ model: MODEL }), [Symbol.asyncDispose]: async () => {} };
  const server = await scriptedProvider();
  server.queue(
    { toolCalls: [{ name: "transfer_to_billing", arguments: {} }], usage: { input: 180, output: 12 } },
    {
      toolCalls: [{ name: "find_invoices", arguments: { customer: "Otter Ltd" } }],
      usage: { input: 260, output: 18 },
    },
    { text: "Two months, two invoices.", usage: { input: 310, output: 20, cacheRead: 256 } },
    {
      text: "Otter Ltd was charged once in October and once in November.",
      usage: { input: 60, output: 15 },
    },
  );
  return {
    model: new ChatOpenAI({
      model: MODEL,
      apiKey: "scripted",
      configuration: { baseURL: server.openaiBaseUrl },
    }),
    [Symbol.asyncDispose]: () => server.close(),
  };
}
