import { trace } from "@opentelemetry/api";
import { safely } from "../internal/warn-once.ts";
import { EVENT_GOAL_MET, EVENT_PROGRESS } from "../telemetry/semconv.ts";
import { activeScope } from "./active-scope.ts";
import type { RunNote } from "./run-watch.ts";

/**
 * Says that the goal of the run is reached: of the whole request, up to its first agent or workflow. Calls that begin afterwards are past
 * the goal, the failure mode `unaware_of_termination`. An event `agents.goal_met` on the active span. Never throws.
 */
export function goalMet(): void {
  note("goal_met", EVENT_GOAL_MET);
}

/**
 * Says that the run has got further in a way that no call shows, as a row that was written: equal calls before it and after it are no
 * repetition. An event `agents.progress` on the active span. Never throws.
 */
export function progressMade(): void {
  note("progress", EVENT_PROGRESS);
}

function note(what: RunNote, event: string): void {
  safely("noting how far a run is", () => {
    const span = trace.getActiveSpan();
    if (span?.isRecording()) span.addEvent(event);
    noteRun(what);
  });
}

/** The same without an event, for parts that have one of their own. */
export function noteRun(what: RunNote): void {
  activeScope()?.step?.noted(what);
}
