import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type RunningCollector, startCollector } from "./support/collector.ts";
import { eventually } from "./support/eventually.ts";
import { send } from "./support/otlp.ts";
import { agentSpans } from "./support/otlp-agents.ts";

// An app that puts ids into the names of its agents, among agents that are known. No Jaeger: its spans wait in the queue.
const NAMES = 10_000;
const A_REQUEST = 500;
const KNOWN = ["researcher", "writer"];
const KNOWN_CALLS = (NAMES / A_REQUEST) * 2;

let collector: RunningCollector;
let lines: readonly string[];

beforeAll(async () => {
  collector = await startCollector("config.yaml", 24_580, {
    AGENT_OTEL_JAEGER_ENDPOINT: "http://127.0.0.1:24599",
  });
  for (let i = 0; i < NAMES; i += A_REQUEST) {
    const flood = Array.from({ length: A_REQUEST }, (_, j) => ({ agent: `agent-${i + j}` }));
    // The known come first, and again in each request.
    const known = KNOWN.flatMap((agent) => [{ agent }, { agent }]);
    expect(await send(collector.otlp, agentSpans("flood", [...known, ...flood]).body)).toBe(true);
  }
  lines = await eventually("all calls", async () => {
    const page = await (await fetch(`http://127.0.0.1:${collector.ports.spanMetrics}/metrics`)).text();
    const found = page.split("\n").filter((line) => !line.startsWith("#"));
    const calls = found.filter((line) => line.startsWith("traces_span_metrics_calls_total"));
    const edges = found.filter(
      (line) => line.startsWith("traces_service_graph_request_total") && line.includes('server="writer"'),
    );
    return sum(calls) >= NAMES + KNOWN_CALLS * KNOWN.length && sum(edges) >= KNOWN_CALLS ? found : undefined;
  });
});

afterAll(async () => {
  await collector?.stop();
});

const series = (metric: string, label = "") =>
  lines.filter((line) => line.startsWith(`${metric}{`) && line.includes(label));
const sum = (some: readonly string[]) =>
  some.reduce((total, line) => total + Number(line.split(" # ")[0]?.split(" ").at(-1)), 0);

describe(`with ${NAMES} names of agents, the collector`, () => {
  it("has no more RED series than its bound, and counts the rest in one", () => {
    const calls = series("traces_span_metrics_calls_total");
    expect(calls.length).toBeLessThanOrEqual(2_001);
    expect(series("traces_span_metrics_calls_total", 'otel_metric_overflow="true"')).toHaveLength(1);
    expect(sum(calls)).toBe(NAMES + KNOWN_CALLS * KNOWN.length);
  });

  it("has no more edges than its bound", () => {
    const edges = series("traces_service_graph_request_total").length;
    const durations = series("traces_service_graph_request_server_seconds_count").length;
    expect(edges + durations).toBeLessThanOrEqual(12_000);
    expect(edges).toBeGreaterThan(2_000);
  });

  it.each(KNOWN)("drops nothing of %s, which was there before", (agent) => {
    expect(sum(series("traces_span_metrics_calls_total", `service_name="${agent}"`))).toBe(KNOWN_CALLS);
    expect(sum(series("traces_service_graph_request_total", `server="${agent}"`))).toBe(KNOWN_CALLS);
    expect(sum(series("traces_service_graph_request_server_seconds_count", `server="${agent}"`))).toBe(
      KNOWN_CALLS,
    );
  });
});
