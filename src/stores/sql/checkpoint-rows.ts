import type { ClaimRequest, RunRecord, RunStatus, StepRecord } from "../checkpoints/checkpoint-store.ts";
import { crashesOf } from "../checkpoints/decide-claim.ts";
import type { SqlRow } from "./ledger-rows.ts";
import type { WorkflowRunsTable } from "./tables.ts";

/** PostgreSQL gives numbers of 64 bits as text. @param steps How many are committed. */
export function runOf(row: SqlRow, steps: number): RunRecord {
  const crashes = Number(row["crashes"]);
  return {
    id: String(row["id"]),
    workflow: String(row["workflow"]),
    status: String(row["status"]) as RunStatus,
    program: String(row["program"]),
    initial: String(row["initial"]),
    epoch: Number(row["epoch"]),
    owner: String(row["owner"]),
    leaseUntilMs: Number(row["lease_until_ms"]),
    crashes: crashesOf({ crashes, crashedStep: Number(row["crashed_step"]), steps }),
    trace: textOf(row["trace"]),
    failure: textOf(row["failure"]),
    createdMs: Number(row["created_ms"]),
    updatedMs: Number(row["updated_ms"]),
  };
}

export function stepOf(row: SqlRow): StepRecord {
  return {
    seq: Number(row["seq"]),
    name: String(row["name"]),
    output: String(row["output"]),
    attempts: Number(row["attempts"]),
    atMs: Number(row["at_ms"]),
  };
}

/** A run as it begins. */
export function newRow(hash: string, request: ClaimRequest, nowMs: number): WorkflowRunsTable {
  const { id, workflow, program, initial, owner, leaseMs, trace = null } = request;
  return {
    id_hash: hash,
    id,
    workflow,
    status: "running",
    program,
    initial,
    epoch: 1,
    owner,
    lease_until_ms: nowMs + leaseMs,
    crashes: 0,
    crashed_step: 0,
    trace,
    failure: null,
    created_ms: nowMs,
    updated_ms: nowMs,
  };
}

function textOf(value: unknown): string | undefined {
  return value === null || value === undefined ? undefined : String(value);
}
