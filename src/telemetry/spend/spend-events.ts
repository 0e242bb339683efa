import { trace } from "@opentelemetry/api";
import { safely } from "../../internal/warn-once.ts";
import * as names from "../semconv.ts";

/** A call was refused by a limit or a budget: an event on the span that wanted to make it. Never throws. */
export function spendRefused(budget: string, window: string, message: string): void {
  safely("adding the event of a refusal", () => {
    const span = trace.getActiveSpan();
    if (!span?.isRecording()) return;
    span.addEvent(names.EVENT_BUDGET_REJECTION, {
      [names.ATTR_BUDGET_NAME]: budget,
      [names.ATTR_BUDGET_WINDOW]: window,
      [names.ATTR_EXCEPTION_MESSAGE]: message,
    });
  });
}
