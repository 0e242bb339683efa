import { GoogleGenAI } from "@google/genai";
import { trace } from "@opentelemetry/api";
import { expect, it } from "vitest";
import { agentSpanProcessor } from "../../src/pipeline/agent-span-processor.ts";
import { scriptedProvider } from "../../src/testing/index.ts";
import { watch } from "../agent/support.ts";
import { json } from "../instrumentation/providers/fixtures/reply.ts";
import { watchRecords } from "../instrumentation/records.ts";
import "../instrumentation/providers/patched.ts";
import { replyServer } from "../instrumentation/providers/server.ts";
import { chatRequest, clientsOf, responseRequest } from "../instrumentation/support.ts";
import { allPartsAdded } from "../naive/usage-parts-added.ts";

// OpenAI's output includes reasoning, Gemini's leaves it out. Elsewhere it is priced twice, or not at all.

watch({ spanProcessors: [agentSpanProcessor()] });
const records = watchRecords();
const USAGE = { input: 9, output: 22, reasoning: 21 };

/** Nano-dollars at so many dollars a million tokens. */
const cost = (input: number, output: number) => Math.round((9 * input + 22 * output) * 1_000);

const expectOnce = (costNanoUsd: number): void => {
  expect(records).toEqual([
    expect.objectContaining({ inputTokens: 9, outputTokens: 22, reasoningTokens: 21, costNanoUsd }),
  ]);
};

it("OpenAI's reasoning is part of the output, in a chat", async () => {
  await using provider = await scriptedProvider({ respond: () => ({ usage: USAGE }) });
  await clientsOf(provider).openai.chat.completions.create({ ...chatRequest, model: "o4-mini" });
  expectOnce(cost(1.1, 4.4));
});

it("OpenAI's reasoning is part of the output, in a response", async () => {
  await using provider = await scriptedProvider({ respond: () => ({ usage: USAGE }) });
  await clientsOf(provider).openai.responses.create(responseRequest);
  expectOnce(cost(1.25, 10));
});

const GEMINI = cost(0.3, 2.5);

it("Gemini's thoughts come on top of what it calls output, and are billed as output", async () => {
  const counts = {
    promptTokenCount: 9,
    candidatesTokenCount: 1,
    thoughtsTokenCount: 21,
    totalTokenCount: 31,
  };
  const parts = [{ text: "Hello" }];
  await using server = await replyServer(
    json({
      candidates: [{ content: { parts, role: "model" }, finishReason: "STOP", index: 0 }],
      usageMetadata: counts,
      modelVersion: "gemini-2.5-flash",
    }),
  );
  const client = new GoogleGenAI({ apiKey: "key", httpOptions: { baseUrl: server.url } });
  await client.models.generateContent({ model: "gemini-2.5-flash", contents: "hello" });
  expectOnce(GEMINI);
});

it("the same call told by the AI SDK, which has added them already, costs the same", () => {
  const attributes = {
    "ai.operationId": "ai.generateText.doGenerate",
    "ai.model.id": "gemini-2.5-flash",
    "ai.model.provider": "google.generative-ai",
    "ai.usage.inputTokens": 9,
    "ai.usage.outputTokens": 22,
    "ai.usage.reasoningTokens": 21,
  };
  trace.getTracer("ai").startSpan("ai.generateText.doGenerate", { attributes }).end();
  expectOnce(GEMINI);
});

it("would be seen to be priced twice: all parts added up cost nearly the double", () => {
  const { output } = allPartsAdded({ ...USAGE, cached: 0 });
  expect((9 * 0.3 + output * 2.5) / 1e6).toBeCloseTo(0.0001102, 9);
  expect(GEMINI / 1e9).toBeCloseTo(0.0000577, 9);
});
