import type { Worker, WorkerState } from "./worker.ts";

export interface WorkerRow {
  readonly state: WorkerState;
  /** Percent, whole. */
  readonly load: number;
  readonly completed: number;
  /** Tasks that failed or ran out of time, since the start. */
  readonly errors: number;
  /** Milliseconds that its last tasks took, to one digit. */
  readonly avgMs: number;
}

/** How a supervisor is doing, for people. */
export interface SupervisorDashboard {
  /** Percent, to one digit. */
  readonly systemLoad: number;
  /** Tasks that wait. */
  readonly queueSize: number;
  /** By name, in the order in which they were registered. */
  readonly workers: Readonly<Record<string, WorkerRow>>;
}

export function workerRow(worker: Worker): WorkerRow {
  const { state, load, completed, errors, avgMs } = worker;
  return { state, load: Math.round(load * 100), completed, errors, avgMs: oneDigit(avgMs) };
}

export function oneDigit(value: number): number {
  return Math.round(value * 10) / 10;
}
