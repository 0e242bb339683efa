import { LatencySketch } from "../../health/rollup/latency-sketch.ts";
import type { RollupKey, RollupRow, RollupSums } from "../../health/rollup/rollup-row.ts";

/** In the order in which they stand in the column. A further one is added at the end. */
const SUMS: readonly (keyof RollupSums)[] = [
  "calls",
  "inputTokens",
  "outputTokens",
  "cacheReadTokens",
  "cacheWriteTokens",
  "reasoningTokens",
  "costNanoUsd",
  "unpricedCalls",
  "subtreeCalls",
  "subtreeTokens",
  "subtreeCostNanoUsd",
];

/** Sums as text: they are only ever read and written together. */
export function sumsText(row: RollupSums): string {
  return SUMS.map((name) => Math.min(row[name], Number.MAX_SAFE_INTEGER)).join(",");
}

/** A row as it was stored. Its durations are taken apart when they are asked for, which sums of tokens and cost never do. */
export class StoredRollup implements RollupRow {
  readonly startMs: number;
  readonly operation: RollupKey["operation"];
  readonly agent: string;
  readonly callerType: RollupKey["callerType"];
  readonly caller: string;
  readonly workflow: string;
  readonly tool: string;
  readonly provider: string;
  readonly model: string;
  readonly errorType: string;
  calls = 0;
  inputTokens = 0;
  outputTokens = 0;
  cacheReadTokens = 0;
  cacheWriteTokens = 0;
  reasoningTokens = 0;
  costNanoUsd = 0;
  unpricedCalls = 0;
  subtreeCalls = 0;
  subtreeTokens = 0;
  subtreeCostNanoUsd = 0;
  readonly #durationsText: string;
  #durations: LatencySketch | undefined;

  constructor(startMs: number, key: RollupKey, sums: string, durations: string) {
    this.startMs = startMs;
    this.operation = key.operation;
    this.agent = key.agent;
    this.callerType = key.callerType;
    this.caller = key.caller;
    this.workflow = key.workflow;
    this.tool = key.tool;
    this.provider = key.provider;
    this.model = key.model;
    this.errorType = key.errorType;
    this.#durationsText = durations;
    const numbers = sums.split(",");
    for (let i = 0; i < SUMS.length; i++) this[SUMS[i] as keyof RollupSums] = Number(numbers[i] ?? 0);
  }

  get durations(): LatencySketch {
    this.#durations ??= LatencySketch.fromText(this.#durationsText);
    return this.#durations;
  }
}

/** A row as SQLite gives it. */
export function storedRollup(row: Readonly<Record<string, unknown>>, key: RollupKey): StoredRollup {
  return new StoredRollup(Number(row["start_ms"]), key, String(row["sums"]), String(row["durations"]));
}

/** The names of a key as they are stored, in a fixed order. */
export function rollupKeyText({ operation, agent, callerType, caller, ...rest }: RollupKey): string {
  const { workflow, tool, provider, model, errorType } = rest;
  return JSON.stringify([operation, agent, callerType, caller, workflow, tool, provider, model, errorType]);
}

/** What `rollupKeyText` has made. */
export function readRollupKey(text: string): RollupKey {
  const names = JSON.parse(text) as readonly string[];
  const [operation, agent, callerType, caller, workflow, tool, provider, model, errorType] = names;
  return {
    operation: operation as RollupKey["operation"],
    agent: agent ?? "",
    callerType: (callerType ?? "") as RollupKey["callerType"],
    caller: caller ?? "",
    workflow: workflow ?? "",
    tool: tool ?? "",
    provider: provider ?? "",
    model: model ?? "",
    errorType: errorType ?? "",
  };
}
