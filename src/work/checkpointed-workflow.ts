import { workflow } from "../agent/workflow.ts";
import type { AgentError } from "../errors/agent-error.ts";
import type { WorkflowProgram } from "../errors/workflow-changed-error.ts";
import { checkKey } from "../internal/check-key.ts";
import { checkWhole } from "../internal/check-number.ts";
import { randomUUID } from "../internal/late-builtins.ts";
import type { RunStatus } from "../stores/checkpoints/checkpoint-store.ts";
import { claimRun } from "./workflow/claim-run.ts";
import { giveUp } from "./workflow/give-up.ts";
import { openRun } from "./workflow/open-run.ts";
import { type RefusedClaim, refusalOf } from "./workflow/refusal.ts";
import { describeRun, linkToRun, traceNow } from "./workflow/run-trace.ts";
import { sweepCompleted } from "./workflow/sweep-completed.ts";
import {
  type CheckpointedWorkflowOptions,
  type StepOptions,
  type WorkflowSettings,
  workflowSettings,
} from "./workflow/workflow-options.ts";
import { programText } from "./workflow/workflow-program.ts";
import { type WorkflowReport, workflowReport } from "./workflow/workflow-report.ts";
import { stateOf, stateText, type WorkflowState } from "./workflow/workflow-state.ts";
import { type StepHandler, type WorkflowStep, workflowStep } from "./workflow/workflow-step.ts";

export type { CheckpointedWorkflowOptions, StepOptions } from "./workflow/workflow-options.ts";
export type { WorkflowReport } from "./workflow/workflow-report.ts";
export type { RunFailure } from "./workflow/workflow-run.ts";
export type { StepContext, StepHandler } from "./workflow/workflow-step.ts";

/** The state with what a step adds; where both have a field, the step's counts. */
export type WithOutput<S, O> = {
  [K in keyof S | keyof O]: K extends keyof O ? O[K] : K extends keyof S ? S[K] : never;
};

/**
 * A workflow whose steps survive the process. After each step what it returned is kept; `execute` with the same id, also in another process,
 * goes on after the last step that was kept.
 *
 * What is guaranteed: a step that was kept never runs again; what was recorded for a step is recorded once. A step whose process dies before
 * its result is kept runs again, with the same idempotency key. One call at a time owns a run: it holds a lease, and what a former owner
 * writes is refused by the number of its epoch, not by time.
 */
export class CheckpointedWorkflow<I extends object, S extends object = I> {
  readonly name: string;
  readonly #settings: WorkflowSettings;
  readonly #steps: readonly WorkflowStep[];
  readonly #inSpan: (work: () => Promise<WorkflowState>) => Promise<WorkflowState>;
  readonly #sweep: () => void;

  /** Made by `checkpointedWorkflow`. */
  constructor(settings: WorkflowSettings, steps: readonly WorkflowStep[]) {
    this.name = settings.name;
    this.#settings = settings;
    this.#steps = steps;
    this.#sweep = sweepCompleted(settings);
    this.#inSpan = workflow(settings.name, (work: () => Promise<WorkflowState>) => work());
  }

  /**
   * @param name Unique in the workflow, 1 to 128 characters: runs know their steps by name.
   * @param handler Gets a copy of the state so far, and returns the fields that it adds, as an object of plain JSON of at most 1 MiB.
   * @returns A workflow with this step as its last. This one stays as it is.
   * @throws TypeError or RangeError that names the step, the option and the value.
   */
  step<O extends object>(
    name: string,
    handler: StepHandler<S, O>,
    options: StepOptions = {},
  ): CheckpointedWorkflow<I, WithOutput<S, O>> {
    const step = workflowStep(
      name,
      handler as unknown as StepHandler<WorkflowState, unknown>,
      options,
      this.#settings,
    );
    if (this.#steps.some((other) => other.name === name))
      throw new TypeError(`checkpointedWorkflow: "${this.name}" has a step "${name}" already`);
    return new CheckpointedWorkflow<I, WithOutput<S, O>>(this.#settings, [...this.#steps, step]);
  }

  /**
   * Runs the workflow, or goes on with the run that has this id. A completed one gives its result again for as long as it is kept.
   *
   * @param id 1 to 4,096 bytes, unique over all workflows in the store.
   * @param initial An object of plain JSON of at most 1 MiB. Of a run that was begun before, what it was begun with counts.
   * @param options The signal gives the run up: the step at work is told, and the next call with this id goes on.
   * @returns The state after the last step.
   * @throws WorkflowStepError where a step failed for good; WorkflowHeldError, WorkflowChangedError, WorkflowCancelledError,
   *   WorkflowCrashedError, CheckpointDamagedError where nothing was run; WorkflowLostError; TypeError and RangeError on bad input, before anything is written;
   *   StoreUnusableError.
   */
  async execute(
    id: string,
    initial: I = {} as I,
    options: { readonly signal?: AbortSignal } = {},
  ): Promise<S> {
    checkKey("checkpointedWorkflow: execute: workflowId", id);
    const text = stateText("checkpointedWorkflow: execute: initialState", initial);
    if (this.#steps.length === 0) throw new TypeError(`checkpointedWorkflow: "${this.name}" has no steps`);
    options.signal?.throwIfAborted();
    return (await this.#inSpan(() => this.#run(id, text, options.signal))) as S;
  }

  /** What is known of a run, also of one that failed; `undefined` where there is none of this workflow. */
  async inspect(id: string): Promise<WorkflowReport | undefined> {
    checkKey("checkpointedWorkflow: inspect: workflowId", id);
    const found = await this.#settings.store.read(id);
    if (found === undefined || found.run.workflow !== this.name) return undefined;
    return workflowReport(found.run, found.steps);
  }

  /**
   * Runs of this workflow, the last changed first, without their state.
   *
   * @param options `limit` from 1 to 10,000. @default 50
   */
  async list(
    options: { readonly status?: RunStatus; readonly limit?: number } = {},
  ): Promise<readonly Omit<WorkflowReport, "state" | "steps">[]> {
    const { status, limit = 50 } = options;
    const runs = await this.#settings.store.list({
      workflow: this.name,
      status,
      limit: checkWhole("checkpointedWorkflow: list: limit", limit, 1, 10_000),
    });
    return runs.map((run) => {
      const { state: _state, steps: _steps, ...report } = workflowReport(run, []);
      return report;
    });
  }

  /**
   * Ends a run for good, wherever it runs: its owner is told within a third of its lease, and what it does is not kept. `reopen` takes it back.
   *
   * @returns Whether there was one that had not ended.
   */
  async cancel(id: string): Promise<boolean> {
    if ((await this.inspect(id)) === undefined) return false;
    const before = await this.#settings.store.cancel(id);
    return before !== undefined && before !== "completed" && before !== "cancelled";
  }

  /** Lets a run that was cancelled, or crashed too often, be executed again. Whether there was one. */
  async reopen(id: string): Promise<boolean> {
    if ((await this.inspect(id)) === undefined) return false;
    const before = await this.#settings.store.reopen(id);
    return before === "cancelled" || before === "needs_attention";
  }

  async #run(id: string, initial: string, signal: AbortSignal | undefined): Promise<WorkflowState> {
    describeRun(id);
    const { leaseMs, maxCrashes, clock, metrics } = this.#settings;
    const askedMs = clock.monotonic();
    const claim = await claimRun(this.#settings, {
      id,
      workflow: this.name,
      program: programText(this.#program()),
      initial,
      owner: randomUUID(),
      leaseMs,
      trace: traceNow(),
      maxCrashes,
    });
    if (claim.kind === "completed") return stateOf(claim.run, claim.steps);
    if (claim.kind !== "claimed") throw await this.#refused(id, claim);
    const { run, steps, isNew } = claim;
    const work = await openRun(this.#settings, this.#steps, claim, askedMs);
    metrics.began(this.name, !isNew);
    if (!isNew) linkToRun(run.trace, steps.length, run.crashes);
    const state = await work.finish(signal);
    this.#sweep();
    return state;
  }

  async #refused(id: string, claim: RefusedClaim): Promise<AgentError> {
    const error = refusalOf(id, claim, this.#program());
    this.#settings.metrics.refused(this.name, error.code);
    if (claim.kind === "crashed")
      await giveUp(this.#settings, id, { error, attempts: claim.run.crashes, reason: "poison" });
    return error;
  }

  #program(): WorkflowProgram {
    return {
      workflow: this.name,
      version: this.#settings.version,
      steps: this.#steps.map(({ name }) => name),
    };
  }
}

/**
 * @param name Low in cardinality: shows up in spans and metrics. 1 to 128 characters.
 * @throws TypeError or RangeError that names the option, what it allows and the value.
 * @see CheckpointedWorkflow
 */
export function checkpointedWorkflow<I extends object = Record<string, unknown>>(
  name: string,
  options: CheckpointedWorkflowOptions,
): CheckpointedWorkflow<I> {
  return new CheckpointedWorkflow<I>(workflowSettings(name, options), []);
}
