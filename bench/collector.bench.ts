// What the shipped collector configuration costs: CPU time of collector/config.yaml over a pipeline of the same program that only
// receives, batches and sends, and what becomes of its memory. The bound is on like for like: neither compresses, as is shipped;
// queues in memory, the same sink, the same requests, all programs up at once and fed in turn.
//
// AGENT_OTEL_BENCH_SHORT=1 measures that alone, in half a minute; AGENT_OTEL_BENCH_SOAK_S=600 looks at the memory for ten minutes.
import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { type Claim, report } from "./claims.ts";
import {
  type Collector,
  type CollectorPorts,
  collectorProgram,
  startCollector,
} from "./collector-process.ts";
import { requests, SPANS_A_REQUEST } from "./collector-spans.ts";
import { median, type Rounds } from "./harness.ts";

const MOST = 2;
const MOST_GROWTH = 1.15;
const ROUNDS = 11;
const WARM_UP_ROUNDS = 2;
const REQUESTS_A_ROUND = 100;
const SOAK_S = Number(process.env["AGENT_OTEL_BENCH_SOAK_S"] ?? 60);
const SHORT = process.env["AGENT_OTEL_BENCH_SHORT"] === "1";
const SINK = 24_600;
const FIRST_PORT = 24_610;

const SHIPPED = ["collector/config.yaml", inMemory()];
const CASES = {
  bare: { configs: [bare("none")], counted: true },
  shipped: { configs: SHIPPED, counted: true },
  others: { configs: SHIPPED, counted: false },
  bareGzip: { configs: [bare("gzip")], counted: true },
  shippedGzip: { configs: [...SHIPPED, compressed()], counted: true },
} as const;
type Name = keyof typeof CASES;
const NAMES: readonly Name[] = SHORT ? ["bare", "shipped"] : (Object.keys(CASES) as Name[]);

const sink = fork(fileURLToPath(new URL("collector-sink.ts", import.meta.url)), [String(SINK)]);
await once(sink, "message");
const program = collectorProgram();
const bodies = {
  counted: await requests({ counted: true, requests: 60 }),
  others: await requests({ counted: false, requests: 60 }),
};
const collectors = new Map<Name, Collector>();
try {
  for (const [i, name] of NAMES.entries()) {
    collectors.set(
      name,
      await startCollector(program, CASES[name].configs, portsFrom(FIRST_PORT + 5 * i), SINK),
    );
  }
  const rounds = await measured();
  report("collector: CPU time of the shipped configuration, and its memory", [
    ...cpuClaims(rounds),
    ...(SHORT ? [] : await memoryClaims()),
  ]);
} finally {
  for (const collector of collectors.values()) await collector.stop();
  sink.disconnect();
}

async function measured(): Promise<Readonly<Record<Name, Rounds>>> {
  const rounds = Object.fromEntries(NAMES.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  const sent = Object.fromEntries(NAMES.map((name) => [name, 0])) as Record<Name, number>;
  for (let round = -WARM_UP_ROUNDS; round < ROUNDS; round++) {
    for (const name of round % 2 === 0 ? NAMES : NAMES.toReversed()) {
      const collector = collectorOf(name);
      const before = collector.cpuSeconds();
      await collector.send(CASES[name].counted ? bodies.counted : bodies.others, REQUESTS_A_ROUND);
      sent[name] += REQUESTS_A_ROUND * SPANS_A_REQUEST;
      await collector.sent(sent[name]);
      const seconds = collector.cpuSeconds() - before;
      if (round >= 0) rounds[name].push((seconds / (REQUESTS_A_ROUND * SPANS_A_REQUEST)) * 1e9);
    }
  }
  return rounds;
}

function cpuClaims(rounds: Readonly<Record<Name, Rounds>>): readonly Claim[] {
  const over = (name: Name, base: Name, claim: string, bound?: number): Claim => ({
    claim,
    ...(bound !== undefined && { bound }),
    measured: usual(rounds[name]) / usual(rounds[base]),
    unit: "×",
    note: `${seconds(rounds[name])} over ${seconds(rounds[base])} CPU s per 1,000,000 spans`,
  });
  const likeForLike = over("shipped", "bare", "our own spans, as shipped, neither compressed", MOST);
  if (SHORT) return [likeForLike];
  return [
    likeForLike,
    over("others", "bare", "spans of others, whose edges are counted here, neither compressed"),
    over("shippedGzip", "bareGzip", "our own spans, both compressed"),
    over("shipped", "bareGzip", "our own spans, as shipped, over the collector's defaults, which compress"),
  ];
}

/** Full load for a while: what is there at the end over what was there after a quarter of the time. */
async function memoryClaims(): Promise<readonly Claim[]> {
  const collector = collectorOf("shipped");
  const samples: number[] = [];
  for (const until = Date.now() + SOAK_S * 1_000; Date.now() < until; ) {
    await collector.send(bodies.counted, 40);
    samples.push(collector.rssMib());
  }
  const quarter = samples.length >> 2;
  const early = median(samples.slice(quarter, 2 * quarter));
  const late = median(samples.slice(-quarter));
  return [
    {
      claim: `memory after ${SOAK_S} s of full load, over the second quarter of it`,
      bound: MOST_GROWTH,
      measured: late / early,
      unit: "×",
      note: `${samples.length * 40 * SPANS_A_REQUEST} spans`,
    },
    { claim: "memory at its highest", measured: Math.max(...samples), unit: "MiB" },
  ];
}

function collectorOf(name: Name): Collector {
  const collector = collectors.get(name);
  if (collector === undefined) throw new Error(`${name} was not started`);
  return collector;
}

/** The lower quartile: other users of the machine only ever add to the time that a span takes. */
function usual(ns: Rounds): number {
  return ns.toSorted((a, b) => a - b)[ns.length >> 2] ?? Number.NaN;
}

function seconds(ns: Rounds): string {
  return (usual(ns) / 1_000).toFixed(1);
}

function portsFrom(first: number): CollectorPorts {
  return { otlp: first, telemetry: first + 1, health: first + 2, metrics: first + 3, spanMetrics: first + 4 };
}

/** Over the shipped configuration: its queue in memory. Arrays are replaced, so the extensions are named again. */
function inMemory(): string {
  return `yaml:{exporters: {otlp_http/jaeger: {sending_queue: {storage: null}}}, service: {extensions: [health_check]}}`;
}

function compressed(): string {
  return "yaml:{exporters: {otlp_http/jaeger: {compression: gzip}}}";
}

/** Receive, batch, send. */
function bare(compression: string): string {
  return `yaml:${JSON.stringify({
    extensions: { health_check: { endpoint: setting("AGENT_OTEL_HEALTH_ENDPOINT") } },
    receivers: { otlp: { protocols: { http: { endpoint: setting("AGENT_OTEL_OTLP_HTTP_ENDPOINT") } } } },
    processors: { batch: {} },
    exporters: { otlp_http: { endpoint: setting("AGENT_OTEL_JAEGER_ENDPOINT"), compression } },
    service: {
      extensions: ["health_check"],
      telemetry: {
        metrics: {
          readers: [
            {
              pull: {
                exporter: { prometheus: { host: "127.0.0.1", port: setting("AGENT_OTEL_TELEMETRY_PORT") } },
              },
            },
          ],
        },
      },
      pipelines: { traces: { receivers: ["otlp"], processors: ["batch"], exporters: ["otlp_http"] } },
    },
  })}`;
}

/** What the collector takes from its environment. */
function setting(name: string): string {
  return `\${env:${name}}`;
}
