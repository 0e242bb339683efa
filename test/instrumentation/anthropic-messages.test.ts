import { SpanKind } from "@opentelemetry/api";
import { describe, expect, it } from "vitest";
import { scriptedProvider } from "../../src/testing/index.ts";
import { watch } from "../agent/support.ts";
import { all, type Clients, clientsOf, messageRequest } from "./support.ts";

const told = watch();

const usage = {
  input: 1_000,
  output: 50,
  cacheRead: 600,
  cacheWrite5m: 100,
  cacheWrite1h: 200,
  reasoning: 20,
};

// 100 uncached at 2, 600 read at 0.2, 100 written at 2.5, 200 for an hour at 4, 50 out at 10 USD per million:
// 200,000 + 120,000 + 250,000 + 800,000 + 500,000 nano-dollars.
const COST_NANO_USD = 1_870_000;

const ANSWERED = {
  "gen_ai.operation.name": "chat",
  "gen_ai.provider.name": "anthropic",
  "gen_ai.request.model": "claude-sonnet-5",
  "gen_ai.response.model": "claude-sonnet-5",
  "gen_ai.response.id": "msg_0",
  "gen_ai.response.finish_reasons": ["end_turn"],
  "gen_ai.request.max_tokens": 1024,
  "gen_ai.usage.input_tokens": 1_000,
  "gen_ai.usage.output_tokens": 50,
  "gen_ai.usage.cache_read.input_tokens": 600,
  "gen_ai.usage.cache_write.input_tokens": 300,
  "gen_ai.usage.reasoning.output_tokens": 20,
  "gen_ai.usage.cost.amount": 0.00187,
  "gen_ai.usage.cost.currency": "USD",
  "gen_ai.usage.cost.source": "local",
  "server.address": "127.0.0.1",
};

const respond = () => ({ text: "otters hold hands", thinking: "hm", usage });

type Messages = Clients["anthropic"]["messages"];

describe.each([
  ["messages", ({ anthropic }: Clients): Messages => anthropic.messages],
  // Its types differ in fields that are not used here.
  ["beta.messages", ({ anthropic }: Clients): Messages => anthropic.beta.messages as unknown as Messages],
] as const)("%s", (_, messagesOf) => {
  it("become one CLIENT span with all that the answer said, and nothing more", async () => {
    await using provider = await scriptedProvider({ respond });
    await messagesOf(clientsOf(provider)).create(messageRequest);
    const span = told.spans.get("chat claude-sonnet-5");
    expect(span.kind).toBe(SpanKind.CLIENT);
    expect(span.attributes).toEqual({ ...ANSWERED, "server.port": Number(new URL(provider.url).port) });
    expect(told.records).toEqual([expect.objectContaining({ costNanoUsd: COST_NANO_USD })]);
  });

  it("that are streamed become the same span, with stream and time to first chunk", async () => {
    await using provider = await scriptedProvider({ respond });
    await all(await messagesOf(clientsOf(provider)).create({ ...messageRequest, stream: true }));
    expect(told.spans.get("chat claude-sonnet-5").attributes).toEqual({
      ...ANSWERED,
      "server.port": Number(new URL(provider.url).port),
      "gen_ai.request.stream": true,
      "gen_ai.response.time_to_first_chunk": expect.closeTo(0, 0),
      "agents.response.time_per_output_chunk": expect.closeTo(0, 0),
    });
    expect(told.records).toEqual([expect.objectContaining({ costNanoUsd: COST_NANO_USD })]);
  });

  it("carry the request's parameters, and send no trace context to the provider", async () => {
    await using provider = await scriptedProvider();
    const sampling = { temperature: 0.3, top_p: 0.8, top_k: 5, stop_sequences: ["END", "STOP"] };
    await messagesOf(clientsOf(provider)).create({ ...messageRequest, ...sampling });
    told.spans.get("chat claude-sonnet-5", {
      attributes: {
        "gen_ai.request.temperature": 0.3,
        "gen_ai.request.top_p": 0.8,
        "gen_ai.request.top_k": 5,
        "gen_ai.request.stop_sequences": ["END", "STOP"],
      },
    });
    const headers = Object.keys(provider.requests[0]?.headers ?? {});
    expect(headers.filter((name) => /^(traceparent|tracestate|baggage|b3|x-b3-.*)$/.test(name))).toEqual([]);
  });
});
