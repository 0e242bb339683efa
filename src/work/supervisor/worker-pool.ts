import { checkName } from "../../internal/check-name.ts";
import { checkWhole } from "../../internal/check-number.ts";
import { BreakerRegistry } from "../../resilience/breaker-registry.ts";
import { MetricSources } from "../../telemetry/metric-sources.ts";
import type { Lane } from "../queue/lane.ts";
import type { TaskQueue } from "../queue/task-queue.ts";
import type { SupervisorSettings } from "./supervisor-options.ts";
import { TypeSeats } from "./type-seats.ts";
import { type TaskHandler, Worker } from "./worker.ts";
import type { SeatListener } from "./worker-seat.ts";

export interface RegisterOptions {
  /** The types of task that it takes, one at least. */
  readonly taskTypes: readonly string[];
  /** Tasks that it runs at once, 1 to 10,000. @default 3 */
  readonly maxConcurrent?: number;
}

/** Where tasks of one type wait and run. */
export interface TypeOfTask {
  readonly seats: TypeSeats;
  readonly lane: Lane;
}

/** The workers of a supervisor, and the lanes that tasks for them wait in. */
export class WorkerPool {
  readonly #settings: SupervisorSettings;
  readonly #tasks: TaskQueue;
  readonly #listener: SeatListener;
  readonly #workers = new Map<string, Worker>();
  readonly #types = new Map<string, TypeOfTask>();
  /** Its breakers are nobody else's, whatever their names. */
  readonly #breakers: BreakerRegistry;
  readonly #leaveMetrics: () => void;

  constructor(
    settings: SupervisorSettings,
    tasks: TaskQueue,
    metrics: MetricSources,
    listener: SeatListener,
  ) {
    this.#settings = settings;
    this.#tasks = tasks;
    this.#listener = listener;
    const own = new MetricSources();
    this.#breakers = new BreakerRegistry({ metrics: own, maxBreakers: 100_000 });
    this.#leaveMetrics = metrics.add(() => own.collect());
  }

  /** In the order in which they were registered. */
  get workers(): readonly Worker[] {
    return [...this.#workers.values()];
  }

  get knownTypes(): readonly string[] {
    return [...this.#types.keys()];
  }

  typeOf(taskType: string): TypeOfTask | undefined {
    return this.#types.get(taskType);
  }

  /** @throws TypeError or RangeError that names what is wrong. */
  register(name: string, handler: TaskHandler, options: RegisterOptions): void {
    checkName("supervisor: register", name);
    checkName("supervisor: register: supervisor/worker", `${this.#settings.name}/${name}`);
    if (this.#workers.has(name)) throw new TypeError(`supervisor: there is a worker "${name}" already`);
    if (typeof handler !== "function")
      throw new TypeError(`supervisor: the handler of "${name}" must be a function, got ${typeof handler}`);
    const types = checkTypes(name, options?.taskTypes);
    const maxConcurrent = checkWhole("supervisor: maxConcurrent", options.maxConcurrent ?? 3, 1, 10_000);
    const worker = new Worker({ name, handler, maxConcurrent }, this.#settings, this.#breakers);
    this.#workers.set(name, worker);
    for (const type of types) this.#obtainType(type).seats.join(worker);
    this.#tasks.grow(maxConcurrent);
  }

  /** As `Supervisor.systemLoad`. */
  load(): number {
    let capacity = 0;
    let running = 0;
    for (const worker of this.#workers.values()) {
      if (worker.isFailed) continue;
      capacity += worker.maxConcurrent;
      running += worker.running;
    }
    return capacity === 0 ? 1 : running / capacity;
  }

  /** No more metrics. May be called twice. */
  close(): void {
    this.#leaveMetrics();
  }

  #obtainType(taskType: string): TypeOfTask {
    const known = this.#types.get(taskType);
    if (known !== undefined) return known;
    const seats = new TypeSeats(this.#settings.clock, this.#listener);
    const type = { seats, lane: this.#tasks.openLane(seats) };
    this.#types.set(taskType, type);
    return type;
  }
}

/** @throws TypeError that says what is wrong. */
function checkTypes(worker: string, types: unknown): ReadonlySet<string> {
  if (!Array.isArray(types) || types.length === 0)
    throw new TypeError(`supervisor: taskTypes of "${worker}" must be a list of at least one name`);
  for (const type of types) checkName(`supervisor: taskTypes of "${worker}": the`, type);
  return new Set(types as readonly string[]);
}
