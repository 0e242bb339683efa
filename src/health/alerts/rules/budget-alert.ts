import type { AlertRule } from "../alert-rule.ts";

/** A budget is nearly used up, by the `softLimit` of its cost guard. */
export function budgetAlert(): AlertRule {
  return {
    name: "budget_nearly_used",
    onSignal(signal) {
      if (signal.kind !== "budget_nearly_used") return undefined;
      const { budget, window, share } = signal;
      const percent = Math.round(share * 100);
      return {
        kind: "firing",
        subject: `${budget} ${window}`,
        severity: "warning",
        summary: `budget ${budget} is used to ${percent} % for this ${window}`,
        facts: { budget, window, share },
      };
    },
  };
}
