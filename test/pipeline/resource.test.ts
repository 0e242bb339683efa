import { describe, expect, it } from "vitest";
import { readPipelineConfig } from "../../src/pipeline/environment/pipeline-config.ts";
import { pipelineResource } from "../../src/pipeline/resource.ts";
import type { StartOptions } from "../../src/pipeline/sdk-options.ts";
import { ATTR_METRICS_SOURCE } from "../../src/telemetry/semconv.ts";

const sourceOf = (env: Readonly<Record<string, string>>, options: StartOptions = {}) =>
  pipelineResource(readPipelineConfig(env, options)).attributes[ATTR_METRICS_SOURCE];

describe("the resource", () => {
  it("says that the SDK counts, where the process sends metrics", () => {
    expect(sourceOf({})).toBe("sdk");
    expect(sourceOf({ OTEL_METRICS_EXPORTER: "console,otlp" })).toBe("sdk");
  });

  it("says nothing where metrics are off, or only shown", () => {
    expect(sourceOf({ OTEL_METRICS_EXPORTER: "none" })).toBeUndefined();
    expect(sourceOf({ OTEL_METRICS_EXPORTER: "console" })).toBeUndefined();
  });

  it("says nothing for readers that the program brings, and lets it say so itself", () => {
    expect(sourceOf({}, { metricReaders: [] })).toBeUndefined();
    const resourceAttributes = { [ATTR_METRICS_SOURCE]: "sdk" };
    expect(sourceOf({}, { metricReaders: [], resourceAttributes })).toBe("sdk");
  });
});
