import { isAgentError } from "../../errors/agent-error.ts";
import { WorkflowStepError } from "../../errors/workflow-step-error.ts";
import { eitherSignal } from "../../internal/deadline.ts";
import { redactMessage } from "../../internal/redact.ts";
import type { RunRecord, StepRecord } from "../../stores/checkpoints/checkpoint-store.ts";
import { errorMessage, errorType } from "../../telemetry/error-type.ts";
import { giveUp } from "./give-up.ts";
import { RunHold } from "./run-hold.ts";
import { runStep, type StepResult } from "./run-step.ts";
import type { RunOutcome } from "./workflow-metrics.ts";
import type { WorkflowSettings } from "./workflow-options.ts";
import { stateOf, type WorkflowState } from "./workflow-state.ts";
import type { WorkflowStep } from "./workflow-step.ts";

/** Why a run has failed, as it is kept. */
export interface RunFailure {
  readonly step: string;
  /** From 0. */
  readonly stepIndex: number;
  readonly attempts: number;
  readonly errorType: string;
  /** Without secrets. */
  readonly message: string;
}

/** One run that this call owns, from its first open step to its end. */
export class WorkflowRun {
  readonly #settings: WorkflowSettings;
  readonly #steps: readonly WorkflowStep[];
  readonly #record: RunRecord;
  /** Names of the committed steps. */
  readonly #done: string[];
  readonly #state: WorkflowState;
  readonly #hold: RunHold;

  /** @param askedMs When it was asked for, monotonic. */
  constructor(
    settings: WorkflowSettings,
    steps: readonly WorkflowStep[],
    record: RunRecord,
    done: readonly StepRecord[],
    askedMs: number,
  ) {
    this.#settings = settings;
    this.#steps = steps;
    this.#record = record;
    this.#done = done.map(({ name }) => name);
    this.#state = stateOf(record, done);
    this.#hold = new RunHold(settings, record, askedMs);
  }

  /**
   * @returns The state after the last step.
   * @throws WorkflowStepError, WorkflowLostError, WorkflowCancelledError; the reason of the caller's signal.
   */
  async finish(callers: AbortSignal | undefined): Promise<WorkflowState> {
    const { name, metrics } = this.#settings;
    let outcome: RunOutcome = "error";
    try {
      const signal = eitherSignal(this.#hold.signal, callers);
      for (let index = this.#done.length; index < this.#steps.length; index += 1) {
        const result = await this.#step(index, signal);
        if (result.kind === "failed") {
          outcome = this.#outcomeOf(callers);
          throw await this.#failed(index, result, outcome);
        }
        await this.#keep(index, result);
      }
      await this.#hold.end("completed");
      outcome = "completed";
      return this.#state;
    } catch (error) {
      if (outcome === "error") outcome = this.#outcomeOf(callers, error);
      throw error;
    } finally {
      this.#hold.release();
      metrics.ended(name, outcome);
    }
  }

  #step(index: number, signal: AbortSignal): Promise<StepResult> {
    const place = { workflowId: this.#record.id, index };
    return runStep(this.#settings, this.#steps[index]!, place, this.#state, signal);
  }

  async #keep(seq: number, { output, attempts }: StepResult & { readonly kind: "done" }): Promise<void> {
    const { name } = this.#steps[seq]!;
    await this.#hold.commit({ seq, name, output, attempts });
    this.#done.push(name);
    Object.assign(this.#state, JSON.parse(output));
  }

  #outcomeOf(callers: AbortSignal | undefined, error?: unknown): RunOutcome {
    const { signal } = this.#hold;
    if (signal.aborted) return codeOf(signal.reason) === "workflow_cancelled" ? "cancelled" : "lost";
    if (error !== undefined) return "error";
    return callers?.aborted ? "aborted" : "failed";
  }

  /** @returns What the caller is told. */
  async #failed(
    stepIndex: number,
    { error, attempts }: StepResult & { readonly kind: "failed" },
    outcome: RunOutcome,
  ): Promise<unknown> {
    if (outcome === "lost" || outcome === "cancelled") return this.#hold.signal.reason;
    if (outcome === "aborted") {
      // Given up, and not vanished: the next one may take it at once, and it is no crash.
      await this.#hold.end("running");
      return error;
    }
    const { name: workflow } = this.#settings;
    const { name: step } = this.#steps[stepIndex]!;
    // Before the end is written: a letter that is added twice is one, and one that is never added is lost.
    await giveUp(this.#settings, this.#record.id, { error, attempts, context: { step, stepIndex } });
    const failure: RunFailure = {
      step,
      stepIndex,
      attempts,
      errorType: errorType(error),
      message: redactMessage(errorMessage(error) ?? ""),
    };
    await this.#hold.end("failed", JSON.stringify(failure));
    const { id: workflowId } = this.#record;
    const completedSteps = [...this.#done];
    return new WorkflowStepError({ workflow, workflowId, step, stepIndex, attempts, completedSteps }, error);
  }
}

function codeOf(error: unknown): string | undefined {
  return isAgentError(error) ? error.code : undefined;
}
