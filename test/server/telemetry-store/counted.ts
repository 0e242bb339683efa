import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { expect } from "vitest";
import { ArrivedSpans } from "../../../src/agent/foreign/arrived-spans.ts";
import { otlpReceiver } from "../../../src/server/receiver/otlp-receiver.ts";
import type { TelemetryBatch } from "../../../src/server/telemetry-store/telemetry-batch.ts";
import { callOfSpan, type KeptSpan } from "../../../src/server/telemetry-store/write/call-of-span.ts";
import type { CallRecord } from "../../../src/telemetry/call-record.ts";
import { rowOf } from "../../foreign/truth.ts";
import { requestOf, spanBody } from "../receiver/otlp-bodies.ts";

/** Counts what a receiver hands on, request by request. */
export class Counted {
  readonly arrived = new ArrivedSpans();
  readonly kept: KeptSpan[] = [];

  get records(): readonly CallRecord[] {
    return this.kept.flatMap(({ record }) => record ?? []);
  }

  get tokens(): number {
    return this.records.reduce((sum, one) => sum + (one.inputTokens ?? 0) + (one.outputTokens ?? 0), 0);
  }

  async add({ spans = [] }: TelemetryBatch): Promise<void> {
    this.arrived.read(spans);
    for (const span of spans) this.kept.push(callOfSpan(span, Number(span.startNs / 1_000n), this.arrived));
  }

  /** Of the spans of a recording, in the order of their text. */
  rows(ids: ReadonlyMap<string, number>): string[] {
    return this.records
      .filter(({ spanId }) => ids.has(spanId!))
      .map((record) => rowOf(ids.get(record.spanId!)!, record))
      .sort();
  }
}

/** Sends the requests to a receiver, and counts what it reads. */
export async function counted(
  requests: readonly (readonly ReadableSpan[])[],
  encoding: "json" | "protobuf" = "protobuf",
): Promise<Counted> {
  const sink = new Counted();
  const receive = otlpReceiver(sink);
  for (const spans of requests)
    expect((await receive(requestOf(spanBody(encoding, spans)))).status).toBe(200);
  return sink;
}
