import { type OtlpJsonSpans, readOtlpJson } from "./otlp-json.ts";
import type { TraceSpan } from "./trace-span.ts";

/** Longer lines are taken for damage, so writers must not make them. */
export const MAX_LINE_BYTES = 16 * 1024 * 1024;
const NEWLINE = 0x0a;

export interface OtlpJsonLinesOptions {
  /** Longer lines are skipped without being held in memory. @default 16 MiB */
  readonly maxLineBytes?: number;
  /** Decides what ends up in the result, so that a large file need not fit in memory. @default all spans */
  readonly keep?: (span: TraceSpan) => boolean;
}

export interface OtlpJsonLines {
  readonly spans: readonly TraceSpan[];
  /** Whole lines that are not an OTLP/JSON trace request, or are too long. */
  readonly skippedLines: number;
  /** Spans without an id or a start, in lines that are otherwise good. */
  readonly skippedSpans: number;
  /** The last line broke off: a writer is busy with it, or died there. It is not in `skippedLines`. */
  readonly torn: boolean;
}

/**
 * Reads a file of OTLP/JSON lines: one ExportTraceServiceRequest on each, as our trace file and the collector's file
 * exporter write them. What cannot be read is counted and left out.
 *
 * @param chunks The bytes, cut anywhere: a read stream, for instance. Only its own errors are thrown.
 */
export async function readOtlpJsonLines(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  { maxLineBytes = MAX_LINE_BYTES, keep = () => true }: OtlpJsonLinesOptions = {},
): Promise<OtlpJsonLines> {
  const spans: TraceSpan[] = [];
  let skippedLines = 0;
  let skippedSpans = 0;
  let torn = false;
  for await (const line of splitLines(chunks, maxLineBytes)) {
    const read = line.text === undefined ? undefined : spansOf(line.text);
    if (read === undefined) {
      if (line.ended) skippedLines++;
      else torn = true;
      continue;
    }
    skippedSpans += read.skipped;
    for (const span of read.spans) if (keep(span)) spans.push(span);
  }
  return { spans, skippedLines, skippedSpans, torn };
}

interface Line {
  /** `undefined`: too long. */
  readonly text: string | undefined;
  readonly ended: boolean;
}

async function* splitLines(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  maxBytes: number,
): AsyncGenerator<Line> {
  let parts: Uint8Array[] = [];
  let bytes = 0;
  const take = (ended: boolean): Line => {
    const line = { text: bytes > maxBytes ? undefined : Buffer.concat(parts).toString("utf8"), ended };
    parts = [];
    bytes = 0;
    return line;
  };
  const add = (part: Uint8Array): void => {
    bytes += part.length;
    if (bytes > maxBytes) parts = [];
    else if (part.length > 0) parts.push(part);
  };
  for await (const chunk of chunks) {
    let from = 0;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, from)) {
      add(chunk.subarray(from, at));
      from = at + 1;
      if (bytes > 0) yield take(true);
    }
    add(chunk.subarray(from));
  }
  if (bytes > 0) yield take(false);
}

function spansOf(line: string): OtlpJsonSpans | undefined {
  if (line.trim() === "") return { spans: [], skipped: 0 };
  try {
    return readOtlpJson(JSON.parse(line));
  } catch {
    return undefined;
  }
}
