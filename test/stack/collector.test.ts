import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "./support/eventually.ts";
import { send, twoSpanTrace } from "./support/otlp.ts";
import { sumBy } from "./support/prometheus.ts";
import { type Stack, stackUp } from "./support/stack.ts";

// The shipped configuration by itself, fed by hand: what holds for spans of any language.
let stack: Stack;
const collector = (): string => stack.endpoint("collector", "otlp-http");
const jaeger = async <T>(path: string): Promise<T> =>
  (await (await fetch(`${stack.endpoint("jaeger", "ui")}${path}`)).json()) as T;
const prometheus = (): string => stack.endpoint("prometheus", "http");

beforeAll(async () => {
  stack = await stackUp(23_200);
});

afterAll(async () => {
  await stack?.down();
});

async function sendAll(traces: number): Promise<Set<string>> {
  const acknowledged = new Set<string>();
  for (let i = 0; i < traces; i++) {
    const { traceId, body } = twoSpanTrace();
    if (await send(collector(), body)) acknowledged.add(traceId);
  }
  return acknowledged;
}

/** Ids of the traces in Jaeger that have both of their spans. */
async function whole(): Promise<Set<string>> {
  const { data } = await jaeger<{ data: { traceID: string; spans: unknown[] }[] }>(
    "/api/traces?service=clerk&limit=20000",
  );
  return new Set(data.filter(({ spans }) => spans.length === 2).map(({ traceID }) => traceID));
}

describe("the collector", () => {
  it("loses no trace that it acknowledged: Jaeger down, the collector killed in full flow, both back", async () => {
    const before = await sendAll(100);
    stack.kill("jaeger");
    const duringOutage = await sendAll(200);
    const flow = sendAll(400);
    setTimeout(() => stack.kill("collector"), 200).unref();
    const untilKilled = await flow;
    await stack.restart("collector");
    const after = await sendAll(100);
    await stack.restart("jaeger");
    const held = [...duringOutage, ...untilKilled, ...after];
    expect(before.size + held.length).toBeGreaterThan(400);
    // Jaeger keeps traces in memory, so those before its end went with it.
    await eventually("every acknowledged trace in Jaeger", async () => {
      const there = await whole();
      const missing = held.filter((id) => !there.has(id));
      if (missing.length > 0) throw new Error(`${missing.length} of ${held.length} are missing`);
      return true;
    });
  });

  it("turns spans of any language into RED metrics whose exemplars lead to traces", async () => {
    await sendAll(20);
    const query = 'traces_span_metrics_duration_seconds_bucket{service_name="clerk"}';
    const exemplar = await eventually("an exemplar", async () => {
      const range = `start=${Date.now() / 1000 - 600}&end=${Date.now() / 1000 + 60}`;
      const url = `${prometheus()}/api/v1/query_exemplars?query=${encodeURIComponent(query)}&${range}`;
      const { data } = (await (await fetch(url)).json()) as {
        data: { exemplars: { labels: { trace_id?: string } }[] }[];
      };
      return data.flatMap(({ exemplars }) => exemplars).find(({ labels }) => labels.trace_id !== undefined);
    });
    const trace = await jaeger<{ data: { spans: unknown[] }[] }>(`/api/traces/${exemplar.labels.trace_id}`);
    expect(trace.data[0]?.spans).toHaveLength(2);
  });

  it("feeds Jaeger's monitor page with calls of the agent", async () => {
    const path = "/api/metrics/calls?service=clerk&spanKind=server&lookback=600000&step=5000&ratePer=600000";
    const points = await eventually("points of the monitor page", async () => {
      const found = await jaeger<{ metrics?: { metricPoints: { gaugeValue: { doubleValue: number } }[] }[] }>(
        path,
      );
      const values = found.metrics?.[0]?.metricPoints.map(({ gaugeValue }) => gaugeValue.doubleValue) ?? [];
      return values.some((value) => value > 0) ? values : undefined;
    });
    expect(points.length).toBeGreaterThan(0);
  });

  it("draws an edge from user to an agent without a caller, and from agent to model", async () => {
    const edges = await eventually("edges", async () => {
      const found = await sumBy(prometheus(), "traces_service_graph_request_total", ["client", "server"]);
      return Object.keys(found).length >= 2 ? found : undefined;
    });
    expect(Object.keys(edges).sort()).toEqual(["clerk|some-model", "user|clerk"]);
  });
});
