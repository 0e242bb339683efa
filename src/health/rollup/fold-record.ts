import { isModelOperation } from "../../agent/call-record.ts";
import type { CallOperation, CallRecord } from "../../telemetry/call-record.ts";
import { LatencySketch } from "./latency-sketch.ts";
import type { RollupKey, RollupRow } from "./rollup-row.ts";

/** Spans of others may have names of any length, and each is kept as long as its row. */
const MAX_NAME = 128;

/** Which row of a slice a call belongs to. Names are cut to 128 characters. */
export function keyOfRecord(record: CallRecord): RollupKey {
  return {
    operation: record.operation,
    agent: name(record.agent),
    callerType: record.callerType ?? "",
    caller: name(record.caller),
    workflow: name(record.workflow),
    tool: name(record.tool),
    provider: name(record.provider),
    model: name(record.responseModel ?? record.requestModel),
    errorType: name(record.errorType),
  };
}

function name(value: string | undefined): string {
  if (value === undefined) return "";
  if (value.length <= MAX_NAME && value.isWellFormed()) return value;
  const cut = value.toWellFormed().slice(0, MAX_NAME);
  // Not in the middle of a character.
  return cut.isWellFormed() ? cut : cut.slice(0, -1);
}

/** The same text for equal keys and for no others, whatever the names contain. */
export function keyText(key: RollupKey): string {
  // A length before each name: no character is left to separate them with, since a name may hold any.
  return (
    key.operation +
    part(key.agent) +
    part(key.callerType) +
    part(key.caller) +
    part(key.workflow) +
    part(key.tool) +
    part(key.provider) +
    part(key.model) +
    part(key.errorType)
  );
}

function part(text: string): string {
  return `,${text.length}:${text}`;
}

/** @param startMs Of the slice. */
export function emptyRow(startMs: number, key: RollupKey): RollupRow {
  return {
    startMs,
    operation: key.operation,
    agent: key.agent,
    callerType: key.callerType,
    caller: key.caller,
    workflow: key.workflow,
    tool: key.tool,
    provider: key.provider,
    model: key.model,
    errorType: key.errorType,
    calls: 0,
    inputTokens: 0,
    outputTokens: 0,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    reasoningTokens: 0,
    costNanoUsd: 0,
    unpricedCalls: 0,
    subtreeCalls: 0,
    subtreeTokens: 0,
    subtreeCostNanoUsd: 0,
    durations: new LatencySketch(),
  };
}

/** Counts one call in its row. */
export function addRecord(row: RollupRow, record: CallRecord): void {
  const { inputTokens, outputTokens, costNanoUsd, subtree, durationMs } = record;
  row.calls += 1;
  row.inputTokens += inputTokens ?? 0;
  row.outputTokens += outputTokens ?? 0;
  row.cacheReadTokens += record.cacheReadTokens ?? 0;
  row.cacheWriteTokens += record.cacheWriteTokens ?? 0;
  row.reasoningTokens += record.reasoningTokens ?? 0;
  if (costNanoUsd !== undefined) row.costNanoUsd += costNanoUsd;
  else if (inputTokens !== undefined || outputTokens !== undefined) row.unpricedCalls += 1;
  if (subtree !== undefined) {
    row.subtreeCalls += subtree.calls;
    row.subtreeTokens += subtree.tokens;
    row.subtreeCostNanoUsd += subtree.costNanoUsd;
  }
  if (durationMs !== undefined) row.durations.add(durationMs);
}

/** Counts all calls of one row in another, whatever their keys and slices are. */
export function addRow(into: RollupRow, more: RollupRow): void {
  into.calls += more.calls;
  into.inputTokens += more.inputTokens;
  into.outputTokens += more.outputTokens;
  into.cacheReadTokens += more.cacheReadTokens;
  into.cacheWriteTokens += more.cacheWriteTokens;
  into.reasoningTokens += more.reasoningTokens;
  into.costNanoUsd += more.costNanoUsd;
  into.unpricedCalls += more.unpricedCalls;
  into.subtreeCalls += more.subtreeCalls;
  into.subtreeTokens += more.subtreeTokens;
  into.subtreeCostNanoUsd += more.subtreeCostNanoUsd;
  into.durations.merge(more.durations);
}

/** Whether a row, or a record, is of calls of a model: tokens and cost stand there, and nowhere else. */
export function isModelCall({ operation }: { readonly operation: CallOperation }): boolean {
  return isModelOperation(operation);
}

/**
 * Milliseconds since the epoch. A call belongs to the slice in which it ended, since it is known only then.
 *
 * @param nowMs Taken for the end of a call whose times are not known.
 */
export function endOfRecord({ startMs, durationMs }: CallRecord, nowMs: number): number {
  if (startMs === undefined || durationMs === undefined) return nowMs;
  const endMs = startMs + durationMs;
  return Number.isFinite(endMs) ? endMs : nowMs;
}
