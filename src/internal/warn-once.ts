import { diag } from "@opentelemetry/api";
import { redactSecrets } from "./redact/redact-secrets.ts";

/** Characters of a cause that are said. */
const MAX_CAUSE = 1_024;

/** Warnings already given by this process. Bounded: after 1,000 different ones the rest stay silent. */
const given = new Set<string>();
const LIMIT = 1_000;

/**
 * Gives one diag warning per `key` and process. Telemetry that fails says so once, not once a call.
 *
 * @param key What the warning is about, with the value that makes it another warning, as `unpriced:my-model`.
 */
export function warnOnce(key: string, message: string, cause?: unknown): void {
  if (given.has(key) || given.size >= LIMIT) return;
  given.add(key);
  try {
    const returned: unknown =
      cause === undefined
        ? diag.warn(`agent-otel: ${message}`)
        : diag.warn(`agent-otel: ${message}`, said(cause));
    if (returned instanceof Promise) returned.catch(() => {});
  } catch {
    // A diag logger that throws leaves nobody to tell.
  }
}

/** Never the object itself: a program's own diag logger would print its headers and causes as well. */
function said(cause: unknown): string {
  const text = cause instanceof Error ? cause.message || cause.name : String(cause);
  return redactSecrets(text.slice(0, MAX_CAUSE));
}

/** Runs a piece of telemetry whose failure must not reach the user's program; reports the first failure of its kind. */
export function safely(what: string, fn: () => unknown): void {
  try {
    const returned = fn();
    // An async function fits every hook; its rejection would be unhandled and end the process.
    if (returned instanceof Promise) returned.catch((error: unknown) => reportFailure(what, error));
  } catch (error) {
    reportFailure(what, error);
  }
}

export function reportFailure(what: string, error: unknown): void {
  warnOnce(`failed:${what}`, `${what} failed; the program is not affected`, error);
}
