import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { GO } from "./go.ts";
import { answers } from "./health.ts";
import type { Part } from "./part.ts";
import { CHECKOUT } from "./paths.ts";

const MANIFEST = readFileSync(join(CHECKOUT, "collector/builder.yaml"), "utf8");
const VERSION = /^\s+version: (\S+)$/m.exec(MANIFEST)?.[1] ?? "unknown";

export const collector: Part = {
  name: "collector",
  needs: [GO],
  ports: [
    { name: "otlp-http", number: 4318 },
    { name: "otlp-grpc", number: 4317, scheme: "" },
    { name: "metrics", number: 8889 },
    { name: "telemetry", number: 8888 },
    { name: "health", number: 13133 },
  ],
  recipe: {
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
      await go(
        sources,
        "build",
        "-mod=mod",
        "-trimpath",
        "-ldflags=-s -w",
        "-o",
        join(out, "collector"),
        ".",
      );
    },
  },
  command: (place) => {
    const [host, port] = place.address("collector", "telemetry").split(":");
    return {
      file: join(place.program, "collector"),
      args: ["--config", join(CHECKOUT, "collector/config.yaml")],
      env: {
        AGENT_OTEL_OTLP_HTTP_ENDPOINT: place.address("collector", "otlp-http"),
        AGENT_OTEL_OTLP_GRPC_ENDPOINT: place.address("collector", "otlp-grpc"),
        AGENT_OTEL_PROMETHEUS_ENDPOINT: place.address("collector", "metrics"),
        AGENT_OTEL_TELEMETRY_HOST: host!,
        AGENT_OTEL_TELEMETRY_PORT: port!,
        AGENT_OTEL_HEALTH_ENDPOINT: place.address("collector", "health"),
        AGENT_OTEL_JAEGER_ENDPOINT: `http://${place.address("jaeger", "otlp-http")}`,
        AGENT_OTEL_QUEUE_DIR: join(place.data, "queue"),
      },
    };
  },
  ready: (place, signal) => answers(`http://${place.address("collector", "health")}/`, signal),
};

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
