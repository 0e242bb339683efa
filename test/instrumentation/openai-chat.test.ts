import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { describe, expect, it } from "vitest";
import { agent } from "../../src/index.ts";
import { scriptedProvider } from "../../src/testing/index.ts";
import { watch } from "../agent/support.ts";
import { all, chatRequest, clientsOf, USAGE } from "./support.ts";

const told = watch();

// 40 uncached at 0.15, 60 cached at 0.075, 40 out at 0.60 USD per million: 6,000 + 4,500 + 24,000 nano-dollars.
const COST_NANO_USD = 34_500;

const ANSWERED = {
  "gen_ai.operation.name": "chat",
  "gen_ai.provider.name": "openai",
  "gen_ai.request.model": "gpt-4o-mini",
  "gen_ai.response.model": "gpt-4o-mini-2024-07-18",
  "gen_ai.response.id": "chatcmpl-0",
  "gen_ai.response.finish_reasons": ["stop"],
  "gen_ai.usage.input_tokens": 100,
  "gen_ai.usage.output_tokens": 40,
  "gen_ai.usage.cache_read.input_tokens": 60,
  "gen_ai.usage.reasoning.output_tokens": 25,
  "gen_ai.usage.audio.input_tokens": 0,
  "gen_ai.usage.audio.output_tokens": 0,
  "gen_ai.usage.cost.amount": 0.0000345,
  "gen_ai.usage.cost.currency": "USD",
  "gen_ai.usage.cost.source": "local",
  "server.address": "127.0.0.1",
};

const respond = () => ({ text: "otters hold hands", model: "gpt-4o-mini-2024-07-18", usage: USAGE });

describe("chat completions", () => {
  it("become one CLIENT span with all that the answer said, and nothing more", async () => {
    await using provider = await scriptedProvider({ respond });
    await clientsOf(provider).openai.chat.completions.create(chatRequest);
    const span = told.spans.get("chat gpt-4o-mini");
    expect(span).toMatchObject({ kind: SpanKind.CLIENT, status: { code: SpanStatusCode.UNSET } });
    expect(span.attributes).toEqual({ ...ANSWERED, "server.port": Number(new URL(provider.url).port) });
    expect(told.spans.open).toEqual([]);
  });

  it("that are streamed become the same span, with stream and time to first chunk", async () => {
    await using provider = await scriptedProvider({ respond });
    await all(await clientsOf(provider).openai.chat.completions.create({ ...chatRequest, stream: true }));
    expect(told.spans.get("chat gpt-4o-mini").attributes).toEqual({
      ...ANSWERED,
      "server.port": Number(new URL(provider.url).port),
      "gen_ai.request.stream": true,
      "gen_ai.response.time_to_first_chunk": expect.closeTo(0, 0),
      "agents.response.time_per_output_chunk": expect.closeTo(0, 0),
    });
  });

  it.each([false, true])("make one record with exact tokens and cost (stream: %s)", async (stream) => {
    await using provider = await scriptedProvider({ respond });
    const answer = await clientsOf(provider).openai.chat.completions.create({ ...chatRequest, stream });
    if (Symbol.asyncIterator in answer) await all(answer);
    expect(told.records).toEqual([
      expect.objectContaining({
        operation: "chat",
        inputTokens: 100,
        outputTokens: 40,
        cacheReadTokens: 60,
        reasoningTokens: 25,
        costNanoUsd: COST_NANO_USD,
        errorType: undefined,
        spanId: told.spans.spans[0]?.spanId,
      }),
    ]);
  });

  it("carry the request's parameters and none of its content", async () => {
    await using provider = await scriptedProvider();
    await clientsOf(provider).openai.chat.completions.create({
      ...chatRequest,
      max_completion_tokens: 50,
      temperature: 0,
      top_p: 0.9,
      frequency_penalty: 0.1,
      presence_penalty: 0.2,
      seed: 7,
      stop: "END",
      n: 2,
      reasoning_effort: "low",
      response_format: { type: "json_object" },
    });
    const span = told.spans.get("chat gpt-4o-mini", {
      attributes: {
        "gen_ai.request.max_tokens": 50,
        "gen_ai.request.temperature": 0,
        "gen_ai.request.top_p": 0.9,
        "gen_ai.request.frequency_penalty": 0.1,
        "gen_ai.request.presence_penalty": 0.2,
        "gen_ai.request.seed": 7,
        "gen_ai.request.stop_sequences": ["END"],
        "gen_ai.request.choice.count": 2,
        "gen_ai.request.reasoning.level": "low",
        "gen_ai.output.type": "json",
        "gen_ai.response.finish_reasons": ["stop", "stop"],
      },
    });
    expect(JSON.stringify(span.attributes)).not.toContain("12345678");
  });

  it("have a finish reason for each choice of a stream, in the order of the choices", async () => {
    await using provider = await scriptedProvider();
    const request = { ...chatRequest, stream: true, n: 3 } as const;
    await all(await clientsOf(provider).openai.chat.completions.create(request));
    expect(told.records).toHaveLength(1);
    told.spans.get("chat gpt-4o-mini", {
      attributes: { "gen_ai.response.finish_reasons": ["stop", "stop", "stop"] },
    });
  });

  it("belong to the agent that makes them, and are its children", async () => {
    await using provider = await scriptedProvider({ respond });
    const { openai } = clientsOf(provider);
    const research = agent("researcher", async () => {
      await openai.chat.completions.create(chatRequest);
      await all(await openai.chat.completions.create({ ...chatRequest, stream: true }));
    });
    await research();
    const parent = told.spans.get("invoke_agent researcher", {
      attributes: {
        "agents.own.calls": 2,
        "agents.own.tokens": 280,
        "agents.own.cost": (2 * COST_NANO_USD) / 1e9,
      },
    });
    const chats = told.spans.all("chat gpt-4o-mini", {
      parent,
      attributes: { "gen_ai.agent.name": "researcher" },
    });
    expect(chats).toHaveLength(2);
  });

  it("without usage have no tokens and no cost, rather than 0", async () => {
    await using provider = await scriptedProvider({ respond: () => ({ usage: null }) });
    await clientsOf(provider).openai.chat.completions.create(chatRequest);
    told.spans.get("chat gpt-4o-mini", {
      attributes: { "gen_ai.usage.input_tokens": undefined, "gen_ai.usage.cost.amount": undefined },
    });
  });

  it("with unusable token counts are left uncounted, with one warning", async () => {
    await using provider = await scriptedProvider({
      respond: () => ({ wireUsage: { prompt_tokens: -5, completion_tokens: "many" } }),
    });
    const { openai } = clientsOf(provider);
    await openai.chat.completions.create(chatRequest);
    await openai.chat.completions.create(chatRequest);
    expect(told.records.map(({ inputTokens }) => inputTokens)).toEqual([undefined, undefined]);
    expect(told.warnings.filter((text) => text.includes("unusable token count (input:"))).toHaveLength(1);
  });
});
