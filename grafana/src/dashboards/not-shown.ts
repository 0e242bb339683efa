import * as names from "../../../src/telemetry/semconv.ts";

/** Metrics that no board shows, and why. */
export const NOT_SHOWN: Readonly<Record<string, string>> = {
  [names.METRIC_SPOOL_FRAMES]: "requests in the spool: its spans and bytes are shown, and say the same",
  [names.METRIC_BREAKER_LATE_RESULTS]: "for setting a breaker's times; nothing is wrong while they come",
  [names.METRIC_BREAKER_IGNORED_RESULTS]:
    "for writing a classifier of errors; nothing is wrong while they come",
  [names.METRIC_ROUTER_SPENT]:
    "what one process estimates of its month; what calls did cost is shown by model",
  [names.METRIC_RATE_LIMIT_TOKEN_LIMIT]: "there is no metric of the tokens let through to hold it against",
  [names.METRIC_MEMORY_TOKENS]: "a window is as full as its program says it may be",
  [names.METRIC_MEMORY_MESSAGES]: "a window is as full as its program says it may be",
  [names.METRIC_MEMORY_ENTRIES]: "a memory is as full as its program says it may be",
  [names.METRIC_MEMORY_COMPACTIONS]: "the normal work of a window; summaries that failed are shown",
  [names.METRIC_MEMORY_EVICTED_MESSAGES]: "the normal work of a window; summaries that failed are shown",
  [names.METRIC_MEMORY_EVICTED_ENTRIES]: "the normal work of a memory that forgets",
  [names.METRIC_EVALUATIONS]:
    "names and labels are the program's own: docs/evaluations.md has queries for a board of its own",
  [names.METRIC_EVALUATION_SCORE]:
    "each evaluator has a scale of its own: docs/evaluations.md has queries for a board of its own",
  [names.METRIC_STATE_KEYS]: "what one process saw last; conflicts and failed commits are shown",
  [names.METRIC_MCP_CLIENT_DURATION]: "calls of tools are shown by agent and tool, whatever carries them",
  [names.METRIC_MCP_SERVER_DURATION]: "the side that calls is shown, by agent and tool",
  [names.METRIC_MCP_CLIENT_SESSION]: "how long a connection was kept says nothing of an agent",
  [names.METRIC_MCP_SERVER_SESSION]: "how long a connection was kept says nothing of an agent",
};
