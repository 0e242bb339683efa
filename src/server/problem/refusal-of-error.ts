import { isAgentError } from "../../errors/agent-error.ts";
import type { NotReachableError } from "../../errors/not-reachable-error.ts";
import { redactMessage } from "../../internal/redact.ts";
import { reportFailure } from "../../internal/warn-once.ts";
import type { ProblemKind } from "./problem-kind.ts";
import { Refusal, type RefusalFacts } from "./refusal.ts";

/** A store that fails now mostly works again soon. */
const RETRY_AFTER_S = 5;

/** Of our errors, by their code: those that tell the asker something. Another copy of the package has the same codes. */
const KINDS: Readonly<Record<string, ProblemKind>> = {
  bad_cursor: "bad_parameter",
  not_reachable: "not_reachable",
  unknown_dead_letter: "not_found",
  dead_letter_held: "conflict",
  dead_letter_resolved: "conflict",
  dead_letter_exhausted: "conflict",
  dead_letter_damaged: "conflict",
};

/**
 * What an error is answered with. One that says something to the asker does; of all others (a store that fails, a source that throws) the
 * asker learns no more than that it did not work now, and the process is told once.
 */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (!isAgentError(error)) return unavailable(error);
  const kind = Object.hasOwn(KINDS, error.code) ? KINDS[error.code] : undefined;
  if (kind === undefined) return unavailable(error);
  return new Refusal(kind, redactMessage(error.message), factsOf(error));
}

function unavailable(error: unknown): Refusal {
  reportFailure("answering a request of the REST surface", error);
  return new Refusal(
    "unavailable",
    `what was asked for cannot be read now; try again in ${RETRY_AFTER_S} s`,
    {
      headers: { "Retry-After": String(RETRY_AFTER_S) },
    },
  );
}

function factsOf(error: Error & { readonly code: string }): RefusalFacts {
  if (error.code === "bad_cursor") return { parameter: "cursor" };
  if (error.code === "not_reachable") {
    const { command } = error as NotReachableError;
    return command === undefined ? {} : { command };
  }
  const { retryAfterMs } = error as { readonly retryAfterMs?: unknown };
  if (typeof retryAfterMs !== "number" || !Number.isFinite(retryAfterMs)) return {};
  return { headers: { "Retry-After": String(Math.max(1, Math.ceil(retryAfterMs / 1_000))) } };
}
