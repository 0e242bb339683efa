import { SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { formatTrace } from "../../../telemetry/format-trace.ts";
import type { TraceSpan } from "../../../telemetry/trace-span.ts";
import type { Terminal } from "../../command.ts";
import type { TraceArgs } from "./options.ts";

const TERMINAL_CONTROLS = /[\u007f-\u009f]/g;

/** As trees, or as JSON lines. */
export function showSpans(
  spans: readonly TraceSpan[],
  { json, attributes, color }: TraceArgs,
  terminal: Terminal,
): void {
  const width = terminal.columns;
  terminal.out(
    json
      ? spans.map(asJsonLine).join("")
      : formatTrace(spans, {
          color: color ?? terminal.color,
          ...(attributes && { attributes: true }),
          ...(width !== undefined && { width }),
        }),
  );
}

function asJsonLine(span: TraceSpan): string {
  const named = {
    ...span,
    kind: SpanKind[span.kind],
    status: { ...span.status, code: SpanStatusCode[span.status.code] },
  };
  // Nanoseconds do not fit into a JSON number, so they are text, as in OTLP/JSON itself.
  const json = JSON.stringify(named, (_, value: unknown) => (typeof value === "bigint" ? `${value}` : value));
  // JSON lets these stand, some terminals obey them.
  return `${json.replace(TERMINAL_CONTROLS, (c) => `\\u00${c.charCodeAt(0).toString(16)}`)}\n`;
}
