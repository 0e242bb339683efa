import type { MetricSources, SourceInstrument } from "../telemetry/metric-sources.ts";
import { agentFacts } from "./agent-facts.ts";
import { type AgentHealth, agentHealth, byHealth, healthRange, KNOWN_AGENTS_MS } from "./agent-health.ts";
import type { AgentSignals } from "./agent-signals.ts";
import { HealthGauges } from "./health-gauges.ts";
import { type HealthMonitorOptions, type HealthSettings, healthSettings } from "./health-options.ts";
import { Rollups } from "./rollup/rollups.ts";
import { SignalWatch } from "./signals/signal-watch.ts";

/** Slices in which it is remembered which agents there are. */
const KNOWN_SLICE_MS = 300_000;

/** Of each set of sources, the monitors that are at work: the last one tells the gauges. */
const atWork = new WeakMap<MetricSources, HealthMonitor[]>();

/** Watches how agents of this process do. See {@link healthMonitor}. */
export class HealthMonitor {
  readonly #settings: HealthSettings;
  readonly #rollups: Rollups;
  readonly #watch: SignalWatch;
  readonly #gauges = new HealthGauges();
  #state: "idle" | "started" | "closed" = "idle";
  #stop: (() => void)[] = [];

  constructor(options: HealthMonitorOptions = {}) {
    const settings = healthSettings(options);
    const { windowMs, metrics, clock, after } = settings;
    this.#settings = settings;
    this.#rollups = new Rollups({
      keepMs: { 10000: windowMs, [KNOWN_SLICE_MS]: KNOWN_AGENTS_MS },
      clock,
    });
    this.#watch = new SignalWatch(metrics, windowMs, clock, after);
  }

  /** How far back it looks, milliseconds. */
  get windowMs(): number {
    return this.#settings.windowMs;
  }

  /** Counts from now on. Does nothing where it has been started or closed. */
  start(): void {
    if (this.#state !== "idle") return;
    this.#state = "started";
    const { calls, metrics } = this.#settings;
    this.#watch.start();
    const others = atWork.get(metrics) ?? [];
    atWork.set(metrics, [...others, this]);
    this.#stop = [
      calls.subscribe((record) => this.#rollups.add(record)),
      metrics.add(() => this.#collect()),
      () =>
        atWork.set(
          metrics,
          (atWork.get(metrics) ?? []).filter((other) => other !== this),
        ),
      () => this.#watch.close(),
    ];
  }

  /** Health of all agents that were called in the last hour, the worst first, those of which nothing is known last. Starts it. */
  agents(): readonly AgentHealth[] {
    this.start();
    const { clock, windowMs, objectiveMs, healthScore } = this.#settings;
    const nowMs = clock.now();
    const rows = this.#rollups.read(healthRange(nowMs, windowMs));
    const known = this.#rollups.read({
      fromMs: nowMs - KNOWN_AGENTS_MS,
      toMs: nowMs + 1,
      sliceMs: KNOWN_SLICE_MS,
    });
    const facts = agentFacts(rows, {
      agents: new Set(known.map((row) => row.agent)),
      signals: this.signals(),
      objectiveMs,
    });
    return facts.map((each) => agentHealth(each, healthScore)).sort(byHealth);
  }

  /** What was refused, answered by fallbacks and held back in the window, by the names that the parts of the program were given. */
  signals(): ReadonlyMap<string, AgentSignals> {
    this.start();
    return this.#watch.signals();
  }

  /** Counts no more, and tells no gauges. May be called twice. */
  close(): void {
    this.#state = "closed";
    for (const stop of this.#stop) stop();
    this.#stop = [];
  }

  #collect(): readonly SourceInstrument[] {
    // It reads the sources, of which it is one.
    if (this.#watch.reading || atWork.get(this.#settings.metrics)?.at(-1) !== this) return [];
    return this.#gauges.collect(this.agents());
  }
}

/**
 * Watches how agents of this process do, from now on: a score from 0 to 100 for each over a sliding window, from failed and slow runs,
 * what was refused or answered by fallbacks, quarantined reads and the breaker of the agent's name.
 *
 * Exports the gauges `agents.health.score` and `agents.health.component`, in place of those of monitors that were made before it, until
 * it is closed. Holds no timer that keeps the process alive.
 *
 * @throws TypeError or RangeError that names the option, what it allows and the value.
 */
export function healthMonitor(options: HealthMonitorOptions = {}): HealthMonitor {
  const monitor = new HealthMonitor(options);
  monitor.start();
  return monitor;
}

/** That of this process: begins with the metrics of `start` and `register`, or when it is first asked. */
export const health = new HealthMonitor();
