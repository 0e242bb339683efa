import type {
  CheckpointStore,
  Claim,
  ClaimRequest,
  Hold,
  RunStatus,
} from "../checkpoints/checkpoint-store.ts";
import { decideClaim } from "../checkpoints/decide-claim.ts";
import { checkLease } from "../checkpoints/lease.ts";
import { runKey } from "../checkpoints/run-key.ts";
import { newRow, runOf, stepOf } from "./checkpoint-rows.ts";
import type { SqlRow } from "./ledger-rows.ts";
import type { RunSql, SqlDatabase, Statement } from "./sql-database.ts";
import type { HashedHold, RunChange, WorkflowStatements } from "./workflow-statements.ts";

/** Runs that one transaction of a sweep removes, so that it holds nobody up for long. */
const SWEPT_AT_ONCE = 100;

/** Checkpoints in a SQL database. @param db Its commits outlive a power cut. */
export function sqlCheckpoints(db: SqlDatabase): CheckpointStore {
  let loaded: Promise<WorkflowStatements> | undefined;
  const statements = () => {
    loaded ??= import("./workflow-statements.ts").then((module) => module.workflowStatements(db.dialect));
    return loaded;
  };
  return new SqlCheckpoints(db, statements);
}

class SqlCheckpoints implements CheckpointStore {
  readonly #db: SqlDatabase;
  readonly #statements: () => Promise<WorkflowStatements>;

  constructor(db: SqlDatabase, statements: () => Promise<WorkflowStatements>) {
    this.#db = db;
    this.#statements = statements;
  }

  async claim(request: ClaimRequest): Promise<Claim> {
    const hash = runKey(request.id);
    checkLease(request.leaseMs);
    const all = await this.#statements();
    return this.#db.transaction(async (run) => {
      for (;;) {
        const row = newRow(hash, request, await this.#db.now(run));
        const made = await run(all.create(row));
        if (made.length > 0) return { kind: "claimed", isNew: true, run: runOf({ ...row }, 0), steps: [] };
        const [found] = await run(all.locked(hash));
        if (found !== undefined) return this.#claimFound(all, run, found, request);
        // Somebody has removed it in between.
      }
    });
  }

  async #claimFound(
    all: WorkflowStatements,
    run: RunSql,
    row: SqlRow,
    request: ClaimRequest,
  ): Promise<Claim> {
    const hash = String(row["id_hash"]);
    // After the lock, so that what its last owner has committed is there, and the time is not that before a wait.
    const steps = (await run(all.steps(hash))).map(stepOf);
    const nowMs = await this.#db.now(run);
    const found = runOf(row, steps.length);
    const counted = { crashes: found.crashes, crashedStep: Number(row["crashed_step"]) };
    const decision = decideClaim({ run: found, ...counted, steps: steps.length }, request, nowMs);
    const change = (values: RunChange) => run(all.change(hash, { ...values, updated_ms: nowMs }));
    switch (decision.kind) {
      case "held":
        return decision;
      case "completed":
        return { kind: "completed", run: found, steps };
      case "cancelled":
        return { kind: "cancelled", run: found };
      case "changed":
        if (!decision.marks) return { kind: "changed", run: found };
        await change({ status: "needs_attention" });
        return { kind: "changed", run: { ...found, status: "needs_attention", updatedMs: nowMs } };
      case "crashed": {
        const { crashes, crashedStep } = decision;
        const values = { crashes, crashed_step: crashedStep, lease_until_ms: 0 };
        await change({ status: "needs_attention", ...values });
        const now = { status: "needs_attention", crashes, leaseUntilMs: 0, updatedMs: nowMs } as const;
        return { kind: "crashed", run: { ...found, ...now } };
      }
      case "claimed": {
        const { crashes, crashedStep } = decision;
        const { owner, leaseMs, trace = null } = request;
        const [epoch, leaseUntilMs] = [found.epoch + 1, nowMs + leaseMs];
        const values = { owner, epoch, crashes, crashed_step: crashedStep, lease_until_ms: leaseUntilMs };
        await change({ status: "running", ...values, trace, failure: null });
        const now = { status: "running", owner, epoch, crashes, leaseUntilMs, updatedMs: nowMs } as const;
        return { kind: "claimed", isNew: false, run: { ...found, ...now }, steps };
      }
    }
  }

  async commit(hold: Hold, step: Parameters<CheckpointStore["commit"]>[1]): Promise<"committed" | "lost"> {
    const rows = await this.#one(hold, (all, held, at) => all.commit(held, step, at));
    return rows.length > 0 ? "committed" : "lost";
  }

  async renew(hold: Hold, leaseMs: number): Promise<boolean> {
    checkLease(leaseMs);
    return (await this.#one(hold, (all, held, at) => all.renew(held, leaseMs, at))).length > 0;
  }

  async end(hold: Hold, status: Exclude<RunStatus, "cancelled">, failure?: string): Promise<boolean> {
    const rows = await this.#one(hold, (all, held, at) => all.end(held, status, failure ?? null, at));
    return rows.length > 0;
  }

  /** One statement of who holds a run. */
  async #one(
    { id, epoch }: Hold,
    choose: (all: WorkflowStatements, hold: HashedHold, at: number | undefined) => Statement,
  ) {
    const hold = { hash: runKey(id), epoch };
    const all = await this.#statements();
    // A server is not asked for the time first: its statements take it by themselves.
    const at = this.#db.dialect === "sqlite" ? await this.#db.now(this.#db.run) : undefined;
    return this.#db.run(choose(all, hold, at));
  }

  cancel(id: string): Promise<RunStatus | undefined> {
    return this.#decree(id, (status) =>
      status === "completed" || status === "cancelled" ? undefined : { status: "cancelled" },
    );
  }

  reopen(id: string): Promise<RunStatus | undefined> {
    return this.#decree(id, (status) =>
      status === "cancelled" || status === "needs_attention" ? { status: "running", crashes: 0 } : undefined,
    );
  }

  /** Changes a run over the head of its owner, whose hold is over then. @returns The status before. */
  async #decree(
    id: string,
    choose: (status: RunStatus) => RunChange | undefined,
  ): Promise<RunStatus | undefined> {
    const hash = runKey(id);
    if (await this.#db.isEmpty()) return undefined;
    const all = await this.#statements();
    return this.#db.transaction(async (run) => {
      const [row] = await run(all.locked(hash));
      if (row === undefined) return undefined;
      const status = String(row["status"]) as RunStatus;
      const chosen = choose(status);
      if (chosen === undefined) return status;
      const updated_ms = await this.#db.now(run);
      await run(
        all.change(hash, { ...chosen, epoch: Number(row["epoch"]) + 1, lease_until_ms: 0, updated_ms }),
      );
      return status;
    });
  }

  async read(id: string): ReturnType<CheckpointStore["read"]> {
    const hash = runKey(id);
    if (await this.#db.isEmpty()) return undefined;
    const all = await this.#statements();
    // The run first: one that is completed then has all of its steps.
    const [row] = await this.#db.run(all.run(hash));
    if (row === undefined) return undefined;
    const steps = (await this.#db.run(all.steps(hash))).map(stepOf);
    return { run: runOf(row, steps.length), steps };
  }

  async list(query: Parameters<CheckpointStore["list"]>[0]): ReturnType<CheckpointStore["list"]> {
    if (await this.#db.isEmpty()) return [];
    const all = await this.#statements();
    return (await this.#db.run(all.list(query))).map((row) => runOf(row, Number(row["steps"])));
  }

  async forget(hold: Hold): Promise<boolean> {
    const held = { hash: runKey(hold.id), epoch: hold.epoch };
    const all = await this.#statements();
    return this.#db.transaction(async (run) => {
      const removed = (await run(all.forget(held))).length > 0;
      if (removed) await run(all.removeSteps([held.hash]));
      return removed;
    });
  }

  async sweep(workflow: string, olderThanMs: number): Promise<number> {
    if (await this.#db.isEmpty()) return 0;
    for (let removed = 0; ; ) {
      const batch = await this.#sweepSome(workflow, olderThanMs);
      removed += batch;
      if (batch < SWEPT_AT_ONCE) return removed;
    }
  }

  async #sweepSome(workflow: string, olderThanMs: number): Promise<number> {
    const all = await this.#statements();
    return this.#db.transaction(async (run) => {
      const beforeMs = (await this.#db.now(run)) - olderThanMs;
      const found = await run(all.completed(workflow, beforeMs, SWEPT_AT_ONCE));
      if (found.length === 0) return 0;
      const hashes = found.map((row) => String(row["id_hash"]));
      await run(all.removeSteps(hashes));
      return (await run(all.removeRuns(hashes))).length;
    });
  }
}
