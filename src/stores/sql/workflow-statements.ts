import { type ExpressionBuilder, sql, type UpdateObject } from "kysely";
import type { Hold, RunQuery, RunStatus, StepRecord } from "../checkpoints/checkpoint-store.ts";
import { builderFor, type SqlDialect, tableNamed, tableOf } from "./compiler.ts";
import type { Statement } from "./sql-database.ts";
import type { Tables, WorkflowRunsTable } from "./tables.ts";

/** Milliseconds since the epoch; `undefined`: the server says what time it is, so that it need not be asked first. */
export type At = number | undefined;

/** Who holds a run, by the hash of its id. */
export interface HashedHold extends Pick<Hold, "epoch"> {
  readonly hash: string;
}

export type RunChange = UpdateObject<Tables, "workflow_runs", "workflow_runs">;

/** What checkpoints need of a database. A statement that changes something returns the rows that it changed. */
export interface WorkflowStatements {
  /** Nothing where there is such a run. */
  create(run: WorkflowRunsTable): Statement;
  /** The run, which nobody else changes until the transaction ends. */
  locked(hash: string): Statement;
  change(hash: string, change: RunChange): Statement;
  steps(hash: string): Statement;
  commit(hold: HashedHold, step: Omit<StepRecord, "atMs">, at: At): Statement;
  renew(hold: HashedHold, leaseMs: number, at: At): Statement;
  end(hold: HashedHold, status: RunStatus, failure: string | null, at: At): Statement;
  /** With the number of its steps as `steps`; those of a list too. */
  run(hash: string): Statement;
  list(query: RunQuery): Statement;
  /** Completed ones of a workflow, which nobody else removes until the transaction ends. */
  completed(workflow: string, beforeMs: number, limit: number): Statement;
  forget(hold: HashedHold): Statement;
  removeSteps(hashes: readonly string[]): Statement;
  removeRuns(hashes: readonly string[]): Statement;
}

const SERVER_NOW = sql<number>`floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint`;

export function workflowStatements(dialect: SqlDialect): WorkflowStatements {
  const db = builderFor(dialect);
  const runs = tableNamed(dialect, "workflow_runs");
  const steps = tableNamed(dialect, "workflow_steps");
  const isServer = dialect === "postgres";
  const time = (at: At) => (at === undefined ? SERVER_NOW : sql<number>`cast(${at} as bigint)`);
  const run = db.selectFrom(tableOf(dialect, "workflow_runs", "r"));
  const stepsOf = (eb: ExpressionBuilder<Tables & { r: WorkflowRunsTable }, "r">) =>
    eb
      .selectFrom(tableOf(dialect, "workflow_steps", "s"))
      .whereRef("s.id_hash", "=", "r.id_hash")
      .select(({ fn }) => fn.countAll<number>().as("steps"));
  const counted = run.selectAll("r").select((eb) => stepsOf(eb).as("steps"));
  const update = db.updateTable(runs).returning("epoch");
  const isHeld =
    ({ hash, epoch }: HashedHold) =>
    ({ and }: ExpressionBuilder<Tables, "workflow_runs">) =>
      and({ id_hash: hash, epoch, status: "running" });
  return {
    create: (row) =>
      db
        .insertInto(runs)
        .values(row)
        .onConflict((on) => on.doNothing())
        .returning("epoch")
        .compile(),
    locked: (hash) => {
      const found = run.selectAll("r").where("id_hash", "=", hash);
      // SQLite is locked as a whole since the transaction began.
      return (isServer ? found.forUpdate() : found).compile();
    },
    change: (hash, change) => update.set(change).where("id_hash", "=", hash).compile(),
    steps: (hash) =>
      db
        .selectFrom(tableOf(dialect, "workflow_steps", "s"))
        .where("id_hash", "=", hash)
        .select(["seq", "name", "output", "attempts", "at_ms"])
        .orderBy("seq")
        .compile(),
    commit({ hash, epoch }, { seq, name, output, attempts }, at) {
      const held = run
        .where("r.id_hash", "=", hash)
        .where("r.epoch", "=", epoch)
        .where("r.status", "=", "running")
        .where("r.lease_until_ms", "<>", 0)
        .where((eb) => eb(stepsOf(eb), "=", seq))
        .select([
          "r.id_hash",
          sql<number>`cast(${seq} as bigint)`.as("seq"),
          sql<string>`cast(${name} as text)`.as("name"),
          sql<string>`cast(${output} as text)`.as("output"),
          sql<number>`cast(${attempts} as bigint)`.as("attempts"),
          time(at).as("at_ms"),
        ]);
      return (
        db
          .insertInto(steps)
          .columns(["id_hash", "seq", "name", "output", "attempts", "at_ms"])
          // Who takes the run waits for this, or this waits for him and then finds another epoch.
          .expression(isServer ? held.forNoKeyUpdate("r") : held)
          .onConflict((on) => on.doNothing())
          .returning("seq")
          .compile()
      );
    },
    renew: (hold, leaseMs, at) =>
      update
        .set({ lease_until_ms: sql<number>`${time(at)} + cast(${leaseMs} as bigint)` })
        .where(isHeld(hold))
        .where("lease_until_ms", "<>", 0)
        .compile(),
    end: (hold, status, failure, at) =>
      update
        .set({ lease_until_ms: 0, status, failure, updated_ms: time(at) })
        .where(isHeld(hold))
        .where("lease_until_ms", "<>", 0)
        .compile(),
    run: (hash) => counted.where("r.id_hash", "=", hash).compile(),
    list({ workflow, status, limit }) {
      let found = counted;
      if (workflow !== undefined) found = found.where("r.workflow", "=", workflow);
      if (status !== undefined) found = found.where("r.status", "=", status);
      return found.orderBy("r.updated_ms", "desc").orderBy("r.id").limit(limit).compile();
    },
    completed(workflow, beforeMs, limit) {
      const found = run
        .select("r.id_hash")
        .where("status", "=", "completed")
        .where("workflow", "=", workflow)
        .where("updated_ms", "<=", beforeMs)
        .orderBy("updated_ms")
        .limit(limit);
      return (isServer ? found.forUpdate().skipLocked() : found).compile();
    },
    forget: (hold) =>
      db.deleteFrom(runs).where(isHeld(hold)).where("lease_until_ms", "<>", 0).returning("id_hash").compile(),
    removeSteps: (hashes) => db.deleteFrom(steps).where("id_hash", "in", hashes).compile(),
    removeRuns: (hashes) => db.deleteFrom(runs).where("id_hash", "in", hashes).returning("id_hash").compile(),
  };
}
