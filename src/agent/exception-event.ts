import type { Attributes, Context } from "@opentelemetry/api";
import { cutText, redactBeginning, redactMessage } from "../internal/redact.ts";
import { errorMessage, errorType } from "../telemetry/error-type.ts";
import { type EventKind, emitEvent } from "../telemetry/events.ts";
import * as names from "../telemetry/semconv.ts";

const EXCEPTION: EventKind = {
  eventName: names.EVENT_OPERATION_EXCEPTION,
  severityNumber: 13,
  severityText: "WARN",
};

/** What clients throw when the caller has aborted the call: its own decision, and nothing to warn of. */
const ABORTS: ReadonlySet<string> = new Set(["AbortError", "APIUserAbortError", "RequestAbortedError"]);
/** Characters. */
const MAX_STACK = 8_192;

/** The event of a model call that failed. Never throws. @param context Of the call, so that the event belongs to its span. */
export function emitException(context: Context, error: unknown): void {
  const type = errorType(error);
  if (ABORTS.has(type)) return;
  emitEvent(EXCEPTION, context, () => {
    const attributes: Attributes = { [names.ATTR_EXCEPTION_TYPE]: type };
    const message = errorMessage(error);
    if (message !== undefined) attributes[names.ATTR_EXCEPTION_MESSAGE] = redactMessage(message);
    const stack = cleanStack(error, message);
    if (stack !== undefined) attributes[names.ATTR_EXCEPTION_STACKTRACE] = stack;
    return attributes;
  });
}

/** A stack begins with the whole message; there it is redacted and cut as well. */
function cleanStack(error: unknown, message: string | undefined): string | undefined {
  const stack = stackOf(error);
  if (stack === undefined) return undefined;
  const at = message === undefined ? -1 : stack.indexOf(message);
  if (message === undefined || at < 0) return cleanStackText(stack);
  const after = stack.slice(at + message.length);
  return cleanStackText(stack.slice(0, at) + redactMessage(message) + after);
}

function cleanStackText(stack: string): string {
  return cutText(redactBeginning(stack, 2 * MAX_STACK, "error"), MAX_STACK);
}

function stackOf(error: unknown): string | undefined {
  try {
    const stack = (error as { stack?: unknown } | null | undefined)?.stack;
    return typeof stack === "string" && stack !== "" ? stack : undefined;
  } catch {
    // A hostile getter, or the program's own Error.prepareStackTrace.
    return undefined;
  }
}
