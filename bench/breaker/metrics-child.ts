// A call that is counted: our breaker with a reader that collects every few hundred calls, against cockatiel with OpenTelemetry
// instruments written by hand, and both over the bare function.
import { metrics } from "@opentelemetry/api";
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from "@opentelemetry/sdk-metrics";
import { agentMetrics } from "../../src/pipeline/agent-metrics.ts";
import { circuitBreaker } from "../../src/resilience/circuit-breaker.ts";
import { measureRounds, median, overheadNs } from "../harness.ts";
import { protectedBy } from "./libraries.ts";
import { WORK } from "./work.ts";

/** What this process sends: nanoseconds a call. */
export interface MetricsResult {
  readonly bareNs: number;
  readonly ours: number;
  readonly cockatiel: number;
}

/** At a thousand calls a second a reader collects every 10,000: this is a hundred times as often. */
const CALLS_A_COLLECTION = 1_000;

const reader = new PeriodicExportingMetricReader({
  exporter: new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE),
  exportIntervalMillis: 2 ** 30,
});
metrics.setGlobalMeterProvider(new MeterProvider({ readers: [reader] }));

const producer = agentMetrics();
// Through the registry of the process, as users have it: that is where a reader finds it.
const breaker = circuitBreaker({ name: "bench", callTimeoutMs: 30_000 });
let calls = 0;
const ours = (): Promise<unknown> => {
  calls += 1;
  if (calls % CALLS_A_COLLECTION === 0) void producer.collect();
  return breaker.execute(WORK.plain);
};

const meter = metrics.getMeter("by-hand");
const duration = meter.createHistogram("breaker.call.duration", { unit: "s" });
const count = meter.createCounter("breaker.calls");
const { call } = protectedBy("cockatiel", WORK.plain, true);
const byHand = async (): Promise<unknown> => {
  const startMs = performance.now();
  const value = await call();
  const attributes = { breaker: "bench", state: "closed", outcome: "success" };
  duration.record((performance.now() - startMs) / 1_000, attributes);
  count.add(1, attributes);
  return value;
};

const rounds = await measureRounds({ bare: () => WORK.plain(undefined as never), ours, byHand });
const { resourceMetrics } = await producer.collect();
if (!JSON.stringify(resourceMetrics).includes("agents.breaker.state")) {
  throw new Error("the reader does not see the breaker");
}
const result: MetricsResult = {
  bareNs: median(rounds.bare),
  ours: overheadNs(rounds.ours, rounds.bare),
  cockatiel: overheadNs(rounds.byHand, rounds.bare),
};
process.send?.(result);
process.disconnect?.();
process.exit();
