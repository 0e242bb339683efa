import type { AlertRule } from "../alert-rule.ts";

const OPEN: ReadonlySet<string> = new Set(["open", "forced_open"]);
/** It only tries whether all is well again. */
const TRYING = "half_open";

/** A circuit breaker is open. Resolved when it is closed again, or disabled. */
export function breakerOpenAlert(): AlertRule {
  return {
    name: "breaker_open",
    onSignal(signal) {
      if (signal.kind !== "breaker_moved" || signal.to === TRYING) return undefined;
      const { breaker: subject, to, from, reason } = signal;
      if (!OPEN.has(to)) return { kind: "resolved", subject };
      return {
        kind: "firing",
        subject,
        severity: "error",
        summary: `circuit breaker ${subject} is ${to}: ${reason}`,
        facts: { state: to, from, reason },
        lasts: true,
      };
    },
  };
}
