import { reportFailure } from "../../internal/warn-once.ts";
import type { WorkflowSettings } from "./workflow-options.ts";

const EVERY_MS = 60_000;

/** @returns Removes completed runs whose time is over: once a minute however often it is called, in the background. Never throws. */
export function sweepCompleted({ name, store, keepCompletedMs, clock }: WorkflowSettings): () => void {
  let dueMs = 0;
  return () => {
    const nowMs = clock.monotonic();
    if (!Number.isFinite(keepCompletedMs) || nowMs < dueMs) return;
    dueMs = nowMs + EVERY_MS;
    store
      .sweep(name, keepCompletedMs)
      .catch((error: unknown) => reportFailure("removing completed workflows", error));
  };
}
