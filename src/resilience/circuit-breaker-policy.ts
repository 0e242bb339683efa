import { CircuitOpenError } from "../errors/circuit-open-error.ts";
import { checkName } from "../internal/check-name.ts";
import { isOver } from "../internal/deadline.ts";
import { rejectLater } from "../internal/reject-later.ts";
import { reportFailure } from "../internal/warn-once.ts";
import { withoutStack } from "../internal/without-stack.ts";
import { admission } from "../telemetry/resilience/admission.ts";
import { breakerRejected } from "../telemetry/resilience/breaker-events.ts";
import type { BreakerFacts } from "../telemetry/resilience/breaker-facts.ts";
import { BreakerJournal } from "./breaker/breaker-journal.ts";
import { BreakerMachine } from "./breaker/breaker-machine.ts";
import type { BreakerStateName } from "./breaker/breaker-state.ts";
import type { BreakerTransition } from "./breaker/breaker-transition.ts";
import type { Outcome as CallOutcome } from "./breaker/outcome.ts";
import type { Permit } from "./breaker/permit.ts";
import { consecutiveFailures } from "./breaker/trip/consecutive-failures.ts";
import type { CircuitBreakerOptions } from "./circuit-breaker-options.ts";
import { type CallVerdict, classifyError } from "./classify-error.ts";
import type { Fallback } from "./fallback/fallback.ts";
import { type FallbackOptions, FallbackPolicy } from "./fallback-policy.ts";
import { plainOutcomeAround } from "./plain-outcome.ts";
import { type AsyncFunction, aroundOf, type Operation } from "./policy.ts";
import type { Outcome, PolicyChain } from "./policy-chain.ts";
import { type AnsweringPolicy, RUN_CALL, type RunCall } from "./run-call.ts";
import { type BreakerShare, shareBreaker } from "./shared/share-breaker.ts";
import { started, TimeLimit } from "./time-limit.ts";

const LEASE_OVER_TIMEOUT_MS = 1_000;
/** The actor of what an operator did in another process. */
const ELSEWHERE = "another process";

/** Calls that were refused; results that came too late to count; results that say nothing about the dependency. */
export type BreakerCounts = Pick<BreakerFacts, "rejections" | "lateResults" | "ignored">;

/** Who did it, for the ledger. Keys are taken out of it, addresses stay. */
export interface Operator {
  readonly actor?: string;
}

/**
 * Refuses calls to a dependency that keeps failing, and lets a few through after a while to see whether it has recovered.
 *
 * A call that is refused rejects with `CircuitOpenError`, at once. What a call throws is thrown on, the same object.
 */
export class CircuitBreaker implements PolicyChain, AnsweringPolicy {
  readonly name: string;
  readonly [RUN_CALL]: RunCall | undefined;
  readonly #machine: BreakerMachine;
  readonly #classify: (error: unknown) => CallVerdict;
  readonly #limit: TimeLimit | undefined;
  readonly #journal: BreakerJournal;
  readonly #answering: FallbackPolicy | undefined;
  readonly #share: BreakerShare | undefined;
  readonly #call = <T>(fn: Operation<T>, signal: AbortSignal | undefined): Promise<T> =>
    this.#admitted(fn, signal);

  /** @throws TypeError or RangeError that names the option, what it allows and the value. */
  constructor(options: CircuitBreakerOptions) {
    const { name, failureThreshold, trip, callTimeoutMs, classify = classifyError, onTransition } = options;
    checkName("circuitBreaker", name);
    if (failureThreshold !== undefined && trip !== undefined) {
      throw new TypeError("circuitBreaker: give failureThreshold or trip, not both");
    }
    if (typeof classify !== "function") {
      throw new TypeError(`circuitBreaker: classify must be a function, got ${String(classify)}`);
    }
    this.name = name;
    this.#classify = classify;
    this.#limit =
      callTimeoutMs === undefined ? undefined : new TimeLimit("circuitBreaker: callTimeoutMs", callTimeoutMs);
    this.#journal = new BreakerJournal(name, options.ledger);
    this.#machine = new BreakerMachine({
      ...options,
      onTransition: (transition: BreakerTransition): unknown => {
        this.#journal.moved(transition);
        this.#share?.transitioned(transition);
        return onTransition?.(transition);
      },
      ...leaseOf(options),
      trip: trip ?? consecutiveFailures(failureThreshold),
    });
    if (options.store !== undefined) {
      const machine = this.#journal.acting(ELSEWHERE, this.#machine);
      this.#share = shareBreaker({ name, machine, store: options.store });
    }
    if (options.fallback !== undefined) {
      this.#answering = new FallbackPolicy({ name, execute: this.#call }, options.fallback);
      this[RUN_CALL] = this.#answering[RUN_CALL];
    }
  }

  /** By now; `half_open` as soon as a trial call would pass. */
  get state(): BreakerStateName {
    return this.#machine.state;
  }

  get counts(): BreakerCounts {
    const { rejections, lateResults, ignored } = this.#machine;
    return { rejections, lateResults, ignored };
  }

  execute<T>(fn: Operation<T>, signal?: AbortSignal): Promise<T> {
    return this.#answering === undefined ? this.#admitted(fn, signal) : this.#answering.execute(fn, signal);
  }

  around<F extends AsyncFunction>(fn: F): F {
    return this.#answering === undefined ? aroundOf(this.#call, fn) : this.#answering.around(fn);
  }

  /** The same as `around`. */
  protect<F extends AsyncFunction>(fn: F): F {
    return this.around(fn);
  }

  onFailure(fallback: Fallback, options?: FallbackOptions): PolicyChain {
    return new FallbackPolicy(this, fallback, options);
  }

  async outcome<T>(fn: Operation<T>, signal?: AbortSignal): Promise<Outcome<T>> {
    if (this.#answering !== undefined) return this.#answering.outcome(fn, signal);
    return { value: await this.#admitted(fn, signal) };
  }

  aroundOutcome<A extends unknown[], T>(fn: (...args: A) => Promise<T>): (...args: A) => Promise<Outcome<T>> {
    return this.#answering?.aroundOutcome(fn) ?? plainOutcomeAround(this, fn);
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
    if (this.#outcome(error, undefined) === "ignored") return;
    this.#journal.failed(error);
    this.#machine.recordFailure(error);
  }

  /** Closed again, with nothing counted. Results of calls that are under way no longer count. */
  reset(by?: Operator): void {
    this.#journal.acting(by?.actor, this.#machine).reset();
    this.#share?.operatedHere("reset");
  }

  /** Refuses every call until `reset` or `disable`. */
  forceOpen(by?: Operator): void {
    this.#journal.acting(by?.actor, this.#machine).forceOpen();
    this.#share?.operatedHere("forced_open");
  }

  /** Lets every call pass and counts nothing, until `reset` or `forceOpen`. */
  disable(by?: Operator): void {
    this.#journal.acting(by?.actor, this.#machine).disable();
    this.#share?.operatedHere("disabled");
  }

  /** For metrics. */
  facts(): BreakerFacts {
    const { name, state, counts } = this;
    return {
      name,
      state,
      ...counts,
      storeFailures: this.#share?.storeFailures ?? 0,
      transitions: this.#journal.transitions(),
    };
  }

  /** No async function: its throw would double what a refusal costs, and its await add a quarter to each call. */
  #admitted<T>(fn: Operation<T>, signal: AbortSignal | undefined): Promise<T> {
    const permit = this.#machine.acquire();
    if (permit === undefined) return rejectLater(this.#refusal());
    admission.note(this.name, this.#machine.kind);
    const limited = this.#limit?.begin(fn, signal);
    const pending = limited === undefined ? started(fn, signal) : limited.promise;
    admission.clear();
    return pending.then(
      (value) => {
        limited?.ended();
        this.#settle(permit, "success", undefined);
        return value;
      },
      (error: unknown) => {
        limited?.ended();
        this.#settle(permit, this.#outcome(error, signal), error);
        throw error;
      },
    );
  }

  /** A rule of the user's that throws must not cost the call its result. */
  #settle(permit: Permit, outcome: CallOutcome, cause: unknown): void {
    if (outcome !== "success" && outcome !== "ignored") this.#journal.failed(cause);
    try {
      this.#machine.settle(permit, outcome, cause);
    } catch (error) {
      reportFailure(`the trip rule of breaker "${this.name}"`, error);
    }
  }

  #refusal(): CircuitOpenError {
    const retryAfterMs = this.#machine.retryAfterMs() ?? Number.POSITIVE_INFINITY;
    breakerRejected(this.name, this.#machine.kind, retryAfterMs);
    return withoutStack(() => new CircuitOpenError(this.name, retryAfterMs, this.#machine.lastFailure));
  }

  #outcome(error: unknown, signal: AbortSignal | undefined): CallOutcome {
    // The caller has given up, which says nothing about the dependency.
    if (isOver(signal)) return "ignored";
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
