import {
  defaultResource,
  detectResources,
  envDetector,
  hostDetector,
  type Resource,
  resourceFromAttributes,
  serviceInstanceIdDetector,
} from "@opentelemetry/resources";
import type { PipelineConfig } from "./environment/pipeline-config.ts";

const ATTR_SERVICE_NAME = "service.name";

/**
 * Who sends the telemetry. NodeSDK's default detectors also record `process.command_args` and `process.owner`; keys are
 * passed on command lines, so the process detector never runs here, whatever OTEL_NODE_RESOURCE_DETECTORS says.
 *
 * Later ones win: SDK defaults, host, environment, options.
 */
export function pipelineResource(
  config: Pick<PipelineConfig, "serviceName" | "resourceAttributes">,
): Resource {
  const detectors = [serviceInstanceIdDetector, hostDetector, envDetector];
  const name = config.serviceName === undefined ? {} : { [ATTR_SERVICE_NAME]: config.serviceName };
  return defaultResource()
    .merge(detectResources({ detectors }))
    .merge(resourceFromAttributes({ ...config.resourceAttributes, ...name }));
}
