import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { reportFailure } from "../../internal/warn-once.ts";
import { encodeSpans } from "./encode/encode-spans.ts";
import { type SplitPart as EncodedPart, splitRequest } from "./encode/split-request.ts";

/** Receivers take 20 MiB by default (OpenTelemetry Collector); with room for other spans of theirs. */
const MOST_BYTES = 8 * 2 ** 20;

export type { EncodedPart };

export interface EncodedBatch {
  readonly parts: readonly EncodedPart[];
  /** Spans that could not be encoded. */
  readonly failed: number;
}

/** Encodes spans into as few requests as their size allows. Never throws: a span that cannot be encoded is left out alone. */
export function encodeBatch(spans: readonly ReadableSpan[]): EncodedBatch {
  if (spans.length === 0) return { parts: [], failed: 0 };
  try {
    return { parts: inHalves({ body: encodeSpans(spans), spans: spans.length }), failed: 0 };
  } catch (error) {
    if (spans.length === 1) {
      reportFailure("encoding a span", error);
      return { parts: [], failed: 1 };
    }
    const middle = spans.length >> 1;
    const [left, right] = [encodeBatch(spans.slice(0, middle)), encodeBatch(spans.slice(middle))];
    return { parts: [...left.parts, ...right.parts], failed: left.failed + right.failed };
  }
}

function inHalves(part: EncodedPart): readonly EncodedPart[] {
  if (part.body.byteLength <= MOST_BYTES) return [part];
  return splitRequest(part.body)?.flatMap(inHalves) ?? [part];
}
