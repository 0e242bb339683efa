import { addRow, emptyRow, isModelCall } from "../../health/rollup/fold-record.ts";
import type { RollupKey, RollupRow } from "../../health/rollup/rollup-row.ts";
import type { Usage } from "../api/common.ts";

const NO_KEY: RollupKey = {
  operation: "chat",
  agent: "",
  callerType: "",
  caller: "",
  workflow: "",
  tool: "",
  provider: "",
  model: "",
  errorType: "",
};

/** All rows as one. Money stays in integer nano-dollars, so that sums of parts are the sum of the whole. */
export function sumOf(rows: readonly RollupRow[]): RollupRow {
  const sum = emptyRow(0, NO_KEY);
  for (const row of rows) addRow(sum, row);
  return sum;
}

export function callsOf(rows: readonly RollupRow[]): number {
  return rows.reduce((calls, row) => calls + row.calls, 0);
}

export function errorsOf(rows: readonly RollupRow[]): number {
  return rows.reduce((errors, row) => errors + (row.errorType === "" ? 0 : row.calls), 0);
}

/** What the model calls among the rows used. */
export function usageOf(rows: readonly RollupRow[]): Usage {
  const ofModels = rows.filter(isModelCall);
  const sum = sumOf(ofModels);
  return {
    calls: sum.calls,
    errors: errorsOf(ofModels),
    tokens: sum.inputTokens + sum.outputTokens,
    input_tokens: sum.inputTokens,
    output_tokens: sum.outputTokens,
    cache_read_tokens: sum.cacheReadTokens,
    cache_write_tokens: sum.cacheWriteTokens,
    reasoning_tokens: sum.reasoningTokens,
    cost_usd: sum.costNanoUsd / 1e9,
    unpriced_calls: sum.unpricedCalls,
  };
}
