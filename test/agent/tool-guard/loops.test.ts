import type Anthropic from "@anthropic-ai/sdk";
import type OpenAI from "openai";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import {
  agent,
  asAnthropicBlock,
  asOpenAIMessage,
  asOpenAIOutput,
  observe,
  toolGuard,
} from "../../../src/index.ts";
import { type ScriptedAnswer, scriptedProvider } from "../../../src/testing/scripted-provider.ts";
import { anthropicFor, openaiFor } from "../../testing/clients.ts";
import { watch } from "../support.ts";

const seen = watch();
const guard = toolGuard({
  tools: { search: { schema: z.object({ query: z.string() }), run: ({ query }) => `a page about ${query}` } },
});
/** A model that mends its call by what it is told: a made-up tool, broken JSON, a wrong type, and then as it should be. */
const SCRIPT: readonly ScriptedAnswer[] = [
  { toolCalls: [{ name: "serch", arguments: { query: "otters" } }] },
  { toolCalls: [{ name: "search", arguments: { query: 7 } }] },
  { toolCalls: [{ name: "search", arguments: { query: "otters" } }] },
  { text: "Otters swim." },
];
const ANSWERS = [
  'There is no tool "serch". Did you mean "search"? Your tools: "search".',
  'The arguments of "search" do not fit its schema:\n- query: expected string\nCall it again with arguments that fit.',
  "a page about otters",
];
const REASONS = ["unknown_tool", "invalid_arguments", undefined];

function expectSpans(): void {
  const tools = seen.spans.all(/^execute_tool/);
  expect(tools.map(({ name }) => name)).toEqual([
    "execute_tool _OTHER",
    "execute_tool search",
    "execute_tool search",
  ]);
  expect(tools.map(({ attributes }) => attributes["error.type"])).toEqual(REASONS);
  const root = seen.spans.get("invoke_agent researcher", { failed: false });
  expect(tools.every(({ parentSpanId }) => parentSpanId === root.spanId)).toBe(true);
  expect(seen.records.at(-1)).toMatchObject({
    operation: "invoke_agent",
    ownToolCalls: 3,
  });
}

describe("a loop goes on over refused tool calls, and the model mends them", () => {
  it("with OpenAI's chat completions, broken JSON among them", async () => {
    const broken = { toolCalls: [{ name: "search", arguments: '{"query": "ott' }] };
    await using provider = await scriptedProvider();
    provider.queue(broken, ...SCRIPT);
    const client = observe(openaiFor(provider));
    const messages: OpenAI.ChatCompletionMessageParam[] = [{ role: "user", content: "What do otters do?" }];
    const researcher = agent("reader", async () => {
      for (;;) {
        const { choices } = await client.chat.completions.create({ model: "gpt-4o-mini", messages });
        const { message } = choices[0]!;
        messages.push(message);
        if (message.tool_calls === undefined) return message.content;
        for (const call of message.tool_calls) messages.push(asOpenAIMessage(await guard.call(call)));
      }
    });
    expect(await researcher()).toBe("Otters swim.");
    const answers = messages.flatMap((message) => (message.role === "tool" ? [message.content] : []));
    expect(answers).toEqual([expect.stringContaining("must be valid JSON"), ...ANSWERS]);
  });

  it("with OpenAI's responses", async () => {
    await using provider = await scriptedProvider();
    provider.queue(...SCRIPT);
    const client = observe(openaiFor(provider));
    const input: OpenAI.Responses.ResponseInput = [{ role: "user", content: "What do otters do?" }];
    const researcher = agent("researcher", async () => {
      for (;;) {
        const { output, output_text } = await client.responses.create({ model: "gpt-4o-mini", input });
        const calls = output.filter((item) => item.type === "function_call");
        if (calls.length === 0) return output_text;
        input.push(...calls);
        for (const call of calls) input.push(asOpenAIOutput(await guard.call(call)));
      }
    });
    expect(await researcher()).toBe("Otters swim.");
    const answers = input.flatMap((item) => (item.type === "function_call_output" ? [item.output] : []));
    expect(answers).toEqual(ANSWERS);
    expectSpans();
  });

  it("with Anthropic's messages", async () => {
    await using provider = await scriptedProvider();
    provider.queue(...SCRIPT);
    const client = observe(anthropicFor(provider));
    const messages: Anthropic.MessageParam[] = [{ role: "user", content: "What do otters do?" }];
    const researcher = agent("researcher", async () => {
      for (;;) {
        const { content } = await client.messages.create({
          model: "claude-sonnet-5",
          max_tokens: 100,
          messages,
        });
        messages.push({ role: "assistant", content });
        const calls = content.filter((block) => block.type === "tool_use");
        if (calls.length === 0)
          return content.flatMap((block) => (block.type === "text" ? [block.text] : []))[0];
        const results = await Promise.all(
          calls.map(async (call) => asAnthropicBlock(await guard.call(call))),
        );
        messages.push({ role: "user", content: results });
      }
    });
    expect(await researcher()).toBe("Otters swim.");
    const results = messages.flatMap(({ content }) =>
      typeof content === "string"
        ? []
        : content.flatMap((block) => (block.type === "tool_result" ? [block] : [])),
    );
    expect(results.map(({ content }) => content)).toEqual(ANSWERS);
    expect(results.map(({ is_error }) => is_error)).toEqual([true, true, undefined]);
    expectSpans();
  });
});
