import { checkWhole } from "../../../internal/check-number.ts";
import { type AlertRule, subjectOf } from "../alert-rule.ts";

export interface DurationAlertOptions {
  /** Milliseconds for one request. @default 30_000 */
  readonly aboveMs?: number;
}

/** A request took longer. @throws RangeError. */
export function durationAlert({ aboveMs = 30_000 }: DurationAlertOptions = {}): AlertRule {
  checkWhole("durationAlert: aboveMs", aboveMs, 0);
  return {
    name: "duration",
    onRequest(request) {
      const { durationMs, traceId } = request;
      if (durationMs === undefined || durationMs <= aboveMs) return undefined;
      const subject = subjectOf(request);
      return {
        kind: "firing",
        subject,
        severity: "warning",
        summary: `a request to ${subject} took ${(durationMs / 1_000).toFixed(1)} s, above ${aboveMs / 1_000} s`,
        facts: { duration_ms: Math.round(durationMs), above_ms: aboveMs },
        traceId,
      };
    },
  };
}
