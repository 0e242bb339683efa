// The spans that Anthropic's client makes by itself.
import Anthropic from "@anthropic-ai/sdk";
import { askAnthropic } from "../scenarios.mjs";
import { startLog } from "../span-log.mjs";

export const libraries = ["@anthropic-ai/sdk"];

export async function record(provider) {
  const { log } = startLog();
  const client = new Anthropic({
    apiKey: "sk-ant-test",
    baseURL: provider.anthropicBaseUrl,
    maxRetries: 0,
    openTelemetry: { propagation: false, traces: { enabled: true } },
  });
  await askAnthropic(client, provider);
  const request = {
    model: "claude-sonnet-5",
    max_tokens: 64,
    messages: [{ role: "user", content: "What is new?" }],
  };
  await client.messages.stream(request).finalMessage();
  const stream = await client.messages.create({ ...request, stream: true });
  for await (const _ of stream) break;
  const search = {
    name: "search",
    description: "Searches",
    input_schema: { type: "object" },
    run: () => "nothing",
    parse: (input) => input,
  };
  provider.queue({
    usage: { input: 1_000, output: 50, cacheRead: 600, cacheWrite5m: 300 },
    toolCalls: [{ name: "search", arguments: { q: "news" } }],
  });
  await client.beta.messages.toolRunner({ ...request, tools: [search] }).runUntilDone();
  return log.spans();
}
