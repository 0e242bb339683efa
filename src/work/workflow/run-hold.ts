import { WorkflowCancelledError } from "../../errors/workflow-cancelled-error.ts";
import { WorkflowLostError } from "../../errors/workflow-lost-error.ts";
import { pause } from "../../internal/pause.ts";
import { reportFailure } from "../../internal/warn-once.ts";
import { timeLimit } from "../../stores/breakers/time-limit.ts";
import type { Hold, RunRecord, RunStatus, StepRecord } from "../../stores/checkpoints/checkpoint-store.ts";
import type { WorkflowSettings } from "./workflow-options.ts";

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 2_000;
/** How often the end of a run is written before it is left to the lease. */
const END_ATTEMPTS = 5;

type Step = Omit<StepRecord, "atMs">;

/** A run that this call owns, for as long as it renews its lease. */
export class RunHold {
  readonly #settings: WorkflowSettings;
  readonly #hold: Hold;
  readonly #over = new AbortController();
  /** Monotonic. */
  #goodUntilMs: number;
  #cancelTimer: (() => void) | undefined;
  #released = false;

  /** @param askedMs When the claim was asked for, monotonic: its lease began no earlier. */
  constructor(settings: WorkflowSettings, { id, epoch }: RunRecord, askedMs: number) {
    this.#settings = settings;
    this.#hold = { id, epoch };
    this.#goodUntilMs = askedMs + settings.leaseMs;
    this.#renewIn(settings.leaseMs / 3);
  }

  /** Aborted once the run is not this call's any more, with the error that says why. */
  get signal(): AbortSignal {
    return this.#over.signal;
  }

  /**
   * Keeps what a step returned. A store that fails is asked again until the lease is over: the step is done, and would be done twice.
   *
   * @throws WorkflowLostError, WorkflowCancelledError.
   */
  async commit(step: Step): Promise<void> {
    for (let failures = 0; ; failures += 1) {
      this.signal.throwIfAborted();
      if (await this.#tried(step)) return;
      await pause(pauseMs(failures), this.signal, this.#settings.after);
    }
  }

  /** Ends the hold. A run whose end cannot be written is found by the next owner as it is: never rejects. */
  async end(status: Exclude<RunStatus, "cancelled">, failure?: string): Promise<void> {
    const { store, after } = this.#settings;
    for (let failures = 0; failures < END_ATTEMPTS; failures += 1) {
      try {
        if (status === "completed" && this.#settings.keepCompletedMs === 0) await store.forget(this.#hold);
        else await store.end(this.#hold, status, failure);
        break;
      } catch (error) {
        reportFailure(`writing the end of a run of workflow ${this.#settings.name}`, error);
      }
      await pause(pauseMs(failures), undefined, after);
    }
    this.release();
  }

  /** Renews no more. May be called twice. */
  release(): void {
    this.#released = true;
    this.#cancelTimer?.();
  }

  /** @returns Whether it is kept; `false` where the store has failed. @throws where the run is not this call's any more. */
  async #tried(step: Step): Promise<boolean> {
    const { store } = this.#settings;
    try {
      if ((await store.commit(this.#hold, step)) === "committed") return true;
      const found = await store.read(this.#hold.id);
      const kept = found?.steps[step.seq];
      // The answer to an earlier attempt may have been lost on its way.
      if (found?.run.epoch === this.#hold.epoch && kept?.name === step.name && kept.output === step.output)
        return true;
      this.#lose(this.#reasonOf(found?.run));
    } catch (error) {
      reportFailure(`keeping a step of workflow ${this.#settings.name}`, error);
    }
    this.signal.throwIfAborted();
    return false;
  }

  #renewIn(ms: number): void {
    if (this.#released || this.signal.aborted) return;
    this.#cancelTimer = this.#settings.after(ms, () => void this.#renew(), false);
  }

  async #renew(): Promise<void> {
    const { store, leaseMs, clock, after } = this.#settings;
    const askedMs = clock.monotonic();
    try {
      const good = await timeLimit(store.renew(this.#hold, leaseMs), leaseMs / 6, after);
      if (good) this.#goodUntilMs = askedMs + leaseMs;
      else if (!this.#released) this.#lose(this.#reasonOf((await store.read(this.#hold.id))?.run));
      this.#renewIn(leaseMs / 3);
    } catch (error) {
      if (clock.monotonic() >= this.#goodUntilMs)
        this.#lose(this.#lost("its lease ended while its store did not answer", error));
      this.#renewIn(leaseMs / 10);
    }
  }

  #lose(reason: WorkflowLostError | WorkflowCancelledError): void {
    this.release();
    this.#over.abort(reason);
  }

  #reasonOf(run: RunRecord | undefined): WorkflowLostError | WorkflowCancelledError {
    if (run?.status === "cancelled") return new WorkflowCancelledError(this.#settings.name, this.#hold.id);
    return this.#lost(run === undefined ? "it was removed" : "another owner has taken it");
  }

  #lost(reason: string, cause?: unknown): WorkflowLostError {
    return new WorkflowLostError(this.#settings.name, this.#hold.id, reason, cause);
  }
}

function pauseMs(failures: number): number {
  return Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** failures);
}
