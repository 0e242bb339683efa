import { isAgentError } from "../errors/agent-error.ts";
import { redactText } from "../internal/redact.ts";
import { errorMessage, errorType } from "../telemetry/error-type.ts";
import { errorStack } from "../telemetry/exception-attributes.ts";

/** The field of a state object that tells of a failure behind it. Plain JSON, so it survives copies, stores and graphs. */
export const FAILURE_FIELD = "__agent_otel_failure__";

/** What failed, although an answer came. Secrets in the texts are redacted. */
export type FailureMark = {
  /** Of the breaker, or of the function where there is none. */
  readonly breaker: string | null;
  /** Low in cardinality, as `error.type` has it. */
  readonly errorType: string;
  readonly message: string;
  /** Whole, of the error that was thrown first, also where later calls were refused because of it; its causes follow. */
  readonly stack: string;
  /** What answered: `cached`, `degraded`, `escalated`, `decomposed` or one of your own; `null` where nothing did. */
  readonly fallback: string | null;
};

const MAX_CAUSES = 8;

/** @param breaker Name of the breaker, or of the function. */
export function failureMark(
  error: unknown,
  breaker: string | undefined,
  fallback: string | undefined,
): FailureMark {
  const first = originOf(error);
  return {
    breaker: breaker ?? null,
    errorType: errorType(error),
    message: redactText(errorMessage(first) ?? "no message"),
    stack: redactText(stacks(first)),
    fallback: fallback ?? null,
  };
}

/** Whether `value` is a state object: what was made with braces, or by copying such a one. */
export function isStateObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** A copy of a state object with the mark; any other value as it is. */
export function marked(value: unknown, mark: FailureMark): unknown {
  return isStateObject(value) ? { ...value, [FAILURE_FIELD]: mark } : value;
}

/** A refusal has no story of its own: it is about the failure that opened the breaker. */
function originOf(error: unknown): unknown {
  return isAgentError(error) && error.code === "circuit_open" && error.cause !== undefined
    ? error.cause
    : error;
}

function stacks(error: unknown): string {
  const texts: string[] = [];
  for (let each = error, i = 0; each !== undefined && each !== null && i < MAX_CAUSES; i++) {
    texts.push(errorStack(each) ?? errorMessage(each) ?? String(typeof each));
    each = causeOf(each);
  }
  return texts.join("\nCaused by: ");
}

function causeOf(error: unknown): unknown {
  try {
    return (error as { cause?: unknown }).cause;
  } catch {
    return undefined;
  }
}
