import { DuplicateTaskError } from "../errors/duplicate-task-error.ts";
import { QueueClosedError } from "../errors/queue-closed-error.ts";
import { UnknownTaskError } from "../errors/unknown-task-error.ts";
import { UnknownTaskTypeError } from "../errors/unknown-task-type-error.ts";
import { sharedWaits, Waits } from "../internal/shared-waits.ts";
import type { Policy } from "../resilience/policy.ts";
import { type TimeoutOptions, timeout } from "../resilience/timeout.ts";
import { metricSources } from "../telemetry/metric-sources.ts";
import { supervisorRejected } from "./queue/queue-events.ts";
import { QueueMetrics, queueMetrics } from "./queue/queue-metrics.ts";
import { TaskQueue } from "./queue/task-queue.ts";
import { oneDigit, type SupervisorDashboard, workerRow } from "./supervisor/dashboard.ts";
import { GivenUpTasks, type TaskPlace } from "./supervisor/given-up-tasks.ts";
import { checkTask, type SupervisedTask } from "./supervisor/supervised-task.ts";
import { SupervisorMetrics, supervisorMetrics, type WorkerFacts } from "./supervisor/supervisor-metrics.ts";
import {
  type SupervisorOptions,
  type SupervisorSettings,
  supervisorSettings,
} from "./supervisor/supervisor-options.ts";
import { TaskResults } from "./supervisor/task-results.ts";
import { TrialTimer } from "./supervisor/trial-timer.ts";
import type { TypeSeats } from "./supervisor/type-seats.ts";
import type { TaskHandler } from "./supervisor/worker.ts";
import { type RegisterOptions, WorkerPool } from "./supervisor/worker-pool.ts";
import type { WorkerSeat } from "./supervisor/worker-seat.ts";

export type { SupervisorDashboard, WorkerRow } from "./supervisor/dashboard.ts";
export type { SupervisedTask } from "./supervisor/supervised-task.ts";
export type { SupervisorOptions } from "./supervisor/supervisor-options.ts";
export type { TaskHandler, WorkerState } from "./supervisor/worker.ts";

export type { RegisterOptions } from "./supervisor/worker-pool.ts";

/**
 * Gives tasks to workers, each to the least loaded one that takes its type, and says no when it is too much.
 *
 * Tasks wait in one bounded queue, as in a `requestQueue`: by priority, with ageing. A worker that fails more than half of its last tasks,
 * of six at least, is given none for a while, then one to see whether it has recovered.
 */
export class Supervisor {
  readonly name: string;
  readonly #settings: SupervisorSettings;
  readonly #timing: TimeoutOptions;
  /** That of tasks which do not say how long they may take. */
  readonly #usualLimit: Policy;
  readonly #tasks: TaskQueue;
  readonly #results: TaskResults;
  readonly #trials: TrialTimer;
  readonly #pool: WorkerPool;
  readonly #metrics: SupervisorMetrics;
  readonly #givenUp: GivenUpTasks | undefined;
  readonly #facts = (): readonly WorkerFacts[] =>
    this.#pool.workers.map(({ name, state, load }) => ({ supervisor: this.name, name, state, load }));

  /** @throws TypeError or RangeError that names the option, what it allows and the value. */
  constructor(options: SupervisorOptions = {}) {
    const settings = supervisorSettings(options);
    const { metrics, deadLetters } = options;
    this.name = settings.name;
    this.#givenUp = deadLetters && new GivenUpTasks(this.name, deadLetters);
    this.#settings = settings;
    this.#timing = options.after === undefined ? {} : { after: options.after, clock: settings.clock };
    this.#usualLimit = timeout(settings.taskTimeoutMs, this.#timing);
    this.#tasks = new TaskQueue({
      ...settings,
      concurrency: 0,
      startsLater: true,
      now: () => settings.clock.monotonic(),
      after: options.after,
      waits: options.after === undefined ? sharedWaits : new Waits(options.after, settings.clock),
      metrics: metrics === undefined ? queueMetrics : new QueueMetrics(metrics),
    });
    this.#results = new TaskResults(settings);
    this.#trials = new TrialTimer(settings.clock, settings.after, () => this.#tryAgain());
    this.#metrics = metrics === undefined ? supervisorMetrics : new SupervisorMetrics(metrics);
    this.#metrics.open(this.#facts);
    this.#pool = new WorkerPool(settings, this.#tasks, metrics ?? metricSources, {
      ended: (worker, outcome) => this.#metrics.ended(this.name, worker.name, outcome),
      released: () => this.#setTrials(),
    });
  }

  /**
   * Adds a worker.
   *
   * @param name Of its own in this supervisor, and fixed: it becomes a metric label.
   * @throws TypeError or RangeError that names what is wrong, also where the name is taken.
   */
  register<P, R>(name: string, handler: TaskHandler<P, R>, options: RegisterOptions): void {
    this.#pool.register(name, handler as TaskHandler, options);
  }

  /**
   * Hands in a task. It is started after this turn of the event loop, so that of several that come at once the most important goes first.
   *
   * @returns `false` under pressure: the queue is full, or the load of all workers has reached the threshold and none for this type could
   *   take one more now. Nothing of the task is kept then; whoever handed it in decides what to do.
   * @throws UnknownTaskTypeError, DuplicateTaskError; QueueClosedError after `drain` or `close`; a TypeError or RangeError on a bad task.
   */
  submit(task: SupervisedTask): boolean {
    const { limit, ...ticket } = checkTask(task);
    const { taskId, taskType } = task;
    const type = this.#pool.typeOf(taskType);
    if (type === undefined) throw new UnknownTaskTypeError(this.name, taskType, this.#pool.knownTypes);
    if (this.#tasks.isClosed) throw new QueueClosedError(this.name);
    if (this.#results.has(taskId)) throw new DuplicateTaskError(this.name, taskId);
    const pressure = this.#pressure(type.seats);
    if (pressure !== undefined) {
      this.#metrics.rejected(this.name, taskType);
      supervisorRejected(this.name, taskType, pressure);
      return false;
    }
    const place: TaskPlace = { worker: undefined };
    const result = this.#tasks.add(
      (signal, seat) => {
        // The lane's seats are these.
        const { worker } = seat as WorkerSeat;
        place.worker = worker.name;
        return worker.handler(task.payload, signal);
      },
      type.lane,
      { ...ticket, limit: this.#limit(task.timeoutMs) },
    );
    this.#results.add(taskId, result);
    this.#givenUp?.watch(task, result, place, this.#settings.clock.now());
    this.#setTrials();
    return true;
  }

  /**
   * What the handler gave for the task. May be asked for before it has ended, later, and more than once; kept for `keepResultsMs` after
   * the task has ended, and as one of the last `keepResults`.
   *
   * @returns Rejects with what the handler threw, the same object; with `CallTimeoutError` where its time was over, `QueueClosedError` where
   *   it was never started, the reason of its signal; and with `UnknownTaskError` where there is none of that id.
   */
  result<R = unknown>(taskId: string): Promise<R> {
    const kept = this.#results.get(taskId) ?? Promise.reject(new UnknownTaskError(this.name, taskId));
    return kept as Promise<R>;
  }

  /** Running tasks over those that the workers may run that have not failed, 0 to 1; 1 where there are none. */
  systemLoad(): number {
    return this.#pool.load();
  }

  dashboard(): SupervisorDashboard {
    const rows = this.#pool.workers.map((worker) => [worker.name, workerRow(worker)] as const);
    return {
      systemLoad: oneDigit(this.systemLoad() * 100),
      queueSize: this.#tasks.size,
      workers: Object.fromEntries(rows),
    };
  }

  /** Takes no more tasks, and resolves when all that it has are answered, and those given up are dead letters. */
  async drain(): Promise<void> {
    await this.#tasks.drain();
    await this.#givenUp?.idle();
  }

  /**
   * Takes no more tasks, refuses those that wait, and resolves when those that run are answered, and those given up are dead letters. Results
   * stay. May be called twice.
   */
  async close(): Promise<void> {
    this.#trials.clear();
    this.#metrics.close(this.#facts);
    this.#pool.close();
    await this.#tasks.close();
    await this.#givenUp?.idle();
  }

  #pressure(seats: TypeSeats): "full" | "pressure" | undefined {
    if (this.#tasks.size >= this.#settings.maxQueue) return "full";
    const isLoaded = this.systemLoad() >= this.#settings.backpressureThreshold;
    return isLoaded && !seats.hasRoom() ? "pressure" : undefined;
  }

  #limit(timeoutMs: number = this.#settings.taskTimeoutMs): Policy {
    if (timeoutMs === this.#settings.taskTimeoutMs) return this.#usualLimit;
    return timeout(timeoutMs, this.#timing);
  }

  /** When what is under way in this turn is done. */
  #setTrials(): void {
    queueMicrotask(() => this.#trials.set(this.#tasks.size === 0 ? [] : this.#pool.workers));
  }

  #tryAgain(): void {
    this.#tasks.dispatchLater();
    this.#setTrials();
  }
}

/** @throws TypeError or RangeError that names the option, what it allows and the value. */
export function supervisor(options: SupervisorOptions = {}): Supervisor {
  return new Supervisor(options);
}
