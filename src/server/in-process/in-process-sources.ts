import { type CallLog, callLog } from "../../agent/call-log.ts";
import { type HealthMonitor, health } from "../../health/health-monitor.ts";
import { Rollups } from "../../health/rollup/rollups.ts";
import { type Clock, systemClock } from "../../internal/clock.ts";
import { type After, systemAfter } from "../../internal/timers.ts";
import { type BreakerRegistry, breakers } from "../../resilience/breaker-registry.ts";
import type { UsageTotals } from "../../spend/usage-totals.ts";
import type { Ledger } from "../../stores/ledger/ledger.ts";
import { type MetricSources, metricSources } from "../../telemetry/metric-sources.ts";
import type { AgentsSources, FailureSource, TraceSource } from "../sources/sources.ts";
import { breakerSource } from "./breaker-source.ts";
import { budgetSource } from "./budget-source.ts";
import { changesOf } from "./changes.ts";
import { ledgerSource } from "./ledger-source.ts";
import { letterSource, type ServedQueue } from "./letter-source.ts";
import { memorySource } from "./memory-source.ts";
import { usageSource } from "./usage-source.ts";

export interface InProcessOptions {
  /** Breakers that are listed and reset. @default those of this process */
  readonly breakers?: BreakerRegistry;
  /** Read at `ledger`; gets a row of each reset, with who asked for it, before it is done. @default none */
  readonly ledger?: Pick<Ledger, "read" | "append">;
  /** Queues, with what does their tasks again. @default none */
  readonly deadLetters?: readonly ServedQueue[];
  /** Whose health. @default that of this process */
  readonly health?: HealthMonitor;
  /** Kept for longer than this process lives: what model calls of days, weeks and months used. @default what this process has seen */
  readonly usage?: UsageTotals;
  /** A process keeps no traces by itself. @default none */
  readonly traces?: TraceSource;
  readonly failures?: FailureSource;
  /** Whose finished calls are counted. @default those of this process */
  readonly calls?: CallLog;
  /** Where budgets are read. @default those of this process */
  readonly metrics?: MetricSources;
  readonly clock?: Clock;
  /** For tests. */
  readonly after?: After;
}

export interface InProcessSources extends AgentsSources {
  /** Counts no more calls. May be called twice. */
  close(): void;
}

/**
 * What this process knows of itself: its calls from now on, added up in memory for up to 35 days, its breakers, budgets and memories, and what
 * it is given. Holds nothing that keeps the process alive.
 *
 * @throws TypeError where two dead letter queues have the same name.
 */
export function inProcessSources(options: InProcessOptions = {}): InProcessSources {
  const { calls = callLog, metrics = metricSources, clock = systemClock, after = systemAfter } = options;
  const { ledger, deadLetters = [], usage, traces, failures } = options;
  const monitor = options.health ?? health;
  const rollups = new Rollups({ clock });
  const letters = deadLetters.length === 0 ? undefined : letterSource(deadLetters);
  const unsubscribe = calls.subscribe((record) => rollups.add(record));
  monitor.start();
  return {
    rollups,
    health: monitor,
    breakers: breakerSource(options.breakers ?? breakers, ledger),
    budgets: budgetSource(metrics),
    memory: memorySource(),
    changes: changesOf(calls, after),
    ...(usage !== undefined && { usage: usageSource(usage) }),
    ...(ledger !== undefined && { ledger: ledgerSource(ledger) }),
    ...(letters !== undefined && { deadLetters: letters }),
    ...(traces !== undefined && { traces }),
    ...(failures !== undefined && { failures }),
    close: unsubscribe,
  };
}
