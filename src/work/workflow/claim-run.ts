import { isAgentError } from "../../errors/agent-error.ts";
import { StoreUnusableError } from "../../errors/store-unusable-error.ts";
import { redactMessage } from "../../internal/redact.ts";
import type { Claim, ClaimRequest } from "../../stores/checkpoints/checkpoint-store.ts";
import { errorMessage } from "../../telemetry/error-type.ts";
import type { WorkflowSettings } from "./workflow-options.ts";

/** @throws StoreUnusableError where the store fails. Without its own error as cause: databases repeat in it what they were given. */
export async function claimRun(
  { store, storeName }: Pick<WorkflowSettings, "store" | "storeName">,
  request: ClaimRequest,
): Promise<Claim> {
  try {
    return await store.claim(request);
  } catch (error) {
    if (isAgentError(error)) throw error;
    const reason = redactMessage(errorMessage(error) ?? "it says nothing");
    throw new StoreUnusableError(storeName, `cannot be asked for a workflow run: ${reason}`);
  }
}
