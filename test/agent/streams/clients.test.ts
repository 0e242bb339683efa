import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { describe, expect, it } from "vitest";
import { agent } from "../../../src/index.ts";
import { nextTurn, watch } from "../support.ts";

const seen = watch();
const ended = (): unknown => [seen.spans.open, seen.records.length];
const ENDED_ONCE = [[], 1];

const ANSWER = { id: "c1", object: "chat.completion", choices: [{ index: 0, message: { content: "hi" } }] };
const CHUNKS = ["o", "k"].map((content) => ({ id: "c1", choices: [{ index: 0, delta: { content } }] }));

function openai(): OpenAI {
  const respond = async (_: unknown, init?: RequestInit): Promise<Response> => {
    const { stream } = JSON.parse(String(init?.body)) as { stream?: boolean };
    if (!stream) return Response.json(ANSWER);
    const frames = CHUNKS.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join("");
    return new Response(`${frames}data: [DONE]\n\n`, { headers: { "content-type": "text/event-stream" } });
  };
  return new OpenAI({ apiKey: "none", fetch: respond, maxRetries: 0 });
}

const request = { model: "gpt-4o", messages: [{ role: "user" as const, content: "hi" }] };

describe("the promise of the openai client", () => {
  const ask = agent("asks-openai", () => openai().chat.completions.create(request));

  it("gives its answer and ends the call", async () => {
    expect((await ask()).choices[0]?.message.content).toBe("hi");
    expect(ended()).toEqual(ENDED_ONCE);
  });

  it("leaves the raw response readable for a caller who wants that instead", async () => {
    const response = await ask().asResponse();
    expect(await response.json()).toEqual(ANSWER);
  });

  it("gives answer and response together", async () => {
    const { data, response } = await ask().withResponse();
    expect([data.id, response.status]).toEqual(["c1", 200]);
  });
});

describe("the stream of the openai client", () => {
  const stream = agent("streams-openai", () =>
    openai().chat.completions.create({ ...request, stream: true }),
  );

  it("keeps the call open until its last chunk, though a promise brought it", async () => {
    const chunks = await stream();
    expect(seen.spans.open).toEqual(["invoke_agent streams-openai"]);
    expect(await Array.fromAsync(chunks, (chunk) => chunk.choices[0]?.delta.content)).toEqual(["o", "k"]);
    expect(ended()).toEqual(ENDED_ONCE);
  });

  it("keeps its own methods: it can become a ReadableStream", async () => {
    const lines = (await stream()).toReadableStream();
    expect(await new Response(lines).text()).toContain('"content":"k"');
    expect(ended()).toEqual(ENDED_ONCE);
  });

  it("ends the call on break", async () => {
    for await (const _ of await stream()) break;
    expect(ended()).toEqual(ENDED_ONCE);
  });

  it("that the server refuses fails the call with the client's error", async () => {
    const refuse = async (): Promise<Response> =>
      Response.json({ error: { message: "no" } }, { status: 429 });
    const client = new OpenAI({ apiKey: "none", fetch: refuse, maxRetries: 0 });
    const refused = agent("refused", () => client.chat.completions.create({ ...request, stream: true }));
    await expect(refused()).rejects.toBeInstanceOf(OpenAI.RateLimitError);
    seen.spans.get("invoke_agent refused", { failed: true, attributes: { "error.type": "RateLimitError" } });
  });
});

describe("the MessageStream of the anthropic client", () => {
  const events = [
    {
      type: "message_start",
      message: { id: "m1", type: "message", role: "assistant", content: [], usage: {} },
    },
    { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
    { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "ok" } },
    { type: "content_block_stop", index: 0 },
    { type: "message_delta", delta: { stop_reason: "end_turn" }, usage: { output_tokens: 1 } },
    { type: "message_stop" },
  ];
  const body = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join("");
  const headers = { "content-type": "text/event-stream" };
  const client = new Anthropic({ apiKey: "none", fetch: async () => new Response(body, { headers }) });
  const stream = agent("streams-anthropic", () =>
    client.messages.stream({ model: "claude", max_tokens: 9, messages: request.messages }),
  );

  it("stays iterable, and ends the call with its last event", async () => {
    const types = await Array.fromAsync(stream(), ({ type }) => type);
    expect(types).toEqual(events.map(({ type }) => type));
    expect(ended()).toEqual(ENDED_ONCE);
  });

  it("keeps the call open for a reader who is slower than the server", async () => {
    const messages = stream();
    const items = messages[Symbol.asyncIterator]();
    await items.next();
    await messages.done();
    await nextTurn();
    expect(seen.spans.open).toEqual(["invoke_agent streams-anthropic"]);
    while (!(await items.next()).done);
    expect(ended()).toEqual(ENDED_ONCE);
  });

  it("ends the call when it is never iterated, only waited for", async () => {
    const message = await stream().finalMessage();
    expect(message.content).toMatchObject([{ text: "ok" }]);
    expect(ended()).toEqual(ENDED_ONCE);
  });

  it("fails the call with what breaks it, when it is only waited for", async () => {
    const refuse = async (): Promise<Response> => Response.json({}, { status: 400 });
    const refused = new Anthropic({ apiKey: "none", fetch: refuse, maxRetries: 0 });
    const breaks = agent("breaks-anthropic", () =>
      refused.messages.stream({ model: "claude", max_tokens: 9, messages: request.messages }),
    );
    await expect(breaks().finalMessage()).rejects.toBeInstanceOf(Anthropic.BadRequestError);
    seen.spans.get("invoke_agent breaks-anthropic", {
      failed: true,
      attributes: { "error.type": "BadRequestError" },
    });
  });
});
