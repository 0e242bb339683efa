import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { GO } from "./go.ts";
import { answers } from "./health.ts";
import type { Part, Place, Recipe } from "./part.ts";
import { CHECKOUT } from "./paths.ts";

const MANIFEST = readFileSync(join(CHECKOUT, "collector/builder.yaml"), "utf8");
const VERSION = /^\s+version: (\S+)$/m.exec(MANIFEST)?.[1] ?? "unknown";

/** One program for all configurations: a part that runs another one shares the folder in the cache. */
const recipe: Recipe = {
  program: "collector",
  version: VERSION,
  inputs: () => [MANIFEST, goMod()],
  async build({ work, out, go, run }) {
    writeFileSync(join(work, "builder.yaml"), MANIFEST);
    await go(work, "install", `go.opentelemetry.io/collector/cmd/builder@v${VERSION}`);
    await run(
      work,
      join(work, "builder"),
      "--config",
      "builder.yaml",
      "--skip-get-modules",
      "--skip-compilation",
    );
    const sources = join(work, "build");
    writeFileSync(join(sources, "go.mod"), goMod());
    await go(sources, "build", "-mod=mod", "-trimpath", "-ldflags=-s -w", "-o", join(out, "collector"), ".");
  },
};

export const collector: Part = {
  name: "collector",
  needs: [GO],
  ports: [
    { name: "otlp-http", number: 4318 },
    { name: "otlp-grpc", number: 4317, scheme: "" },
    { name: "metrics", number: 8889 },
    { name: "telemetry", number: 8888 },
    { name: "health", number: 13133 },
    { name: "span-metrics", number: 8890 },
  ],
  recipe,
  command: (place) => ({
    file: join(place.program, "collector"),
    args: ["--config", join(CHECKOUT, "collector/config.yaml")],
    env: {
      ...listening("collector", place),
      AGENT_OTEL_PROMETHEUS_ENDPOINT: place.address("collector", "metrics"),
      AGENT_OTEL_SPAN_METRICS_ENDPOINT: place.address("collector", "span-metrics"),
      ...forTests("AGENT_OTEL_METRIC_EXPIRATION"),
    },
  }),
  ready: (place, signal) => answers(`http://${place.address("collector", "health")}/`, signal),
};

/**
 * The second tier, fed over OTLP by collectors and SDKs; writes to the stack's Jaeger and Prometheus. What the environment may
 * set beside these addresses is in collector/gateway.yaml.
 */
export const gateway: Part = {
  name: "gateway",
  onlyWhenNamed: true,
  needs: [GO],
  ports: [
    { name: "otlp-http", number: 5318 },
    { name: "otlp-grpc", number: 5317, scheme: "" },
    { name: "telemetry", number: 8988 },
    { name: "health", number: 13135 },
  ],
  recipe,
  command: (place) => ({
    file: join(place.program, "collector"),
    args: ["--config", join(CHECKOUT, "collector/gateway.yaml")],
    env: {
      ...listening("gateway", place),
      AGENT_OTEL_REMOTE_WRITE_ENDPOINT: `http://${place.address("prometheus", "http")}/api/v1/write`,
      AGENT_OTEL_WAL_DIR: join(place.data, "wal"),
    },
  }),
  ready: (place, signal) => answers(`http://${place.address("gateway", "health")}/`, signal),
};

/** A setting of the configuration that a test of alerts makes shorter, where the caller has `AGENT_OTEL_STACK_…` of it. */
function forTests(variable: string): Record<string, string> {
  const value = process.env[variable.replace("AGENT_OTEL_", "AGENT_OTEL_STACK_")];
  return value ? { [variable]: value } : {};
}

/** What the environment says alike to every configuration: where it listens, where Jaeger is, where its queue lies. */
function listening(part: string, place: Place): Record<string, string> {
  const [host, port] = place.address(part, "telemetry").split(":");
  return {
    AGENT_OTEL_OTLP_HTTP_ENDPOINT: place.address(part, "otlp-http"),
    AGENT_OTEL_OTLP_GRPC_ENDPOINT: place.address(part, "otlp-grpc"),
    AGENT_OTEL_TELEMETRY_HOST: host!,
    AGENT_OTEL_TELEMETRY_PORT: port!,
    AGENT_OTEL_HEALTH_ENDPOINT: place.address(part, "health"),
    AGENT_OTEL_JAEGER_ENDPOINT: `http://${place.address("jaeger", "otlp-http")}`,
    AGENT_OTEL_QUEUE_DIR: join(place.data, "queue"),
  };
}

/**
 * The go.mod for the builder's sources. The builder would write one and tidy it, but tidying also fetches what only
 * the tests of dependencies need, and fails when one of those is not to be had.
 */
function goMod(): string {
  const lines = (pattern: RegExp) => [...MANIFEST.matchAll(pattern)].map((match) => match[1]!);
  const required = [
    ...lines(/^\s*- gomod:\s*(\S+ v\S+)/gm),
    `go.opentelemetry.io/collector/otelcol v${VERSION}`,
  ];
  return [
    "module agent-otel/collector",
    "go 1.25",
    ...required.map((module) => `require ${module}`),
    ...lines(/^\s*- (\S+ => \S+ v\S+)/gm).map((replacement) => `replace ${replacement}`),
    "",
  ].join("\n");
}
