import type { Attributes } from "@opentelemetry/api";
import {
  defaultResource,
  detectResources,
  envDetector,
  hostDetector,
  type Resource,
  resourceFromAttributes,
  serviceInstanceIdDetector,
} from "@opentelemetry/resources";
import { ATTR_METRICS_SOURCE, ATTR_SERVICE_NAME, METRICS_SOURCE_SDK } from "../telemetry/semconv.ts";
import type { PipelineConfig } from "./environment/pipeline-config.ts";

/**
 * Who sends the telemetry. NodeSDK's default detectors also record `process.command_args` and `process.owner`; keys are
 * passed on command lines, so the process detector never runs here, whatever OTEL_NODE_RESOURCE_DETECTORS says.
 *
 * Later ones win: SDK defaults, who counts, host, environment, options.
 */
export function pipelineResource(
  config: Pick<PipelineConfig, "serviceName" | "resourceAttributes" | "metricExporters">,
): Resource {
  const detectors = [serviceInstanceIdDetector, hostDetector, envDetector];
  const name = config.serviceName === undefined ? {} : { [ATTR_SERVICE_NAME]: config.serviceName };
  return defaultResource()
    .merge(resourceFromAttributes(metricsSource(config)))
    .merge(detectResources({ detectors }))
    .merge(resourceFromAttributes({ ...config.resourceAttributes, ...name }));
}

/**
 * Only where metrics leave the process towards a store. Readers that a program brings may hold anything: it says so itself, with
 * an attribute of the resource.
 */
function metricsSource({ metricExporters }: Pick<PipelineConfig, "metricExporters">): Attributes {
  const sent = metricExporters.some(({ kind }) => kind === "otlp");
  return sent ? { [ATTR_METRICS_SOURCE]: METRICS_SOURCE_SDK } : {};
}
