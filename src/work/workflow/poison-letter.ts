import { reportFailure } from "../../internal/warn-once.ts";
import type { RunRecord } from "../../stores/checkpoints/checkpoint-store.ts";
import type { WorkflowSettings } from "./workflow-options.ts";

/** Puts a run into the dead letters that ends whoever runs it. Once, however often it is asked for. Never rejects. */
export async function poisonLetter(
  { name, deadLetters }: WorkflowSettings,
  { id, epoch, crashes }: RunRecord,
  error: unknown,
): Promise<void> {
  if (deadLetters === undefined) return;
  try {
    await deadLetters.add({
      taskType: name,
      payload: { workflowId: id },
      error,
      attempts: crashes,
      reason: "poison",
      key: `${name}:${id}:${epoch}`,
    });
  } catch (failure) {
    reportFailure("putting a workflow that crashes into the dead letters", failure);
  }
}
