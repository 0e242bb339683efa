import { trace } from "@opentelemetry/api";
import type { TokenBudgetExhaustedError } from "../../errors/token-budget-exhausted-error.ts";
import { safely } from "../../internal/warn-once.ts";
import * as names from "../../telemetry/semconv.ts";

/** Nothing was granted: an event on the span of whoever asked, which is also marked with it. Never throws. */
export function tokensRefused(error: TokenBudgetExhaustedError): void {
  safely("telling that a token budget refused", () => {
    const span = trace.getActiveSpan();
    if (!span?.isRecording()) return;
    const attributes = {
      [names.ATTR_TOKEN_BUDGET_NAME]: error.budget,
      [names.ATTR_TOKEN_BUDGET_AGENT]: error.agent,
    };
    span.setAttribute(names.ATTR_TOKEN_BUDGET_NAME, error.budget);
    span.addEvent(names.EVENT_BUDGET_REJECTION, { ...attributes, [names.ATTR_ERROR_TYPE]: error.code });
  });
}
