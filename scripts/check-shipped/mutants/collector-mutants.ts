import type { Mutant } from "./mutant.ts";
import { inFile } from "./plant.ts";

const CONFIG = "collector/config.yaml";
const GATEWAY = "collector/gateway.yaml";

export const COLLECTOR_MUTANTS: readonly Mutant[] = [
  {
    fault: "batch processor before the queue on disk",
    check: "collector-references",
    plant: inFile(
      CONFIG,
      /(\[memory_limiter,)(?= transform\/agent_service)/,
      (found) => `${found} batch/metrics,`,
    ),
  },
  {
    fault: "exporter that gives up",
    check: "collector-references",
    plant: inFile(CONFIG, /max_elapsed_time: 0s?/, "max_elapsed_time: 300s"),
  },
  {
    fault: "queue that drops what it cannot take",
    check: "collector-references",
    plant: inFile(CONFIG, "block_on_overflow: true", "block_on_overflow: false"),
  },
  {
    fault: "component that is not built",
    check: "collector-references",
    plant: inFile(CONFIG, /^ {2}otlp:\n/m, "  kafka: {}\n  otlp:\n"),
  },
  {
    fault: "component that is not declared",
    check: "collector-references",
    plant: inFile(CONFIG, /receivers: \[otlp\]/, "receivers: [otlp, zipkin]"),
  },
  {
    fault: "memory limiter not first",
    check: "collector-references",
    plant: inFile(
      CONFIG,
      /processors: \[memory_limiter, ([\w/]+)/,
      (second) => `processors: [${second}, memory_limiter`,
    ),
  },
  {
    fault: "collector that listens on every interface",
    check: "collector-references",
    plant: inFile(CONFIG, ":-127.0.0.1:4318}", ":-0.0.0.0:4318}"),
  },
  {
    fault: "queue that is not started",
    check: "collector-references",
    plant: inFile(CONFIG, /extensions: \[health_check, .*\]/, "extensions: [health_check]"),
  },
  {
    fault: "unknown key in the collector's file",
    check: "collector-validates",
    plant: inFile(CONFIG, "metric_expiration:", "metric_expires:"),
  },
  {
    fault: "expression that the collector cannot read",
    check: "collector-validates",
    plant: inFile(
      CONFIG,
      'set(resource.attributes["app.service.name"]',
      'put(resource.attributes["app.service.name"]',
    ),
  },
  {
    fault: "unknown policy of the gateway",
    check: "collector-starts",
    plant: inFile(GATEWAY, "type: latency", "type: slow"),
  },
  {
    fault: "two exporters on one port",
    check: "collector-starts",
    plant: inFile(CONFIG, "AGENT_OTEL_SPAN_METRICS_ENDPOINT", "AGENT_OTEL_PROMETHEUS_ENDPOINT"),
  },
  {
    fault: "attribute that nobody writes",
    check: "names",
    plant: inFile(CONFIG, /"gen_ai\.caller\.name"/, '"gen_ai.caller"'),
  },
];
