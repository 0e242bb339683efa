import type { Attributes } from "@opentelemetry/api";
import { cutText, redactBeginning, redactMessage } from "../internal/redact.ts";
import { errorMessage, errorType } from "./error-type.ts";
import * as names from "./semconv.ts";

/** Characters. */
const MAX_STACK = 8_192;

/** What the conventions say of an exception: type, message and stack, redacted and cut. Never throws. */
export function exceptionAttributes(error: unknown): Attributes {
  const attributes: Attributes = { [names.ATTR_EXCEPTION_TYPE]: errorType(error) };
  const message = errorMessage(error);
  if (message !== undefined) attributes[names.ATTR_EXCEPTION_MESSAGE] = redactMessage(message);
  const stack = cleanStack(error, message);
  if (stack !== undefined) attributes[names.ATTR_EXCEPTION_STACKTRACE] = stack;
  return attributes;
}

/** A stack begins with the whole message; there it is redacted and cut as well. */
function cleanStack(error: unknown, message: string | undefined): string | undefined {
  const stack = errorStack(error);
  if (stack === undefined) return undefined;
  const at = message === undefined ? -1 : stack.indexOf(message);
  if (message === undefined || at < 0) return cleanStackText(stack);
  const after = stack.slice(at + message.length);
  return cleanStackText(stack.slice(0, at) + redactMessage(message) + after);
}

function cleanStackText(stack: string): string {
  return cutText(redactBeginning(stack, 2 * MAX_STACK, "error"), MAX_STACK);
}

/** As the error has it, or nothing. */
export function errorStack(error: unknown): string | undefined {
  try {
    const stack = (error as { stack?: unknown } | null | undefined)?.stack;
    return typeof stack === "string" && stack !== "" ? stack : undefined;
  } catch {
    // A hostile getter, or the program's own Error.prepareStackTrace.
    return undefined;
  }
}
