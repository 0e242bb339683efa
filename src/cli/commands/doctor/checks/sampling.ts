import type { PipelineConfig } from "../../../../pipeline/environment/pipeline-config.ts";
import { type Finding, finding, fine, found, skipped } from "../finding.ts";
import type { Check } from "./check.ts";
import { modeOf, pipelineOf } from "./configuration.ts";

/** Whether any span can arrive. */
export const sampling: Check = {
  name: "sampling",
  run: (project) => {
    const mode = modeOf(project.env);
    if (mode === "external") return skipped("AGENT_OTEL_SDK=external: the program's own SDK decides");
    if (mode === "disabled") {
      const message = "OTEL_SDK_DISABLED=true: no SDK is started, and there are no spans and no metrics";
      return found([finding("nothing_sent", message, "unset OTEL_SDK_DISABLED")], "");
    }
    const config = pipelineOf(project);
    if (config === undefined) return skipped("the environment cannot be read");
    return found([...samplerFindings(config), ...exporterFindings(config)], fine(samplerText(config)).detail);
  },
};

function samplerText({ sampler }: PipelineConfig): string {
  if (sampler === undefined) return "by the program's own sampler";
  return "ratio" in sampler ? `${sampler.name}, ${sampler.ratio} of all traces` : sampler.name;
}

function samplerFindings({ sampler }: PipelineConfig): readonly Finding[] {
  const drops =
    sampler !== undefined && ("ratio" in sampler ? sampler.ratio === 0 : sampler.name.endsWith("_off"));
  if (!drops) return [];
  const set = "ratio" in sampler ? `${sampler.name} with OTEL_TRACES_SAMPLER_ARG=0` : sampler.name;
  const message = `OTEL_TRACES_SAMPLER=${set} drops every trace that begins here`;
  return [finding("nothing_sent", message, "unset OTEL_TRACES_SAMPLER, or give a ratio above 0")];
}

function exporterFindings({ traceExporters, traceFile }: PipelineConfig): readonly Finding[] {
  if (traceExporters.length > 0 || traceFile !== undefined) return [];
  return [
    finding(
      "nothing_sent",
      "OTEL_TRACES_EXPORTER=none: spans are made and go nowhere",
      "unset OTEL_TRACES_EXPORTER",
    ),
  ];
}
