import { keyHash } from "../../internal/check-key.ts";
import { reportFailure } from "../../internal/warn-once.ts";
import type { GivenUp } from "./letter-sink.ts";
import type { WorkflowSettings } from "./workflow-options.ts";

/** Letters of one run that were resolved and are kept still. */
const MOST_RESOLVED = 100;

/**
 * Puts a run into the dead letters: one letter for each run, however often it fails, so that a replay that fails leaves no second one. Once
 * that letter was resolved, the next failure is a new one. Never rejects.
 */
export async function giveUp(
  { name, deadLetters }: Pick<WorkflowSettings, "name" | "deadLetters">,
  workflowId: string,
  why: Omit<GivenUp, "taskType" | "payload" | "key">,
): Promise<void> {
  if (deadLetters === undefined) return;
  // What its steps have made is in the checkpoints: whoever replays it executes it again with this id.
  const letter = { ...why, taskType: name, payload: { workflowId } };
  try {
    for (let n = 0; n <= MOST_RESOLVED; n += 1) {
      // An id may be as long as a key may be.
      const key = `${name}:${keyHash(workflowId)}:${n}`;
      const { resolved } = await deadLetters.add({ ...letter, key });
      if (!resolved) return;
    }
  } catch (error) {
    reportFailure("putting a workflow into the dead letters", error);
  }
}
