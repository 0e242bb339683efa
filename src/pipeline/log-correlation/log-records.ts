import * as api from "@opentelemetry/api";
import { readLogContext } from "../../agent/log-context.ts";
import type { LogLine } from "../../agent/log-correlation.ts";
import { warnOnce } from "../../internal/warn-once.ts";
import { ATTR_AGENT_NAME, SCOPE_NAME } from "../../telemetry/semconv.ts";
import { boundedFields, boundedText, boundedValue } from "./bounded-value.ts";

/** As @opentelemetry/core names it, whose 36 files a program with hooks alone would load for this key. */
const SUPPRESSED = api.createContextKey("OpenTelemetry SDK Context Key SUPPRESS_TRACING");

function isSuppressed(within: api.Context): boolean {
  return within.getValue(SUPPRESSED) === true;
}

/** Sends a line as an OpenTelemetry log record, in the context in which it was logged. Without a logger provider: nothing. */
export function emitLogRecord(line: LogLine): void {
  const logs = logsApi();
  if (logs === undefined) return;
  const within = line.context ?? api.context.active();
  // An exporter at work: what it logs about a failed export would be the next export.
  if (isSuppressed(within) || isSuppressed(api.context.active())) return;
  const fields = boundedFields(line.fields);
  const agent = api.context.with(within, readLogContext)?.[ATTR_AGENT_NAME];
  if (agent !== undefined) fields[ATTR_AGENT_NAME] ??= agent;
  logs.getLogger(`${SCOPE_NAME}.${line.logger}`).emit({
    severityText: line.level,
    ...(line.severity !== undefined && { severityNumber: line.severity }),
    body: boundedValue(line.body),
    attributes: fields as api.Attributes,
    ...(line.error !== undefined && { exception: exceptionOf(line.error) }),
    context: within,
  });
}

/** Version 1.9 of the API, which our range of peers allows, has no logs. */
function logsApi(): typeof api.logs | undefined {
  const { logs } = api as Partial<typeof api>;
  if (logs === undefined) {
    warnOnce("logs-api", "log records need version 1.10 of @opentelemetry/api; none are sent");
  }
  return logs;
}

function exceptionOf(error: unknown): unknown {
  if (typeof error !== "object" || error === null) return boundedText(String(error));
  const { name, message, stack } = error as Partial<Error>;
  return {
    name: boundedText(String(name ?? "Error")),
    message: boundedText(String(message ?? "")),
    ...(typeof stack === "string" && { stack: boundedText(stack) }),
  };
}
