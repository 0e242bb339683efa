import { beforeAll, describe, expect, it } from "vitest";
import { problemsOf } from "./conformance/conformance.ts";
import { declaredNames, emittedNames } from "./conformance/emitted.ts";
import { type Generation, readRegistry } from "./conformance/registry.ts";
import { runProgram, together } from "./conformance/run-program.ts";
import type { FoundMetric, FoundSpan, Telemetry } from "./conformance/telemetry.ts";

const GENERATIONS: readonly Generation[] = ["latest", "v1.41", "dup"];
const registry = readRegistry();
const runs = new Map<Generation, Telemetry>();

const ADAPTER = "made by the adapter of a framework alone, whose own tests see it";

/** Declared, and not to be seen in these runs. */
const NOT_SEEN: Readonly<Record<string, string>> = {
  "agents.guardrail": ADAPTER,
  "agents.guardrail.name": ADAPTER,
  "agents.guardrail.triggered": ADAPTER,
  "mcp.session.id": "known over HTTP alone",
  "network.transport": "known over stdio and HTTP, and these programs talk in memory",
  "agents.receiver.dropped":
    "written by the receiver of `agent-otel dev` on spans that it keeps, and never sent",
};

beforeAll(async () => {
  // They wait more than they work, so all may run at once.
  const programs = (generation: Generation) => [
    runProgram("test/stack/programs/everything.ts", ["7", "12"], generation),
    runProgram("test/contract/conformance/programs/rest.ts", [], generation),
  ];
  await Promise.all(
    GENERATIONS.map(async (generation) => {
      runs.set(generation, together(await Promise.all(programs(generation))));
    }),
  );
}, 120_000);

const run = (generation: Generation): Telemetry => runs.get(generation)!;

describe.each(GENERATIONS)(
  "all that two programs send which use every part of the package, with semconv %s",
  (generation) => {
    it("is what the registry declares: names, types, values, units, kinds, buckets and places", () => {
      expect(run(generation).spans.length).toBeGreaterThan(300);
      expect(problemsOf(run(generation), registry, generation)).toEqual([]);
    });
  },
);

describe("what the registry declares", () => {
  it("is all sent by these programs, but for what has a reason", () => {
    const emitted = new Set(
      GENERATIONS.flatMap((generation) => [...emittedNames(run(generation), registry)]),
    );
    const silent = declaredNames(registry).filter((name) => !emitted.has(name));
    expect(silent.sort()).toEqual(Object.keys(NOT_SEEN).sort());
  });

  it("is in v1.41 none of the names that v1.41 has another one for", () => {
    const older = new Set([...emittedNames(run("v1.41"), registry)]);
    const newest = registry.metrics.filter(
      ({ annotations }) => !annotations.agent_otel.semconv.includes("v1.41"),
    );
    expect(newest.map(({ name }) => name).filter((name) => older.has(name))).toEqual([]);
    expect(older).not.toContain("gen_ai.usage.cache_write.input_tokens");
    expect(older).toContain("gen_ai.usage.cache_creation.input_tokens");
  });
});

type Plant = (telemetry: Telemetry) => Telemetry;

function inSpan(name: string, change: (span: FoundSpan) => FoundSpan): Plant {
  return (all) => {
    const at = all.spans.findIndex((span) => span.name.startsWith(name) && span.scope === "agent-otel");
    return { ...all, spans: all.spans.with(at, change(all.spans[at]!)) };
  };
}

function inMetric(name: string, change: (metric: FoundMetric) => FoundMetric): Plant {
  return (all) => {
    const at = all.metrics.findIndex((metric) => metric.name === name);
    return { ...all, metrics: all.metrics.with(at, change(all.metrics[at]!)) };
  };
}

const text = (value: string) => ({ type: "string", value }) as const;

describe("a fault that somebody plants is found", () => {
  it.each<readonly [string, Plant, string]>([
    [
      "an attribute that nothing declares",
      inSpan("chat", (span) => ({ ...span, attributes: { ...span.attributes, "agents.new": text("x") } })),
      "span gen_ai.client.inference: must not have agents.new",
    ],
    [
      "an attribute on a span of another kind",
      inSpan("invoke_agent", (span) => ({
        ...span,
        attributes: { ...span.attributes, "gen_ai.usage.input_tokens": { type: "int", value: 1 } },
      })),
      "span gen_ai.invoke_agent.internal: must not have gen_ai.usage.input_tokens",
    ],
    [
      "a wrong type",
      inSpan("chat", (span) => ({
        ...span,
        attributes: { ...span.attributes, "gen_ai.usage.input_tokens": text("12") },
      })),
      "span gen_ai.client.inference: gen_ai.usage.input_tokens is string, not int",
    ],
    [
      "a value that there is not",
      inSpan("fallback", (span) => ({
        ...span,
        attributes: { ...span.attributes, "agents.fallback.outcome": text("maybe") },
      })),
      'span agents.fallback: agents.fallback.outcome must not be "maybe"',
    ],
    [
      "a required attribute that is missing",
      inSpan("fallback", ({ attributes: { "agents.fallback.outcome": _, ...attributes }, ...span }) => ({
        ...span,
        attributes,
      })),
      "span agents.fallback: lacks agents.fallback.outcome",
    ],
    [
      "another kind",
      inSpan("chat", (span) => ({ ...span, kind: 1 })),
      "span gen_ai.client.inference: kind is 1, not client",
    ],
    [
      "another name",
      inSpan("chat", (span) => ({ ...span, name: "chat with a model" })),
      'span gen_ai.client.inference: is called "chat with a model"',
    ],
    [
      "a span of no type",
      inSpan("fallback", (span) => ({ ...span, name: "answer instead" })),
      'span "answer instead" is of no declared type',
    ],
    [
      "an event that nothing declares",
      inSpan("chat", (span) => ({ ...span, events: [{ name: "agents.surprise", attributes: {} }] })),
      "event agents.surprise is not declared",
    ],
    [
      "a metric that nothing declares",
      inMetric("agents.cost", (metric) => ({ ...metric, name: "agents.costs" })),
      "metric agents.costs is not declared",
    ],
    [
      "a wrong unit",
      inMetric("agents.cost", (metric) => ({ ...metric, unit: "USD" })),
      "metric agents.cost: unit is USD, not {USD}",
    ],
    [
      "a wrong bucket",
      inMetric("gen_ai.client.inference.duration", (metric) => ({
        ...metric,
        points: metric.points.map((point) => ({ ...point, bounds: [1, 2] })),
      })),
      "metric gen_ai.client.inference.duration: buckets are 1,2, not 0.01,0.02,0.04,0.08,0.16,0.32,0.64,1.28,2.56,5.12,10.24,20.48,40.96,81.92",
    ],
    [
      "a sum that can go down",
      inMetric("agents.fallbacks", (metric) => ({ ...metric, kind: "updowncounter" })),
      "metric agents.fallbacks: is a updowncounter, not a counter",
    ],
    [
      "fractions of what is counted",
      inMetric("agents.fallbacks", (metric) => ({
        ...metric,
        points: metric.points.map((point) => ({ ...point, type: "double" })),
      })),
      "metric agents.fallbacks: values are double, not int",
    ],
    [
      "a log record that nothing declares",
      (all) => ({ ...all, logs: [{ scope: "agent-otel", name: "agents.log", severity: 9, attributes: {} }] }),
      "log record agents.log: is not declared",
    ],
    [
      "an attribute of the resource that nothing declares",
      (all) => ({ ...all, resources: [{ "agents.home": text("/root") }] }),
      "resource: has agents.home, which nothing declares",
    ],
  ])("%s", (_, plant, problem) => {
    const before = problemsOf(run("latest"), registry, "latest");
    const after = problemsOf(plant(run("latest")), registry, "latest");
    expect(after.filter((found) => !before.includes(found))).toEqual([problem]);
  });

  it("names of another generation than was asked for", () => {
    const problems = problemsOf(run("latest"), registry, "v1.41");
    expect(problems).toContain(
      "span gen_ai.client.inference: must not have gen_ai.usage.cache_write.input_tokens",
    );
    expect(problems).toContain("metric gen_ai.client.inference.duration: must not be sent with v1.41");
    expect(problemsOf(run("dup"), registry, "latest")).not.toEqual([]);
  });
});
