import type { RunRecord, RunStatus, StepRecord } from "../../stores/checkpoints/checkpoint-store.ts";
import { programOf } from "./workflow-program.ts";
import type { RunFailure } from "./workflow-run.ts";
import { stateOf, type WorkflowState } from "./workflow-state.ts";

/** What is known of one run. */
export interface WorkflowReport {
  readonly workflowId: string;
  readonly workflow: string;
  /** `running` also where nobody works on it now. */
  readonly status: RunStatus;
  /** What the steps that are committed have made of the state. */
  readonly state: WorkflowState;
  /** Committed ones, in order, with how often each was tried, and when it was done. */
  readonly steps: readonly { readonly name: string; readonly attempts: number; readonly at: Date }[];
  /** All steps of the program that began it. */
  readonly programSteps: readonly string[];
  readonly failure: RunFailure | undefined;
  /** Until when its owner has it; `undefined` where nobody works on it. */
  readonly leaseUntil: Date | undefined;
  readonly crashes: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export function workflowReport(run: RunRecord, steps: readonly StepRecord[]): WorkflowReport {
  return {
    workflowId: run.id,
    workflow: run.workflow,
    status: run.status,
    state: stateOf(run, steps),
    steps: steps.map(({ name, attempts, atMs }) => ({ name, attempts, at: new Date(atMs) })),
    programSteps: programOf(run).steps,
    failure: failureOf(run.failure),
    leaseUntil: run.leaseUntilMs === 0 ? undefined : new Date(run.leaseUntilMs),
    crashes: run.crashes,
    createdAt: new Date(run.createdMs),
    updatedAt: new Date(run.updatedMs),
  };
}

function failureOf(text: string | undefined): RunFailure | undefined {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as RunFailure;
  } catch {
    return undefined;
  }
}
