import { CallLog } from "../../../src/agent/call-log.ts";
import { healthMonitor } from "../../../src/health/health-monitor.ts";
import { BreakerRegistry } from "../../../src/resilience/breaker-registry.ts";
import {
  agentsRouter,
  type InProcessOptions,
  inProcessSources,
  type RouterOptions,
} from "../../../src/server/index.ts";
import type { CallRecord } from "../../../src/telemetry/call-record.ts";
import { MetricSources } from "../../../src/telemetry/metric-sources.ts";
import { ManualClock } from "../../../src/testing/manual-clock.ts";
import { record } from "../../health/records.ts";

export const OPERATOR = "operator-token-0123456789";
/** A Thursday. */
export const NOW_MS = Date.UTC(2026, 10, 19, 12, 0, 0);

/** A router over parts of its own, with nothing of this process in it. */
export function served(inProcess: InProcessOptions = {}, options: RouterOptions = {}) {
  const clock = new ManualClock(NOW_MS);
  const calls = new CallLog();
  const metrics = new MetricSources();
  const breakers = new BreakerRegistry({ metrics });
  const after = () => () => {};
  const monitor = healthMonitor({ calls, metrics, clock, after });
  const sources = inProcessSources({ calls, metrics, breakers, clock, health: monitor, ...inProcess });
  const router = agentsRouter({ sources, clock, tokens: { operate: OPERATOR }, ...options });
  const ask = async (path: string, init?: RequestInit) => {
    const response = await router(new Request(`http://127.0.0.1/api/agents/${path}`, init));
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      body: text === "" ? undefined : JSON.parse(text),
    };
  };
  const post = (path: string, body: unknown = {}, headers: Record<string, string> = {}) =>
    ask(path, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${OPERATOR}`, ...headers },
      body: typeof body === "string" ? body : JSON.stringify(body),
    });
  return { clock, calls, metrics, breakers, sources, router, ask, post };
}

const MODEL = { provider: "openai", requestModel: "gpt-4o", responseModel: "gpt-4o" } as const;

/**
 * One request of writer, which asks researcher; and one of writer that fails: in all 4 model calls (1 failed), 1 tool call, 2 requests.
 * Costs: researcher 0.03, writer 0.01 + 0.002, and one call outside of agents without a known price.
 */
export function seed(calls: CallLog): void {
  const told: Partial<CallRecord>[] = [
    {
      agent: "researcher",
      ...MODEL,
      inputTokens: 1_000,
      outputTokens: 200,
      costNanoUsd: 30_000_000,
      durationMs: 800,
    },
    { operation: "execute_tool", agent: "researcher", tool: "search", durationMs: 50 },
    {
      operation: "invoke_agent",
      agent: "researcher",
      callerType: "agent",
      caller: "writer",
      durationMs: 1_000,
      subtree: { calls: 1, tokens: 1_200, costNanoUsd: 30_000_000 },
    },
    {
      agent: "writer",
      ...MODEL,
      inputTokens: 500,
      outputTokens: 100,
      cacheReadTokens: 100,
      costNanoUsd: 10_000_000,
      durationMs: 400,
    },
    {
      operation: "invoke_agent",
      agent: "writer",
      durationMs: 2_000,
      subtree: { calls: 2, tokens: 1_800, costNanoUsd: 40_000_000 },
    },
    {
      agent: "writer",
      provider: "anthropic",
      requestModel: "claude-sonnet-4-5",
      inputTokens: 10,
      outputTokens: 0,
      costNanoUsd: 2_000_000,
      durationMs: 100,
      errorType: "APIConnectionTimeoutError",
    },
    {
      operation: "invoke_agent",
      agent: "writer",
      durationMs: 4_000,
      errorType: "APIConnectionTimeoutError",
      subtree: { calls: 1, tokens: 10, costNanoUsd: 2_000_000 },
    },
    { provider: "local", requestModel: "own-model", inputTokens: 7, outputTokens: 3, durationMs: 10 },
  ];
  for (const each of told) calls.publish(record(each));
}
