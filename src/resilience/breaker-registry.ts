import { checkName } from "../internal/check-name.ts";
import { checkWhole } from "../internal/check-number.ts";
import { warnOnce } from "../internal/warn-once.ts";
import { type MetricSources, metricSources } from "../telemetry/metric-sources.ts";
import { BreakerInstruments } from "../telemetry/resilience/breaker-instruments.ts";
import type { CircuitBreakerOptions } from "./circuit-breaker-options.ts";
import { CircuitBreaker } from "./circuit-breaker-policy.ts";
import { RetiredBreakers } from "./retired-breakers.ts";
import { differingOption } from "./same-options.ts";

export interface BreakerRegistryOptions {
  /** Options of the breakers that `get` makes. */
  readonly defaults?: Omit<CircuitBreakerOptions, "name" | "trip">;
  /** Most breakers that are kept, 1 to 100,000. @default 1_000 */
  readonly maxBreakers?: number;
  /** Where its breakers tell their metrics. @default those of this process */
  readonly metrics?: MetricSources;
}

interface Registered {
  readonly options: CircuitBreakerOptions;
  readonly breaker: CircuitBreaker;
}

/**
 * Breakers by name, so that all who call one dependency share one. Bounded: beyond `maxBreakers` the closed one that was asked for
 * longest ago is let go, never one that is open or was opened by hand; what it had counted stays in the metrics, under `_OTHER`.
 */
export class BreakerRegistry {
  /** In the order of use, the last used at the end. */
  readonly #breakers = new Map<string, Registered>();
  readonly #defaults: Omit<CircuitBreakerOptions, "name" | "trip">;
  readonly #limit: number;
  readonly #metrics: MetricSources;
  readonly #retired = new RetiredBreakers();
  #told = false;

  /** @throws RangeError on a bad `maxBreakers`. */
  constructor({ defaults = {}, maxBreakers = 1_000, metrics = metricSources }: BreakerRegistryOptions = {}) {
    this.#limit = checkWhole("breakers: maxBreakers", maxBreakers, 1, 100_000);
    this.#defaults = defaults;
    this.#metrics = metrics;
  }

  /** The breaker of an agent, or of whatever has that name; made with the defaults where there is none. @throws TypeError on a bad name. */
  get(agentId: string): CircuitBreaker {
    const known = this.#breakers.get(agentId);
    if (known === undefined) return this.obtain({ ...this.#defaults, name: agentId });
    this.#used(agentId, known);
    return known.breaker;
  }

  /** Whether there is a breaker of that name. Makes none. */
  has(agentId: string): boolean {
    return this.#breakers.has(agentId);
  }

  all(): readonly CircuitBreaker[] {
    return [...this.#breakers.values()].map(({ breaker }) => breaker);
  }

  /** Closes the breaker of that name. @returns Whether there is one. */
  reset(agentId: string, by?: { readonly actor?: string }): boolean {
    const known = this.#breakers.get(agentId);
    known?.breaker.reset(by);
    return known !== undefined;
  }

  /** As `circuitBreaker`, which calls it. @throws as it says. */
  obtain(options: CircuitBreakerOptions): CircuitBreaker {
    checkName("circuitBreaker", options.name);
    const known = this.#breakers.get(options.name);
    if (known !== undefined) {
      checkSame(known.options, options);
      this.#used(options.name, known);
      return known.breaker;
    }
    const breaker = new CircuitBreaker(options);
    this.#makeRoom();
    this.#breakers.set(options.name, { options, breaker });
    this.#tell();
    return breaker;
  }

  #used(name: string, entry: Registered): void {
    this.#breakers.delete(name);
    this.#breakers.set(name, entry);
  }

  #makeRoom(): void {
    if (this.#breakers.size < this.#limit) return;
    for (const [name, { breaker }] of this.#breakers) {
      if (breaker.state !== "closed") continue;
      this.#breakers.delete(name);
      this.#retired.add(breaker.facts());
      warnOnce(
        "breakers-full",
        `there are more than ${this.#limit} circuit breakers, and the least used are let go; name them after what they call, not after requests or users`,
      );
      return;
    }
  }

  /** With the first breaker, so that a registry that nobody uses is nobody's source. */
  #tell(): void {
    if (this.#told) return;
    this.#told = true;
    const instruments = new BreakerInstruments();
    this.#metrics.add(() =>
      instruments.collect([...this.all().map((breaker) => breaker.facts()), ...this.#retired.facts()]),
    );
  }
}

function checkSame(before: CircuitBreakerOptions, now: CircuitBreakerOptions): void {
  const option = differingOption(before, now);
  if (option === undefined) return;
  const [was, is] = [before[option], now[option]].map(shown);
  // A value that no breaker may have is the better news. Without the store: this one is not to join.
  const { store: _, ...rest } = now;
  new CircuitBreaker(rest);
  throw new TypeError(
    `circuitBreaker: there is a breaker "${now.name}" with another ${option} (${was}, now ${is}); share it, or give this one another name or registry`,
  );
}

function shown(value: unknown): string {
  return typeof value === "object" || typeof value === "function" ? `another ${typeof value}` : String(value);
}

/** Those of this process. */
export const breakers = new BreakerRegistry();
