import { CostLimitError } from "./limits.ts";
import { log } from "./logger.ts";
import type { Worker } from "./worker.ts";

const TIMEOUT_MS = 30_000;
const FALLBACK = "Worker unavailable.";

/** A worker that fails or hangs costs its answer, not the request: the supervisor reads the fallback and decides. */
export async function safeRun(worker: Worker, task: string, timeoutMs = TIMEOUT_MS): Promise<string> {
  // Reaches the client and the tools, so that nothing goes on behind the back of an agent that was given up.
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    return await worker.run(task, signal);
  } catch (error) {
    // The money of the whole request is spent, so a fallback has no purpose.
    if (error instanceof CostLimitError) throw error;
    log.warn(`${worker.name} ${signal.aborted ? `timed out after ${timeoutMs / 1000} s` : failure(error)}`);
    return FALLBACK;
  }
}

function failure(error: unknown): string {
  return error instanceof Error ? `raised ${error.constructor.name}: ${error.message}` : `raised ${error}`;
}
