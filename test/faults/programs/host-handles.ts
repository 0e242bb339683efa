// A program that starts and stops telemetry, and says what each step leaves in the process. Argument: `rejecting` for a metric
// reader of the user's whose shutdown rejects; the program then leaves as soon as telemetry says that it is done.
import { ConsoleMetricExporter, PeriodicExportingMetricReader } from "@opentelemetry/sdk-metrics";
import { agent } from "../../../src/agent/agent.ts";
import { durableSpanExporter } from "../../../src/pipeline/durable-span-exporter/durable-span-exporter.ts";
import { start } from "../../../src/pipeline/start.ts";

/** What the program prints, as JSON. */
export interface HostHandles {
  /** Timers and sockets that Node lists, before all else and after each step. */
  readonly before: readonly string[];
  readonly afterExporters: readonly string[];
  readonly afterShutdown: readonly string[];
  /** Whether twenty calls of start() gave one handle. */
  readonly oneHandle: boolean;
  readonly listenersLeft: number;
  /** Milliseconds that the second to the twentieth shutdown took together. */
  readonly repeatedMs: number;
}

const TIMES = 20;
const url = `${process.env["OTEL_EXPORTER_OTLP_ENDPOINT"]}/v1/traces`;
const events = ["beforeExit", "exit", "SIGTERM", "SIGINT", "uncaughtException", "unhandledRejection"];

const before = active();
const listeners = listening();
for (let i = 0; i < TIMES; i++) {
  const exporter = durableSpanExporter({ url });
  await exporter.flush(500);
  await exporter.stop(500);
}
const afterExporters = await afterTurn();

const handles = Array.from({ length: TIMES }, () => start(options()));
for (let i = 0; i < 100; i++) agent("writer", () => i)();
if (process.argv[2] !== "rejecting") await handles[0]?.flush(1_000);
await handles[0]?.shutdown(1_000);
if (process.argv[2] === "rejecting") process.exit();
const startMs = performance.now();
for (const handle of handles.slice(1)) await handle.shutdown();
const report: HostHandles = {
  before,
  afterExporters,
  repeatedMs: performance.now() - startMs,
  afterShutdown: await afterTurn(),
  oneHandle: handles.every((handle) => handle === handles[0]),
  listenersLeft: listening() - listeners,
};
console.log(JSON.stringify(report));

function options() {
  if (process.argv[2] !== "rejecting") return {};
  const reader = new PeriodicExportingMetricReader({ exporter: new ConsoleMetricExporter() });
  const shutdown = () => Promise.reject(new Error("the user's reader is broken"));
  return { metricReaders: [Object.assign(reader, { shutdown })] };
}

/** Streams of the process itself are no news. */
function active(): readonly string[] {
  return process.getActiveResourcesInfo().filter((name) => !/^(?:Pipe|TTY)Wrap$/.test(name));
}

/** A socket that was closed is listed until the event loop has turned. */
async function afterTurn(): Promise<readonly string[]> {
  for (let i = 0; i < 3; i++) await new Promise((resolve) => setImmediate(resolve));
  return active();
}

function listening(): number {
  return events.reduce((sum, event) => sum + process.listenerCount(event), 0);
}
