import type { HistogramCounts } from "./call-metrics/cells.ts";

/** What kind of call a record is about: the value of `gen_ai.operation.name`. */
export type CallOperation =
  | "chat"
  | "generate_content"
  | "text_completion"
  | "embeddings"
  | "invoke_agent"
  | "execute_tool"
  | "invoke_workflow"
  | "plan";

/** Calls, tokens and cost of model calls, added up. */
export interface CallTotals {
  readonly calls: number;
  readonly tokens: number;
  /** Integer nano-dollars (1e-9 USD): the sum of the calls whose price is known. */
  readonly costNanoUsd: number;
}

/**
 * One finished agent, model, tool, workflow or plan call: what metrics, usage totals, budgets, health and the graph
 * are made from. Made once per call, sampled or not, and also when no OpenTelemetry SDK was started.
 */
export interface CallRecord {
  readonly operation: CallOperation;
  /** The agent that was called, or, for model and tool calls, the agent that made the call. */
  readonly agent: string | undefined;
  /** Who called: absent for the first agent or workflow of a request. */
  readonly callerType: "agent" | "workflow" | undefined;
  readonly caller: string | undefined;
  readonly workflow: string | undefined;
  readonly tool: string | undefined;
  readonly conversation: string | undefined;
  readonly provider: string | undefined;
  readonly requestModel: string | undefined;
  readonly responseModel: string | undefined;
  /** Model calls only, and only where the provider said so; see TokenUsage for which part is in which. */
  readonly inputTokens: number | undefined;
  readonly outputTokens: number | undefined;
  readonly cacheReadTokens: number | undefined;
  readonly cacheWriteTokens: number | undefined;
  readonly reasoningTokens: number | undefined;
  /** Integer nano-dollars (1e-9 USD). `undefined`: not known, which is not free. */
  readonly costNanoUsd: number | undefined;
  readonly costSource: "provider" | "local" | undefined;
  /** Wall clock, milliseconds since the epoch. Absent where nobody listened yet when the call began. */
  readonly startMs: number | undefined;
  /** Absent where the call was only reported afterwards, without a time, or began before anybody listened. */
  readonly durationMs: number | undefined;
  /** Streamed answers only: seconds from the start of the call to the first piece. */
  readonly timeToFirstChunk: number | undefined;
  /** Seconds between each two pieces. */
  readonly chunkGaps: HistogramCounts | undefined;
  /** Class of the error (`error.type`), absent when the call succeeded. */
  readonly errorType: string | undefined;
  readonly traceId: string | undefined;
  readonly spanId: string | undefined;
  /** Agent and workflow calls only: model calls of its own, tool calls of its own, and its whole subtree. */
  readonly own: CallTotals | undefined;
  readonly subtree: CallTotals | undefined;
  readonly ownToolCalls: number | undefined;
}
