import type { RunRecord, StepRecord } from "../../../stores/checkpoints/checkpoint-store.ts";
import { programOf } from "../../../work/workflow/workflow-program.ts";
import { stateOf, type WorkflowState } from "../../../work/workflow/workflow-state.ts";
import { CliError } from "../../cli-error.ts";

/** Why a run has failed, as far as it can be read. */
export interface ShownFailure {
  readonly step: string | undefined;
  readonly error: string | undefined;
  readonly message: string | undefined;
}

/** One run as JSON, without what it began with and what its steps returned. */
export function runFacts(run: RunRecord, steps?: readonly StepRecord[]): Record<string, unknown> {
  const { version, steps: programSteps } = programOf(run);
  const [traceId, spanId] = run.trace?.split("-") ?? [];
  return {
    id: run.id,
    workflow: run.workflow,
    status: run.status,
    createdAtMs: run.createdMs,
    updatedAtMs: run.updatedMs,
    owner: run.owner,
    epoch: run.epoch,
    leaseUntilMs: run.leaseUntilMs === 0 ? undefined : run.leaseUntilMs,
    crashes: run.crashes,
    traceId,
    spanId,
    failure: failureOf(run),
    ...(steps !== undefined && {
      version,
      programSteps,
      steps: steps.map(({ name, attempts, atMs }) => ({ name, attempts, atMs })),
      nextStep: nextStep(run, steps),
    }),
  };
}

/** @throws CliError where what is kept is no state. */
export function stateFacts(run: RunRecord, steps: readonly StepRecord[]): { readonly state?: WorkflowState } {
  try {
    return { state: stateOf(run, steps) };
  } catch (error) {
    throw new CliError(`the state cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

/** `undefined`: all are done, or the program says nothing of its steps. */
export function nextStep(run: RunRecord, steps: readonly StepRecord[]): string | undefined {
  return run.status === "completed" ? undefined : programOf(run).steps[steps.length];
}

export function failureOf({ failure }: RunRecord): ShownFailure | undefined {
  if (failure === undefined) return undefined;
  const { step, errorType, message } = objectOf(failure);
  return { step: textOf(step), error: textOf(errorType), message: textOf(message) };
}

function objectOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
