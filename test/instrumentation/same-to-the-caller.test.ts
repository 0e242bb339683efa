import { describe, expect, it } from "vitest";
import type { ScriptedAnswer } from "../../src/testing/index.ts";
import { watch } from "../agent/support.ts";
import {
  all,
  bothWays,
  type Clients,
  chatRequest,
  messageRequest,
  responseRequest,
  USAGE,
} from "./support.ts";

watch();

const stream = true as const;
const withUsage = { include_usage: true };
const weather = { type: "function" as const, function: { name: "weather", parameters: {} } };

const TEXT: ScriptedAnswer = { text: "otters hold hands while they sleep", usage: USAGE };
const THOUGHT: ScriptedAnswer = { ...TEXT, thinking: "what do otters do at night?" };
const TOOLS: ScriptedAnswer = { toolCalls: [{ name: "weather", arguments: { city: "Bergen" } }] };

/** An answer with the id that the client hangs on it, which JSON does not show. */
async function withId(answer: PromiseLike<object>): Promise<unknown> {
  const { _request_id } = (await answer) as { _request_id?: string };
  return [await answer, _request_id];
}

type Scenario = (clients: Clients) => Promise<unknown>;

const SCENARIOS: Readonly<Record<string, Scenario>> = {
  "chat completion": ({ openai }) => withId(openai.chat.completions.create(chatRequest)),
  "chat completion, streamed": async ({ openai }) =>
    all(await openai.chat.completions.create({ ...chatRequest, stream })),
  "chat completion, streamed with usage": async ({ openai }) =>
    all(await openai.chat.completions.create({ ...chatRequest, stream, stream_options: withUsage })),
  "chat completion, withResponse": async ({ openai }) => {
    const { data, response, request_id } = await openai.chat.completions.create(chatRequest).withResponse();
    return [data, response.status, response.headers.get("content-type"), request_id];
  },
  "chat completion, asResponse": async ({ openai }) => {
    const response = await openai.chat.completions.create(chatRequest).asResponse();
    return [response.status, await response.text()];
  },
  "chat completion, parse": ({ openai }) => withId(openai.chat.completions.parse(chatRequest)),
  "chat completion, stream()": async ({ openai }) => {
    const runner = openai.chat.completions.stream({ ...chatRequest, tools: [weather] });
    return [await all(runner), await runner.finalChatCompletion(), await runner.totalUsage()];
  },
  "chat completion, teed": async ({ openai }) => {
    const [left, right] = (await openai.chat.completions.create({ ...chatRequest, stream })).tee();
    return Promise.all([all(left), all(right)]);
  },
  "chat completion, toReadableStream": async ({ openai }) => {
    const answer = await openai.chat.completions.create({ ...chatRequest, stream });
    return new Response(answer.toReadableStream()).text();
  },
  response: ({ openai }) => withId(openai.responses.create(responseRequest)),
  "response, streamed": async ({ openai }) =>
    all(await openai.responses.create({ ...responseRequest, stream })),
  "response, parse": ({ openai }) => withId(openai.responses.parse(responseRequest)),
  "response, stream()": async ({ openai }) => {
    const runner = openai.responses.stream(responseRequest);
    return [await all(runner), await runner.finalResponse()];
  },
  message: ({ anthropic }) => withId(anthropic.messages.create(messageRequest)),
  "message, streamed": async ({ anthropic }) =>
    all(await anthropic.messages.create({ ...messageRequest, stream })),
  "message, withResponse": async ({ anthropic }) => {
    const { data, response, request_id } = await anthropic.messages.create(messageRequest).withResponse();
    return [data, response.status, request_id];
  },
  "message, asResponse": async ({ anthropic }) => {
    const response = await anthropic.messages.create(messageRequest).asResponse();
    return [response.status, await response.text()];
  },
  "message, stream()": async ({ anthropic }) => {
    const runner = anthropic.messages.stream(messageRequest);
    return [await all(runner), await runner.finalMessage(), runner.request_id];
  },
  "message, teed": async ({ anthropic }) => {
    const [left, right] = (await anthropic.messages.create({ ...messageRequest, stream })).tee();
    return Promise.all([all(left), all(right)]);
  },
  "message, toReadableStream": async ({ anthropic }) => {
    const answer = await anthropic.messages.create({ ...messageRequest, stream });
    return new Response(answer.toReadableStream()).text();
  },
  "beta message": ({ anthropic }) => withId(anthropic.beta.messages.create(messageRequest)),
  "beta message, stream()": async ({ anthropic }) => {
    const runner = anthropic.beta.messages.stream(messageRequest);
    return [await all(runner), await runner.finalMessage()];
  },
};

/** The only thing that may differ: usage is asked for on streams whose caller did not. */
function withoutInjectedOption(request: { readonly path: string; readonly body: unknown }): object {
  const { stream_options: _, ...body } = request.body as Record<string, unknown>;
  return { ...request, body };
}

describe.each(Object.entries(SCENARIOS))("%s", (name, scenario) => {
  it.each([
    ["text", TEXT],
    ["thinking", THOUGHT],
    ["tool calls", TOOLS],
  ])("is the same with and without us, byte for byte: %s", async (_, answer) => {
    const { patched, untouched } = await bothWays([answer], scenario);
    expect(patched.seen).toBe(untouched.seen);
  });

  it("sends the same request, but for the usage of a stream", async () => {
    const { patched, untouched } = await bothWays([TEXT], scenario);
    expect(patched.requests.map(withoutInjectedOption)).toEqual(
      untouched.requests.map(withoutInjectedOption),
    );
    const asksItself = name.endsWith("streamed with usage");
    const injects = /^chat completion, (streamed|stream\(\)|teed|toReadableStream)/.test(name);
    const sent = patched.requests[0]?.body as { stream_options?: unknown };
    expect(sent.stream_options).toEqual(injects || asksItself ? withUsage : undefined);
  });
});
