import Anthropic from "@anthropic-ai/sdk";
import { SpanKind } from "@opentelemetry/api";
import { describe, expect, it } from "vitest";
import { agent } from "../../src/index.ts";
import { agentSpanProcessor } from "../../src/pipeline/agent-span-processor.ts";
import { type ScriptedProvider, scriptedProvider } from "../../src/testing/index.ts";
import { watch } from "../agent/support.ts";
import { watchRecords } from "./records.ts";
import { all, clientsOf, messageRequest } from "./support.ts";

const told = watch({ spanProcessors: [agentSpanProcessor()] });
const records = watchRecords();

const usage = { input: 1_000, output: 50, cacheRead: 600, cacheWrite5m: 100, cacheWrite1h: 200 };
// See anthropic-messages.test.ts.
const COST_NANO_USD = 1_870_000;

/** A client whose user wants its own spans. */
function tracingClient(provider: ScriptedProvider): Anthropic {
  return new Anthropic({
    apiKey: "sk-ant-test",
    baseURL: provider.anthropicBaseUrl,
    maxRetries: 0,
    openTelemetry: { propagation: false, traces: { enabled: true } },
  });
}

async function asked(client: Anthropic, stream: boolean): Promise<void> {
  const research = agent("researcher", async () => {
    const answer = await client.messages.create({ ...messageRequest, stream });
    if (Symbol.asyncIterator in answer) await all(answer);
  });
  await research();
}

describe.each([false, true])("a client of Anthropic that makes spans itself (stream: %s)", (stream) => {
  it("keeps its span, the only one, and gets it a name, agent and cost", async () => {
    await using provider = await scriptedProvider({ respond: () => ({ usage }) });
    await asked(tracingClient(provider), stream);
    const parent = told.spans.get("invoke_agent researcher");
    const span = told.spans.get("chat claude-sonnet-5", { parent });
    expect(told.spans.spans).toHaveLength(2);
    expect(span).toMatchObject({ kind: SpanKind.CLIENT, scope: "com.anthropic.sdk.typescript" });
    expect(span.attributes).toMatchObject({
      "gen_ai.agent.name": "researcher",
      "gen_ai.usage.input_tokens": 1_000,
      "gen_ai.usage.output_tokens": 50,
      "gen_ai.usage.cost.amount": COST_NANO_USD / 1e9,
      "gen_ai.usage.cost.currency": "USD",
      "gen_ai.usage.cost.source": "local",
    });
  });

  it("has the same record and the same totals as one that leaves the spans to us", async () => {
    await using provider = await scriptedProvider({ respond: () => ({ usage }) });
    await asked(tracingClient(provider), stream);
    const own = records.splice(0).map(comparable);
    await asked(clientsOf(provider).anthropic, stream);
    expect(own).toEqual(records.map(comparable));
    expect(own.map(({ operation }) => operation)).toEqual(["chat", "invoke_agent"]);
  });

  it("fails as one span, with the class of the error in the record", async () => {
    await using provider = await scriptedProvider({ respond: () => ({ fail: { status: 401 } }) });
    await expect(asked(tracingClient(provider), stream)).rejects.toThrow("401");
    expect(told.spans.all("chat claude-sonnet-5", { failed: true })).toHaveLength(1);
    expect(records.filter(({ operation }) => operation === "chat")).toEqual([
      expect.objectContaining({ errorType: expect.any(String), agent: "researcher" }),
    ]);
  });
});

describe("the tool loop of such a client", () => {
  it("is no agent call, and its model calls belong to the agent around it", async () => {
    await using provider = await scriptedProvider({ respond: () => ({ usage }) });
    const research = agent("researcher", () =>
      tracingClient(provider)
        .beta.messages.toolRunner({ ...messageRequest, tools: [] })
        .runUntilDone(),
    );
    await research();
    expect(records.map(({ operation, agent: name }) => [operation, name])).toEqual([
      ["chat", "researcher"],
      ["invoke_agent", "researcher"],
    ]);
  });
});

function comparable(record: (typeof records)[number]) {
  const {
    startMs: _start,
    durationMs: _duration,
    timeToFirstChunk: _first,
    chunkGaps: _gaps,
    traceId: _trace,
    spanId: _span,
    responseModel,
    ...same
  } = record;
  return { ...same, responseModel };
}
