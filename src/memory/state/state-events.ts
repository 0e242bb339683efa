import { trace } from "@opentelemetry/api";
import { redactMessage } from "../../internal/redact.ts";
import { safely } from "../../internal/warn-once.ts";
import * as names from "../../telemetry/semconv.ts";

/** What became of a key that somebody else had written since it was read: on the span that is at work, whose status stays. Never throws. */
export function stateConflict(state: string, key: string, strategy: string, outcome: string): void {
  safely("telling of a conflict of shared state", () => {
    const span = trace.getActiveSpan();
    if (!span?.isRecording()) return;
    span.addEvent(names.EVENT_STATE_CONFLICT, {
      [names.ATTR_STATE_NAME]: state,
      [names.ATTR_STATE_KEY]: redactMessage(key),
      [names.ATTR_STATE_STRATEGY]: strategy,
      [names.ATTR_STATE_OUTCOME]: outcome,
    });
  });
}
