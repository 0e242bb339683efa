import { ProtobufTraceSerializer } from "@opentelemetry/otlp-transformer";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { expect } from "vitest";
import { encodeSpans } from "../../../../src/pipeline/durable-span-exporter/encode/encode-spans.ts";

/** What OpenTelemetry makes of the spans. */
export function transformed(spans: readonly ReadableSpan[]): Buffer {
  return Buffer.from(ProtobufTraceSerializer.serializeRequest([...spans])!);
}

export function expectSameBytes(spans: readonly ReadableSpan[]): void {
  const [ours, theirs] = [Buffer.from(encodeSpans(spans)), transformed(spans)];
  // Compared first: to print the difference of a hundred KiB takes a while.
  if (!ours.equals(theirs)) expect(ours.toString("hex")).toBe(theirs.toString("hex"));
}
