import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { describe, expect, it } from "vitest";
import { scriptedProvider } from "../../src/testing/scripted-provider.ts";
import { all, anthropicFor, chatRequest, messageRequest, openaiFor } from "./clients.ts";

const streamedChat = { ...chatRequest, stream: true as const };
const streamedMessage = { ...messageRequest, stream: true as const };

describe("failures", () => {
  it("become OpenAI's typed errors", async () => {
    await using provider = await scriptedProvider();
    provider.queue({ fail: { status: 429, message: "slow down" } }, { fail: { status: 500 } });
    const client = openaiFor(provider);
    const limited = await client.chat.completions.create(chatRequest).catch((error: unknown) => error);
    expect(limited).toBeInstanceOf(OpenAI.RateLimitError);
    expect(limited).toMatchObject({ status: 429, code: "rate_limit_exceeded", message: "429 slow down" });
    await expect(client.responses.create({ model: "m", input: "x" })).rejects.toThrow(
      OpenAI.InternalServerError,
    );
  });

  it("become Anthropic's typed errors", async () => {
    await using provider = await scriptedProvider();
    provider.queue({ fail: { status: 529 } }, { fail: { status: 401, message: "invalid x-api-key" } });
    const client = anthropicFor(provider);
    await expect(client.messages.create(messageRequest)).rejects.toMatchObject({
      status: 529,
      type: "overloaded_error",
      requestID: "req_0",
    });
    await expect(client.messages.create(messageRequest)).rejects.toThrow(Anthropic.AuthenticationError);
  });

  it("say in seconds how long to wait", async () => {
    await using provider = await scriptedProvider();
    provider.queue(
      { fail: { status: 429, retryAfterMs: 2_000 } },
      { fail: { status: 503, retryAfterMs: 250 } },
    );
    const waits: unknown[] = [];
    for (let call = 0; call < 2; call++) {
      const error = await openaiFor(provider)
        .chat.completions.create(chatRequest)
        .catch((thrown: unknown) => thrown);
      waits.push(error instanceof OpenAI.APIError && error.headers?.get("retry-after"));
    }
    expect(waits).toEqual(["2", "0.25"]);
  });

  it("are retried by OpenAI's client after the scripted wait", async () => {
    await using provider = await scriptedProvider();
    provider.queue({ fail: { status: 429, retryAfterMs: 1 } }, "second try");
    const answer = await openaiFor(provider, 2).chat.completions.create(chatRequest);
    expect(answer.choices[0]?.message.content).toBe("second try");
    expect(provider.requests.map((request) => request.attempt)).toEqual([1, 2]);
  });

  it("are retried by Anthropic's client after the scripted wait", async () => {
    await using provider = await scriptedProvider();
    provider.queue({ fail: { status: 429, retryAfterMs: 1 } }, "second try");
    const message = await anthropicFor(provider, 2).messages.create(messageRequest);
    expect(message.content).toMatchObject([{ text: "second try" }]);
    expect(provider.requests.map((request) => request.attempt)).toEqual([1, 2]);
  });

  it("send a page that is no JSON as it is", async () => {
    await using provider = await scriptedProvider({
      respond: () => ({ fail: { status: 502, body: "<h1>Bad Gateway</h1>" } }),
    });
    await expect(openaiFor(provider).chat.completions.create(chatRequest)).rejects.toMatchObject({
      status: 502,
      message: "502 <h1>Bad Gateway</h1>",
    });
  });

  it("in the middle of a stream reach the reader after the chunks before", async () => {
    const answer = {
      text: "0123456789",
      chunks: 5,
      fail: { status: 529, afterChunks: 2, message: "overloaded" },
    };
    await using provider = await scriptedProvider({ respond: () => answer });
    let openaiText = "";
    const readOpenAI = async () => {
      for await (const chunk of await openaiFor(provider).chat.completions.create(streamedChat)) {
        openaiText += chunk.choices[0]?.delta.content ?? "";
      }
    };
    await expect(readOpenAI()).rejects.toThrow("overloaded");
    expect(openaiText).toBe("0123");
    await expect(all(await anthropicFor(provider).messages.create(streamedMessage))).rejects.toMatchObject({
      type: "overloaded_error",
    });
    const responses = await openaiFor(provider).responses.create({ model: "m", input: "x", stream: true });
    await expect(all(responses)).rejects.toThrow("overloaded");
    expect(await Promise.all(provider.requests.map((request) => request.outcome))).toEqual([
      "answered",
      "answered",
      "answered",
    ]);
  });
});

describe("stalls", () => {
  it("show the server that a cancel reached it", async () => {
    await using provider = await scriptedProvider({ respond: () => ({ stall: true }) });
    const cancel = new AbortController();
    const answer = openaiFor(provider).chat.completions.create(chatRequest, { signal: cancel.signal });
    const request = await provider.received(0);
    expect(request.aborted).toBe(false);
    cancel.abort();
    await expect(answer).rejects.toThrow(OpenAI.APIUserAbortError);
    expect(await request.outcome).toBe("aborted");
    expect(request.aborted).toBe(true);
  });

  it("in the middle of a stream show the server that the reader left", async () => {
    await using provider = await scriptedProvider({
      respond: () => ({ chunks: ["one", "two"], stallAfterChunks: 1 }),
    });
    const stream = await anthropicFor(provider).messages.create(streamedMessage);
    for await (const event of stream) {
      if (event.type === "content_block_delta") break;
    }
    expect(await provider.requests[0]!.outcome).toBe("aborted");
  });

  it("end with a cancel while the script still waits", async () => {
    await using provider = await scriptedProvider({ respond: () => ({ delayMs: 3_600_000 }) });
    const cancel = new AbortController();
    const answer = anthropicFor(provider).messages.create(messageRequest, { signal: cancel.signal });
    const request = await provider.received(0);
    cancel.abort();
    await expect(answer).rejects.toThrow(Anthropic.APIUserAbortError);
    expect(await request.outcome).toBe("aborted");
  });

  it("run into the client's own timeout", async () => {
    await using provider = await scriptedProvider({ respond: () => ({ stall: true }) });
    const answer = openaiFor(provider).chat.completions.create(chatRequest, { timeout: 20 });
    await expect(answer).rejects.toThrow(OpenAI.APIConnectionTimeoutError);
  });
});

describe("breaks", () => {
  const respond = () => ({ text: "0123456789", chunks: 5, breakAfterChunks: 2 });

  it("in the middle of an event make OpenAI's client throw, after the chunks before", async () => {
    await using provider = await scriptedProvider({ respond });
    const read: (string | null | undefined)[] = [];
    const reading = async () => {
      for await (const chunk of await openaiFor(provider).chat.completions.create(streamedChat)) {
        read.push(chunk.choices[0]?.delta.content);
      }
    };
    await expect(reading()).rejects.toThrow("terminated");
    expect(read).toEqual(["", "01", "23"]);
    expect(await provider.requests[0]!.outcome).toBe("broken");
    expect(provider.requests[0]!.aborted).toBe(false);
  });

  it("in the middle of an event make Anthropic's client throw", async () => {
    await using provider = await scriptedProvider({ respond });
    const stream = await anthropicFor(provider).messages.create(streamedMessage);
    await expect(all(stream)).rejects.toThrow("terminated");
  });

  it("in the middle of a plain answer make the client throw", async () => {
    await using provider = await scriptedProvider({ respond });
    await expect(openaiFor(provider).chat.completions.create(chatRequest)).rejects.toThrow();
    expect(await provider.requests[0]!.outcome).toBe("broken");
  });

  it("after all chunks still leave out the end", async () => {
    await using provider = await scriptedProvider({ respond: () => ({ text: "x", breakAfterChunks: 99 }) });
    const stream = await anthropicFor(provider).messages.create(streamedMessage);
    await expect(all(stream)).rejects.toThrow("terminated");
  });
});
