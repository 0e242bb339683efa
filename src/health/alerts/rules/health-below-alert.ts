import { checkBetween } from "../../../internal/check-number.ts";
import { UNHEALTHY_BELOW } from "../../agent-health.ts";
import type { AlertRule } from "../alert-rule.ts";

export interface HealthAlertOptions {
  /** Of a score from 0 to 100. @default 60, from which on an agent is unhealthy */
  readonly below?: number;
}

/** A score that goes up and down around the limit is one alert. */
const MARGIN = 5;

/** The health of an agent is below. Resolved when it is 5 above, or at 100; a score that is not known changes nothing. @throws RangeError. */
export function healthBelowAlert({ below = UNHEALTHY_BELOW }: HealthAlertOptions = {}): AlertRule {
  checkBetween("healthBelowAlert: below", below, 0, 100);
  const wellFrom = Math.min(below + MARGIN, 100);
  return {
    name: "health_below",
    onScore({ agent: subject, score }) {
      if (score === undefined || (score >= below && score < wellFrom)) return undefined;
      if (score >= wellFrom) return { kind: "resolved", subject };
      return {
        kind: "firing",
        subject,
        severity: "warning",
        summary: `the health of ${subject} is ${Math.round(score)}, below ${below}`,
        facts: { score, below },
        lasts: true,
      };
    },
  };
}
