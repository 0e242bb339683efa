import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { collectorSays, type RunningCollector, startCollector } from "./support/collector.ts";
import { eventually } from "./support/eventually.ts";
import { send } from "./support/otlp.ts";
import { type AgentSpan, agentSpans } from "./support/otlp-agents.ts";
import { sumBy } from "./support/prometheus.ts";
import { type Stack, stackUp } from "./support/stack.ts";

// A collector beside the agents, and behind it a gateway that samples; each as shipped, told by its environment alone.
const PLAIN = 40;
const KEPT: readonly AgentSpan[] = [
  { agent: "failing", failed: true },
  { agent: "slow", durationMs: 90_000 },
  { agent: "dear", attributes: { "gen_ai.usage.cost.amount": 0.75 } },
  { agent: "dear_below", attributes: { "agents.subtree.cost": 0.5 } },
  { agent: "looping", event: "agents.failure_mode" },
];

const queue = mkdtempSync(join(tmpdir(), "agent-otel-gateway-"));
let stack: Stack;
let gateway: RunningCollector;
let local: RunningCollector;
const jaeger = async <T>(path: string): Promise<T> =>
  ((await (await fetch(`${stack.endpoint("jaeger", "ui")}${path}`)).json()) as { data: T }).data;
const prometheus = (): string => stack.endpoint("prometheus", "http");

beforeAll(async () => {
  stack = await stackUp(24_500, ["jaeger", "prometheus"]);
  gateway = await startGateway("2s");
  local = await startCollector("config.yaml", 24_570, {
    AGENT_OTEL_JAEGER_ENDPOINT: gateway.otlp,
    AGENT_OTEL_JAEGER_COMPRESSION: "gzip",
    AGENT_OTEL_GATEWAY_ENDPOINT: gateway.otlp,
    AGENT_OTEL_SDK_METRICS_EXPORTERS: "[otlp_http/gateway]",
    AGENT_OTEL_SPAN_METRICS_EXPORTERS: "[otlp_http/gateway]",
    AGENT_OTEL_COLLECTOR_ID: "node-7",
  });
  const plain = Array.from({ length: PLAIN }, (): AgentSpan => ({ agent: "plain" }));
  expect(await send(local.otlp, agentSpans("desk", [...plain, ...KEPT]).body)).toBe(true);
});

function startGateway(decisionWait: string): Promise<RunningCollector> {
  return startCollector("gateway.yaml", 24_560, {
    AGENT_OTEL_JAEGER_ENDPOINT: stack.endpoint("jaeger", "otlp-http"),
    AGENT_OTEL_REMOTE_WRITE_ENDPOINT: `${prometheus()}/api/v1/write`,
    AGENT_OTEL_QUEUE_DIR: queue,
    AGENT_OTEL_DECISION_WAIT: decisionWait,
    AGENT_OTEL_DECISION_WAIT_AFTER_ROOT: decisionWait,
    AGENT_OTEL_SAMPLING_PERCENTAGE: "0",
  });
}

afterAll(async () => {
  await local?.stop();
  await gateway?.stop();
  await stack?.down();
  rmSync(queue, { recursive: true, force: true });
});

describe("the gateway", () => {
  it("keeps traces that failed, were slow, cost much or loop, and drops the rest", async () => {
    const services = await eventually("the kept traces", async () => {
      const found = await jaeger<string[]>("/api/services");
      return KEPT.every(({ agent }) => found.includes(agent)) ? found : undefined;
    });
    expect(services.filter((name) => name !== "jaeger").sort()).toEqual(
      KEPT.map(({ agent }) => agent).sort(),
    );
  });

  it("leaves alone what the collector before it has made a service", async () => {
    const [trace] = await jaeger<
      { processes: Record<string, { serviceName: string; tags: { key: string; value: string }[] }> }[]
    >("/api/traces?service=looping&limit=5");
    const [process] = Object.values(trace?.processes ?? {});
    const tags = Object.fromEntries(process?.tags.map(({ key, value }) => [key, value]) ?? []);
    expect(process?.serviceName).toBe("looping");
    expect(tags).toMatchObject({
      "app.service.name": "desk",
      "service.namespace": "shop",
      "service.instance.id": "desk-1",
      "host.name": "host-of-it",
    });
    expect(Object.keys(tags).filter((key) => key.startsWith("agents."))).toEqual([]);
  });

  it("passes on metrics that were derived before it sampled, each under its collector's id", async () => {
    const agents = ["service_name", "job", "instance"];
    const expected = Object.fromEntries([
      ["plain|shop/desk|node-7", PLAIN],
      ...KEPT.map(({ agent }) => [`${agent}|shop/desk|node-7`, 1]),
    ]);
    const calls = await eventually("the derived calls", async () => {
      const found = await sumBy(prometheus(), "traces_span_metrics_calls_total", agents);
      return Object.keys(found).length > KEPT.length ? found : undefined;
    });
    expect(calls).toEqual(expected);
    const edges = await eventually("the derived edges", async () => {
      const found = await sumBy(prometheus(), "traces_service_graph_request_total", [
        "server",
        "job",
        "instance",
      ]);
      return Object.keys(found).length > KEPT.length ? found : undefined;
    });
    expect(edges).toEqual(expected);
  });

  it("decides on what it has when it is asked to stop, and delivers that at the latest when it is back", async () => {
    await gateway.stop();
    gateway = await startGateway("10m");
    const { traceIds, body } = agentSpans("desk", [{ agent: "last", failed: true }]);
    expect(await send(gateway.otlp, body)).toBe(true);
    await gateway.stop();
    gateway = await startGateway("10m");
    const trace = await eventually("the last trace", async () => {
      const found = await jaeger<{ spans: unknown[] }[] | null>(`/api/traces/${traceIds[0]}`);
      return found?.[0];
    });
    expect(trace.spans).toHaveLength(1);
  });
});

describe("the collector's program", () => {
  it.each(["config.yaml", "gateway.yaml"])("finds collector/%s valid", async (file) => {
    expect(await collectorSays(["validate", "--config", `collector/${file}`])).toEqual({ code: 0, said: "" });
  });

  it.each(["config.yaml", "gateway.yaml"])(
    "says what to set when %s is given a queue folder that cannot be made",
    async (file) => {
      const env = { AGENT_OTEL_QUEUE_DIR: "/dev/null/queue" };
      const { code, said } = await collectorSays(["--config", `collector/${file}`], env);
      expect(code).not.toBe(0);
      expect(said).toMatch(/AGENT_OTEL_QUEUE_DIR: .*\/dev\/null\/queue/);
    },
  );
});
