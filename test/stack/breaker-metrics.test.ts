import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { BreakerTruth } from "./programs/breakers.ts";
import { eventually } from "./support/eventually.ts";
import { type RunningProgram, startProgram } from "./support/program.ts";
import { sumBy } from "./support/prometheus.ts";
import { type Stack, stackUp } from "./support/stack.ts";

let stack: Stack;
let prometheus: string;
let truth: BreakerTruth;
let program: RunningProgram<BreakerTruth> | undefined;

beforeAll(async () => {
  stack = await stackUp(23_500);
  prometheus = stack.endpoint("prometheus", "http");
  program = await startProgram<BreakerTruth>("breakers.ts", ["7", "3000"], {
    OTEL_EXPORTER_OTLP_ENDPOINT: stack.endpoint("collector", "otlp-http"),
    OTEL_SERVICE_NAME: "breakers",
  });
  truth = program.truth;
  await eventually("the last breaker in Prometheus", async () => {
    const found = await sumBy(prometheus, "agents_breaker_state", ["agents_breaker_name"]);
    return found["off"] === 1 ? true : undefined;
  });
});

afterAll(async () => {
  await program?.end();
  await stack?.down();
});

describe("breakers in Prometheus equal what the run did", () => {
  const name = "agents_breaker_name";

  it("in transitions, by from, to and reason", async () => {
    const labels = [name, "agents_breaker_from", "agents_breaker_to", "agents_breaker_reason"];
    await eventually("every transition", async () => {
      expect(await sumBy(prometheus, "agents_breaker_transitions_total", labels)).toEqual(truth.transitions);
      return true;
    });
  });

  it("in refusals", async () => {
    expect(Object.keys(truth.rejections).length).toBe(4);
    expect(await sumBy(prometheus, "agents_breaker_rejections_total", [name])).toEqual(truth.rejections);
  });

  it("in states, also of one whose open time ended with nobody calling", async () => {
    const labels = [name, "agents_breaker_state_name"];
    expect(await sumBy(prometheus, "agents_breaker_state", labels)).toEqual(truth.states);
  });

  it("in fallbacks, by outcome", async () => {
    const labels = [name, "agents_fallback_kind", "agents_fallback_outcome"];
    expect(await sumBy(prometheus, "agents_fallbacks_total", labels)).toEqual(truth.fallbacks);
  });

  it("with each state as 0 or 1 for every breaker", async () => {
    const response = await fetch(`${prometheus}/api/v1/query?query=agents_breaker_state`);
    const { data } = (await response.json()) as { data: { result: { value: [number, string] }[] } };
    expect(data.result.length).toBe(7 * 5);
    expect(new Set(data.result.map(({ value }) => value[1]))).toEqual(new Set(["0", "1"]));
  });
});
