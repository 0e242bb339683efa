import { generateText, type ModelMessage, streamText, type ToolSet, tool } from "ai";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { contentCapture } from "../../../src/agent/content/capture-mode.ts";
import { formatTrace } from "../../../src/telemetry/format-trace.ts";
import * as names from "../../../src/telemetry/semconv.ts";
import { openDesk } from "./desk.ts";

const desk = openDesk();
const CANARY = "canary-41f0";
const tools: ToolSet = { search: tool({ inputSchema: z.object({ query: z.string() }) }) };

const messages: ModelMessage[] = [
  {
    role: "user",
    content: [
      { type: "text", text: `Where is ${CANARY}?` },
      { type: "file", data: "aGVsbG8=", mediaType: "image/png" },
    ],
  },
  {
    role: "assistant",
    content: [{ type: "tool-call", toolCallId: "1", toolName: "search", input: { query: CANARY } }],
  },
  {
    role: "tool",
    content: [
      {
        type: "tool-result",
        toolCallId: "1",
        toolName: "search",
        output: { type: "text", value: `${CANARY} pages` },
      },
    ],
  },
];
const ANSWER = {
  text: `Here is ${CANARY}.`,
  toolCalls: [{ id: "2", name: "search", arguments: { query: CANARY } }],
  thinking: `Think of ${CANARY}.`,
};

function ask(telemetry: object = {}) {
  return {
    model: desk.anthropic("claude-haiku-4-5"),
    instructions: `Know ${CANARY}.`,
    messages,
    tools,
    telemetry: { functionId: "finder", ...telemetry },
  };
}

const shown = () => formatTrace(desk.spans.spans, { attributes: true });
const recorded = (attribute: string) =>
  JSON.parse(String(desk.spans.get(/^chat/).attributes[attribute])) as unknown;

describe("what the AI SDK's models are asked and answer", () => {
  it("is not recorded by itself", async () => {
    desk.provider.queue(ANSWER, ANSWER);
    await generateText(ask());
    await streamText(ask()).text;
    expect(desk.spans.all(/^chat/)).toHaveLength(2);
    expect(shown()).not.toContain(CANARY);
  });
});

describe("an error that quotes what was asked", () => {
  const fails = { fail: { status: 400, message: `No such place: ${CANARY}` } } as const;

  it("is told by its class alone where the call keeps content back", async () => {
    desk.provider.queue(fails, { ...ANSWER, fail: { ...fails.fail, afterChunks: 1 } });
    await generateText(ask({ recordInputs: false })).catch(() => {});
    const { textStream } = streamText({ ...ask({ recordOutputs: false }), onError() {} });
    for await (const _ of textStream);
    await expect.poll(() => desk.spans.open).toEqual([]);
    expect(desk.spans.all({ name: /^chat/, failed: true })).toHaveLength(2);
    expect(shown()).not.toContain(CANARY);
  });
});

describe("what the AI SDK's models are asked and answer, where content is recorded", () => {
  beforeEach(() => contentCapture.use("SPAN_ONLY"));
  afterEach(() => contentCapture.use("NO_CONTENT"));

  const asked = [
    { role: "system", parts: [{ type: "text", content: `Know ${CANARY}.` }] },
    {
      role: "user",
      parts: [
        { type: "text", content: `Where is ${CANARY}?` },
        { type: "blob", modality: "image", mime_type: "image/png", byte_size: 6 },
      ],
    },
    {
      role: "assistant",
      parts: [{ type: "tool_call", id: "1", name: "search", arguments: { query: CANARY } }],
    },
    { role: "tool", parts: [{ type: "tool_call_response", id: "1", response: `${CANARY} pages` }] },
  ];
  const answered = [
    {
      role: "assistant",
      parts: [
        { type: "reasoning", content: ANSWER.thinking },
        { type: "text", content: ANSWER.text },
        { type: "tool_call", id: "2", name: "search", arguments: { query: CANARY } },
      ],
    },
  ];

  it("is on the model call", async () => {
    desk.provider.queue(ANSWER);
    await generateText(ask());
    expect(recorded(names.ATTR_INPUT_MESSAGES)).toEqual(asked);
    expect(recorded(names.ATTR_OUTPUT_MESSAGES)).toEqual(answered);
  });

  it("is the same of a stream", async () => {
    desk.provider.queue(ANSWER);
    await streamText(ask()).text;
    expect(recorded(names.ATTR_INPUT_MESSAGES)).toEqual(asked);
    expect(recorded(names.ATTR_OUTPUT_MESSAGES)).toEqual(answered);
  });

  it("is not recorded where the call says so", async () => {
    desk.provider.queue(ANSWER);
    await generateText(ask({ recordInputs: false, recordOutputs: false }));
    expect(shown()).not.toContain(CANARY);
  });
});

describe("a secret that the AI SDK keeps from hooks", () => {
  it("stays in the program's own answer, whose stream is watched all the same", async () => {
    const token = "Bearer otter";
    const result = streamText({
      model: desk.openai("gpt-4o-mini"),
      prompt: "Otters?",
      tools: {
        docs: desk.openai.tools.mcp({
          serverLabel: "docs",
          serverUrl: "https://docs.test",
          authorization: token,
        }),
      },
      include: { requestBody: true },
      telemetry: { functionId: "finder" },
    });
    const [step] = await result.steps;
    expect(JSON.stringify(step?.request.body)).toContain(token);
    await expect.poll(() => desk.spans.open).toEqual([]);
    expect(desk.spans.get(/^chat/).attributes[names.ATTR_FINISH_REASONS]).toBeDefined();
    expect(desk.spans.get(/^chat/).attributes[names.ATTR_USAGE_INPUT]).toEqual(expect.any(Number));
  });
});
