import { type Attributes, logs } from "@opentelemetry/api";

/** One line of the desk's log, with the trace that it belongs to. Sent where OTEL_LOGS_EXPORTER says so. */
export function emitLog(
  body: string,
  attributes: Attributes = {},
  severityText: "INFO" | "WARN" = "INFO",
): void {
  const severityNumber = severityText === "WARN" ? 13 : 9;
  logs.getLogger("support-desk").emit({ body, attributes, severityText, severityNumber });
}
