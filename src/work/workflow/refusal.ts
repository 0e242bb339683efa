import type { AgentError } from "../../errors/agent-error.ts";
import { WorkflowCancelledError } from "../../errors/workflow-cancelled-error.ts";
import { WorkflowChangedError, type WorkflowProgram } from "../../errors/workflow-changed-error.ts";
import { WorkflowCrashedError } from "../../errors/workflow-crashed-error.ts";
import { WorkflowHeldError } from "../../errors/workflow-held-error.ts";
import type { Claim } from "../../stores/checkpoints/checkpoint-store.ts";
import { programOf } from "./workflow-program.ts";

/** A run that was not given out. */
export type RefusedClaim = Exclude<Claim, { readonly kind: "claimed" | "completed" }>;

/** What the caller is told. @param current The program that asked. */
export function refusalOf(workflowId: string, claim: RefusedClaim, current: WorkflowProgram): AgentError {
  const { workflow } = current;
  switch (claim.kind) {
    case "held":
      return new WorkflowHeldError(workflow, workflowId, claim.forMs);
    case "cancelled":
      return new WorkflowCancelledError(workflow, workflowId);
    case "changed":
      return new WorkflowChangedError(workflowId, programOf(claim.run), current);
    case "crashed":
      return new WorkflowCrashedError(workflow, workflowId, claim.run.crashes);
  }
}
