import type { Context } from "@opentelemetry/api";
import { errorType } from "../telemetry/error-type.ts";
import { type EventKind, emitEvent } from "../telemetry/events.ts";
import { exceptionAttributes } from "../telemetry/exception-attributes.ts";
import * as names from "../telemetry/semconv.ts";

const EXCEPTION: EventKind = {
  eventName: names.EVENT_OPERATION_EXCEPTION,
  severityNumber: 13,
  severityText: "WARN",
};

/** What clients throw when the caller has aborted the call: its own decision, and nothing to warn of. */
const ABORTS: ReadonlySet<string> = new Set(["AbortError", "APIUserAbortError", "RequestAbortedError"]);

/** The event of a model call that failed. Never throws. @param context Of the call, so that the event belongs to its span. */
export function emitException(context: Context, error: unknown): void {
  if (ABORTS.has(errorType(error))) return;
  emitEvent(EXCEPTION, context, () => exceptionAttributes(error));
}
