import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ScriptedAnswer } from "../../src/testing/index.ts";
import { scriptedProvider } from "../../src/testing/index.ts";
import { watch } from "../agent/support.ts";
import { asks, capture, contentOf, watchEvents } from "./content-support.ts";
import { chatRequest, clientsOf, messageRequest, responseRequest } from "./support.ts";

const told = watch();
watchEvents();

const ANSWERS: readonly (readonly [string, ScriptedAnswer])[] = [
  ["a text", { text: "otters hold hands when they sleep, so that none drifts away" }],
  ["an empty text", { text: "" }],
  ["text of several bytes a character", { text: "ночь 🦦 und ß", chunks: 5 }],
  ["one tool call", { toolCalls: [{ name: "search", arguments: { q: "otters", deep: [1, { a: null }] } }] }],
  [
    "two tool calls in parallel",
    {
      text: "looking",
      toolCalls: [
        { name: "search", arguments: { q: "otters" } },
        { name: "clock", arguments: {} },
      ],
    },
  ],
  ["broken arguments", { toolCalls: [{ name: "search", arguments: '{"q": "ott' }] }],
  ["thinking before it", { thinking: "what do I know of otters?", text: "much" }],
  ["more text than is recorded", { text: "long ".repeat(30_000), chunks: 50 }],
  [
    "more arguments than are recorded",
    { toolCalls: [{ name: "write", arguments: { text: "y".repeat(80_000) } }] },
  ],
];

/** The output messages of the last span. */
function output(): unknown {
  return contentOf(told.spans.spans.at(-1))["gen_ai.output.messages"];
}

describe.each(asks)("a streamed answer of %s", (_, ask) => {
  it.each(ANSWERS)("is recorded as the plain one: %s", async (_, answer) => {
    capture("SPAN_ONLY");
    // Ids of calls are made from the number of the request.
    const toolCalls = answer.toolCalls?.map((call, index) => ({ id: `call_${index}`, ...call }));
    await using provider = await scriptedProvider({
      respond: () => ({ ...answer, ...(toolCalls && { toolCalls }) }),
    });
    await ask(clientsOf(provider), false);
    const plain = output();
    await ask(clientsOf(provider), true);
    expect(output()).toEqual(plain);
    if (answer.text !== "") expect(plain).toEqual([expect.objectContaining({ role: "assistant" })]);
  });

  it("is recorded as the plain one, whatever is said and however it is cut", async () => {
    capture("SPAN_ONLY");
    await using provider = await scriptedProvider();
    const call = fc.record({
      id: fc.stringMatching(/^call_[a-z0-9]{4}$/),
      name: fc.stringMatching(/^[a-z]{1,8}$/),
      arguments: fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 3 }),
    });
    const answers = fc.record({
      text: fc.string({ minLength: 1, unit: "binary" }),
      toolCalls: fc.array(call, { maxLength: 2 }),
      chunks: fc.integer({ min: 1, max: 9 }),
    });
    await fc.assert(
      fc.asyncProperty(answers, async (answer) => {
        provider.queue(answer, answer);
        await ask(clientsOf(provider), false);
        const plain = output();
        await ask(clientsOf(provider), true);
        expect(output()).toEqual(plain);
      }),
      { numRuns: 25 },
    );
  });
});

describe("several choices of a chat completion", () => {
  it("are each one message, plain and streamed", async () => {
    capture("SPAN_ONLY");
    const respond = () => ({
      text: "yes",
      toolCalls: [{ id: "call_1", name: "go", arguments: { far: true } }],
    });
    await using provider = await scriptedProvider({ respond });
    const { openai } = clientsOf(provider);
    await openai.chat.completions.create({ ...chatRequest, n: 3 });
    const plain = output();
    for await (const _ of await openai.chat.completions.create({ ...chatRequest, n: 3, stream: true }));
    expect(output()).toEqual(plain);
    expect(plain).toHaveLength(3);
  });
});

describe("a stream that is left", () => {
  const LONG: ScriptedAnswer = { text: "one two three four", chunks: ["one ", "two ", "three ", "four"] };

  it("of chat completions is recorded as far as it was seen", async () => {
    capture("SPAN_ONLY");
    await using provider = await scriptedProvider({ respond: () => LONG });
    const stream = await clientsOf(provider).openai.chat.completions.create({ ...chatRequest, stream: true });
    for await (const chunk of stream) if (chunk.choices[0]?.delta.content === "two ") break;
    expect(output()).toEqual([{ role: "assistant", parts: [{ type: "text", content: "one two " }] }]);
  });

  it("of responses is recorded as far as it was seen", async () => {
    capture("SPAN_ONLY");
    await using provider = await scriptedProvider({ respond: () => ({ ...LONG, thinking: "hm" }) });
    const stream = await clientsOf(provider).openai.responses.create({ ...responseRequest, stream: true });
    for await (const event of stream) if ("delta" in event && event.delta === "two ") break;
    const parts = [
      { type: "reasoning", content: "hm" },
      { type: "text", content: "one two " },
    ];
    expect(output()).toEqual([{ role: "assistant", parts }]);
  });

  it("of responses in the middle of a tool call has the arguments so far", async () => {
    capture("SPAN_ONLY");
    const toolCalls = [{ id: "call_1", name: "search", arguments: '{"q":"otters"}' }];
    await using provider = await scriptedProvider({ respond: () => ({ toolCalls, chunks: 2 }) });
    const stream = await clientsOf(provider).openai.responses.create({ ...responseRequest, stream: true });
    for await (const event of stream) if ("delta" in event) break;
    const parts = [{ type: "tool_call", id: "call_1", name: "search", arguments: '{"q":"o' }];
    expect(output()).toEqual([{ role: "assistant", parts }]);
  });

  it("of messages is recorded as far as it was seen", async () => {
    capture("SPAN_ONLY");
    await using provider = await scriptedProvider({ respond: () => LONG });
    const stream = await clientsOf(provider).anthropic.messages.create({ ...messageRequest, stream: true });
    for await (const event of stream) {
      if (
        event.type === "content_block_delta" &&
        event.delta.type === "text_delta" &&
        event.delta.text === "two "
      )
        break;
    }
    expect(output()).toEqual([{ role: "assistant", parts: [{ type: "text", content: "one two " }] }]);
  });

  it("that breaks is recorded as far as it was seen", async () => {
    capture("SPAN_ONLY");
    await using provider = await scriptedProvider({ respond: () => ({ ...LONG, breakAfterChunks: 3 }) });
    const stream = await clientsOf(provider).openai.chat.completions.create({ ...chatRequest, stream: true });
    const read = async () => {
      for await (const _ of stream);
    };
    await expect(read()).rejects.toThrow();
    expect(output()).toEqual([{ role: "assistant", parts: [{ type: "text", content: "one two three " }] }]);
  });

  it("before its first item has no answer", async () => {
    capture("SPAN_ONLY");
    await using provider = await scriptedProvider({ respond: () => LONG });
    const stream = await clientsOf(provider).openai.chat.completions.create({ ...chatRequest, stream: true });
    stream.controller.abort();
    expect(told.spans.spans).toHaveLength(1);
    expect(output()).toBeUndefined();
  });
});

describe("helpers of the clients", () => {
  it("record the text once, with the answer", async () => {
    capture("SPAN_ONLY");
    await using provider = await scriptedProvider({ respond: () => ({ text: "hello" }) });
    const { openai, anthropic } = clientsOf(provider);
    const expected = [{ role: "assistant", parts: [{ type: "text", content: "hello" }] }];
    await openai.chat.completions.stream(chatRequest).finalChatCompletion();
    expect(output()).toEqual(expected);
    await anthropic.messages.stream(messageRequest).finalMessage();
    expect(output()).toEqual(expected);
    await openai.responses.parse(responseRequest);
    expect(output()).toEqual(expected);
    expect(told.spans.spans).toHaveLength(3);
  });
});
