import type { AlertRule } from "../alert-rule.ts";

/** A detector of failure modes has found something. */
export function failureModeAlert(): AlertRule {
  return {
    name: "failure_mode",
    onSignal(signal) {
      if (signal.kind !== "failure_mode") return undefined;
      const { mode, agent } = signal;
      return {
        kind: "firing",
        subject: `${agent} ${mode}`,
        severity: "warning",
        summary: `${agent} shows ${mode}`,
        facts: { mode, agent },
      };
    },
  };
}
