import { CohereClient, CohereClientV2, CohereError } from "cohere-ai";
import { describe, expect, it } from "vitest";
import { watch } from "../../agent/support.ts";
import { all } from "./all.ts";
import { cohere, cohereFirst } from "./fixtures/cohere.ts";
import "./patched.ts";
import { replyServer } from "./server.ts";

const told = watch();
const messages = [{ role: "user" as const, content: "hello" }];

describe("cohere-ai", () => {
  const request = { model: "command-r-08-2024", messages };

  it("sees who asks for the raw response", async () => {
    await using server = await replyServer(cohere.plain);
    const client = new CohereClientV2({ token: "key", environment: server.url });
    const { data, rawResponse } = await client.chat(request).withRawResponse();
    expect([data.id, rawResponse.status]).toEqual(["resp-cohere-1", 200]);
    expect(told.records).toEqual([expect.objectContaining({ inputTokens: 50 })]);
  });

  it("sees an error that is caught with catch() alone", async () => {
    await using server = await replyServer(cohere.error);
    const client = new CohereClientV2({ token: "key", environment: server.url });
    await client.chat(request).catch(() => {});
    expect(told.spans.spans[0]?.status.code).toBe(2);
  });

  it("leaves a failure unhandled that nobody awaits", async () => {
    await using server = await replyServer(cohere.error);
    const others = process.listeners("unhandledRejection");
    const unhandled = Promise.withResolvers<unknown>();
    process.removeAllListeners("unhandledRejection").once("unhandledRejection", unhandled.resolve);
    try {
      void new CohereClientV2({ token: "key", environment: server.url }).chat(request);
      expect(await unhandled.promise).toBeInstanceOf(CohereError);
    } finally {
      process.removeAllListeners("unhandledRejection");
      for (const other of others) process.on("unhandledRejection", other);
    }
  });

  it("hands out the client's own promise and stream", async () => {
    await using server = await replyServer(cohere.stream);
    const promise = new CohereClientV2({ token: "key", environment: server.url }).chatStream(request);
    expect(promise.constructor.name).toBe("HttpResponsePromise");
    const stream = await promise;
    expect(stream.constructor.name).toBe("Stream");
    expect(await promise).toBe(stream);
    await all(stream);
  });

  it("counts the first client's second API", async () => {
    await using server = await replyServer(cohere.plain);
    await new CohereClient({ token: "key", environment: server.url }).v2.chat(request);
    expect(told.records).toEqual([expect.objectContaining({ inputTokens: 50 })]);
  });

  it("counts the first API", async () => {
    await using server = await replyServer(cohereFirst.plain);
    const client = new CohereClient({ token: "key", environment: server.url });
    await client.chat({ model: "command-r-08-2024", message: "hello" });
    expect(told.spans.spans[0]?.attributes).toMatchObject({
      "gen_ai.response.id": "resp-cohere-2",
      "gen_ai.usage.input_tokens": 50,
    });
  });

  it("counts a stream of the first API", async () => {
    await using server = await replyServer(cohereFirst.stream);
    const client = new CohereClient({ token: "key", environment: server.url });
    await all(await client.chatStream({ model: "command-r-08-2024", message: "hello" }));
    expect(told.spans.spans[0]?.attributes).toMatchObject({
      "gen_ai.response.id": "resp-cohere-2",
      "gen_ai.response.finish_reasons": ["COMPLETE"],
      "gen_ai.usage.output_tokens": 20,
    });
  });
});
