interface Worker {
  readonly name: string;
  readonly handler: (payload: unknown) => Promise<unknown>;
  readonly maxConcurrent: number;
  running: number;
  completed: number;
  errors: number;
  isFailed: boolean;
}

export interface NaiveTask {
  readonly taskId: string;
  readonly taskType: string;
  readonly payload: unknown;
}

/**
 * The supervisor as published: error rates over the whole life of a worker, failed for good, and a loop that takes a task out and puts it
 * back while no worker has time for it.
 */
export class NaiveSupervisor {
  readonly results = new Map<string, unknown>();
  /** How often the loop has taken out a task that nobody had time for. */
  idleTurns = 0;
  readonly #workers: Worker[] = [];
  readonly #types = new Map<string, Worker[]>();
  readonly #queue: NaiveTask[] = [];
  readonly #sleep: () => Promise<void>;

  /** @param sleep Half a second, between two looks at the same task. */
  constructor(sleep: () => Promise<void>) {
    this.#sleep = sleep;
  }

  register(
    name: string,
    handler: Worker["handler"],
    {
      taskTypes,
      maxConcurrent = 3,
    }: { readonly taskTypes: readonly string[]; readonly maxConcurrent?: number },
  ): void {
    const worker = { name, handler, maxConcurrent, running: 0, completed: 0, errors: 0, isFailed: false };
    this.#workers.push(worker);
    for (const type of taskTypes) this.#types.set(type, [...(this.#types.get(type) ?? []), worker]);
  }

  submit(task: NaiveTask): boolean {
    this.#queue.push(task);
    return true;
  }

  isFailed(name: string): boolean {
    return this.#workers.some((worker) => worker.name === name && worker.isFailed);
  }

  /** Takes so many tasks out of the queue, as its loop does. */
  async turn(times: number): Promise<void> {
    for (let i = 0; i < times; i++) {
      const task = this.#queue.shift();
      if (task === undefined) return;
      const available = (this.#types.get(task.taskType) ?? []).filter(canAccept);
      if (available.length === 0) {
        this.idleTurns += 1;
        await this.#sleep();
        // Where it stood does not matter to a queue that sorts; what matters is that others wait behind it meanwhile.
        this.#queue.unshift(task);
        continue;
      }
      const load = (worker: Worker): number => worker.running / worker.maxConcurrent;
      const worker = available.reduce((best, each) => (load(each) < load(best) ? each : best));
      void this.#execute(worker, task);
    }
  }

  async #execute(worker: Worker, task: NaiveTask): Promise<void> {
    worker.running += 1;
    try {
      this.results.set(task.taskId, await worker.handler(task.payload));
      worker.completed += 1;
    } catch (error) {
      this.results.set(task.taskId, error);
      worker.errors += 1;
      const total = worker.completed + worker.errors;
      if (total > 5 && worker.errors / total > 0.5) worker.isFailed = true;
    } finally {
      worker.running -= 1;
    }
  }
}

function canAccept(worker: Worker): boolean {
  return worker.running < worker.maxConcurrent && !worker.isFailed;
}
