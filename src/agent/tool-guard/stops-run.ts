import { isAgentError } from "../../errors/agent-error.ts";

/** What ends a run: to answer the model would let it go on. */
const CODES: ReadonlySet<string> = new Set([
  "limit_exceeded",
  "failure_mode",
  "budget_exceeded",
  "token_budget_exhausted",
  "workflow_cancelled",
  "workflow_lost",
]);

export function stopsRun(error: unknown): boolean {
  return isAgentError(error) && CODES.has(error.code);
}
