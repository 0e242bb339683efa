import { SpanKind } from "@opentelemetry/api";
import { OpenAI } from "openai";
import { describe, expect, it } from "vitest";
import { scriptedProvider } from "../../src/testing/index.ts";
import { watch } from "../agent/support.ts";
import { all, clientsOf, responseRequest, USAGE } from "./support.ts";

const told = watch();

// 40 uncached at 1.25, 60 cached at 0.125, 40 out at 10 USD per million: 50,000 + 7,500 + 400,000 nano-dollars.
const COST_NANO_USD = 457_500;

const ANSWERED = {
  "gen_ai.operation.name": "chat",
  "gen_ai.provider.name": "openai",
  "gen_ai.request.model": "gpt-5",
  "gen_ai.response.model": "gpt-5",
  "gen_ai.response.id": "resp_0",
  "gen_ai.response.finish_reasons": ["completed"],
  "gen_ai.usage.input_tokens": 100,
  "gen_ai.usage.output_tokens": 40,
  "gen_ai.usage.cache_read.input_tokens": 60,
  "gen_ai.usage.reasoning.output_tokens": 25,
  "gen_ai.usage.cost.amount": 0.0004575,
  "gen_ai.usage.cost.currency": "USD",
  "gen_ai.usage.cost.source": "local",
  "server.address": "127.0.0.1",
};

const respond = () => ({ text: "otters hold hands", usage: USAGE });

describe("responses", () => {
  it("become one CLIENT span with all that the answer said, and nothing more", async () => {
    await using provider = await scriptedProvider({ respond });
    await clientsOf(provider).openai.responses.create(responseRequest);
    const span = told.spans.get("chat gpt-5");
    expect(span.kind).toBe(SpanKind.CLIENT);
    expect(span.attributes).toMatchObject(ANSWERED);
    expect(told.records).toEqual([expect.objectContaining({ costNanoUsd: COST_NANO_USD })]);
  });

  it("that are streamed become the same span, with stream and time to first chunk", async () => {
    await using provider = await scriptedProvider({ respond });
    await all(await clientsOf(provider).openai.responses.create({ ...responseRequest, stream: true }));
    expect(told.spans.get("chat gpt-5").attributes).toMatchObject({
      ...ANSWERED,
      "gen_ai.request.stream": true,
      "gen_ai.response.time_to_first_chunk": expect.closeTo(0, 0),
    });
    expect(told.records).toEqual([expect.objectContaining({ costNanoUsd: COST_NANO_USD })]);
  });

  it("carry the request's parameters", async () => {
    await using provider = await scriptedProvider({ respond: () => ({ finish: "length" }) });
    await clientsOf(provider).openai.responses.create({
      ...responseRequest,
      max_output_tokens: 16,
      temperature: 0.5,
      top_p: 1,
      previous_response_id: "resp_before",
      reasoning: { effort: "high" },
      text: { format: { type: "text" } },
    });
    told.spans.get("chat gpt-5", {
      attributes: {
        "gen_ai.request.max_tokens": 16,
        "gen_ai.request.temperature": 0.5,
        "gen_ai.request.top_p": 1,
        "gen_ai.request.previous_response.id": "resp_before",
        "gen_ai.request.reasoning.level": "high",
        "gen_ai.output.type": "text",
        "gen_ai.response.finish_reasons": ["max_output_tokens"],
      },
    });
  });
});

describe("a response that failed on the model's side", () => {
  const FAILED = {
    id: "resp_1",
    object: "response",
    status: "failed",
    model: "gpt-5",
    output: [],
    error: { code: "server_error", message: "The model could not answer." },
    usage: { input_tokens: 100, output_tokens: 0 },
  };
  const STREAM = `event: response.failed\ndata: ${JSON.stringify({ type: "response.failed", response: FAILED })}\n\n`;

  async function ask(stream: boolean): Promise<void> {
    const type = stream ? "text/event-stream" : "application/json";
    const body = stream ? STREAM : JSON.stringify(FAILED);
    const fetch = async () => new Response(body, { headers: { "content-type": type } });
    const client = new OpenAI({ apiKey: "sk-test", maxRetries: 0, fetch });
    const answer = await client.responses.create({ ...responseRequest, stream });
    if (Symbol.asyncIterator in answer) await all(answer);
  }

  it.each([false, true])("is a failed span with the provider's code (stream: %s)", async (stream) => {
    await ask(stream);
    told.spans.get("chat gpt-5", { failed: true, attributes: { "error.type": "server_error" } });
  });

  it.each([false, true])("has the tokens that were billed (stream: %s)", async (stream) => {
    await ask(stream);
    expect(told.records).toEqual([expect.objectContaining({ inputTokens: 100 })]);
  });
});
