import { trace } from "@opentelemetry/api";
import { expect, it } from "vitest";
import { agent } from "../../src/index.ts";
import { agentSpanProcessor } from "../../src/pipeline/agent-span-processor.ts";
import { scriptedProvider } from "../../src/testing/index.ts";
import { watch } from "../agent/support.ts";
import { watchRecords } from "../instrumentation/records.ts";
import { all, chatRequest, clientsOf } from "../instrumentation/support.ts";

const told = watch({ spanProcessors: [agentSpanProcessor()] });
const records = watchRecords();

/** A framework's span of a model call, which knows the tokens when the call is over. */
async function framework<T>(ask: () => Promise<T>): Promise<T> {
  return await trace.getTracer("framework").startActiveSpan("LLM", async (span) => {
    try {
      return await ask();
    } finally {
      span.setAttributes({
        "openinference.span.kind": "LLM",
        "llm.model_name": chatRequest.model,
        "llm.token_count.prompt": 100,
        "llm.token_count.completion": 40,
      });
      span.end();
    }
  });
}

it.each([false, true])(
  "a client of ours inside a framework's span counts alone (stream: %s)",
  async (stream) => {
    await using provider = await scriptedProvider({ respond: () => ({ usage: { input: 100, output: 40 } }) });
    const { openai } = clientsOf(provider);
    const ask = async (): Promise<void> => {
      if (!stream) await openai.chat.completions.create(chatRequest);
      else await all(await openai.chat.completions.create({ ...chatRequest, stream: true }));
    };
    await agent("researcher", () => framework(ask))();
    expect(records.map(({ operation, inputTokens }) => [operation, inputTokens])).toEqual([
      ["chat", 100],
      ["invoke_agent", undefined],
    ]);
    told.spans.get("invoke_agent researcher", {
      attributes: { "agents.subtree.calls": 1, "agents.subtree.tokens": 140 },
    });
    expect(told.spans.get("LLM").attributes).not.toHaveProperty("gen_ai.usage.cost.amount");
  },
);

it("each attempt of a framework that tries again counts, and the framework's span does not", async () => {
  await using provider = await scriptedProvider({ respond: () => ({ usage: { input: 100, output: 40 } }) });
  provider.queue({ fail: { status: 500 } });
  const { openai } = clientsOf(provider);
  const ask = () => openai.chat.completions.create(chatRequest);
  await agent("researcher", () => framework(() => ask().catch(ask)))();
  const chats = records.filter(({ operation }) => operation === "chat");
  expect(chats.map(({ inputTokens, errorType }) => [inputTokens, errorType !== undefined])).toEqual([
    [undefined, true],
    [100, false],
  ]);
});

it("a framework's stream that ends before the client's is read to the end counts once", async () => {
  await using provider = await scriptedProvider({ respond: () => ({ usage: { input: 100, output: 40 } }) });
  const { openai } = clientsOf(provider);
  await agent("researcher", async () => {
    const stream = await framework(() => openai.chat.completions.create({ ...chatRequest, stream: true }));
    await all(stream);
  })();
  expect(records.filter(({ inputTokens }) => inputTokens !== undefined)).toHaveLength(1);
  told.spans.get("invoke_agent researcher", { attributes: { "agents.subtree.tokens": 140 } });
});
