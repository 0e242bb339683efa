import { CircuitOpenError } from "../errors/circuit-open-error.ts";
import { checkName } from "../internal/check-name.ts";
import { reportFailure, safely } from "../internal/warn-once.ts";
import { withoutStack } from "../internal/without-stack.ts";
import type { Ledger, LedgerEntry } from "../stores/ledger/ledger.ts";
import { errorMessage, errorType } from "../telemetry/error-type.ts";
import { BreakerMachine } from "./breaker/breaker-machine.ts";
import type { BreakerMachineOptions } from "./breaker/breaker-machine-options.ts";
import type { BreakerStateName } from "./breaker/breaker-state.ts";
import type { BreakerTransition } from "./breaker/breaker-transition.ts";
import type { Outcome } from "./breaker/outcome.ts";
import type { Permit } from "./breaker/permit.ts";
import { consecutiveFailures } from "./breaker/trip/consecutive-failures.ts";
import type { TripRule } from "./breaker/trip/trip-rule.ts";
import { type CallVerdict, classifyError } from "./classify-error.ts";
import { type AsyncFunction, aroundOf, NEVER, type Operation, type Policy } from "./policy.ts";
import { timeout } from "./timeout.ts";

const LEASE_OVER_TIMEOUT_MS = 1_000;

/** All but `name` have defaults. Times in milliseconds, whole numbers. */
export interface CircuitBreakerOptions extends Omit<BreakerMachineOptions, "trip"> {
  /** Shows up in errors and metrics. Low cardinality: one per dependency, not per request. */
  readonly name: string;
  /** Failures in a row that open it; in place of `trip`. @default 5 */
  readonly failureThreshold?: number;
  /** Another rule: `countWindow`, `timeWindow`, or one of your own. Each breaker needs its own. */
  readonly trip?: TripRule;
  /** How long a call may take. @default no limit */
  readonly callTimeoutMs?: number;
  /**
   * What an error says about the dependency. What it throws counts as a failure.
   *
   * @default see `classifyError`: refusals of ours, cancelled calls and 4xx answers are ignored, all else is a failure
   */
  readonly classify?: (error: unknown) => CallVerdict;
  /** Keeps every counted failure and every change of state. What goes wrong with it is its own business, and never the call's. */
  readonly ledger?: Pick<Ledger, "record">;
}

/**
 * Refuses calls to a dependency that keeps failing, and lets a few through after a while to see whether it has recovered.
 *
 * A call that is refused rejects with `CircuitOpenError`, at once. What a call throws is thrown on, the same object.
 */
export class CircuitBreaker implements Policy {
  readonly name: string;
  readonly #machine: BreakerMachine;
  readonly #classify: (error: unknown) => CallVerdict;
  readonly #limit: Policy | undefined;
  readonly #ledger: Pick<Ledger, "record"> | undefined;
  readonly #execute = <T>(fn: Operation<T>, signal: AbortSignal | undefined): Promise<T> =>
    this.execute(fn, signal);

  /** @throws TypeError or RangeError that names the option, what it allows and the value. */
  constructor(options: CircuitBreakerOptions) {
    const { name, failureThreshold, trip, callTimeoutMs, classify = classifyError, ledger } = options;
    checkName("circuitBreaker", name);
    if (failureThreshold !== undefined && trip !== undefined) {
      throw new TypeError("circuitBreaker: give failureThreshold or trip, not both");
    }
    if (typeof classify !== "function") {
      throw new TypeError(`circuitBreaker: classify must be a function, got ${String(classify)}`);
    }
    this.name = name;
    this.#classify = classify;
    this.#limit = callTimeoutMs === undefined ? undefined : timeout(callTimeoutMs);
    this.#ledger = ledger;
    const { onTransition } = options;
    const listen = (transition: BreakerTransition): unknown => {
      this.#keep(
        { kind: "transition", subject: name, from: transition.from, to: transition.to },
        transition.cause,
      );
      return onTransition?.(transition);
    };
    this.#machine = new BreakerMachine({
      ...options,
      onTransition: listen,
      ...leaseOf(options),
      trip: trip ?? consecutiveFailures(failureThreshold),
    });
  }

  /** By now; `half_open` as soon as a trial call would pass. */
  get state(): BreakerStateName {
    return this.#machine.state;
  }

  /** Calls that were refused; results that came too late to count; results that say nothing about the dependency. */
  get counts(): { readonly rejections: number; readonly lateResults: number; readonly ignored: number } {
    const { rejections, lateResults, ignored } = this.#machine;
    return { rejections, lateResults, ignored };
  }

  async execute<T>(fn: Operation<T>, signal?: AbortSignal): Promise<T> {
    const permit = this.#machine.acquire();
    if (permit === undefined) throw this.#refusal();
    let value: T;
    try {
      value = await (this.#limit === undefined ? fn(signal ?? NEVER) : this.#limit.execute(fn, signal));
    } catch (error) {
      this.#settle(permit, this.#outcome(error, signal), error);
      throw error;
    }
    this.#settle(permit, "success", undefined);
    return value;
  }

  around<F extends AsyncFunction>(fn: F): F {
    return aroundOf(this.#execute, fn);
  }

  /** The same as `around`. */
  protect<F extends AsyncFunction>(fn: F): F {
    return this.around(fn);
  }

  /** Whether a call would pass now; for those who make their calls themselves, and report with the two below. */
  isAvailable(): boolean {
    return this.#machine.isAvailable();
  }

  recordSuccess(): void {
    this.#machine.recordSuccess();
  }

  /** Ignored where `classify` says so. */
  recordFailure(error?: unknown): void {
    if (this.#outcome(error, undefined) !== "ignored") this.#machine.recordFailure(error);
  }

  /** Closed again, with nothing counted. Results of calls that are under way no longer count. */
  reset(): void {
    this.#machine.reset();
  }

  /** Refuses every call until `reset` or `disable`. */
  forceOpen(): void {
    this.#machine.forceOpen();
  }

  /** Lets every call pass and counts nothing, until `reset` or `forceOpen`. */
  disable(): void {
    this.#machine.disable();
  }

  #keep(entry: LedgerEntry, cause: unknown): void {
    if (this.#ledger === undefined) return;
    const message = cause === undefined ? undefined : errorMessage(cause);
    const why =
      cause === undefined ? {} : { errorType: errorType(cause), ...(message && { cause: message }) };
    safely("writing to the ledger", () => this.#ledger?.record({ ...entry, ...why }));
  }

  /** A rule of the user's that throws must not cost the call its result. */
  #settle(permit: Permit, outcome: Outcome, cause: unknown): void {
    if (outcome !== "success" && outcome !== "ignored")
      this.#keep({ kind: "failure", subject: this.name }, cause);
    try {
      this.#machine.settle(permit, outcome, cause);
    } catch (error) {
      reportFailure(`the trip rule of breaker "${this.name}"`, error);
    }
  }

  #refusal(): CircuitOpenError {
    const retryAfterMs = this.#machine.retryAfterMs() ?? Number.POSITIVE_INFINITY;
    return withoutStack(() => new CircuitOpenError(this.name, retryAfterMs, this.#machine.lastFailure));
  }

  #outcome(error: unknown, signal: AbortSignal | undefined): Outcome {
    // The caller has given up, which says nothing about the dependency.
    if (signal?.aborted) return "ignored";
    try {
      const verdict = this.#classify(error);
      return verdict === "slow" ? "slow_failure" : verdict;
    } catch {
      return "failure";
    }
  }
}

/** Above the call's own time, so that a trial call that takes too long is told by its timeout, which says why. */
function leaseOf({ callTimeoutMs, probeLeaseMs }: CircuitBreakerOptions): { probeLeaseMs?: number } {
  const lease =
    probeLeaseMs ?? (callTimeoutMs === undefined ? undefined : callTimeoutMs + LEASE_OVER_TIMEOUT_MS);
  return lease === undefined ? {} : { probeLeaseMs: lease };
}

/** @see CircuitBreaker */
export function circuitBreaker(options: CircuitBreakerOptions): CircuitBreaker {
  return new CircuitBreaker(options);
}
