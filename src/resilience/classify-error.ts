import { isAgentError } from "../errors/agent-error.ts";

/** What an error says about the dependency that was called. */
export type CallVerdict = "failure" | "slow" | "ignored";

/** Answers that say the request was wrong, or came too often: another dependency would have said the same. */
const REQUEST_TIMEOUT = 408;

/**
 * The default of a breaker. A timeout is slow. Ignored are our own refusals (an open breaker, an empty budget), calls that were
 * aborted, and answers with a status from 400 to 499, except 408: also 429, which is for rate limits to heed. All else is a failure.
 */
export function classifyError(error: unknown): CallVerdict {
  if (isAgentError(error)) return error.code === "timeout" ? "slow" : "ignored";
  if (typeof error !== "object" || error === null) return "failure";
  const { name, status, statusCode } = error as { name?: unknown; status?: unknown; statusCode?: unknown };
  if (name === "TimeoutError") return "slow";
  if (name === "AbortError" || name === "APIUserAbortError") return "ignored";
  const code = typeof status === "number" ? status : statusCode;
  const isTheirs = typeof code === "number" && code >= 400 && code < 500 && code !== REQUEST_TIMEOUT;
  return isTheirs ? "ignored" : "failure";
}
