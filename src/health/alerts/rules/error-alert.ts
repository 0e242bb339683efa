import { type AlertRule, subjectOf } from "../alert-rule.ts";

export interface ErrorAlertOptions {
  /** Classes of errors, as `error.type` has them, that are none: as `AbortError` of callers that hang up. @default none */
  readonly ignore?: readonly string[];
}

/** A request failed. */
export function errorAlert({ ignore = [] }: ErrorAlertOptions = {}): AlertRule {
  const ignored = new Set(ignore);
  return {
    name: "error",
    onRequest(request) {
      const { errorType, traceId } = request;
      if (errorType === undefined || ignored.has(errorType)) return undefined;
      const subject = subjectOf(request);
      return {
        kind: "firing",
        subject,
        severity: "error",
        summary: `${subject} failed: ${errorType}`,
        facts: { error_type: errorType },
        traceId,
      };
    },
  };
}
