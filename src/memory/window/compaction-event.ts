import { trace } from "@opentelemetry/api";
import { noteRun } from "../../agent/goal.ts";
import { safely } from "../../internal/warn-once.ts";
import * as names from "../../telemetry/semconv.ts";
import type { Size } from "./choose-evicted.ts";

/** Messages left a window to make room: on the span of whoever added to it, in numbers alone. Never throws. */
export function compactionEvent(window: string, left: Size, kept: Size): void {
  safely("telling of a compaction", () => {
    noteRun("compaction");
    const span = trace.getActiveSpan();
    if (!span?.isRecording()) return;
    span.addEvent(names.EVENT_MEMORY_COMPACTION, {
      [names.ATTR_MEMORY_NAME]: window,
      [names.ATTR_MEMORY_LEFT_MESSAGES]: left.messages,
      [names.ATTR_MEMORY_LEFT_TOKENS]: left.tokens,
      [names.ATTR_MEMORY_KEPT_MESSAGES]: kept.messages,
      [names.ATTR_MEMORY_KEPT_TOKENS]: kept.tokens,
    });
  });
}
