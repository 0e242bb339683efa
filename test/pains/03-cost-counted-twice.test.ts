import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import type { LLMResult } from "@langchain/core/outputs";
import { ChatOpenAI } from "@langchain/openai";
import { type Attributes, context, type Span, trace } from "@opentelemetry/api";
import { expect, it } from "vitest";
import { agent } from "../../src/index.ts";
import { agentSpanProcessor } from "../../src/pipeline/agent-span-processor.ts";
import { scriptedProvider } from "../../src/testing/index.ts";
import { watch } from "../agent/support.ts";
import { watchRecords } from "../instrumentation/records.ts";
import { chatRequest, clientsOf } from "../instrumentation/support.ts";
import { inputOfAllSpans } from "../naive/cost-sum-of-spans.ts";
import { modelCalls, summed } from "./support.ts";

// A wrapper and its child both carry the usage of one call, and what adds up the trace shows twice the bill.

const told = watch({ spanProcessors: [agentSpanProcessor()] });
const records = watchRecords();

const INPUT = "gen_ai.usage.input_tokens";
const billedInput = () => records.reduce((sum, { inputTokens = 0 }) => sum + inputTokens, 0);

function span<T>(name: string, atStart: Attributes, inside: () => T, atEnd: Attributes = {}): T {
  const made = trace.getTracer("gen_ai").startSpan(name, { attributes: atStart });
  try {
    return context.with(trace.setSpan(context.active(), made), inside);
  } finally {
    made.setAttributes(atEnd);
    made.end();
  }
}

const usage = (input: number, output: number) => ({
  "gen_ai.usage.input_tokens": input,
  "gen_ai.usage.output_tokens": output,
});
const MODEL = { "gen_ai.provider.name": "openai", "gen_ai.request.model": "gpt-5.1" };
const inference = (input: number, output: number) =>
  span("chat", { "gen_ai.operation.name": "chat", ...MODEL }, () => {}, usage(input, output));

/** As the AI SDK 7 tells a loop with a tool: the agent's span carries the sum of its two steps. */
function agentLoop(): void {
  const invoked = { "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "laws", ...MODEL };
  const steps = () => {
    inference(6_000, 400);
    inference(8_426, 371);
  };
  span("invoke_agent laws", invoked, steps, usage(14_426, 771));
}

it("an agent's span with the sum of its steps adds nothing to the bill", () => {
  agentLoop();
  expect(billedInput()).toBe(14_426);
  expect(summed(modelCalls(told.spans.spans), INPUT)).toBe(14_426);
  const [one, other] = modelCalls(told.spans.spans);
  const cost =
    Number(one?.attributes["gen_ai.usage.cost.amount"]) +
    Number(other?.attributes["gen_ai.usage.cost.amount"]);
  expect(summed(told.spans.spans, "gen_ai.usage.cost.amount")).toBe(cost);
});

it("would be seen to be doubled: all spans together say 28,852 tokens", () => {
  agentLoop();
  expect(inputOfAllSpans(told.spans.spans)).toBe(28_852);
});

it("an embedding inside a function that embeds counts once", () => {
  const embeds = { "gen_ai.operation.name": "embeddings", "gen_ai.request.model": "text-embedding-3-small" };
  const inner = () => span("embeddings", embeds, () => {}, { "gen_ai.usage.input_tokens": 500 });
  span("embed", embeds, inner, { "gen_ai.usage.input_tokens": 500 });
  expect([billedInput(), records.length]).toEqual([500, 1]);
});

/** A tracer of LangChain as they are made: a span from a callback, with the tokens that LangChain was told. */
class CallbackTracer extends BaseCallbackHandler {
  readonly name = "tracer";
  #span: Span | undefined;

  override handleChatModelStart(): void {
    const tracer = trace.getTracer("@arizeai/openinference-instrumentation-langchain");
    this.#span = tracer.startSpan("ChatOpenAI", { attributes: { "openinference.span.kind": "LLM" } });
  }

  override handleLLMEnd({ llmOutput }: LLMResult): void {
    const { promptTokens, completionTokens } = (llmOutput?.["tokenUsage"] ?? {}) as Record<string, number>;
    this.#span?.setAttributes({
      "llm.model_name": "gpt-4o-mini",
      "llm.token_count.prompt": promptTokens!,
      "llm.token_count.completion": completionTokens!,
    });
    this.#span?.end();
  }
}

it("LangChain's callbacks and the client below it are one call, as the provider counts", async () => {
  await using provider = await scriptedProvider({ respond: () => ({ usage: { input: 100, output: 40 } }) });
  const configuration = { baseURL: provider.openaiBaseUrl };
  const model = new ChatOpenAI({ model: "gpt-4o-mini", apiKey: "sk-test", configuration, maxRetries: 0 });
  await agent("writer", () => model.invoke("hello", { callbacks: [new CallbackTracer()] }))();
  expect(records.filter(({ operation }) => operation === "chat")).toHaveLength(provider.requests.length);
  told.spans.get("invoke_agent writer", {
    attributes: { "agents.subtree.calls": 1, "agents.subtree.tokens": 140 },
  });
  expect(inputOfAllSpans(told.spans.spans)).toBe(200);
});

it("two calls of one agent are two, though they are alike to the last token", async () => {
  await using provider = await scriptedProvider({ respond: () => ({ usage: { input: 100, output: 40 } }) });
  const { openai } = clientsOf(provider);
  const ask = () => openai.chat.completions.create(chatRequest);
  await agent("writer", () => Promise.all([ask(), ask()]))();
  told.spans.get("invoke_agent writer", { attributes: { "agents.subtree.tokens": 280 } });
});
