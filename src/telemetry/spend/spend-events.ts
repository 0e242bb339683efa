import { type Attributes, trace } from "@opentelemetry/api";
import { safely } from "../../internal/warn-once.ts";
import * as names from "../semconv.ts";
import { tellSignal } from "../signals.ts";

/** A call was refused by a limit or a budget: an event on the span that wanted to make it. Never throws. */
export function spendRefused(budget: string, window: string, message: string): void {
  onActiveSpan(names.EVENT_BUDGET_REJECTION, {
    [names.ATTR_BUDGET_NAME]: budget,
    [names.ATTR_BUDGET_WINDOW]: window,
    [names.ATTR_EXCEPTION_MESSAGE]: message,
  });
}

/** @param share Of the limit that is used, from 0 to 1. */
export function budgetNearlyUsed(budget: string, window: string, share: number): void {
  onActiveSpan(names.EVENT_BUDGET_NEARLY_USED, {
    [names.ATTR_BUDGET_NAME]: budget,
    [names.ATTR_BUDGET_WINDOW]: window,
    [names.ATTR_BUDGET_SHARE]: share,
  });
  tellSignal(() => ({ kind: "budget_nearly_used", budget, window, share }));
}

function onActiveSpan(event: string, attributes: Attributes): void {
  safely(`adding the event ${event}`, () => {
    const span = trace.getActiveSpan();
    if (span?.isRecording()) span.addEvent(event, attributes);
  });
}
