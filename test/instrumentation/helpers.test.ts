import { betaTool } from "@anthropic-ai/sdk/helpers/beta/json-schema";
import { describe, expect, it } from "vitest";
import { scriptedProvider } from "../../src/testing/index.ts";
import { watch } from "../agent/support.ts";
import { all, type Clients, chatRequest, clientsOf, messageRequest, responseRequest } from "./support.ts";

const told = watch();

const stream = true as const;
const usage = { input: 100, output: 40 };

const ONE_CALL: Readonly<Record<string, (clients: Clients) => Promise<unknown>>> = {
  "chat.completions.parse()": ({ openai }) => openai.chat.completions.parse(chatRequest),
  "chat.completions.stream()": ({ openai }) =>
    openai.chat.completions.stream(chatRequest).finalChatCompletion(),
  "chat.completions, withResponse()": ({ openai }) =>
    openai.chat.completions.create(chatRequest).withResponse(),
  "chat.completions, awaited twice": async ({ openai }) => {
    const answer = openai.chat.completions.create(chatRequest);
    return [await answer, await answer, await answer.withResponse()];
  },
  "chat.completions, teed": async ({ openai }) => {
    const [left, right] = (await openai.chat.completions.create({ ...chatRequest, stream })).tee();
    return Promise.all([all(left), all(right)]);
  },
  "chat.completions, toReadableStream()": async ({ openai }) => {
    const answer = await openai.chat.completions.create({ ...chatRequest, stream });
    return new Response(answer.toReadableStream()).text();
  },
  "responses.parse()": ({ openai }) => openai.responses.parse(responseRequest),
  "responses.stream()": ({ openai }) => openai.responses.stream(responseRequest).finalResponse(),
  "messages.stream()": ({ anthropic }) => anthropic.messages.stream(messageRequest).finalMessage(),
  "messages.parse()": ({ anthropic }) => anthropic.messages.parse(messageRequest),
  "messages, withResponse()": ({ anthropic }) => anthropic.messages.create(messageRequest).withResponse(),
  "messages, teed": async ({ anthropic }) => {
    const [left, right] = (await anthropic.messages.create({ ...messageRequest, stream })).tee();
    return Promise.all([all(left), all(right)]);
  },
  "messages, toReadableStream()": async ({ anthropic }) => {
    const answer = await anthropic.messages.create({ ...messageRequest, stream });
    return new Response(answer.toReadableStream()).text();
  },
  "beta.messages.stream()": ({ anthropic }) => anthropic.beta.messages.stream(messageRequest).finalMessage(),
};

describe.each(Object.entries(ONE_CALL))("%s", (_, ask) => {
  it("is one ended span with its tokens and its cost", async () => {
    await using provider = await scriptedProvider({ respond: () => ({ usage }) });
    await ask(clientsOf(provider));
    expect(told.spans.spans.map(({ name }) => name)).toEqual([expect.stringMatching(/^chat /)]);
    expect(told.spans.open).toEqual([]);
    expect(told.records).toEqual([
      expect.objectContaining({ inputTokens: 100, outputTokens: 40, costNanoUsd: expect.any(Number) }),
    ]);
  });
});

// A union of what tools may be does not infer from a plain one.
type Tools = Parameters<Clients["openai"]["chat"]["completions"]["runTools"]>[0] & { stream?: false };
type StreamedTools = Tools & { stream: true };

const TOOL_ROUNDS = [
  { toolCalls: [{ name: "weather", arguments: { city: "Bergen" } }], usage },
  { text: "rain", usage },
];

describe("tool loops of the clients", () => {
  it.each([false, true])(
    "are one span a round, chat.completions.runTools() (stream: %s)",
    async (streamed) => {
      await using provider = await scriptedProvider();
      provider.queue(...TOOL_ROUNDS);
      const weather = { name: "weather", function: () => "rain", parse: JSON.parse, parameters: {} };
      const request = { ...chatRequest, tools: [{ type: "function" as const, function: weather }] };
      const { completions } = clientsOf(provider).openai.chat;
      const runner = streamed
        ? completions.runTools({ ...request, stream } as StreamedTools)
        : completions.runTools(request as Tools);
      expect(await runner.finalContent()).toBe("rain");
      expect(told.records.map(({ inputTokens }) => inputTokens)).toEqual([100, 100]);
    },
  );

  it.each([false, true])("are one span a round, beta.messages.toolRunner() (stream: %s)", async (stream) => {
    await using provider = await scriptedProvider();
    provider.queue(...TOOL_ROUNDS);
    const weather = betaTool({
      name: "weather",
      description: "Tells the weather.",
      inputSchema: { type: "object", properties: { city: { type: "string" } } },
      run: () => "rain",
    });
    const { anthropic } = clientsOf(provider);
    await anthropic.beta.messages.toolRunner({ ...messageRequest, tools: [weather], stream }).runUntilDone();
    expect(told.records.map(({ inputTokens, operation }) => [operation, inputTokens])).toEqual([
      ["chat", 100],
      ["chat", 100],
    ]);
  });
});

describe("asResponse()", () => {
  it("beside an await keeps the tokens", async () => {
    await using provider = await scriptedProvider({ respond: () => ({ usage }) });
    const answer = clientsOf(provider).openai.chat.completions.create(chatRequest);
    await Promise.all([answer.asResponse(), answer]);
    expect(told.records).toEqual([expect.objectContaining({ inputTokens: 100 })]);
  });
});
