import { createAlwaysRecordSampler, type Sampler } from "@opentelemetry/sdk-trace";

/**
 * Lets span processors see the spans that `sampler` drops, so that usage, cost and health are exact at any sampling
 * ratio. What is exported stays the same. It must be the outermost sampler: inside a parent-based one it would be asked
 * about roots only.
 *
 * @example new NodeSDK({ sampler: alwaysRecord(new TraceIdRatioBasedSampler(0.1)), spanProcessors: [agentSpanProcessor(), …] })
 */
export function alwaysRecord(sampler: Sampler): Sampler {
  return createAlwaysRecordSampler(sampler);
}
