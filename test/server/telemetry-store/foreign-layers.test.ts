import { type Attributes, SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor } from "@opentelemetry/sdk-trace";
import {
  assert,
  asyncProperty,
  boolean,
  constantFrom,
  array as listOf,
  record,
  shuffledSubarray,
} from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { agent } from "../../../src/index.ts";
import type { TraceSpan } from "../../../src/telemetry/trace-span.ts";
import { watch } from "../../agent/support.ts";
import { KINDS, type Layer, type LayerKind, MODEL_KINDS, play, TOKENS } from "../../foreign/layers.ts";
import { CHAT } from "../../instrumentation/foreign-spans.ts";
import { Counted, counted } from "./counted.ts";

const START_MS = Date.UTC(2026, 10, 21, 12);
const PROCESS = { "service.name": "office" };

interface Shape {
  readonly id: string;
  readonly parent?: string;
  readonly attributes?: Attributes;
  readonly scope?: string;
  readonly trace?: string;
  /** Milliseconds. */
  readonly from: number;
  readonly to: number;
}

function span({ id, parent, attributes = {}, scope = "another", trace = "a", from, to }: Shape): TraceSpan {
  return {
    traceId: trace.repeat(32),
    spanId: id.padStart(16, "0"),
    parentSpanId: parent?.padStart(16, "0"),
    name: `span ${id}`,
    kind: SpanKind.CLIENT,
    startNs: BigInt(START_MS + from) * 1_000_000n,
    endNs: BigInt(START_MS + to) * 1_000_000n,
    status: { code: SpanStatusCode.UNSET },
    attributes,
    events: [],
    resource: PROCESS,
    scope,
  };
}

async function of(...requests: readonly (readonly Shape[])[]): Promise<Counted> {
  const sink = new Counted();
  for (const shapes of requests) await sink.add({ spans: shapes.map(span) });
  return sink;
}

/** In one request, and each in its own as it ends. */
const WAYS: readonly [string, (shapes: readonly Shape[]) => readonly (readonly Shape[])[]][] = [
  ["together", (shapes) => [shapes]],
  ["one by one", (shapes) => shapes.map((shape) => [shape])],
];

const AGENT = { "gen_ai.operation.name": "invoke_agent", "gen_ai.agent.name": "boss" };
const EMBED = {
  "gen_ai.operation.name": "embeddings",
  "gen_ai.request.model": "text-embedding-3-small",
  "gen_ai.usage.input_tokens": 10,
};

describe.each(WAYS)("layers that arrive %s", (_, requests) => {
  it("count a wrapper that tried twice by its attempts", async () => {
    const sink = await of(
      ...requests([
        { id: "2", parent: "1", attributes: CHAT, from: 1, to: 2 },
        { id: "3", parent: "1", attributes: CHAT, from: 3, to: 4 },
        { id: "1", attributes: CHAT, from: 0, to: 5 },
      ]),
    );
    expect([sink.records.length, sink.tokens]).toEqual([2, 2 * TOKENS]);
  });

  it("find the call below a span that tells of none", async () => {
    const sink = await of(
      ...requests([
        { id: "3", parent: "2", attributes: CHAT, from: 2, to: 3 },
        { id: "2", parent: "1", attributes: { "http.request.method": "POST" }, from: 1, to: 4 },
        { id: "1", attributes: { ...CHAT, "gen_ai.usage.cost.amount": 7 }, from: 0, to: 5 },
      ]),
    );
    expect(sink.records.map(({ spanId }) => spanId)).toEqual(["0000000000000003"]);
    const wrapper = sink.kept.at(-1)!.attributes;
    expect(wrapper).toMatchObject({ "agents.call.counted": false, "gen_ai.usage.input_tokens": 100 });
    expect(wrapper).not.toHaveProperty("gen_ai.operation.name");
    expect(wrapper).not.toHaveProperty("gen_ai.usage.cost.amount");
  });

  it("count what a tool asks beside the call that asked for the tool", async () => {
    const sink = await of(
      ...requests([
        { id: "3", parent: "2", attributes: CHAT, from: 2, to: 3 },
        { id: "2", parent: "1", attributes: { "openinference.span.kind": "TOOL" }, from: 1, to: 4 },
        { id: "1", attributes: CHAT, from: 0, to: 5 },
      ]),
    );
    expect(sink.tokens).toBe(2 * TOKENS);
  });

  it("count a call beside the embeddings below it", async () => {
    const sink = await of(
      ...requests([
        { id: "2", parent: "1", attributes: EMBED, from: 1, to: 2 },
        { id: "1", attributes: CHAT, from: 0, to: 5 },
      ]),
    );
    expect(sink.tokens).toBe(TOKENS + 10);
  });

  it("count a call that began below one that was over", async () => {
    const sink = await of(
      ...requests([
        { id: "1", attributes: CHAT, from: 0, to: 5 },
        { id: "2", parent: "1", attributes: CHAT, from: 10, to: 12 },
      ]),
    );
    expect(sink.tokens).toBe(2 * TOKENS);
  });
});

describe("a wrapper of others around a call of ours", () => {
  const ours = { id: "2", parent: "1", attributes: CHAT, scope: "agent-otel", from: 1, to: 2 };
  const wrapper = { id: "1", attributes: CHAT, from: 0, to: 5 };

  it("is not counted", async () => {
    const { records } = await of([ours, wrapper]);
    expect(records.map(({ spanId }) => spanId)).toEqual(["0000000000000002"]);
  });

  it("is not counted in a later request where its process said so", async () => {
    const withdrawn = { "llm.model_name": "gpt-4o-mini", "openinference.span.kind": "LLM" };
    const { records } = await of(
      [ours],
      [{ ...wrapper, attributes: { ...withdrawn, "agents.call.counted": false } }],
    );
    expect(records.map(({ spanId }) => spanId)).toEqual(["0000000000000002"]);
  });
});

describe("layers in several requests", () => {
  it("count once where the outer one arrives first", async () => {
    const inner = { id: "2", parent: "1", attributes: CHAT, from: 1, to: 2 };
    const sink = await of([{ id: "1", attributes: CHAT, from: 0, to: 5 }], [inner]);
    expect(sink.records.map(({ spanId }) => spanId)).toEqual(["0000000000000001"]);
  });

  it("count twice where the span between them arrives last, since what was counted stays counted", async () => {
    const sink = await of(
      [{ id: "3", parent: "2", attributes: CHAT, from: 2, to: 3 }],
      [{ id: "1", attributes: CHAT, from: 0, to: 5 }],
      [{ id: "2", parent: "1", from: 1, to: 4 }],
    );
    expect(sink.tokens).toBe(2 * TOKENS);
  });
});

describe("spans made from callbacks that arrive", () => {
  const LANGCHAIN = "openinference.instrumentation.langchain";
  const llm = {
    "openinference.span.kind": "LLM",
    "llm.model_name": "gpt-4o-mini",
    "llm.token_count.prompt": 100,
    "llm.token_count.completion": 40,
  };
  const first = { id: "1", parent: "9", attributes: llm, scope: LANGCHAIN, from: 0, to: 10 };
  const second = { ...first, id: "2", from: 1, to: 11 };
  const client = { id: "3", parent: "9", attributes: CHAT, from: 2, to: 9 };

  it("take one call of the client each, in whatever order", async () => {
    const spans = [first, second, client, { ...client, id: "4", from: 3 }];
    expect((await of(spans)).tokens).toBe(2 * TOKENS);
    expect((await of([...spans].reverse())).tokens).toBe(2 * TOKENS);
  });

  it("count themselves where the client's one span is another's, or none is there", async () => {
    expect((await of([first, second, client])).tokens).toBe(2 * TOKENS);
    expect((await of([first])).tokens).toBe(TOKENS);
  });

  it("take no call that began before them", async () => {
    expect((await of([{ ...first, from: 5 }, client])).tokens).toBe(2 * TOKENS);
  });

  it("take no call of another process, nor of another request of a user", async () => {
    const top = { id: "1", attributes: llm, scope: LANGCHAIN, from: 0, to: 10 };
    const elsewhere = { id: "3", parent: "8", trace: "b", attributes: CHAT, from: 2, to: 9 };
    expect((await of([top, elsewhere])).tokens).toBe(2 * TOKENS);
    const sink = new Counted();
    const other = { ...span({ id: "3", trace: "b", attributes: CHAT, from: 2, to: 9 }), resource: {} };
    await sink.add({ spans: [span(top), other] });
    expect(sink.tokens).toBe(2 * TOKENS);
  });
});

describe("whose work a call is", () => {
  const chat = { id: "3", parent: "2", attributes: CHAT, from: 2, to: 3 };
  const step = { id: "2", parent: "1", from: 1, to: 4 };
  const boss = { id: "1", attributes: AGENT, from: 0, to: 5 };

  it("is told by the nearest agent around it in the same request, of ours or of others", async () => {
    for (const scope of ["agent-otel", "another"]) {
      const [record] = (await of([chat, step, { ...boss, scope }])).records;
      expect(record?.agent).toBe("boss");
    }
  });

  it("is told by an agent that arrived before", async () => {
    const [, record] = (await of([boss, step], [chat])).records;
    expect(record?.agent).toBe("boss");
  });

  it("is not known where the agent arrives later", async () => {
    const [record] = (await of([chat], [step, boss])).records;
    expect(record).toMatchObject({ operation: "chat", agent: undefined });
  });

  it("is told by the span itself where its dialect says so", async () => {
    const ai = { "ai.operationId": "ai.generateText.doGenerate", "ai.telemetry.functionId": "writer" };
    const [named, functional] = (
      await of([
        { ...chat, attributes: { ...CHAT, "agent.name": "clerk" } },
        { ...chat, id: "4", attributes: { ...ai, "ai.model.id": "gpt-4o-mini" } },
      ])
    ).records;
    expect([named?.agent, functional?.agent]).toEqual(["clerk", "writer"]);
  });

  it("of an agent is its caller's, and of a workflow's own step nobody's", async () => {
    const workflow = { "traceloop.span.kind": "workflow", "traceloop.entity.name": "report" };
    const { records } = await of([
      { id: "3", parent: "2", attributes: { ...AGENT, "gen_ai.agent.name": "writer" }, from: 2, to: 3 },
      { id: "4", parent: "2", attributes: CHAT, from: 2, to: 3 },
      { id: "2", attributes: workflow, from: 0, to: 5 },
    ]);
    expect(records[0]).toMatchObject({ agent: "writer", callerType: "workflow", caller: "report" });
    expect(records[1]?.agent).toBeUndefined();
  });
});

describe("spans of Python", () => {
  it.each([
    [
      "OpenLLMetry, whose input has the cache in it",
      "opentelemetry.instrumentation.anthropic",
      {
        "gen_ai.system": "Anthropic",
        "llm.request.type": "completion",
        "gen_ai.request.model": "claude-sonnet-5",
        "gen_ai.usage.input_tokens": 1_000,
        "gen_ai.usage.output_tokens": 50,
        "gen_ai.usage.cache_read_input_tokens": 600,
        "gen_ai.usage.cache_creation_input_tokens": 300,
      },
      "text_completion",
    ],
    [
      "OpenLIT, whose input leaves it out",
      "openlit.otel.tracing",
      {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "anthropic",
        "gen_ai.request.model": "claude-sonnet-5",
        "gen_ai.usage.input_tokens": 100,
        "gen_ai.usage.output_tokens": 50,
        "gen_ai.usage.cache_read.input_tokens": 600,
        "gen_ai.usage.cache_creation.input_tokens": 300,
      },
      "chat",
    ],
    [
      "OpenInference",
      "openinference.instrumentation.anthropic",
      {
        "openinference.span.kind": "LLM",
        "llm.provider": "anthropic",
        "llm.model_name": "claude-sonnet-5",
        "llm.token_count.prompt": 1_000,
        "llm.token_count.completion": 50,
        "llm.token_count.prompt_details.cache_read": 600,
        "llm.token_count.prompt_details.cache_write": 300,
      },
      "chat",
    ],
  ])("of %s, count what was used", async (_, scope, attributes, operation) => {
    const { records } = await of([{ id: "1", scope, attributes, from: 0, to: 1 }]);
    // 100 at 2, 600 at 0.2, 300 at 2.5, 50 at 10 USD per million.
    expect(records).toMatchObject([
      { operation, provider: "anthropic", inputTokens: 1_000, outputTokens: 50, costNanoUsd: 1_570_000 },
    ]);
  });
});

describe("unknown prices and counts", () => {
  it("stay unknown", async () => {
    const unknown = { ...CHAT, "gen_ai.request.model": "nobody-knows-me" };
    const { "gen_ai.usage.input_tokens": _in, ...silent } = CHAT;
    const { records } = await of([
      { id: "1", attributes: unknown, from: 0, to: 1 },
      { id: "2", attributes: silent, from: 0, to: 1 },
    ]);
    expect(records.map(({ inputTokens, costNanoUsd }) => [inputTokens, costNanoUsd])).toEqual([
      [100, undefined],
      [undefined, undefined],
    ]);
  });

  it("leave a price that came with the span as it is", async () => {
    const { records } = await of([
      { id: "1", attributes: { ...CHAT, "gen_ai.usage.cost.amount": 0.5 }, from: 0, to: 1 },
    ]);
    expect(records[0]?.costNanoUsd).toBe(500_000_000);
  });
});

describe("trees that no program makes", () => {
  it("end: a ring of spans", async () => {
    const ring = Array.from({ length: 1_000 }, (_, i) => ({
      id: String(i + 1),
      parent: String(((i + 1) % 1_000) + 1),
      attributes: CHAT,
      from: 0,
      to: 1,
    }));
    const sink = await of(ring);
    expect(sink.records.length).toBeGreaterThan(0);
  });

  it("are forgotten when they are many", async () => {
    const sink = await of([{ id: "2", parent: "1", attributes: CHAT, from: 1, to: 2 }]);
    const many = Array.from({ length: 30_000 }, (_, i) =>
      span({ id: i.toString(16), trace: "b", from: 0, to: 1 }),
    );
    await sink.add({ spans: many });
    await sink.add({ spans: [span({ id: "1", attributes: CHAT, from: 0, to: 5 })] });
    expect(sink.tokens).toBe(2 * TOKENS);
  });
});

describe("any layers around one model call, made by a real SDK", () => {
  const exporter = new InMemorySpanExporter();
  watch({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
  beforeEach(() => exporter.reset());

  // `chat()` around a client of others needs the processor: a call of ours counts by itself.
  const kinds: readonly LayerKind[] = KINDS.filter((kind) => kind !== "ours");
  const layer = record({ kind: constantFrom(...kinds), knowsUsage: boolean() });
  const layers = listOf(layer, { minLength: 1, maxLength: 6 }).filter((all) =>
    all.some(({ kind, knowsUsage }) => knowsUsage && MODEL_KINDS.includes(kind)),
  );

  function exported(all: readonly Layer[], ends: readonly number[]): readonly ReadableSpan[] {
    exporter.reset();
    agent("root", () => play(all, ends))();
    return exporter.getFinishedSpans();
  }

  async function expectOnce(requests: readonly (readonly ReadableSpan[])[]): Promise<void> {
    const { records } = await counted(requests);
    expect(records.filter(({ inputTokens }) => inputTokens !== undefined)).toHaveLength(1);
  }

  it("count it once, whoever knows its tokens, in whatever order they end", async () => {
    const withEnds = layers.chain((all) => {
      const indexes = all.map((_, index) => index);
      return shuffledSubarray(indexes, { minLength: indexes.length }).map((ends) => ({ all, ends }));
    });
    await assert(
      asyncProperty(withEnds, async ({ all, ends }) => {
        await expectOnce([exported(all, ends)]);
      }),
      { numRuns: 200 },
    );
  });

  it("count it once where each is sent by itself when it ends", async () => {
    // An agent of ours ends when all is over, not when what is inside of it is.
    const inOrder = layers.filter((all) => all.every(({ kind }) => kind !== "our agent"));
    await assert(
      asyncProperty(inOrder, async (all) => {
        const ends = all.map((_, index) => all.length - 1 - index);
        await expectOnce(exported(all, ends).map((one) => [one]));
      }),
      { numRuns: 200 },
    );
  });
});
