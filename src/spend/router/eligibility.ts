import type { ModelEntry } from "./model-entry.ts";
import type { RouteTask } from "./route-task.ts";

/** Why a model is not taken. Of these `complexity` alone is relaxed when no model is left. */
export type RouterReason =
  /** Input and output do not fit into it. */
  | "context"
  /** It cannot write so much. */
  | "output"
  | "tools"
  | "vision"
  | "latency"
  /** It is one of `except`. */
  | "tried"
  /** `allow` said no. */
  | "policy"
  /** What it costs is not known: it may cost anything. */
  | "unpriced"
  | "budget"
  | "cooling"
  | "breaker"
  | "complexity";

/** A model as it stands for one call. */
export interface Candidate {
  readonly entry: ModelEntry;
  /** `undefined`: not known. */
  readonly nanoUsd: number | undefined;
  readonly latencyMs: number;
}

/** What decides beside the model and the task. */
export interface Circumstances {
  /** What the month has left, nano-dollars. */
  readonly leftNanoUsd: number;
  readonly monotonicMs: number;
  readonly tried: ReadonlySet<ModelEntry>;
  mayCall(breaker: string): boolean;
  isAllowed(entry: ModelEntry, task: RouteTask): boolean;
}

type Check = (candidate: Candidate, task: RouteTask, now: Circumstances) => boolean;

/** True: the reason holds. In the order in which they are told. */
const CHECKS: readonly (readonly [RouterReason, Check])[] = [
  ["context", ({ entry }, { inputTokens, outputTokens }) => inputTokens + outputTokens > entry.maxContext],
  ["output", ({ entry }, { outputTokens }) => outputTokens > entry.maxOutput],
  ["tools", ({ entry }, { needs }) => needs?.tools === true && !entry.tools],
  ["vision", ({ entry }, { needs }) => needs?.vision === true && !entry.vision],
  ["latency", ({ latencyMs }, { maxLatencyMs }) => maxLatencyMs !== undefined && latencyMs > maxLatencyMs],
  ["tried", ({ entry }, _, { tried }) => tried.has(entry)],
  ["policy", ({ entry }, task, now) => !now.isAllowed(entry, task)],
  ["unpriced", ({ nanoUsd }) => nanoUsd === undefined],
  ["budget", ({ nanoUsd }, _, { leftNanoUsd }) => nanoUsd !== undefined && nanoUsd > leftNanoUsd],
  ["cooling", ({ entry }, _, { monotonicMs }) => monotonicMs < entry.coolingUntilMs],
  ["breaker", ({ entry }, _, now) => !now.mayCall(entry.breaker)],
  [
    "complexity",
    ({ entry }, { complexity }) => complexity < entry.minComplexity || complexity > entry.maxComplexity,
  ],
];

const NONE: readonly RouterReason[] = [];

/** All reasons against a model; none for one that fits. */
export function reasonsAgainst(
  candidate: Candidate,
  task: RouteTask,
  now: Circumstances,
): readonly RouterReason[] {
  let reasons: RouterReason[] | undefined;
  for (const [reason, holds] of CHECKS) {
    if (!holds(candidate, task, now)) continue;
    reasons ??= [];
    reasons.push(reason);
  }
  return reasons ?? NONE;
}

/** Whether a model may be taken at all. */
export function isEligible(reasons: readonly RouterReason[]): boolean {
  return reasons.length === 0 || (reasons.length === 1 && reasons[0] === "complexity");
}
