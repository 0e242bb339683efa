import type { AlertRule } from "../alert-rule.ts";
import { breakerOpenAlert } from "./breaker-open-alert.ts";
import { budgetAlert } from "./budget-alert.ts";
import { costAlert } from "./cost-alert.ts";
import { deadLetterAlert } from "./dead-letter-alert.ts";
import { durationAlert } from "./duration-alert.ts";
import { errorAlert } from "./error-alert.ts";
import { failureModeAlert } from "./failure-mode-alert.ts";
import { healthBelowAlert } from "./health-below-alert.ts";

/** Every rule, each with its defaults. */
export function defaultAlertRules(): readonly AlertRule[] {
  return [
    errorAlert(),
    costAlert(),
    durationAlert(),
    breakerOpenAlert(),
    healthBelowAlert(),
    budgetAlert(),
    deadLetterAlert(),
    failureModeAlert(),
  ];
}
