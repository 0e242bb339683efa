import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { eventually } from "./support/eventually.ts";
import { add, type Counts, type Ledger } from "./support/ledger.ts";
import { runProgram } from "./support/program.ts";
import { sumBy } from "./support/prometheus.ts";
import { type Stack, stackUp } from "./support/stack.ts";

// A seeded workload through the shipped collector configuration, once with the SDK's metrics and once, as another app and with
// another seed, without them; then every figure of their own ledgers is read back.
const TRACES = 600;
const WITH_METRICS = 'job="shop/truth"';
const SPANS_ONLY = 'job="shop/truth-spans"';
const AGENTS = ["planner", "researcher", "reviewer", "writer"];

let stack: Stack;
let ledger: Ledger;
let ledgerOfSpans: Ledger;
let prometheus: string;
let jaeger: string;

beforeAll(async () => {
  stack = await stackUp(23_100);
  prometheus = stack.endpoint("prometheus", "http");
  jaeger = stack.endpoint("jaeger", "ui");
  const run = async (seed: string, env: Readonly<Record<string, string>>): Promise<Ledger> => {
    const { stdout } = await runProgram("workload.ts", [seed, String(TRACES)], {
      OTEL_EXPORTER_OTLP_ENDPOINT: stack.endpoint("collector", "otlp-http"),
      OTEL_RESOURCE_ATTRIBUTES: "service.namespace=shop",
      // The stock batch processor drops what does not fit; the workload is not meant to test that.
      OTEL_BSP_MAX_QUEUE_SIZE: "100000",
      OTEL_BSP_SCHEDULE_DELAY: "200",
      ...env,
    });
    return JSON.parse(stdout) as Ledger;
  };
  ledger = await run("7", { OTEL_SERVICE_NAME: "truth" });
  ledgerOfSpans = await run("11", { OTEL_SERVICE_NAME: "truth-spans", OTEL_METRICS_EXPORTER: "none" });
  const seen = async (metric: string, filter = ""): Promise<number> =>
    (await sumBy(prometheus, metric, ["none"], filter))[""] ?? 0;
  await eventually("every trace in Prometheus", async () => {
    const exact = await seen("gen_ai_invoke_agent_duration_seconds_count", 'gen_ai_agent_name="planner"');
    const derived = await seen("traces_service_graph_request_total", `client="user",${SPANS_ONLY}`);
    const red = await seen("traces_span_metrics_calls_total", `service_name="planner",${WITH_METRICS}`);
    return exact >= TRACES && derived >= TRACES && red >= TRACES ? true : undefined;
  });
});

afterAll(async () => {
  await stack?.down();
});

const without = (counts: Counts): Counts =>
  Object.fromEntries(Object.entries(counts).filter(([, n]) => n !== 0));
const merged = (...all: Counts[]): Counts => without(Object.assign({}, ...all));
const together = (...all: Counts[]): Counts => {
  const sums: Counts = {};
  for (const counts of all) for (const [key, n] of Object.entries(counts)) add(sums, key, n);
  return sums;
};
/** A root call has no caller; the graph calls that `user`. */
const namedRoots = (counts: Counts): Counts =>
  Object.fromEntries(Object.entries(counts).map(([key, n]) => [key.startsWith("|") ? `user${key}` : key, n]));

describe("the SDK's metrics in Prometheus equal the workload's own ledger", () => {
  const FAILED = 'error_type!=""';
  const AGENT = "gen_ai_invoke_agent_duration_seconds_count";
  const MODEL = "gen_ai_client_inference_duration_seconds_count";
  const TOOL = "gen_ai_execute_tool_duration_seconds_count";

  it("calls from caller to agent", async () => {
    const found = await sumBy(prometheus, AGENT, ["gen_ai_caller_name", "gen_ai_agent_name"]);
    expect(namedRoots(found)).toEqual(without(ledger.agentCalls));
  });

  it("failures from caller to agent", async () => {
    const found = await sumBy(prometheus, AGENT, ["gen_ai_caller_name", "gen_ai_agent_name"], FAILED);
    expect(namedRoots(found)).toEqual(without(ledger.agentFailures));
  });

  it("calls and failures from agent to model", async () => {
    const labels = ["gen_ai_agent_name", "gen_ai_request_model"];
    expect(await sumBy(prometheus, MODEL, labels)).toEqual(without(ledger.modelCalls));
    expect(await sumBy(prometheus, MODEL, labels, FAILED)).toEqual(without(ledger.modelFailures));
  });

  it("calls and failures from agent to tool", async () => {
    const labels = ["gen_ai_agent_name", "gen_ai_tool_name"];
    expect(await sumBy(prometheus, TOOL, labels)).toEqual(without(ledger.toolCalls));
    expect(await sumBy(prometheus, TOOL, labels, FAILED)).toEqual(without(ledger.toolFailures));
  });

  it.each([
    ["input", "input_tokens"],
    ["output", "output_tokens"],
    ["cache_read", "cache_read_input_tokens"],
    ["cache_write", "cache_write_input_tokens"],
    ["reasoning", "reasoning_output_tokens"],
  ])("%s tokens by agent and model", async (type, name) => {
    const metric = `gen_ai_client_inference_usage_${name}_total`;
    const found = await sumBy(prometheus, metric, ["gen_ai_agent_name", "gen_ai_request_model"]);
    const told = Object.entries(ledger.tokens).filter(([key]) => key.endsWith(`|${type}`));
    expect(found).toEqual(
      without(Object.fromEntries(told.map(([key, n]) => [key.slice(0, -type.length - 1), n]))),
    );
  });

  it("cost by agent and model, to the nano-dollar", async () => {
    const usd = await sumBy(prometheus, "agents_cost_total", ["gen_ai_agent_name", "gen_ai_request_model"]);
    const nano = Object.fromEntries(
      Object.entries(usd).map(([key, value]) => [key, Math.round(value * 1e9)]),
    );
    expect(nano).toEqual(ledger.costNanoUsd);
  });
});

describe("the service graph that the collector derives from spans equals the ledger", () => {
  const edges = ["client", "server"];

  it("in calls", async () => {
    const found = await sumBy(prometheus, "traces_service_graph_request_total", edges, SPANS_ONLY);
    const { agentCalls, modelCalls, toolCalls } = ledgerOfSpans;
    expect(found).toEqual(merged(agentCalls, modelCalls, toolCalls));
  });

  it("in failures", async () => {
    const found = await sumBy(prometheus, "traces_service_graph_request_failed_total", edges, SPANS_ONLY);
    const { agentFailures, modelFailures, toolFailures } = ledgerOfSpans;
    expect(found).toEqual(merged(agentFailures, modelFailures, toolFailures));
  });

  it("in how many durations there are", async () => {
    const found = await sumBy(
      prometheus,
      "traces_service_graph_request_server_seconds_count",
      edges,
      SPANS_ONLY,
    );
    const { agentCalls, modelCalls, toolCalls } = ledgerOfSpans;
    expect(found).toEqual(merged(agentCalls, modelCalls, toolCalls));
  });
});

describe("an app whose SDK sends metrics", () => {
  it.each(["request_total", "request_failed_total", "request_server_seconds_count"])(
    "has no edge counted a second time: traces_service_graph_%s",
    async (name) => {
      expect(
        await sumBy(prometheus, `traces_service_graph_${name}`, ["client", "server"], WITH_METRICS),
      ).toEqual({});
    },
  );

  it("has RED metrics from spans all the same, under the job that its own metrics have", async () => {
    const own = await sumBy(prometheus, "gen_ai_invoke_agent_duration_seconds_count", ["job"]);
    const agents = 'gen_ai_operation_name="invoke_agent"';
    const red = await sumBy(
      prometheus,
      "traces_span_metrics_calls_total",
      ["job"],
      `${agents},${WITH_METRICS}`,
    );
    expect(red).toEqual(own);
    expect(Object.keys(own)).toEqual(["shop/truth"]);
  });
});

describe("Jaeger", () => {
  const get = async <T>(path: string): Promise<T> =>
    ((await (await fetch(`${jaeger}${path}`)).json()) as { data: T }).data;

  it("returns every trace", async () => {
    const traces = await get<{ readonly traceID: string }[]>(
      `/api/traces?service=planner&limit=${TRACES * 4}`,
    );
    expect(new Set(traces.map(({ traceID }) => traceID)).size).toBe(TRACES * 2);
  });

  it("returns every span", async () => {
    const traces = await get<{ readonly spans: unknown[] }[]>(
      `/api/traces?service=planner&limit=${TRACES * 4}`,
    );
    const all = [ledger, ledgerOfSpans].flatMap(({ agentCalls, modelCalls, toolCalls }) =>
      [agentCalls, modelCalls, toolCalls].flatMap((counts) => Object.values(counts)),
    );
    expect(traces.reduce((sum, { spans }) => sum + spans.length, 0)).toBe(all.reduce((a, b) => a + b, 0));
  });

  it("has the agents as services", async () => {
    expect(await get<string[]>("/api/services")).toEqual(expect.arrayContaining(AGENTS));
  });

  it("lists the edges of the graph, each with its calls", async () => {
    const links = await get<{ parent: string; child: string; callCount: number }[]>(
      `/api/dependencies?endTs=${Date.now() + 60_000}&lookback=3600000`,
    );
    const found = Object.fromEntries(
      links.map(({ parent, child, callCount }) => [
        `${parent}|${child.replace(/^(model|tool):/, "")}`,
        callCount,
      ]),
    );
    const inner = Object.entries(
      together(
        ...[ledger, ledgerOfSpans].map(({ agentCalls, modelCalls, toolCalls }) =>
          merged(agentCalls, modelCalls, toolCalls),
        ),
      ),
    );
    expect(found).toEqual(Object.fromEntries(inner.filter(([key]) => !key.startsWith("user|"))));
  });
});
