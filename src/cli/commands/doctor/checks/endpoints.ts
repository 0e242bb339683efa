import type { Exchange } from "../../../../pipeline/durable-span-exporter/send/exchange.ts";
import type { ExporterConfig } from "../../../../pipeline/environment/exporter-config.ts";
import type { Signal } from "../../../../pipeline/environment/otlp-endpoint.ts";
import { hideSecrets } from "../../../../pipeline/environment/otlp-endpoint.ts";
import { askEndpoint, type Target } from "../endpoint/ask.ts";
import { diagnose } from "../endpoint/diagnose.ts";
import { type Finding, finding, found, skipped } from "../finding.ts";
import type { Project } from "../project/project.ts";
import type { Check } from "./check.ts";
import { modeOf, pipelineOf } from "./configuration.ts";

/** Where spans, metrics and logs are sent to. */
export const endpoints: Check = {
  name: "endpoint",
  run: async (project) => {
    const config = pipelineOf(project);
    if (config === undefined)
      return skipped(modeOf(project.env) === "start" ? "the environment cannot be read" : "nothing is sent");
    const targets = [
      ...targetsOf("traces", config.traceExporters),
      ...targetsOf("metrics", config.metricExporters),
      ...targetsOf("logs", config.logExporters),
    ];
    if (targets.length === 0) return skipped("nothing is sent over OTLP");
    const findings = await Promise.all(targets.map((target) => findingsOf(target, project)));
    return found(withoutRepeats(findings.flat()), targets.map(({ url }) => hideSecrets(url)).join(", "));
  },
};

function targetsOf(signal: Signal, exporters: readonly ExporterConfig[]): readonly Target[] {
  return exporters.flatMap((each) => {
    if (each.kind !== "otlp") return [];
    const { protocol, timeoutMillis } = each;
    return (each.urls ?? [each.url]).map((url) => ({ signal, url, protocol, timeoutMillis }));
  });
}

async function findingsOf(target: Target, { env }: Project): Promise<readonly Finding[]> {
  let answer: Exchange;
  try {
    answer = await askEndpoint(target, env);
  } catch (error) {
    // A header that cannot be sent, a certificate that cannot be read.
    const message = error instanceof Error ? error.message : String(error);
    return [finding("bad_configuration", message, "correct the variable")];
  }
  const wrong = diagnose(target, answer);
  return wrong === undefined ? [] : [wrong];
}

/** One receiver that is not there for traces is not there for metrics either: that is said once. */
function withoutRepeats(findings: readonly Finding[]): readonly Finding[] {
  const keyOf = ({ code, message }: Finding) =>
    `${code} ${message.replace(/\/v1\/(?:traces|metrics|logs)/g, "")}`;
  const seen = new Set<string>();
  return findings.filter((each) => !seen.has(keyOf(each)) && seen.add(keyOf(each)));
}
