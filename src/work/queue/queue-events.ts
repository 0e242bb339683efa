import { type Attributes, trace } from "@opentelemetry/api";
import { safely } from "../../internal/warn-once.ts";
import * as names from "../../telemetry/semconv.ts";
import type { RefusalReason } from "./waiter.ts";

/** A task was never started: on the span of whoever handed it in. Never throws. */
export function queueRejected(queue: string, reason: RefusalReason, priority: number): void {
  refused(
    { [names.ATTR_QUEUE_NAME]: queue, [names.ATTR_QUEUE_REASON]: reason },
    { [names.ATTR_QUEUE_PRIORITY]: priority },
  );
}

/** The supervisor took a task not even into its queue. @param reason `full`, or `pressure`. Never throws. */
export function supervisorRejected(supervisor: string, taskType: string, reason: "full" | "pressure"): void {
  refused(
    { [names.ATTR_SUPERVISOR_NAME]: supervisor, [names.ATTR_QUEUE_REASON]: reason },
    { [names.ATTR_TASK_TYPE]: taskType },
  );
}

/** @param marks What the span itself says too, so that refused work can be looked for. */
function refused(marks: Attributes, details: Attributes): void {
  safely("telling of a refused task", () => {
    const span = trace.getActiveSpan();
    if (!span?.isRecording()) return;
    span.setAttributes(marks);
    span.addEvent(names.EVENT_QUEUE_REJECTION, { ...marks, ...details });
  });
}
