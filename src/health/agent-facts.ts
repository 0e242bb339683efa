import { OP_EXECUTE_TOOL, OP_INVOKE_AGENT } from "../telemetry/semconv.ts";
import { type AgentSignals, NO_SIGNALS } from "./agent-signals.ts";
import { type ErrorClass, errorClass } from "./error-class.ts";
import { isModelCall } from "./rollup/fold-record.ts";
import { LatencySketch } from "./rollup/latency-sketch.ts";
import type { RollupRow } from "./rollup/rollup-row.ts";

/** What the health of one agent is made from: what ended in the window. */
export interface HealthFacts {
  readonly agent: string;
  /** Runs of the agent, without those that their caller cancelled. Of one that has no runs: its model and tool calls. */
  readonly calls: number;
  /** Of `calls`: those that ended with an error. */
  readonly failures: number;
  /** Of `calls`: those that took longer than the objective, to 4.4 %. */
  readonly slow: number;
  /** Of `calls`; `undefined` where no duration is known. */
  readonly p95Ms: number | undefined;
  readonly objectiveMs: number;
  /** Failed runs by class, and cancelled ones, which are neither calls nor failures. */
  readonly errors: Partial<Readonly<Record<ErrorClass, number>>>;
  readonly rejections: number;
  /** Calls that a fallback answered. */
  readonly fallbacks: number;
  /** Reads that were answered without a quarantined field. */
  readonly quarantinedReads: number;
  /** As the state machine has it; `undefined`: there is no breaker of that name. */
  readonly breakerState: string | undefined;
}

export interface AgentFactsOptions {
  /** Those that are told of also where they have no rows. @default none */
  readonly agents?: Iterable<string>;
  /** By agent; those of other names are left out. @default none */
  readonly signals?: ReadonlyMap<string, AgentSignals>;
  /** From how many milliseconds on a run is slow. */
  readonly objectiveMs: (agent: string) => number;
}

/** Refusals of this package, as runs end with them. */
const REFUSALS: ReadonlySet<string> = new Set([
  "circuit_open",
  "rate_limited",
  "budget_exceeded",
  "token_budget_exhausted",
  "limit_exceeded",
  "unpriced_model",
  "queue_full",
  "queue_closed",
  "queue_expired",
]);

/**
 * Facts of each agent that has rows, from the rows of a window.
 *
 * An agent is what its runs are: an error that it caught is none of it, and one that it let through is, whoever was at fault. What its
 * caller cancelled says nothing. Rejections are those of the breaker, limit, budget or queue of the agent's name, or the runs that ended
 * with a refusal, whichever are more: a refusal may be in both.
 */
export function agentFacts(
  rows: readonly RollupRow[],
  { agents = [], signals, objectiveMs }: AgentFactsOptions,
): readonly HealthFacts[] {
  const byAgent = new Map<string, RollupRow[]>();
  for (const agent of agents) if (agent !== "") byAgent.set(agent, []);
  for (const row of rows) {
    if (row.agent === "" || !isJudged(row)) continue;
    const of = byAgent.get(row.agent);
    if (of === undefined) byAgent.set(row.agent, [row]);
    else of.push(row);
  }
  return [...byAgent].map(([agent, of]) => factsOf(agent, of, signals?.get(agent), objectiveMs(agent)));
}

/** A plan is a part of a run, and a workflow is no agent. */
function isJudged(row: RollupRow): boolean {
  return row.operation === OP_INVOKE_AGENT || row.operation === OP_EXECUTE_TOOL || isModelCall(row);
}

function factsOf(
  agent: string,
  rows: readonly RollupRow[],
  signals: AgentSignals = NO_SIGNALS,
  objectiveMs: number,
): HealthFacts {
  const runs = rows.filter((row) => row.operation === OP_INVOKE_AGENT);
  const errors: Partial<Record<ErrorClass, number>> = {};
  const durations = new LatencySketch();
  let [calls, failures, refused] = [0, 0, 0];
  for (const row of runs.length > 0 ? runs : rows) {
    const failure = row.errorType === "" ? undefined : errorClass(row.errorType, row.operation);
    if (failure !== undefined) errors[failure] = (errors[failure] ?? 0) + row.calls;
    if (REFUSALS.has(row.errorType)) refused += row.calls;
    if (failure === "cancelled") continue;
    calls += row.calls;
    if (failure !== undefined) failures += row.calls;
    durations.merge(row.durations);
  }
  return {
    agent,
    calls,
    failures,
    slow: durations.countAbove(objectiveMs),
    p95Ms: durations.quantile(0.95),
    objectiveMs,
    errors,
    rejections: Math.max(signals.rejections, refused),
    fallbacks: signals.fallbacks,
    quarantinedReads: signals.quarantinedReads,
    breakerState: signals.breakerState,
  };
}
