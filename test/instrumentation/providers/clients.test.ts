import { describe, expect, it } from "vitest";
import { estimateCost } from "../../../src/cost/estimate-cost.ts";
import { watch } from "../../agent/support.ts";
import { all } from "./all.ts";
import * as drivers from "./drivers.ts";
import type { Reply } from "./fixtures/reply.ts";
import "./patched.ts";
import { type ReplyServer, replyServer } from "./server.ts";

const told = watch();

const { google, mistral, cohere, bedrock, ollama } = drivers;

describe.each([google, mistral, cohere, bedrock, ollama])("$name", (driver) => {
  const { expected, replies } = driver;
  const { usage } = expected;
  const serve = (reply: Reply): Promise<ReplyServer> => replyServer(reply, driver.protocol);
  const priced = {
    provider: expected.provider,
    requestModel: expected.model,
    operation: expected.operation,
    inputTokens: usage.input,
    outputTokens: usage.output,
    costNanoUsd: estimateCost({ provider: expected.provider, model: expected.model, usage }),
  };

  it("makes one span of a plain call, with everything that the answer says", async () => {
    await using server = await serve(replies.plain);
    await driver.open(server.url).plain();
    expect(told.spans.open).toEqual([]);
    expect(told.spans.spans).toHaveLength(1);
    const { attributes } = told.spans.get(`${expected.operation} ${expected.model}`);
    expect(attributes).toMatchObject({
      "gen_ai.operation.name": expected.operation,
      "gen_ai.provider.name": expected.provider,
      "gen_ai.response.finish_reasons": [expected.finish],
      "gen_ai.usage.input_tokens": usage.input,
      "gen_ai.usage.output_tokens": usage.output,
    });
    expect(attributes["gen_ai.response.id"]).toBe(expected.responseId);
    expect(attributes["gen_ai.response.model"]).toBe(expected.responseModel);
    expect(attributes["gen_ai.usage.cache_read.input_tokens"]).toBe(usage.cacheRead);
    expect(attributes["gen_ai.usage.reasoning.output_tokens"]).toBe(usage.reasoning);
    expect(told.records).toEqual([expect.objectContaining(priced)]);
  });

  it("says where the call went", async () => {
    await using server = await serve(replies.plain);
    const client = driver.open(server.url);
    if (driver.learnsServer) await client.plain();
    await client.plain();
    expect(told.spans.spans.at(-1)?.attributes).toMatchObject({
      "server.address": "127.0.0.1",
      "server.port": server.port,
    });
  });

  it("has a price for its model, except for one's own machine", () => {
    if (driver === ollama) expect(priced.costNanoUsd).toBeUndefined();
    else expect(priced.costNanoUsd).toBeGreaterThan(0);
  });

  it("makes one span of a stream that is read to its end", async () => {
    await using server = await serve(replies.stream);
    const items = await all(await driver.open(server.url).stream());
    expect(items.length).toBeGreaterThan(1);
    expect(told.spans.open).toEqual([]);
    const { attributes } = told.spans.get(`${expected.operation} ${expected.model}`);
    expect(attributes).toMatchObject({
      "gen_ai.request.stream": true,
      "gen_ai.response.finish_reasons": [expected.finish],
      "gen_ai.response.time_to_first_chunk": expect.any(Number),
    });
    expect(attributes["gen_ai.response.id"]).toBe(expected.responseId);
    expect(told.records).toEqual([expect.objectContaining(priced)]);
  });

  it("ends the span of a stream that is left after its first item, and the provider sees it go where it does without us", async () => {
    await using server = await serve({
      ...replies.stream,
      pieces: replies.stream.pieces.slice(0, 1),
      hold: true,
    });
    for await (const _item of await driver.open(server.url).stream()) break;
    expect(told.spans.open).toEqual([]);
    const { attributes, status } = told.spans.get(`${expected.operation} ${expected.model}`);
    expect(attributes["gen_ai.response.finish_reasons"]).toEqual(["error"]);
    expect(status.code).not.toBe(2);
    if (!driver.keepsConnection) await server.left;
  });

  it("ends the span of a stream that is aborted, and the provider sees it go", async () => {
    const pieces = replies.stream.pieces.slice(0, 1);
    await using server = await serve({ ...replies.stream, pieces, hold: true });
    const abort = new AbortController();
    const read = async (): Promise<void> => {
      for await (const _item of await driver.open(server.url).stream(abort.signal)) abort.abort();
    };
    await read().catch(() => {});
    await server.left;
    expect(told.spans.open).toEqual([]);
    expect(told.records).toHaveLength(1);
    const { attributes } = told.spans.get(`${expected.operation} ${expected.model}`);
    expect(attributes["gen_ai.response.finish_reasons"]).toEqual(["error"]);
  });

  it("fails the span of a stream that breaks in the middle", async () => {
    const pieces = replies.stream.pieces.slice(0, 1);
    await using server = await serve({ ...replies.stream, pieces, cut: true });
    await all(await driver.open(server.url).stream()).catch(() => {});
    expect(told.spans.open).toEqual([]);
    const { attributes } = told.spans.get(`${expected.operation} ${expected.model}`);
    expect(attributes["gen_ai.response.finish_reasons"]).toEqual(["error"]);
  });

  it("fails the span of a call that the provider refuses, with the error that the caller gets", async () => {
    await using server = await serve(replies.error);
    const error: unknown = await driver
      .open(server.url)
      .plain()
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Error);
    expect(told.spans.open).toEqual([]);
    const { attributes, status } = told.spans.get(`${expected.operation} ${expected.model}`);
    expect(status.code).toBe(2);
    expect(attributes["error.type"]).toBeDefined();
    expect(attributes).not.toHaveProperty("gen_ai.usage.input_tokens");
  });

  it("reads past fields that it does not know", async () => {
    await using server = await serve(replies.unknownFields);
    await driver.open(server.url).plain();
    expect(told.records).toEqual([expect.objectContaining(priced)]);
    expect(told.warnings.filter((line) => !line.includes("no price is known"))).toEqual([]);
  });

  it.each(["noUsage", "streamNoUsage"] as const)(
    "guesses no tokens where there are none: %s",
    async (which) => {
      await using server = await serve(replies[which]);
      const client = driver.open(server.url);
      if (which === "noUsage") await client.plain();
      else await all(await client.stream());
      const { attributes } = told.spans.get(`${expected.operation} ${expected.model}`);
      expect(attributes).not.toHaveProperty("gen_ai.usage.input_tokens");
      expect(attributes).not.toHaveProperty("gen_ai.usage.cost.amount");
      expect(attributes["gen_ai.response.finish_reasons"]).toEqual([expected.finish]);
    },
  );

  it("counts embeddings", async () => {
    await using server = await serve(replies.embedding);
    await driver.open(server.url).embed();
    expect(told.spans.open).toEqual([]);
    expect(told.records).toEqual([
      expect.objectContaining({ operation: "embeddings", inputTokens: 8, provider: expected.provider }),
    ]);
  });
});
