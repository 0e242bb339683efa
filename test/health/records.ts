import type { CallRecord } from "../../src/telemetry/call-record.ts";

/** A record of which nothing is known but what is given. */
export function record(given: Partial<CallRecord>): CallRecord {
  return { ...UNKNOWN, ...given };
}

const UNKNOWN: CallRecord = {
  operation: "chat",
  agent: undefined,
  callerType: undefined,
  caller: undefined,
  workflow: undefined,
  tool: undefined,
  conversation: undefined,
  provider: undefined,
  requestModel: undefined,
  responseModel: undefined,
  inputTokens: undefined,
  outputTokens: undefined,
  cacheReadTokens: undefined,
  cacheWriteTokens: undefined,
  reasoningTokens: undefined,
  costNanoUsd: undefined,
  costSource: undefined,
  startMs: undefined,
  durationMs: undefined,
  timeToFirstChunk: undefined,
  chunkGaps: undefined,
  errorType: undefined,
  traceId: undefined,
  spanId: undefined,
  own: undefined,
  subtree: undefined,
  ownToolCalls: undefined,
};
