import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import { OtlpWriter } from "./otlp-writer.ts";
import { writeRequest } from "./request.ts";

/** Hands out its writer, with the memory that it has, to one at a time. */
class WriterDesk {
  #idle: OtlpWriter | undefined;

  use<T>(work: (out: OtlpWriter) => T): T {
    // A getter of an attribute may end a span, and so come here again in the middle.
    const out = this.#idle ?? new OtlpWriter();
    this.#idle = undefined;
    try {
      return work(out);
    } finally {
      out.reset();
      this.#idle = out;
    }
  }
}

const desk = new WriterDesk();

/**
 * An OTLP ExportTraceServiceRequest in protobuf, with the same bytes as `ProtobufTraceSerializer` of OpenTelemetry's transformer
 * 0.301.0 gives, in memory of its own: nothing that is encoded later changes it. Where the transformer writes something for
 * odd input (a name that is no string, an id that is not hex, a time out of range), this writes the same.
 *
 * One bad span fails the whole request, so that a caller may look for it by encoding fewer.
 *
 * @throws What a getter or an iterator of a span throws.
 * @throws TypeError where a span lacks a part that every span has, or where a bigint stands for a count.
 * @throws RangeError for an attribute that contains itself or is nested deeper than the stack (some two thousand levels), and for a
 *   request of more than 64 MiB, which no receiver takes.
 */
export function encodeSpans(spans: readonly ReadableSpan[]): Uint8Array<ArrayBuffer> {
  return desk.use((out) => {
    writeRequest(out, spans);
    return out.copy();
  });
}
