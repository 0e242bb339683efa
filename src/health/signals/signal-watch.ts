import type { Clock } from "../../internal/clock.ts";
import type { After } from "../../internal/timers.ts";
import type { MetricSources } from "../../telemetry/metric-sources.ts";
import { type AgentSignals, NO_SIGNALS } from "../agent-signals.ts";
import { breakerStates, signalCounts } from "./signal-counts.ts";
import { SignalWindow } from "./signal-window.ts";

/** Milliseconds between two looks at the counters; a refusal is told of at once and forgotten to this precision. */
const EVERY_MS = 10_000;

/** Reads what breakers, limits, budgets, queues, fallbacks and guards count for metrics, as changes over a window. */
export class SignalWatch {
  readonly #sources: Pick<MetricSources, "collect">;
  readonly #window: SignalWindow;
  readonly #clock: Clock;
  readonly #after: After;
  #cancel: (() => void) | undefined;
  #reading = false;

  constructor(sources: Pick<MetricSources, "collect">, windowMs: number, clock: Clock, after: After) {
    this.#sources = sources;
    this.#window = new SignalWindow(windowMs);
    this.#clock = clock;
    this.#after = after;
  }

  /** Looks at them from now on, without keeping the process alive. What was counted before is left out. */
  start(): void {
    this.#sample();
    this.#cancel = this.#after(EVERY_MS, () => this.start(), false);
  }

  close(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  /** Whether it is asking the sources just now. */
  get reading(): boolean {
    return this.#reading;
  }

  /** By the name that the breaker, limit, budget, queue or node of a guard was given: those of an agent are those of its name. */
  signals(): ReadonlyMap<string, AgentSignals> {
    const states = this.#sample();
    const signals = new Map<string, AgentSignals>();
    for (const [name, breakerState] of states) signals.set(name, { ...NO_SIGNALS, breakerState });
    for (const [name, added] of this.#window.added())
      signals.set(name, { ...added, breakerState: states.get(name) });
    return signals;
  }

  #sample(): ReadonlyMap<string, string> {
    this.#reading = true;
    try {
      const instruments = this.#sources.collect();
      this.#window.sample(this.#clock.monotonic(), signalCounts(instruments));
      return breakerStates(instruments);
    } finally {
      this.#reading = false;
    }
  }
}
