import { describe, expect, it } from "vitest";
import { scriptedProvider } from "../../src/testing/scripted-provider.ts";
import { all, openaiFor } from "./clients.ts";

const request = { model: "gpt-5-mini", input: "12345678" };

const ANSWER = {
  thinking: "Which version is it?",
  text: "Python 3.13, I think.",
  toolCalls: [{ name: "shell", arguments: { command: "python3 --version" } }],
  usage: { input: 100, output: 40, cacheRead: 60, cacheWrite5m: 10, reasoning: 25 },
};

const WIRE_USAGE = {
  input_tokens: 100,
  input_tokens_details: { cached_tokens: 60, cache_write_tokens: 10 },
  output_tokens: 40,
  output_tokens_details: { reasoning_tokens: 25 },
  total_tokens: 140,
};

const OUTPUT = [
  { type: "reasoning", summary: [{ type: "summary_text", text: "Which version is it?" }] },
  {
    type: "message",
    status: "completed",
    content: [{ type: "output_text", text: "Python 3.13, I think." }],
  },
  {
    type: "function_call",
    call_id: "call_0_0",
    name: "shell",
    arguments: '{"command":"python3 --version"}',
  },
];

describe("responses", () => {
  it("answer ok when nothing is scripted", async () => {
    await using provider = await scriptedProvider();
    const response = await openaiFor(provider).responses.create(request);
    expect(response).toMatchObject({ id: "resp_0", output_text: "ok", status: "completed" });
    expect(response.usage).toMatchObject({ input_tokens: 2, output_tokens: 1 });
  });

  it("carry reasoning, text, function calls and exact usage", async () => {
    await using provider = await scriptedProvider({ respond: () => ANSWER });
    const response = await openaiFor(provider).responses.create(request);
    expect(response.output).toMatchObject(OUTPUT);
    expect(response.usage).toEqual(WIRE_USAGE);
  });

  it("are incomplete when the script ends them early", async () => {
    await using provider = await scriptedProvider({ respond: () => ({ text: "cut", finish: "length" }) });
    expect(await openaiFor(provider).responses.create(request)).toMatchObject({
      status: "incomplete",
      incomplete_details: { reason: "max_output_tokens" },
    });
  });

  it("stream into the same response that is sent plain", async () => {
    await using provider = await scriptedProvider({ respond: () => ANSWER });
    const stream = openaiFor(provider).responses.stream(request);
    const response = await stream.finalResponse();
    expect(response.output).toMatchObject(OUTPUT);
    expect(response.usage).toEqual(WIRE_USAGE);
  });

  it("stream from created over text deltas to completed, in numbered events", async () => {
    await using provider = await scriptedProvider({ respond: () => ({ chunks: ["one ", "two"] }) });
    const events = await all(await openaiFor(provider).responses.create({ ...request, stream: true }));
    expect(events.map((event) => event.type)).toEqual([
      "response.created",
      "response.in_progress",
      "response.output_item.added",
      "response.content_part.added",
      "response.output_text.delta",
      "response.output_text.delta",
      "response.output_text.done",
      "response.content_part.done",
      "response.output_item.done",
      "response.completed",
    ]);
    expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, index) => index));
  });

  it("end a stream that was cut short with response.incomplete", async () => {
    await using provider = await scriptedProvider({ respond: () => ({ text: "cut", finish: "length" }) });
    const events = await all(await openaiFor(provider).responses.create({ ...request, stream: true }));
    expect(events.at(-1)).toMatchObject({
      type: "response.incomplete",
      response: { status: "incomplete", usage: { output_tokens: 1 } },
    });
  });
});
