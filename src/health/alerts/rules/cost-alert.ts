import { checkBetween } from "../../../internal/check-number.ts";
import { type AlertRule, subjectOf } from "../alert-rule.ts";

export interface CostAlertOptions {
  /** US dollars for one request, all that it has called included. @default 1 */
  readonly aboveUsd?: number;
}

/** A request cost more. Calls whose price is not known are not in it. @throws RangeError. */
export function costAlert({ aboveUsd = 1 }: CostAlertOptions = {}): AlertRule {
  checkBetween("costAlert: aboveUsd", aboveUsd, 0, 1e9);
  return {
    name: "cost",
    onRequest(request) {
      const costUsd = (request.subtree?.costNanoUsd ?? 0) / 1e9;
      if (costUsd <= aboveUsd) return undefined;
      const subject = subjectOf(request);
      return {
        kind: "firing",
        subject,
        severity: "warning",
        summary: `a request to ${subject} cost $${costUsd.toFixed(2)}, above $${aboveUsd}`,
        facts: { cost_usd: costUsd, above_usd: aboveUsd },
        traceId: request.traceId,
      };
    },
  };
}
