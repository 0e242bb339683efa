import { countWindow } from "../../resilience/breaker/trip/count-window.ts";
import type { BreakerRegistry } from "../../resilience/breaker-registry.ts";
import { circuitBreaker } from "../../resilience/circuit-breaker.ts";
import type { CircuitBreaker } from "../../resilience/circuit-breaker-policy.ts";
import type { Operation } from "../../resilience/policy.ts";
import type { SupervisorSettings } from "./supervisor-options.ts";

/** `overloaded`: load above 0.8. `failed`: taken out, or on trial. */
export type WorkerState = "idle" | "busy" | "overloaded" | "failed";

export type TaskOutcome = "done" | "failed" | "timeout" | "aborted";

/** What a worker does. The signal is aborted when the task's time is over or its submitter gives up. */
export type TaskHandler<P = unknown, R = unknown> = (payload: P, signal: AbortSignal) => R | PromiseLike<R>;

const OVERLOADED_ABOVE = 0.8;
/** More than half: a window trips at its rate or above. */
const ABOVE_HALF = 0.5 + Number.EPSILON;
/** More than five tasks. */
const ENOUGH_TASKS = 6;
/** What a new duration counts for against all before it. */
const SHARE = 0.1;

export interface WorkerOptions {
  readonly name: string;
  readonly handler: TaskHandler;
  readonly maxConcurrent: number;
}

/** One worker: what it runs, how it has done so far, and whether it may be given more. */
export class Worker {
  readonly name: string;
  readonly handler: TaskHandler;
  readonly maxConcurrent: number;
  readonly breaker: CircuitBreaker;
  /** Tasks that run, also those that nobody waits for any more. */
  running = 0;
  completed = 0;
  errors = 0;
  /** When it may be tried again, monotonic milliseconds, as of the last time that it was taken out. */
  retryAtMs = 0;
  #avgMs: number | undefined;

  constructor(options: WorkerOptions, settings: SupervisorSettings, registry: BreakerRegistry) {
    this.name = options.name;
    this.handler = options.handler;
    this.maxConcurrent = options.maxConcurrent;
    this.breaker = circuitBreaker({
      name: `${settings.name}/${options.name}`,
      trip: countWindow({ size: settings.window, minimumCalls: ENOUGH_TASKS, failureRate: ABOVE_HALF }),
      recoveryTimeoutMs: settings.recoveryTimeoutMs,
      // The task's own time limit ends a trial; the lease is for one that has a longer one of its own.
      probeLeaseMs: settings.taskTimeoutMs + 1_000,
      classify: settings.classify,
      clock: settings.clock,
      random: settings.random,
      onTransition: ({ to, atMs, openMs }) => {
        if (to === "open") this.retryAtMs = atMs + (openMs ?? 0);
      },
      registry,
    });
  }

  /** Running tasks over those that it may run, 0 to 1. */
  get load(): number {
    return this.running / this.maxConcurrent;
  }

  get state(): WorkerState {
    if (this.isFailed) return "failed";
    if (this.load > OVERLOADED_ABOVE) return "overloaded";
    return this.running > 0 ? "busy" : "idle";
  }

  get isFailed(): boolean {
    return this.breaker.state !== "closed";
  }

  /** Milliseconds that a task took, over the last ones that were done; 0 before the first. */
  get avgMs(): number {
    return this.#avgMs ?? 0;
  }

  canAccept(): boolean {
    return this.running < this.maxConcurrent && this.breaker.isAvailable();
  }

  /**
   * Counts a task from now on. It asks the breaker in the same turn in which somebody has seen that there is room, as another task may fail
   * before this one begins.
   *
   * @returns Resolves when the breaker has counted the outcome.
   */
  begin(outcome: Promise<unknown>, signal: AbortSignal | undefined): Promise<unknown> {
    this.running += 1;
    const untilSettled: Operation<unknown> = () => outcome;
    return this.breaker.execute(untilSettled, signal).catch(() => {});
  }

  ended(outcome: TaskOutcome, durationMs: number): void {
    if (outcome === "done") {
      this.completed += 1;
      this.#avgMs = this.#avgMs === undefined ? durationMs : this.#avgMs + SHARE * (durationMs - this.#avgMs);
    } else if (outcome !== "aborted") this.errors += 1;
  }
}
