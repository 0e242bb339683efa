/** Series that recording rules make. The operation is named after the shipped range, also where a test makes it shorter. */
export const LONG_WINDOWS = ["30m", "1h", "6h"] as const;
export type Window = "5m" | (typeof LONG_WINDOWS)[number];

/** Runs of agents a second, by application and agent. */
export const callsRate = (window: Window): string => `agents:calls:rate${window}`;
/** Those that failed; 0 where there are runs and none failed. */
export const errorsRate = (window: Window): string => `agents:errors:rate${window}`;
/** Those over these, from 0 to 1, of agents with runs. */
export const errorRatio = (window: Window): string => `agents:error_ratio:rate${window}`;
export const DURATION_BUCKETS = "agents:duration_seconds_bucket:rate5m";
/** Runs a second that took longer than the objective. */
export const SLOW_CALLS = "agents:slow_calls:rate5m";
/** Calls of agents, models and tools a second, by application, source and target. */
export const EDGE_CALLS_RATE = "agents:edge_calls:rate5m";
export const EDGE_ERRORS_RATE = "agents:edge_errors:rate5m";
/** US dollars a second, by application and agent. */
export const COST_RATE = "agents:cost_usd:rate5m";
/** 0 to 100, by application and agent. */
export const HEALTH_SCORE = "agents:health_score";
