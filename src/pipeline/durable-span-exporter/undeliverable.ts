import { safely } from "../../internal/warn-once.ts";
import type { Frame } from "./frame-queue.ts";

/** Spans that the receiver will never take. They leave the spool, and are counted as dropped. */
export interface UndeliverableBatch {
  /** `rejected`: its status says that the request is wrong. `too_large`: a single span, or a part that cannot be halved, is too large for it. */
  readonly reason: "rejected" | "too_large";
  /** What the receiver said: cut, and without secrets. */
  readonly why: string;
  readonly spans: number;
  /** Of the body as it was sent. */
  readonly bytes: number;
  /** The body as it was sent, an ExportTraceServiceRequest of OTLP in protobuf, in base64. Left out where it has more than 720 KiB. */
  readonly body: string | undefined;
  /** Whether the body is compressed, as the header `content-encoding: gzip` said. */
  readonly gzip: boolean;
}

/** What it throws, or rejects with, is reported, and changes nothing. It is not waited for. */
export type UndeliverableListener = (batch: UndeliverableBatch) => unknown;

/** In base64 that is 960 KiB: with what stands around it, it fits into a mebibyte. */
const MOST_BODY_BYTES = 720 * 2 ** 10;

/** Never throws. */
export function tellUndeliverable(
  listener: UndeliverableListener | undefined,
  { body, gzip, spans }: Frame,
  reason: UndeliverableBatch["reason"],
  why: string,
): void {
  if (listener === undefined) return;
  safely("onUndeliverable of a span exporter", () => {
    const bytes = body.byteLength;
    const text =
      bytes > MOST_BODY_BYTES
        ? undefined
        : Buffer.from(body.buffer, body.byteOffset, bytes).toString("base64");
    return listener({ reason, why, spans, bytes, body: text, gzip });
  });
}
