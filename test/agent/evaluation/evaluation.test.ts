import { context, trace } from "@opentelemetry/api";
import { describe, expect, it } from "vitest";
import { agent, currentAgent, recordEvaluation } from "../../../src/index.ts";
import { metricSources } from "../../../src/telemetry/metric-sources.ts";
import { askModel, watch } from "../support.ts";

const seen = watch();
const EVENT = "gen_ai.evaluation.result";
const relevance = { name: "relevance", score: 0.8, label: "relevant", explanation: "names the river" };
const attributes = {
  "gen_ai.evaluation.name": "relevance",
  "gen_ai.evaluation.score.value": 0.8,
  "gen_ai.evaluation.score.label": "relevant",
  "gen_ai.evaluation.explanation": "names the river",
};

function pointsOf(name: string, agentName: string): readonly unknown[] {
  const found = metricSources.collect().find((each) => each.name === name);
  return (found?.points ?? []).filter((point) => Object.values(point.attributes).includes(agentName));
}

describe("recordEvaluation of a span that lasts", () => {
  it("is an event of the active span, with the conventions' attributes", () => {
    agent("judged", () => recordEvaluation(undefined, { ...relevance, responseId: "resp_1" }))();
    const [event] = seen.spans.get("invoke_agent judged").events;
    expect(event).toMatchObject({
      name: EVENT,
      attributes: { ...attributes, "gen_ai.response.id": "resp_1" },
    });
    expect(seen.spans.spans).toHaveLength(1);
  });

  it("is an event of the span that is given", () => {
    agent("around", () => {
      const outer = trace.getSpan(context.active());
      agent("judge", () => recordEvaluation(outer, relevance))();
    })();
    expect(seen.spans.get("invoke_agent around").events.map(({ name }) => name)).toEqual([EVENT]);
    expect(seen.spans.get("invoke_agent judge").events).toEqual([]);
  });
});

describe("recordEvaluation of a span that has ended", () => {
  const expectBelow = (name: string) => {
    const evaluated = seen.spans.get(name);
    const span = seen.spans.get("evaluate relevance", { parent: evaluated });
    expect(span.traceId).toBe(evaluated.traceId);
    expect(span.events).toMatchObject([{ name: EVENT, attributes }]);
    return span;
  };

  it("is a span of its own right below, with the agent of the one that was evaluated", () => {
    let span = trace.getSpan(context.active());
    agent("gone", () => {
      span = trace.getSpan(context.active());
    })();
    recordEvaluation(span, relevance);
    expect(expectBelow("invoke_agent gone").attributes).toMatchObject({ "gen_ai.agent.name": "gone" });
  });

  it("is found by ids alone, as currentAgent has them, and by a span of a trace that was read", () => {
    let ids = { traceId: "", spanId: "" };
    agent("noted", () => {
      const { traceId = "", spanId = "" } = currentAgent() ?? {};
      ids = { traceId, spanId };
    })();
    recordEvaluation(ids, relevance);
    expectBelow("invoke_agent noted");
    const read = seen.spans.get("invoke_agent noted");
    seen.spans.reset();
    recordEvaluation(read, relevance);
    expect(seen.spans.get("evaluate relevance").parentSpanId).toBe(read.spanId);
  });

  it("has the id of the answer that the span tells", () => {
    const given = {
      traceId: "0af7651916cd43dd8448eb211c80319c",
      spanId: "b7ad6b7169203331",
      attributes: { "gen_ai.response.id": "resp_2" },
    };
    recordEvaluation(given, { name: "tone", label: "polite" });
    const [event] = seen.spans.get("evaluate tone").events;
    expect(event?.attributes).toMatchObject({ "gen_ai.response.id": "resp_2" });
  });

  it("is no call of anybody, and leaves the totals as they are", () => {
    const work = agent("counted", () => askModel());
    work();
    recordEvaluation(seen.spans.get("invoke_agent counted"), relevance);
    expect(seen.records.map(({ operation }) => operation).sort()).toEqual(["chat", "invoke_agent"]);
  });
});

describe("evaluations are counted", () => {
  it("by agent, label and name, and their scores by agent and name", () => {
    agent("scored", () => {
      recordEvaluation(undefined, relevance);
      recordEvaluation(undefined, relevance);
      recordEvaluation(undefined, { name: "relevance", score: -1, label: "wrong" });
      recordEvaluation(undefined, { name: "tone", label: "polite" });
    })();
    const labels = { "gen_ai.agent.name": "scored", "gen_ai.evaluation.name": "relevance" };
    expect(pointsOf("agents.evaluations", "scored")).toEqual([
      { attributes: { ...labels, "gen_ai.evaluation.score.label": "relevant" }, value: 2 },
      { attributes: { ...labels, "gen_ai.evaluation.score.label": "wrong" }, value: 1 },
      {
        attributes: {
          ...labels,
          "gen_ai.evaluation.name": "tone",
          "gen_ai.evaluation.score.label": "polite",
        },
        value: 1,
      },
    ]);
    expect(pointsOf("agents.evaluation.score", "scored")).toMatchObject([
      { attributes: labels, cell: { count: 2, sum: 1.6 } },
    ]);
  });
});

describe("recordEvaluation refuses", () => {
  it.each<[string, unknown]>([
    ["recordEvaluation: score must be a finite number, got NaN", { name: "a", score: Number.NaN }],
    [
      "recordEvaluation: score must be a finite number, got Infinity",
      { name: "a", score: Number.POSITIVE_INFINITY },
    ],
    ["recordEvaluation: score must be a finite number, got 1", { name: "a", score: "1" }],
    ['recordEvaluation: "a" must have a score or a label, got neither', { name: "a" }],
    ["recordEvaluation: name must not be empty", { name: "", score: 1 }],
    ["recordEvaluation: label: name must have at most 128 characters", { name: "a", label: "x".repeat(200) }],
    ["recordEvaluation: explanation must be a string, got number", { name: "a", score: 1, explanation: 7 }],
    ["recordEvaluation: the evaluation must be an object, got undefined", undefined],
  ])("%s", (message, evaluation) => {
    expect(() => recordEvaluation(undefined, evaluation as never)).toThrow(message);
  });

  it.each<[string, unknown]>([
    ["ids that are none", { traceId: "0".repeat(32), spanId: "1".repeat(16) }],
    ["ids that are none", { traceId: "x", spanId: "y" }],
    ["neither", {}],
    ["string", "0af7651916cd43dd8448eb211c80319c"],
  ])("a span that is none: %s", (got, span) => {
    expect(() => recordEvaluation(span as never, relevance)).toThrow(
      new RegExp(`must be a span.*got ${got}`),
    );
  });
});

describe("an explanation", () => {
  it("is recorded without secrets, and cut", () => {
    const explanation = `used sk-proj-abcdefghijklmnopqrstuvwx ${"because ".repeat(500)}`;
    agent("told", () => recordEvaluation(undefined, { name: "a", score: 1, explanation }))();
    const said = String(
      seen.spans.get("invoke_agent told").events[0]?.attributes["gen_ai.evaluation.explanation"],
    );
    expect(said).toMatch(/^used \[redacted\] because/);
    expect(said).toHaveLength(1_024);
  });
});
