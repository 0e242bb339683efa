import type { Detector } from "./detector.ts";

/** No mode of MAST: an agent is called by another agent or a workflow, and nothing can end it, or its declared time has not. */
export function workerWithoutTimeout(): Detector {
  return {
    mode: "worker_without_timeout",
    watch: (found) => ({
      began(step) {
        const { parent } = step;
        // Where nobody has looked for a limit, nobody knows that there is none.
        if (step.kind !== "agent" || parent === undefined || step.deadline !== "none") return;
        const spanIds = parent.spanId === undefined ? [] : [parent.spanId];
        found(step.name, { reason: "no_deadline", names: [parent.name], spanIds }, parent);
      },
      ended(step) {
        const { timeoutMs: limit, endedMs = 0, beganMs } = step;
        const tookMs = endedMs - beganMs;
        // A timer is late now and then, and what is aborted needs a moment to end.
        if (step.kind !== "agent" || limit === undefined || tookMs <= limit * 1.1 + 1_000) return;
        const spanIds = step.spanId === undefined ? [] : [step.spanId];
        found(step.name, { reason: "deadline_passed", count: Math.round(tookMs), limit, spanIds }, step);
      },
    }),
  };
}
