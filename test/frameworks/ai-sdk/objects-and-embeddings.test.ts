import { embed, embedMany, generateObject, generateText, Output, streamObject } from "ai";
import { MockEmbeddingModelV4 } from "ai/test";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { agent } from "../../../src/index.ts";
import * as names from "../../../src/telemetry/semconv.ts";
import { openDesk } from "./desk.ts";

const desk = openDesk();
const USAGE = { input: 100, output: 20 };
const schema = z.object({ answer: z.string() });
const ANSWER = { text: '{"answer":"yes"}', usage: USAGE };
const small = () => desk.openai.embedding("text-embedding-3-small");

function object(more: object = {}) {
  return {
    model: desk.openai("gpt-4o-mini"),
    prompt: "Otters?",
    schema,
    maxRetries: 0,
    telemetry: { functionId: "reader" },
    ...more,
  };
}

const reader = () => desk.spans.get("invoke_agent reader");
const model = () => desk.spans.get(/^chat /);

describe("an object of the AI SDK", () => {
  it("is a model call of its agent, with tokens and cost", async () => {
    desk.provider.queue(ANSWER);
    await generateObject(object({ temperature: 0.2 }));
    expect(model().attributes).toMatchObject({
      [names.ATTR_USAGE_INPUT]: 100,
      [names.ATTR_COST_AMOUNT]: expect.any(Number),
      [names.ATTR_REQUEST_TEMPERATURE]: 0.2,
    });
    expect(desk.spans.parentOf(model())?.name).toBe("invoke_agent reader");
  });

  it("that does not fit fails its agent, not its model call", async () => {
    desk.provider.queue({ ...ANSWER, text: '{"answer":1}' });
    await expect(generateObject(object())).rejects.toThrow();
    expect(model().attributes[names.ATTR_ERROR_TYPE]).toBeUndefined();
    expect(reader().attributes[names.ATTR_ERROR_TYPE]).toBe("AI_NoObjectGeneratedError");
  });

  it("that the provider refuses fails both", async () => {
    desk.provider.queue({ fail: { status: 400 } });
    await expect(generateObject(object())).rejects.toThrow();
    expect(model().attributes[names.ATTR_ERROR_TYPE]).toBe("AI_APICallError");
    expect(reader().attributes[names.ATTR_ERROR_TYPE]).toBe("AI_APICallError");
  });

  it("that is streamed counts its tokens", async () => {
    desk.provider.queue(ANSWER);
    for await (const _ of streamObject(object()).partialObjectStream);
    await expect.poll(() => desk.spans.open).toEqual([]);
    expect(model().attributes).toMatchObject({
      [names.ATTR_USAGE_INPUT]: 100,
      [names.ATTR_REQUEST_STREAM]: true,
    });
  });

  it("whose stream breaks fails model call and agent", async () => {
    desk.provider.queue({ ...ANSWER, fail: { status: 500, afterChunks: 1 } });
    const { fullStream, object: result } = streamObject(object({ onError() {} }));
    result.catch(() => {});
    for await (const _ of fullStream);
    await expect.poll(() => desk.spans.open).toEqual([]);
    expect(model().attributes[names.ATTR_ERROR_TYPE]).toEqual(expect.any(String));
    expect(reader().attributes[names.ATTR_ERROR_TYPE]).toEqual(expect.any(String));
  });

  it("as an output of generateText is a model call like any other", async () => {
    desk.provider.queue(ANSWER);
    const { model: asked, prompt, telemetry } = object();
    const { output } = await generateText({
      model: asked,
      prompt,
      telemetry,
      output: Output.object({ schema }),
    });
    expect(output).toEqual({ answer: "yes" });
    expect(model().attributes[names.ATTR_USAGE_INPUT]).toBe(100);
  });
});

describe("an embedding of the AI SDK", () => {
  it("is one of the agent around it, with tokens and cost", async () => {
    desk.provider.queue({ usage: { input: 8 } });
    await agent("reader", () =>
      embed({ model: small(), value: "otters", telemetry: { functionId: "find" } }),
    )();
    expect(desk.spans.spans.map(({ name }) => name)).toEqual([
      "embeddings text-embedding-3-small",
      "invoke_agent reader",
    ]);
    expect(desk.spans.get(/^embeddings/).attributes).toMatchObject({
      [names.ATTR_USAGE_INPUT]: 8,
      [names.ATTR_AGENT_NAME]: "reader",
      [names.ATTR_COST_AMOUNT]: expect.any(Number),
    });
  });

  it("that is tried again is two, of which one has failed", async () => {
    desk.provider.queue({ fail: { status: 429, retryAfterMs: 1 } }, { usage: { input: 8 } });
    await embed({ model: small(), value: "otters" });
    const all = desk.spans.all(/^embeddings/);
    expect(all.map(({ attributes }) => names.ATTR_ERROR_TYPE in attributes).toSorted()).toEqual([
      false,
      true,
    ]);
    expect(desk.provider.requests).toHaveLength(2);
  });

  it("of many values is one for each request", async () => {
    const one = new MockEmbeddingModelV4({
      provider: "openai.embedding",
      modelId: "text-embedding-3-small",
      maxEmbeddingsPerCall: 2,
      supportsParallelCalls: true,
      doEmbed: async ({ values }) => ({
        embeddings: values.map(() => [1]),
        usage: { tokens: values.length },
        warnings: [],
      }),
    });
    await embedMany({ model: one, values: ["a", "b", "c", "d", "e"] });
    const tokens = desk.spans
      .all(/^embeddings/)
      .map(({ attributes }) => attributes[names.ATTR_USAGE_INPUT])
      .toSorted();
    expect(tokens).toEqual([1, 2, 2]);
  });

  it("that fails has failed", async () => {
    desk.provider.queue({ fail: { status: 400 } });
    await expect(embed({ model: small(), value: "otters", maxRetries: 0 })).rejects.toThrow();
    expect(desk.spans.get(/^embeddings/).attributes[names.ATTR_ERROR_TYPE]).toBe("AI_APICallError");
  });
});
