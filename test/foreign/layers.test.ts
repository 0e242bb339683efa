import { trace } from "@opentelemetry/api";
import {
  assert,
  boolean,
  constantFrom,
  array as listOf,
  property,
  record,
  shuffledSubarray,
} from "fast-check";
import { beforeEach, describe, expect, it } from "vitest";
import { agent, chat, tool } from "../../src/index.ts";
import { agentSpanProcessor } from "../../src/pipeline/agent-span-processor.ts";
import { watch } from "../agent/support.ts";
import { CHAT, foreign } from "../instrumentation/foreign-spans.ts";
import { watchRecords } from "../instrumentation/records.ts";
import { COST_NANO_USD, KINDS, type Layer, MODEL_KINDS, play, TOKENS } from "./layers.ts";

const told = watch({ spanProcessors: [agentSpanProcessor()] });
const records = watchRecords();

/** What was counted: in records, in the agent's totals, and on spans. */
function counted() {
  const [root] = told.spans.all("invoke_agent root");
  return {
    records: records.filter(({ inputTokens }) => inputTokens !== undefined).length,
    recordedCost: records.reduce((sum, { costNanoUsd = 0 }) => sum + costNanoUsd, 0),
    tokens: root?.attributes["agents.subtree.tokens"],
    cost: Math.round(Number(root?.attributes["agents.subtree.cost"]) * 1e9),
    spansWithCost: told.spans.spans.filter(({ attributes }) => "gen_ai.usage.cost.amount" in attributes)
      .length,
  };
}

function times(calls: number) {
  return {
    records: calls,
    recordedCost: calls * COST_NANO_USD,
    tokens: calls * TOKENS,
    cost: calls * COST_NANO_USD,
    spansWithCost: calls,
  };
}

const layer = record({ kind: constantFrom(...KINDS), knowsUsage: boolean() });
const layersAndEnds = listOf(layer, { minLength: 1, maxLength: 6 })
  .filter((layers) => layers.some(({ kind, knowsUsage }) => knowsUsage && MODEL_KINDS.includes(kind)))
  .chain((layers) => {
    const indexes = layers.map((_, index) => index);
    return shuffledSubarray(indexes, { minLength: indexes.length }).map((ends) => ({ layers, ends }));
  });

function forget(): void {
  told.spans.reset();
  records.length = 0;
}

describe("layers around one model call", () => {
  it("count it once, whichever they are, whoever knows its tokens, and in whatever order they end", () => {
    assert(
      property(layersAndEnds, ({ layers, ends }) => {
        forget();
        agent("root", () => play(layers, ends))();
        expect(counted()).toEqual(times(1));
      }),
      { numRuns: 500 },
    );
  });

  it("make one record of it where each ends before the one around it and the innermost knows the tokens", () => {
    assert(
      property(listOf(layer, { maxLength: 5 }), (around) => {
        forget();
        const layers: Layer[] = [...around, { kind: "conventions", knowsUsage: true }];
        const ends = layers.map((_, index) => layers.length - 1 - index);
        agent("root", () => play(layers, ends))();
        expect(records.filter(({ operation }) => operation === "chat")).toHaveLength(1);
        expect(told.spans.all({ attributes: { "gen_ai.operation.name": "chat" } })).toHaveLength(1);
      }),
      { numRuns: 200 },
    );
  });
});

describe("a wrapper", () => {
  const twice = { ...CHAT, "gen_ai.usage.input_tokens": 200, "gen_ai.usage.output_tokens": 80 };

  beforeEach(forget);

  it("that tried twice leaves both attempts counted, and is not counted", () => {
    agent("root", () =>
      foreign("wrapper", twice, () => {
        foreign("first", CHAT);
        foreign("second", CHAT, undefined, "client");
      }),
    )();
    expect(counted()).toEqual(times(2));
  });

  it("whose first attempt failed without usage counts the second alone", () => {
    const { "gen_ai.usage.input_tokens": _in, "gen_ai.usage.output_tokens": _out, ...failed } = CHAT;
    agent("root", () =>
      foreign("wrapper", CHAT, () => {
        foreign("first", { ...failed, "error.type": "500" });
        foreign("second", CHAT);
      }),
    )();
    expect(counted()).toEqual(times(1));
    expect(records.map(({ operation, errorType }) => [operation, errorType])).toEqual([
      ["chat", "500"],
      ["chat", undefined],
      ["invoke_agent", undefined],
    ]);
  });

  it("keeps its own cost off, even where it brings one", () => {
    const priced = { ...CHAT, "gen_ai.usage.cost.amount": 7 };
    agent("root", () => foreign("wrapper", priced, () => foreign("call", CHAT)))();
    expect(counted()).toEqual(times(1));
    expect(told.spans.get("wrapper").attributes).not.toHaveProperty("gen_ai.operation.name");
  });

  it("counts its own call beside those of the tools below it", () => {
    const search = tool("search", () => foreign("inside", CHAT));
    agent("root", () => foreign("asks for a tool", CHAT, () => void search()))();
    expect(counted()).toEqual(times(2));
  });

  it("counts its own call beside those of the tools of others below it", () => {
    agent("root", () =>
      foreign("asks for a tool", CHAT, () =>
        foreign("tool", { "openinference.span.kind": "TOOL" }, () => foreign("inside", CHAT)),
      ),
    )();
    expect(counted()).toEqual(times(2));
  });

  it("counts its own call beside the embeddings below it", () => {
    const embedding = {
      "gen_ai.operation.name": "embeddings",
      "gen_ai.provider.name": "openai",
      "gen_ai.request.model": "text-embedding-3-small",
      "gen_ai.usage.input_tokens": 10,
    };
    agent("root", () => foreign("answer", CHAT, () => foreign("embed", embedding)))();
    expect(counted()).toMatchObject({ records: 2, tokens: TOKENS + 10 });
  });

  it("that is over does not hide what begins below it later", () => {
    agent("root", () => {
      const tracer = trace.getTracer("another");
      let late = (): void => {};
      tracer.startActiveSpan("over", { attributes: CHAT }, (span) => {
        span.end();
        late = () => foreign("late", CHAT);
        late();
      });
    })();
    expect(counted()).toEqual(times(2));
  });
});

describe("chat() around a client that another instrumentation watches", () => {
  const options = { provider: "openai", model: "gpt-4o-mini" };

  it("leaves the count to the client's span, which is nearest to the provider", () => {
    agent("root", () =>
      chat(options, (call) => {
        foreign("theirs", CHAT);
        call.usage({ input: 100, output: 40 });
      }),
    )();
    expect(counted()).toEqual(times(1));
    told.spans.get("theirs", { attributes: { "gen_ai.usage.cost.amount": COST_NANO_USD / 1e9 } });
    expect(told.spans.get("chat gpt-4o-mini").attributes).not.toHaveProperty("gen_ai.usage.cost.amount");
  });

  it("counts where the client's span knows no tokens", () => {
    const { "gen_ai.usage.input_tokens": _in, "gen_ai.usage.output_tokens": _out, ...unknown } = CHAT;
    agent("root", () =>
      chat(options, (call) => {
        foreign("theirs", unknown);
        call.usage({ input: 100, output: 40 });
      }),
    )();
    expect(counted()).toEqual(times(1));
  });
});

describe("spans made from callbacks, beside those of the client", () => {
  const LANGCHAIN = "@arizeai/openinference-instrumentation-langchain";
  const llm = {
    "openinference.span.kind": "LLM",
    "llm.model_name": "gpt-4o-mini",
    "llm.token_count.prompt": 100,
    "llm.token_count.completion": 40,
  };

  function beside(...calls: readonly (() => void)[]): void {
    const spans = calls.map(() => trace.getTracer(LANGCHAIN).startSpan("ChatOpenAI", { attributes: llm }));
    for (const call of calls) call();
    for (const span of spans) span.end();
  }

  it("take one call of the client each", () => {
    const call = () => foreign("client", CHAT);
    agent("root", () => beside(call, call))();
    expect(counted()).toEqual(times(2));
  });

  it("count themselves where the client made no span", () => {
    agent("root", () => beside(() => {}))();
    expect(counted()).toEqual(times(1));
  });

  it("count themselves where the client's one span is another's", () => {
    agent("root", () =>
      beside(
        () => foreign("client", CHAT),
        () => {},
      ),
    )();
    expect(counted()).toEqual(times(2));
  });

  it("take no call that was made before they began, while another was open", () => {
    agent("root", () => {
      const start = () => trace.getTracer(LANGCHAIN).startSpan("ChatOpenAI", { attributes: llm });
      const first = start();
      foreign("client", CHAT);
      start().end();
      first.setAttribute("llm.token_count.prompt", 101);
      first.end();
    })();
    // The client's, the second, and the first, whose tokens are others.
    expect(counted().records).toBe(3);
  });

  it("count beside a call that was over before they began", () => {
    agent("root", () => {
      foreign("client", CHAT);
      beside(() => {});
    })();
    expect(counted()).toEqual(times(2));
  });

  it("take a call of our own instrumentation too", () => {
    agent("root", () => beside(() => play([{ kind: "ours", knowsUsage: true }], [0])))();
    expect(counted()).toEqual(times(1));
  });
});
