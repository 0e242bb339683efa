import { checkName } from "../internal/check-name.ts";
import { checkWhole } from "../internal/check-number.ts";
import { type Clock, systemClock } from "../internal/clock.ts";
import { CoarseClock } from "../internal/coarse-clock.ts";
import { sharedWaits, Waits } from "../internal/shared-waits.ts";
import { type After, systemAfter } from "../internal/timers.ts";
import { type AsyncFunction, aroundOf, type Operation, type Policy, policyOf } from "../resilience/policy.ts";
import type { MetricSources } from "../telemetry/metric-sources.ts";
import { type Lane, PRIORITIES } from "./queue/lane.ts";
import { QueueMetrics, queueMetrics } from "./queue/queue-metrics.ts";
import type { QueueSettings } from "./queue/queue-settings.ts";
import { TaskQueue } from "./queue/task-queue.ts";
import { type TaskOptions, ticketOf } from "./queue/ticket-options.ts";

export type { TaskOptions } from "./queue/ticket-options.ts";

export interface RequestQueueOptions {
  /** Shows up in errors and metrics. Low cardinality: one per what is called, not per request. */
  readonly name: string;
  /** Tasks that run at once, 1 to 100,000. @default 10 */
  readonly concurrency?: number;
  /** Tasks that may wait, 0 to 1,000,000. There is no queue without a bound: whoever comes when it is full is refused. */
  readonly maxQueue: number;
  /** A task that waits gains one priority for each so many milliseconds. @default 10_000 */
  readonly agingMs?: number;
  readonly clock?: Clock;
  /** For tests. */
  readonly after?: After;
  /** Where it tells its metrics. @default those of this process */
  readonly metrics?: MetricSources;
}

/**
 * Runs so many tasks at once; the others wait, the most important first, and first come first served among equals.
 *
 * Nobody starves. A task of priority p waits at most (p − 1) × `agingMs`, and then for as long as those take that were handed in before it
 * and wait still, which are fewer than `maxQueue` and run `concurrency` at a time: however many more important ones keep coming.
 *
 * Tasks run in the async context of their caller, so that their spans are where they belong.
 */
export class RequestQueue implements Policy {
  readonly name: string;
  readonly concurrency: number;
  readonly #tasks: TaskQueue;
  readonly #lane: Lane;

  /** @throws TypeError or RangeError that names the option, what it allows and the value. */
  constructor(options: RequestQueueOptions) {
    const settings = settingsOf(options);
    this.name = settings.name;
    this.concurrency = settings.concurrency;
    this.#tasks = new TaskQueue(settings);
    this.#lane = this.#tasks.openLane();
  }

  /** Tasks that wait. */
  get size(): number {
    return this.#tasks.size;
  }

  /** Tasks that wait, for each priority from 1 to 10. */
  get sizes(): Readonly<Record<number, number>> {
    const priorities = Array.from({ length: PRIORITIES }, (_, i) => i + 1);
    return Object.fromEntries(priorities.map((priority) => [priority, this.#tasks.sizeOf(priority)]));
  }

  /** Tasks that have a slot, those whose caller is gone included. */
  get running(): number {
    return this.#tasks.running;
  }

  /** Tasks that still run although their caller has its answer: their signal was aborted, and they have not settled. */
  get zombies(): number {
    return this.#tasks.zombies;
  }

  get isPaused(): boolean {
    return this.#tasks.isPaused;
  }

  /**
   * Runs the task when its turn comes, at once where a slot is free.
   *
   * @param task Gets a signal that is aborted when its caller gives up or its deadline passes. It keeps its slot until it settles.
   * @returns The task's result. Rejects with what it throws, the same object; with `QueueFullError`, `QueueExpiredError` or
   *   `QueueClosedError` where it was not run; with the reason of the caller's signal; and with a RangeError or TypeError on bad options.
   */
  add<T>(task: Operation<T>, options?: TaskOptions): Promise<T> {
    try {
      if (typeof task !== "function")
        throw new TypeError(`requestQueue: the task must be a function, got ${typeof task}`);
      return this.#tasks.add(task, this.#lane, ticketOf("requestQueue", options));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  execute<T>(fn: Operation<T>, signal?: AbortSignal): Promise<T> {
    return this.add(fn, signal === undefined ? undefined : { signal });
  }

  around<F extends AsyncFunction>(fn: F): F {
    return aroundOf((operation, signal) => this.execute(operation, signal), fn);
  }

  /** This queue with a priority and a deadline for each call: `wrap(queue.policy({ priority: 1 }), breaker)`. @throws RangeError on a bad one. */
  policy(options: Omit<TaskOptions, "signal"> = {}): Policy {
    ticketOf("requestQueue: policy", options);
    const { name } = this;
    return {
      name,
      ...policyOf((fn, signal) => this.add(fn, signal === undefined ? options : { ...options, signal })),
    };
  }

  /** Starts nothing more until `resume`. What runs goes on, and new tasks wait. */
  pause(): void {
    this.#tasks.pause();
  }

  resume(): void {
    this.#tasks.resume();
  }

  /** Resolves as soon as nothing waits and nothing runs, zombies aside. */
  idle(): Promise<void> {
    return this.#tasks.idle();
  }

  /** Takes no more tasks, and resolves when all that it has are done, zombies aside. Ends a pause. */
  drain(): Promise<void> {
    return this.#tasks.drain();
  }

  /** Takes no more tasks, refuses those that wait, and resolves when those that run are done, zombies aside. May be called twice. */
  close(): Promise<void> {
    return this.#tasks.close();
  }
}

/** @throws TypeError or RangeError that names the option, what it allows and the value. */
export function requestQueue(options: RequestQueueOptions): RequestQueue {
  return new RequestQueue(options);
}

function settingsOf(options: RequestQueueOptions): QueueSettings {
  const { name, concurrency = 10, maxQueue, agingMs = 10_000, clock = systemClock, after, metrics } = options;
  checkName("requestQueue", name);
  checkWhole("requestQueue: concurrency", concurrency, 1, 100_000);
  checkWhole("requestQueue: maxQueue", maxQueue, 0, 1_000_000);
  checkWhole("requestQueue: agingMs", agingMs, 1);
  return {
    name,
    concurrency,
    maxQueue,
    agingMs,
    startsLater: false,
    clock,
    now: nowOf(options),
    after,
    waits: after === undefined ? sharedWaits : new Waits(after, clock),
    metrics: metrics === undefined ? queueMetrics : new QueueMetrics(metrics),
  };
}

/** A clock that was given is always asked itself: a test moves it, and nobody sets a timer for that. */
function nowOf({ clock }: RequestQueueOptions): () => number {
  if (clock !== undefined) return () => clock.monotonic();
  const coarse = new CoarseClock(systemClock, systemAfter);
  return () => coarse.nowMs;
}
