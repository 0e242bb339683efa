import { isAgentError } from "../errors/agent-error.ts";
import { redactSecrets } from "../internal/redact/redact-secrets.ts";
import { VALUE_OTHER } from "./semconv.ts";

const LABEL = /^[\w.$-]{1,64}$/;

/**
 * The class of a failure, as `error.type` wants it: low in cardinality, never a message.
 *
 * In order: the fixed `code` of our own errors; the error's `name` (DOMException says AbortError there); the class, since
 * clients such as openai's leave `name` at "Error"; the `code` of a system error (ECONNREFUSED); `_OTHER`.
 */
export function errorType(error: unknown): string {
  try {
    if (isAgentError(error)) return error.code;
    if (typeof error !== "object" || error === null) return VALUE_OTHER;
    const { name, code } = error as { name?: unknown; code?: unknown };
    for (const candidate of [name, error.constructor?.name, code]) {
      if (
        typeof candidate === "string" &&
        candidate !== "Error" &&
        candidate !== "Object" &&
        LABEL.test(candidate) &&
        // A code can be anything that a server sent.
        redactSecrets(candidate) === candidate
      ) {
        return candidate;
      }
    }
    return error instanceof Error ? "Error" : VALUE_OTHER;
  } catch {
    // A hostile getter or a revoked proxy: it has no class that we could name.
    return VALUE_OTHER;
  }
}

/** The text of a failure, or nothing when there is none to be had. */
export function errorMessage(error: unknown): string | undefined {
  try {
    if (typeof error === "string") return error;
    const message = (error as { message?: unknown } | null | undefined)?.message;
    return typeof message === "string" && message !== "" ? message : undefined;
  } catch {
    return undefined;
  }
}
