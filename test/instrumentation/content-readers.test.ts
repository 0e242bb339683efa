import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { boundedMessages } from "../../src/agent/content/bounded.ts";
import { anthropicMessagesContent } from "../../src/instrumentation/clients/anthropic-messages-content.ts";
import { openAiChatContent } from "../../src/instrumentation/clients/openai-chat-content.ts";
import { openAiResponsesContent } from "../../src/instrumentation/clients/openai-responses-content.ts";

const READERS = [
  ["chat completions", openAiChatContent],
  ["responses", openAiResponsesContent],
  ["messages", anthropicMessagesContent],
] as const;

// Names and words of the protocols, so that odd data gets deep into the readers.
const NAMES =
  "messages prompt tools input instructions system content role type text image_url source data tool_calls function name arguments choices message delta index output item output_index content_index response content_block partial_json id";
const WORDS =
  "text image_url tool_use tool_result thinking message function_call reasoning document base64 content text_delta input_json_delta content_block_start content_block_delta response.output_item.added response.output_item.done response.output_text.delta response.function_call_arguments.delta response.completed";

const { odd } = fc.letrec((tie) => ({
  odd: fc.oneof(
    { depthSize: "medium" },
    fc.constantFrom(...WORDS.split(" ")),
    fc.constantFrom(0, 1, -1, 1.5, 1e9, null, undefined, true, ""),
    fc.array(tie("odd"), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom(...NAMES.split(" ")), tie("odd"), { maxKeys: 6 }),
  ),
}));

describe.each(READERS)("the reader of %s", (_, reader) => {
  it("takes whatever a program or a provider sends", () => {
    fc.assert(
      fc.property(odd, fc.array(odd, { maxLength: 5 }), (body, items) => {
        const { input = [], system = [] } = reader.request(body);
        const stream = reader.stream();
        for (const item of items) stream.item(item);
        const said = [
          ...input,
          { role: "system", parts: system },
          ...reader.answer(body),
          ...stream.messages(),
        ];
        for (const { role, parts } of boundedMessages(said)) {
          expect(role).toBeTypeOf("string");
          for (const { type } of parts) expect(type).toBeTypeOf("string");
        }
      }),
      { numRuns: 500 },
    );
  });

  it("leaves what it reads as it was", () => {
    const frozen = (value: unknown): unknown => {
      if (typeof value === "object" && value !== null) Object.values(Object.freeze(value)).forEach(frozen);
      return value;
    };
    fc.assert(
      fc.property(odd, fc.array(odd, { maxLength: 5 }), (body, items) => {
        frozen(body);
        reader.request(body);
        reader.answer(body);
        const stream = reader.stream();
        for (const item of items) stream.item(frozen(item));
        stream.messages();
      }),
    );
  });
});

describe("completions without a chat", () => {
  it("have the prompt as input and the text as output, plain and streamed", () => {
    expect(openAiChatContent.request({ prompt: ["Once", [1, 2]] }).input).toEqual([
      { role: "user", parts: [{ type: "text", content: "Once" }] },
    ]);
    const said = [{ role: "assistant", parts: [{ type: "text", content: "upon a time" }] }];
    expect(openAiChatContent.answer({ choices: [{ index: 0, text: "upon a time" }] })).toEqual(said);
    const stream = openAiChatContent.stream();
    stream.item({ choices: [{ index: 0, text: "upon " }] });
    stream.item({ choices: [{ index: 0, text: "a time" }] });
    expect(stream.messages()).toEqual(said);
  });
});

describe("what only compatible servers and few models send", () => {
  it("is read: thoughts in chat completions", () => {
    const message = { role: "assistant", reasoning_content: "hm", content: "so" };
    const parts = [
      { type: "reasoning", content: "hm" },
      { type: "text", content: "so" },
    ];
    expect(openAiChatContent.answer({ choices: [{ message }] })).toEqual([{ role: "assistant", parts }]);
    const stream = openAiChatContent.stream();
    stream.item({ choices: [{ index: 0, delta: { role: "assistant", reasoning_content: "h" } }] });
    stream.item({ choices: [{ index: 0, delta: { reasoning_content: "m" } }] });
    stream.item({ choices: [{ index: 0, delta: { content: "so" } }] });
    expect(stream.messages()).toEqual([{ role: "assistant", parts }]);
  });

  it("is read: a refusal, a custom tool, tools that run at the provider", () => {
    const refused = { role: "assistant", content: null, refusal: "no" };
    expect(openAiChatContent.answer({ choices: [{ message: refused }] })[0]?.parts).toEqual([
      { type: "refusal", content: "no" },
    ]);
    const custom = { id: "c", type: "custom", custom: { name: "shell", input: "ls" } };
    expect(openAiChatContent.answer({ choices: [{ message: { tool_calls: [custom] } }] })[0]?.parts).toEqual([
      { type: "tool_call", id: "c", name: "shell", arguments: "ls" },
    ]);
    const output = [
      { type: "web_search_call", id: "w", action: { query: "private" } },
      { type: "mcp_call", id: "m", name: "find", arguments: '{"a":1}', output: "found" },
    ];
    expect(openAiResponsesContent.answer({ output })[0]?.parts).toEqual([
      { type: "web_search_call" },
      { type: "tool_call", id: "m", name: "find", arguments: { a: 1 } },
      { type: "tool_call_response", id: "m", response: "found" },
    ]);
  });
});
