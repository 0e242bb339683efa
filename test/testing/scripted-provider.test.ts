import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { describe, expect, it } from "vitest";
import { type ScriptedRequest, scriptedProvider } from "../../src/testing/scripted-provider.ts";
import { all, anthropicFor, chatRequest, messageRequest, openaiFor } from "./clients.ts";

describe("the script", () => {
  it("plays queued answers in order, then asks the function", async () => {
    await using provider = await scriptedProvider({ respond: (request) => `asked about ${request.model}` });
    provider.queue("first", { text: "second" });
    const client = openaiFor(provider);
    const texts: unknown[] = [];
    for (let call = 0; call < 3; call++) {
      texts.push((await client.chat.completions.create(chatRequest)).choices[0]?.message.content);
    }
    expect(texts).toEqual(["first", "second", "asked about gpt-4o-mini"]);
  });

  it("tells the function who asks, over which protocol, and what", async () => {
    const seen: ScriptedRequest[] = [];
    await using provider = await scriptedProvider({
      respond: (request) => {
        seen.push(request);
        return {};
      },
    });
    const client = openaiFor(provider);
    await client.chat.completions.create(chatRequest, { headers: { "x-agent": "shell_worker" } });
    await all(await client.responses.create({ model: "gpt-5", input: "hi", stream: true }));
    await client.embeddings.create({ model: "text-embedding-3-small", input: "hi" });
    await anthropicFor(provider).messages.create(messageRequest);
    expect(seen.map(({ sequence, protocol, stream }) => [sequence, protocol, stream])).toEqual([
      [0, "openai.chat", false],
      [1, "openai.responses", true],
      [2, "openai.embeddings", false],
      [3, "anthropic.messages", false],
    ]);
    expect(seen[0]).toMatchObject({
      method: "POST",
      path: "/v1/chat/completions",
      body: chatRequest,
      headers: { "x-agent": "shell_worker", authorization: "Bearer sk-test" },
    });
    expect(seen).toEqual(provider.requests);
  });

  it("that makes a mistake is told so at once, without retries", async () => {
    await using provider = await scriptedProvider({
      respond: () => {
        throw new Error("no such scene");
      },
    });
    const answer = openaiFor(provider, 5).chat.completions.create(chatRequest);
    await expect(answer).rejects.toMatchObject({
      status: 500,
      type: "script_error",
      message: "500 scriptedProvider: no such scene",
    });
    expect(provider.requests).toHaveLength(1);
  });

  it.each([
    [{ stall: true, breakAfterChunks: 1 } as const, "one fault at most, got stall, breakAfterChunks"],
    [{ fail: { status: 200 } }, "fail.status must be a whole number from 400 to 599, got 200"],
    [{ chunks: 0 }, "chunks must be a whole number >= 1, got 0"],
    [{ text: "abc", chunks: ["a", "b"] }, "chunks must add up to text"],
    [{ delayMs: -1 }, "delayMs must be a whole number >= 0, got -1"],
  ])("refuses %j when it is queued", async (answer, message) => {
    await using provider = await scriptedProvider();
    expect(() => provider.queue(answer)).toThrow(message);
  });

  it("refuses usage whose parts are more than the whole", async () => {
    await using provider = await scriptedProvider({
      respond: () => ({ usage: { input: 5, output: 1, cacheRead: 6 } }),
    });
    await expect(anthropicFor(provider).messages.create(messageRequest)).rejects.toThrow(
      "usage.input must include its 6 cached tokens, got 5",
    );
  });

  it("may answer after the client has left, which then is nobody's problem", async () => {
    await using provider = await scriptedProvider({
      respond: async (request) => `the client has ${await request.outcome}`,
    });
    const cancel = new AbortController();
    const client = openaiFor(provider);
    const answer = client.chat.completions.create(chatRequest, { signal: cancel.signal });
    const request = await provider.received(0);
    cancel.abort();
    await expect(answer).rejects.toThrow(OpenAI.APIUserAbortError);
    expect(await request.outcome).toBe("aborted");
    provider.queue("still here");
    expect((await client.chat.completions.create(chatRequest)).choices[0]?.message.content).toBe(
      "still here",
    );
  });
});

describe("a request that no model would see", () => {
  it("to an unknown path is 404 in each provider's manner", async () => {
    await using provider = await scriptedProvider();
    await expect(openaiFor(provider).get("/unknown")).rejects.toThrow(OpenAI.NotFoundError);
    await expect(anthropicFor(provider).get("/v1/unknown")).rejects.toMatchObject({
      status: 404,
      type: "not_found_error",
    });
    expect(provider.requests.map((request) => request.protocol)).toEqual([undefined, undefined]);
  });

  it("with bad JSON is 400", async () => {
    await using provider = await scriptedProvider();
    const response = await fetch(`${provider.url}/v1/messages`, { method: "POST", body: '{"model":' });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ type: "error", error: { type: "invalid_request_error" } });
    expect(provider.requests[0]?.body).toBe('{"model":');
  });

  it("with too large a body is 413", async () => {
    await using provider = await scriptedProvider({ maxBodyBytes: 1_000 });
    const messages = [{ role: "user" as const, content: "x".repeat(1_000) }];
    const answer = anthropicFor(provider).messages.create({ ...messageRequest, messages });
    await expect(answer).rejects.toThrow(Anthropic.ContentTooLargeError);
  });

  it("with the wrong method or without a model is refused", async () => {
    await using provider = await scriptedProvider();
    expect((await fetch(`${provider.url}/v1/messages`)).status).toBe(405);
    const response = await fetch(`${provider.openaiBaseUrl}/chat/completions`, {
      method: "POST",
      body: "{}",
    });
    expect(response.status).toBe(400);
  });
});

describe("the list of models", () => {
  it("is read by both clients", async () => {
    await using provider = await scriptedProvider({ models: ["gpt-4o-mini", "claude-sonnet-5"] });
    const ids = (models: { id: string }[]) => models.map((model) => model.id);
    expect(ids(await all(openaiFor(provider).models.list()))).toEqual(["gpt-4o-mini", "claude-sonnet-5"]);
    expect(ids(await all(anthropicFor(provider).models.list()))).toEqual(["gpt-4o-mini", "claude-sonnet-5"]);
  });
});

describe("closing", () => {
  it("twice is fine, and cuts what is under way", async () => {
    const provider = await scriptedProvider({ respond: () => ({ stall: true }) });
    const answer = openaiFor(provider).chat.completions.create(chatRequest);
    const request = await provider.received(0);
    const second = provider.received(1);
    await Promise.all([
      expect(answer).rejects.toThrow(OpenAI.APIConnectionError),
      expect(second).rejects.toThrow("closed after 1 requests, number 1 never came"),
      provider.close(),
    ]);
    await provider.close();
    expect(await request.outcome).toBe("broken");
  });

  it("wakes a script that waits for hours", async () => {
    const provider = await scriptedProvider({
      respond: () => ({ text: "abc", chunks: 3, chunkDelayMs: 3_600_000 }),
    });
    const stream = await openaiFor(provider).chat.completions.create({ ...chatRequest, stream: true });
    const reading = expect(all(stream)).rejects.toThrow("terminated");
    await provider.close();
    await reading;
  });

  it("is answered the same on a second server: nothing is random", async () => {
    const bodies = [];
    for (let run = 0; run < 2; run++) {
      await using provider = await scriptedProvider();
      bodies.push(await anthropicFor(provider).messages.create(messageRequest));
    }
    expect(bodies[0]).toEqual(bodies[1]);
  });
});
