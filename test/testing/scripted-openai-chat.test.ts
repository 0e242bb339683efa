import { describe, expect, it } from "vitest";
import { scriptedProvider } from "../../src/testing/scripted-provider.ts";
import { all, chatRequest, openaiFor } from "./clients.ts";

const USAGE = {
  input: 100,
  output: 40,
  cacheRead: 60,
  cacheWrite5m: 10,
  reasoning: 25,
  inputAudio: 3,
  outputAudio: 4,
};

const WIRE_USAGE = {
  prompt_tokens: 100,
  completion_tokens: 40,
  total_tokens: 140,
  prompt_tokens_details: { cached_tokens: 60, audio_tokens: 3, cache_write_tokens: 10 },
  completion_tokens_details: {
    reasoning_tokens: 25,
    audio_tokens: 4,
    accepted_prediction_tokens: 0,
    rejected_prediction_tokens: 0,
  },
};

describe("chat completions, plain", () => {
  it("answer ok when nothing is scripted, with a token for every 4 characters", async () => {
    await using provider = await scriptedProvider();
    const answer = await openaiFor(provider).chat.completions.create(chatRequest);
    expect(answer).toMatchObject({
      id: "chatcmpl-0",
      created: Date.UTC(2026, 0, 1) / 1000,
      model: "gpt-4o-mini",
      choices: [{ message: { role: "assistant", content: "ok" }, finish_reason: "stop" }],
      usage: { prompt_tokens: 2, completion_tokens: 1, total_tokens: 3 },
    });
    expect(answer._request_id).toBe("req_0");
  });

  it("carry the scripted usage, parts and all, and what a gateway adds", async () => {
    await using provider = await scriptedProvider({
      respond: () => ({ usage: USAGE, wireUsage: { cost: 0.0012 } }),
    });
    const answer = await openaiFor(provider).chat.completions.create(chatRequest);
    expect(answer.usage).toEqual({ ...WIRE_USAGE, cost: 0.0012 });
  });

  it("have no usage field when the script says null", async () => {
    await using provider = await scriptedProvider({ respond: () => ({ usage: null }) });
    expect(await openaiFor(provider).chat.completions.create(chatRequest)).not.toHaveProperty("usage");
  });

  it("call tools in parallel, with ids made from the request", async () => {
    await using provider = await scriptedProvider();
    provider.queue({
      toolCalls: [
        { name: "shell", arguments: { command: "python3 --version" } },
        { id: "call_mine", name: "kv_set", arguments: '{"broken' },
      ],
    });
    const { choices } = await openaiFor(provider).chat.completions.create(chatRequest);
    expect(choices[0]).toMatchObject({
      finish_reason: "tool_calls",
      message: {
        content: null,
        tool_calls: [
          {
            id: "call_0_0",
            type: "function",
            function: { name: "shell", arguments: '{"command":"python3 --version"}' },
          },
          { id: "call_mine", function: { name: "kv_set", arguments: '{"broken' } },
        ],
      },
    });
  });

  it("give as many choices as were asked for, and bill them all", async () => {
    await using provider = await scriptedProvider({ respond: () => "12345678" });
    const answer = await openaiFor(provider).chat.completions.create({ ...chatRequest, n: 3 });
    expect(answer.choices.map((choice) => [choice.index, choice.message.content])).toEqual([
      [0, "12345678"],
      [1, "12345678"],
      [2, "12345678"],
    ]);
    expect(answer.usage?.completion_tokens).toBe(6);
  });

  it("say the finish, model and id of the script, and its rate limit", async () => {
    await using provider = await scriptedProvider();
    provider.queue({
      text: "cut",
      finish: "length",
      model: "gpt-4o-mini-2024-07-18",
      id: "chatcmpl-mine",
      rateLimit: {
        requests: { limit: 60, remaining: 59, resetMs: 1_500 },
        tokens: { limit: 150_000, remaining: 149_984, resetMs: 360_000 },
      },
    });
    const { data, response } = await openaiFor(provider).chat.completions.create(chatRequest).withResponse();
    expect(data).toMatchObject({
      id: "chatcmpl-mine",
      model: "gpt-4o-mini-2024-07-18",
      choices: [{ finish_reason: "length" }],
    });
    expect(response.headers.get("x-ratelimit-remaining-requests")).toBe("59");
    expect(response.headers.get("x-ratelimit-reset-requests")).toBe("1.5s");
    expect(response.headers.get("x-ratelimit-reset-tokens")).toBe("6m0s");
  });
});

describe("chat completions, streamed", () => {
  const streamRequest = { ...chatRequest, stream: true as const };

  it("have no usage field on any chunk unless it was asked for", async () => {
    await using provider = await scriptedProvider({ respond: () => ({ chunks: ["one ", "two"] }) });
    const chunks = await all(await openaiFor(provider).chat.completions.create(streamRequest));
    expect(chunks.map((chunk) => chunk.choices[0]?.delta.content)).toEqual(["", "one ", "two", undefined]);
    expect(chunks.map((chunk) => chunk.choices[0]?.finish_reason)).toEqual([null, null, null, "stop"]);
    expect(chunks.filter((chunk) => "usage" in chunk)).toEqual([]);
  });

  it("have usage null on every chunk and one more with the usage and no choices, when it was asked for", async () => {
    await using provider = await scriptedProvider({
      respond: () => ({ chunks: ["one ", "two"], usage: USAGE }),
    });
    const stream = await openaiFor(provider).chat.completions.create({
      ...streamRequest,
      stream_options: { include_usage: true },
    });
    const chunks = await all(stream);
    expect(chunks.slice(0, -1).map((chunk) => chunk.usage)).toEqual([null, null, null, null]);
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: WIRE_USAGE });
  });

  it("have no usage field when it was declined", async () => {
    await using provider = await scriptedProvider();
    const stream = await openaiFor(provider).chat.completions.create({
      ...streamRequest,
      stream_options: { include_usage: false },
    });
    expect((await all(stream)).filter((chunk) => "usage" in chunk)).toEqual([]);
  });

  it("send no usage where the script has none, even if it was asked for", async () => {
    await using provider = await scriptedProvider({ respond: () => ({ usage: null }) });
    const stream = await openaiFor(provider).chat.completions.create({
      ...streamRequest,
      stream_options: { include_usage: true },
    });
    expect((await all(stream)).filter((chunk) => "usage" in chunk)).toEqual([]);
  });

  it("end with [DONE]", async () => {
    await using provider = await scriptedProvider();
    const response = await fetch(`${provider.openaiBaseUrl}/chat/completions`, {
      method: "POST",
      body: JSON.stringify(streamRequest),
    });
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    expect((await response.text()).endsWith("\n\ndata: [DONE]\n\n")).toBe(true);
  });

  it("let the client put tool calls together from their argument deltas", async () => {
    await using provider = await scriptedProvider();
    provider.queue({
      toolCalls: [
        { name: "shell", arguments: { command: "python3 --version" } },
        { name: "kv_get", arguments: { key: "version" } },
      ],
      chunks: 5,
    });
    const stream = openaiFor(provider).chat.completions.stream(chatRequest);
    const deltas = await all(stream);
    expect(deltas.length).toBeGreaterThan(10);
    const { choices } = await stream.finalChatCompletion();
    expect(choices[0]?.finish_reason).toBe("tool_calls");
    expect(choices[0]?.message.tool_calls).toMatchObject([
      { id: "call_0_0", function: { name: "shell", arguments: '{"command":"python3 --version"}' } },
      { id: "call_0_1", function: { name: "kv_get", arguments: '{"key":"version"}' } },
    ]);
  });

  it("interleave the choices that were asked for", async () => {
    await using provider = await scriptedProvider({ respond: () => ({ chunks: ["a", "b"] }) });
    const chunks = await all(await openaiFor(provider).chat.completions.create({ ...streamRequest, n: 2 }));
    const told = chunks.flatMap(({ choices: [choice] }) =>
      choice?.delta.content ? [`${choice.index}${choice.delta.content}`] : [],
    );
    expect(told).toEqual(["0a", "1a", "0b", "1b"]);
  });

  it("never cut a character in two", async () => {
    await using provider = await scriptedProvider({ respond: () => ({ text: "👩‍🚀🌍é", chunks: 100 }) });
    const chunks = await all(await openaiFor(provider).chat.completions.create(streamRequest));
    const pieces = chunks.map((chunk) => chunk.choices[0]?.delta.content ?? "");
    expect(pieces.join("")).toBe("👩‍🚀🌍é");
    expect(pieces.every((piece) => piece.isWellFormed())).toBe(true);
  });
});
