import { describe, expect, it } from "vitest";
import { scriptedProvider } from "../../src/testing/scripted-provider.ts";
import { all, anthropicFor, messageRequest } from "./clients.ts";

const ANSWER = {
  thinking: "Delegate both, then sum up.",
  text: "Asking the workers.",
  toolCalls: [
    { name: "shell_worker", arguments: { task: "Which Python is this?" } },
    { name: "memory_worker", arguments: { task: "Keep the answer." } },
  ],
  usage: { input: 100, output: 40, cacheRead: 60, cacheWrite5m: 10, cacheWrite1h: 5, reasoning: 25 },
};

const INPUT_USAGE = {
  input_tokens: 25,
  cache_read_input_tokens: 60,
  cache_creation_input_tokens: 15,
};

const CONTENT = [
  { type: "thinking", thinking: "Delegate both, then sum up.", signature: expect.stringMatching(/.+/) },
  { type: "text", text: "Asking the workers." },
  { type: "tool_use", id: "toolu_0_0", name: "shell_worker", input: { task: "Which Python is this?" } },
  { type: "tool_use", id: "toolu_0_1", name: "memory_worker", input: { task: "Keep the answer." } },
];

describe("messages, plain", () => {
  it("answer ok when nothing is scripted, with a token for every 4 characters", async () => {
    await using provider = await scriptedProvider();
    const message = await anthropicFor(provider).messages.create({ ...messageRequest, system: "1234" });
    expect(message).toMatchObject({
      id: "msg_0",
      model: "claude-sonnet-5",
      content: [{ type: "text", text: "ok" }],
      stop_reason: "end_turn",
      usage: { input_tokens: 3, output_tokens: 1 },
    });
    expect(message._request_id).toBe("req_0");
  });

  it("carry thinking with its signature, text and tool use, in that order", async () => {
    await using provider = await scriptedProvider({ respond: () => ANSWER });
    const message = await anthropicFor(provider).messages.create(messageRequest);
    expect(message.content).toMatchObject(CONTENT);
    expect(message.stop_reason).toBe("tool_use");
  });

  it("bill cached tokens beside input_tokens, and say how long they live", async () => {
    await using provider = await scriptedProvider({ respond: () => ANSWER });
    const { usage } = await anthropicFor(provider).messages.create(messageRequest);
    expect(usage).toMatchObject({
      ...INPUT_USAGE,
      cache_creation: { ephemeral_5m_input_tokens: 10, ephemeral_1h_input_tokens: 5 },
      output_tokens: 40,
      output_tokens_details: { thinking_tokens: 25 },
    });
  });

  it.each([
    ["stop", "end_turn"],
    ["length", "max_tokens"],
    ["tool_calls", "tool_use"],
    ["content_filter", "refusal"],
    ["pause_turn", "pause_turn"],
  ])("say a finish of %s as %s", async (finish, stopReason) => {
    await using provider = await scriptedProvider({ respond: () => ({ finish }) });
    const message = await anthropicFor(provider).messages.create(messageRequest);
    expect(message.stop_reason).toBe(stopReason);
  });

  it("say the rate limit in Anthropic's headers", async () => {
    await using provider = await scriptedProvider();
    provider.queue({ rateLimit: { tokens: { limit: 100, remaining: 7, resetMs: 2_000 } } });
    const { response } = await anthropicFor(provider).messages.create(messageRequest).withResponse();
    expect(response.headers.get("anthropic-ratelimit-tokens-remaining")).toBe("7");
    expect(response.headers.get("anthropic-ratelimit-tokens-reset")).toBe("2026-01-01T00:00:02.000Z");
  });
});

describe("messages, streamed", () => {
  it("become the same message that is sent plain", async () => {
    await using provider = await scriptedProvider({ respond: () => ANSWER });
    const message = await anthropicFor(provider).messages.stream(messageRequest).finalMessage();
    expect(message.content).toMatchObject(CONTENT);
    expect(message).toMatchObject({
      stop_reason: "tool_use",
      usage: { ...INPUT_USAGE, output_tokens: 40, output_tokens_details: { thinking_tokens: 25 } },
    });
  });

  it("say the input at the start and all running totals in message_delta", async () => {
    await using provider = await scriptedProvider({ respond: () => ANSWER });
    const stream = await anthropicFor(provider).messages.create({ ...messageRequest, stream: true });
    const events = await all(stream);
    expect(events[0]).toMatchObject({
      type: "message_start",
      message: {
        usage: { ...INPUT_USAGE, cache_creation: { ephemeral_1h_input_tokens: 5 }, output_tokens: 1 },
      },
    });
    const delta = events.find((event) => event.type === "message_delta");
    expect(delta?.usage).toMatchObject({ ...INPUT_USAGE, output_tokens: 40 });
    expect(delta?.usage).not.toHaveProperty("cache_creation");
  });

  it("open, fill and close one block after the other, and sign the thinking last", async () => {
    await using provider = await scriptedProvider();
    provider.queue({
      thinking: "hm",
      text: "hi",
      toolCalls: [{ name: "shell", arguments: "{}" }],
      chunks: 1,
    });
    const stream = await anthropicFor(provider).messages.create({ ...messageRequest, stream: true });
    const told = (await all(stream)).map((event) =>
      "delta" in event && "type" in event.delta ? event.delta.type : event.type,
    );
    expect(told).toEqual([
      "message_start",
      "content_block_start",
      "thinking_delta",
      "signature_delta",
      "content_block_stop",
      "content_block_start",
      "text_delta",
      "content_block_stop",
      "content_block_start",
      "input_json_delta",
      "content_block_stop",
      "message_delta",
      "message_stop",
    ]);
  });

  it("ping, which the client skips", async () => {
    await using provider = await scriptedProvider();
    const response = await fetch(`${provider.url}/v1/messages`, {
      method: "POST",
      body: JSON.stringify({ ...messageRequest, stream: true }),
    });
    expect(await response.text()).toContain('event: ping\ndata: {"type":"ping"}\n\n');
  });

  it("carry no usage at all when the script says null", async () => {
    await using provider = await scriptedProvider({ respond: () => ({ usage: null }) });
    const stream = await anthropicFor(provider).messages.create({ ...messageRequest, stream: true });
    expect(JSON.stringify(await all(stream))).not.toContain("usage");
  });
});
