import { type CallLog, callLog } from "../agent/call-log.ts";
import { checkWhole } from "../internal/check-number.ts";
import { type Clock, systemClock } from "../internal/clock.ts";
import { type After, systemAfter } from "../internal/timers.ts";
import { type MetricSources, metricSources } from "../telemetry/metric-sources.ts";
import { KNOWN_AGENTS_MS } from "./agent-health.ts";
import type { HealthScore } from "./health-score.ts";

/** All have defaults. */
export interface HealthMonitorOptions {
  /** How far back it looks, milliseconds, 10 seconds to an hour; to a whole number of 10 seconds. @default 300_000 */
  readonly windowMs?: number;
  /** From how many milliseconds on a run is slow. @default 30_000 */
  readonly objectiveMs?: number;
  /** The same for single agents, by name. @default none */
  readonly objectivesMs?: Readonly<Record<string, number>>;
  /** Instead of the weighted score. @default `weightedScore` */
  readonly healthScore?: HealthScore;
  /** Whose calls. @default those of this process */
  readonly calls?: CallLog;
  /** Where it reads what was refused, and tells its gauges. @default those of this process */
  readonly metrics?: MetricSources;
  readonly clock?: Clock;
  /** For tests. */
  readonly after?: After;
}

/** The options, checked, with their defaults. */
export interface HealthSettings {
  readonly windowMs: number;
  readonly objectiveMs: (agent: string) => number;
  readonly healthScore: HealthScore | undefined;
  readonly calls: CallLog;
  readonly metrics: MetricSources;
  readonly clock: Clock;
  readonly after: After;
}

/** @throws TypeError or RangeError that names the option, what it allows and the value. */
export function healthSettings(options: HealthMonitorOptions): HealthSettings {
  const { healthScore, objectivesMs = {} } = options;
  if (healthScore !== undefined && typeof healthScore !== "function")
    throw new TypeError(`healthMonitor: healthScore must be a function, got ${String(healthScore)}`);
  const usual = checkWhole("healthMonitor: objectiveMs", options.objectiveMs ?? 30_000, 1);
  const single = new Map(
    Object.entries(objectivesMs).map(([agent, ms]) => [
      agent,
      checkWhole(`healthMonitor: objectivesMs[${JSON.stringify(agent)}]`, ms, 1),
    ]),
  );
  return {
    windowMs: checkWhole("healthMonitor: windowMs", options.windowMs ?? 300_000, 10_000, KNOWN_AGENTS_MS),
    objectiveMs: (agent) => single.get(agent) ?? usual,
    healthScore,
    calls: options.calls ?? callLog,
    metrics: options.metrics ?? metricSources,
    clock: options.clock ?? systemClock,
    after: options.after ?? systemAfter,
  };
}
