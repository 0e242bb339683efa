import { reportFailure } from "../../internal/warn-once.ts";
import type { Claim } from "../../stores/checkpoints/checkpoint-store.ts";
import { errorType } from "../../telemetry/error-type.ts";
import type { WorkflowSettings } from "./workflow-options.ts";
import { WorkflowRun } from "./workflow-run.ts";
import type { WorkflowStep } from "./workflow-step.ts";

/**
 * A run that was claimed, ready to go on. One that cannot be read is given back at once and needs attention: were it left to its lease, it
 * would count as a crash of this process.
 *
 * @param askedMs When it was asked for, monotonic.
 * @throws CheckpointDamagedError.
 */
export async function openRun(
  settings: WorkflowSettings,
  program: readonly WorkflowStep[],
  { run, steps }: Claim & { readonly kind: "claimed" },
  askedMs: number,
): Promise<WorkflowRun> {
  try {
    return new WorkflowRun(settings, program, run, steps, askedMs);
  } catch (error) {
    settings.metrics.refused(settings.name, errorType(error));
    try {
      await settings.store.end(run, "needs_attention", run.failure);
    } catch (failure) {
      reportFailure(`giving back a run of workflow ${settings.name}`, failure);
    }
    throw error;
  }
}
