import { isAgentError } from "../../errors/agent-error.ts";

/**
 * - `failed`: the tier is broken.
 * - `request`: this one call cannot be answered there; the tier is as good as before.
 * - `refused`: by a limit of ours, on purpose. Another tier must not get around it.
 */
export type TierVerdict = "failed" | "request" | "refused";

/** Answers that say what was wrong with the request: bad, too large, or not to be processed. */
const REQUEST_STATUS: readonly unknown[] = [400, 413, 422];

export function tierVerdict(error: unknown): TierVerdict {
  if (isAgentError(error)) return BROKEN.includes(error.code) ? "failed" : "refused";
  const { status, statusCode } = (error ?? {}) as { status?: unknown; statusCode?: unknown };
  return REQUEST_STATUS.includes(status ?? statusCode) ? "request" : "failed";
}

/** Errors of ours that tell of a dependency. */
const BROKEN: readonly string[] = ["circuit_open", "timeout", "fallback_failed", "escalated"];
