// What the tiers past one machine cost, for docs/scaling.md: the local collector with its queue on disk, and a gateway with tail sampling.
// No bounds: these are figures to plan with.
import { fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type Claim, report } from "./claims.ts";
import {
  type Collector,
  type CollectorPorts,
  collectorProgram,
  startCollector,
} from "./collector-process.ts";
import { requests, SPANS_A_REQUEST } from "./collector-spans.ts";

const SINK = 24_640;
const PORTS: CollectorPorts = {
  otlp: 24_641,
  telemetry: 24_642,
  health: 24_643,
  metrics: 24_644,
  spanMetrics: 24_645,
};
const REQUESTS = 400;
const SPANS = REQUESTS * SPANS_A_REQUEST;
/** Long enough for the sampler to decide on all and to hand it on. */
const DECIDED_MS = 6_000;

const folder = mkdtempSync(join(tmpdir(), "agent-otel-bench-"));
const sink = fork(fileURLToPath(new URL("collector-sink.ts", import.meta.url)), [String(SINK)]);
await once(sink, "message");
const program = collectorProgram();
const bodies = await requests({ counted: true, requests: 60 });
try {
  report("collector: what the tiers past one machine cost", [
    await onDisk("true"),
    await onDisk("false"),
    ...(await sampling()),
  ]);
} finally {
  sink.disconnect();
  rmSync(folder, { recursive: true });
}

/** @param sync Whether each request waits until it is on the disk. */
async function onDisk(sync: "true" | "false"): Promise<Claim> {
  const storage = {
    directory: join(folder, sync),
    fsync: sync === "true",
    compaction: { directory: join(folder, sync) },
  };
  const overlay = `yaml:${JSON.stringify({ extensions: { "file_storage/AGENT_OTEL_QUEUE_DIR": storage } })}`;
  const seconds = await withCollector(["collector/config.yaml", overlay], async (collector) => {
    await collector.send(bodies, REQUESTS);
    await collector.sent(SPANS);
    return collector.cpuSeconds();
  });
  return {
    claim: `local collector, queue on disk, fsync ${sync}: CPU seconds per 1,000,000 spans`,
    measured: (seconds / SPANS) * 1e6,
    unit: "s",
  };
}

/** Every trace kept and its queue in memory, so that sampling and what comes after it is all that costs. */
async function sampling(): Promise<readonly Claim[]> {
  const processors = {
    memory_limiter: { limit_mib: 6_000 },
    tail_sampling: {
      decision_wait: "2s",
      decision_wait_after_root_received: "0s",
      num_traces: 1_000_000,
      policies: [{ name: "all", type: "always_sample" }],
    },
  };
  const exporters = {
    "otlp_http/jaeger": { compression: "none", sending_queue: { storage: null } },
    prometheus_remote_write: { wal: null },
  };
  const overlay = `yaml:${JSON.stringify({ processors, exporters, service: { extensions: ["health_check"] } })}`;
  const { seconds, bytes } = await withCollector(["collector/gateway.yaml", overlay], async (collector) => {
    const before = collector.rssMib();
    await collector.send(bodies, REQUESTS);
    const bytes = (collector.rssMib() - before) * 2 ** 20;
    await wait(DECIDED_MS);
    return { seconds: collector.cpuSeconds(), bytes };
  });
  return [
    {
      claim: "gateway, tail sampling, all kept: CPU seconds per 1,000,000 spans",
      measured: (seconds / SPANS) * 1e6,
      unit: "s",
    },
    {
      claim: "gateway, memory of a span that waits for its decision, garbage included",
      measured: bytes / SPANS / 1_024,
      unit: "KiB",
    },
  ];
}

async function withCollector<T>(
  configs: readonly string[],
  use: (collector: Collector) => Promise<T>,
): Promise<T> {
  const collector = await startCollector(program, configs, PORTS, SINK);
  try {
    return await use(collector);
  } finally {
    await collector.stop();
  }
}
