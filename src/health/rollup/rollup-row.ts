import type { CallOperation } from "../../telemetry/call-record.ts";
import type { LatencySketch } from "./latency-sketch.ts";

/** What the calls of one row have in common. An empty text: not known, or none. */
export interface RollupKey {
  readonly operation: CallOperation;
  /** As in a CallRecord: the agent that was called, or, of a model or tool call, the one that made it. */
  readonly agent: string;
  readonly callerType: "agent" | "workflow" | "";
  readonly caller: string;
  readonly workflow: string;
  readonly tool: string;
  readonly provider: string;
  /** The model that answered, else the one that was asked. */
  readonly model: string;
  /** `error.type`; empty: the calls succeeded. */
  readonly errorType: string;
}

/** Sums over calls of one row. Tokens and cost stand on model calls, subtrees on agents and workflows. */
export interface RollupSums {
  calls: number;
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens: number;
  cacheWriteTokens: number;
  reasoningTokens: number;
  /** Integer nano-dollars, of the calls whose price is known. */
  costNanoUsd: number;
  /** Calls with tokens whose price is not known. */
  unpricedCalls: number;
  subtreeCalls: number;
  subtreeTokens: number;
  subtreeCostNanoUsd: number;
}

/** Calls of one key that ended in one slice of time: what health, graph, statistics and costs are made from. */
export interface RollupRow extends RollupKey, RollupSums {
  /** Start of the slice, milliseconds since the epoch; a multiple of its length. */
  readonly startMs: number;
  /** Of the calls whose duration is known. */
  readonly durations: LatencySketch;
}

/** Length of a slice in milliseconds. The finest for health, minutes for the charts of a day, hours for those of a week, and days in UTC for months. */
export const SLICES_MS = [10_000, 300_000, 3_600_000, 86_400_000] as const;
export type SliceMs = (typeof SLICES_MS)[number];

/** Which slices are asked for. */
export interface RollupRange {
  /** The first, milliseconds since the epoch, and the end, which is not included. Both are moved to where a slice begins: down and up. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly sliceMs: SliceMs;
}

/** Where rows come from: the memory of a process, or a database. */
export interface RollupSource {
  /** In no order; a key may come in several rows of one slice, which are to be added up. */
  rows(range: RollupRange): Promise<readonly RollupRow[]>;
}
