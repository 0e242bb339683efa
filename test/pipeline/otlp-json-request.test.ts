import { JsonTraceSerializer } from "@opentelemetry/otlp-transformer";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { otlpJsonRequest } from "../../src/pipeline/otlp-json-request.ts";
import { randomSpans } from "./durable-span-exporter/encode/random-spans.ts";

const ours = (spans: readonly ReadableSpan[]): unknown => JSON.parse(JSON.stringify(otlpJsonRequest(spans)));
const theirs = (spans: readonly ReadableSpan[]): unknown =>
  JSON.parse(Buffer.from(JsonTraceSerializer.serializeRequest([...spans])!).toString());

describe("spans as OTLP/JSON", () => {
  it("are what the transformer of OpenTelemetry makes of them", () => {
    const one = randomSpans({ minLength: 1, maxLength: 1 });
    fc.assert(
      fc.property(one, (spans) => {
        expect(ours(spans)).toEqual(theirs(spans));
      }),
      { numRuns: 1_000 },
    );
  });

  it("stand together by resource and scope, in the order of the first of each", () => {
    const any = randomSpans({ minLength: 3, maxLength: 3 });
    const [[first, second, third] = []] = fc.sample(any, 1);
    const { resource, instrumentationScope } = first!;
    const spans = [
      { ...first!, resource, instrumentationScope },
      { ...second!, resource: { ...resource }, instrumentationScope },
      { ...third!, resource, instrumentationScope },
    ];
    expect(ours(spans)).toEqual(theirs(spans));
  });
});
