import type { ExpressionBuilder } from "kysely";
import type { ClaimLetter, LetterOutcome, LetterQuery, NewLetter } from "../letters/dead-letter-store.ts";
import { MAX_CLAIM_MS } from "../letters/letter-state.ts";
import { builderFor, type SqlDialect, tableNamed } from "./compiler.ts";
import type { Statement } from "./sql-database.ts";
import type { Tables } from "./tables.ts";

/** Of task types and types of error in a summary. */
const MOST_GROUPS = 1_000;
/** At once: others wait meanwhile. */
const MOST_PURGED = 1_000;

/** One letter. */
export interface LetterKey {
  readonly queue: string;
  readonly id: string;
}

/** What a store of dead letters asks, the same on every SQL store. What changes a row returns its `id`. */
export type LetterStatements = ReturnType<typeof letterStatements>;

export function letterStatements(dialect: SqlDialect) {
  const db = builderFor(dialect);
  const name = tableNamed(dialect, "dead_letters");
  const select = () => db.selectFrom(name);
  const one = ({ queue, id }: LetterKey) =>
    db.updateTable(name).where("queue", "=", queue).where("id", "=", id).returning("id");
  const unresolved = (queue: string) => select().where("queue", "=", queue).where("resolved_ms", "=", 0);
  const groups = (queue: string, by: "task_type" | "error_type"): Statement =>
    unresolved(queue)
      .select(({ fn }) => [`${by} as name` as const, fn.countAll().as("letters")])
      .groupBy(by)
      .orderBy("letters", "desc")
      .orderBy(by)
      .limit(MOST_GROUPS)
      .compile();
  return {
    insert: (letter: NewLetter): Statement =>
      db
        .insertInto(name)
        .values(newRow(letter))
        .onConflict((conflict) => conflict.columns(["queue", "id"]).doNothing())
        .returning("id")
        .compile(),

    get: ({ queue, id }: LetterKey): Statement =>
      select().selectAll().where("queue", "=", queue).where("id", "=", id).compile(),

    depth: (queue: string): Statement =>
      unresolved(queue)
        .select(({ fn }) => [fn.countAll().as("unresolved"), fn.min("first_attempt_ms").as("oldest")])
        .compile(),

    list: ({
      queue,
      taskType,
      resolved = false,
      maxReplays,
      oldestFirst = false,
      limit,
    }: LetterQuery): Statement =>
      select()
        .selectAll()
        .where("queue", "=", queue)
        .where("resolved_ms", resolved ? ">" : "=", 0)
        .$if(taskType !== undefined, (found) => found.where("task_type", "=", taskType!))
        .$if(maxReplays !== undefined, (found) => found.where("replays", "<", maxReplays!))
        .orderBy("last_attempt_ms", oldestFirst ? "asc" : "desc")
        .orderBy("id")
        .limit(limit)
        .compile(),

    /** A free letter. Nothing is returned where it is none. */
    claim: ({ queue, id, claim, leaseMs, maxReplays, onlyAsked }: ClaimLetter, nowMs: number): Statement =>
      one({ queue, id })
        .set((eb) => ({
          claim,
          claim_until_ms: nowMs + leaseMs,
          replays: eb("replays", "+", 1),
          // Who had it last has not said what became of it.
          attempts: eb("attempts", "+", eb.case().when("claim_until_ms", ">", 0).then(1).else(0).end()),
        }))
        .where("resolved_ms", "=", 0)
        .where(isFree(nowMs))
        .where("replays", "<", maxReplays)
        .$if(onlyAsked === true, (found) => found.where("replay_requested_ms", ">", 0))
        .returningAll()
        .compile(),

    renew: (key: LetterKey, claim: string, untilMs: number): Statement =>
      one(key).set({ claim_until_ms: untilMs }).where(isHeldBy(claim)).compile(),

    settle: (key: LetterKey, claim: string, outcome: LetterOutcome, nowMs: number): Statement =>
      one(key)
        .set((eb) => ({ claim_until_ms: 0, ...changes(eb, outcome, nowMs) }))
        .where(isHeldBy(claim))
        .compile(),

    resolve: (key: LetterKey, resolution: string, nowMs: number): Statement =>
      one(key)
        // Whoever had it and comes late finds that it is no longer his.
        .set({
          resolution,
          resolved_ms: nowMs,
          claim: null,
          claim_until_ms: 0,
          replay_requested_ms: 0,
        })
        .where("resolved_ms", "=", 0)
        .where(isFree(nowMs))
        .compile(),

    /** The first request stays. */
    requestReplay: (key: LetterKey, nowMs: number): Statement =>
      one(key)
        .set((eb) => ({
          replay_requested_ms: eb
            .case()
            .when("replay_requested_ms", ">", 0)
            .then(eb.ref("replay_requested_ms"))
            .else(nowMs)
            .end(),
        }))
        .where("resolved_ms", "=", 0)
        .compile(),

    /** All that it asks for is in an index of requests alone, so that a look each second costs next to nothing. */
    askedReplays: (queue: string, nowMs: number, limit: number): Statement =>
      select()
        .select("id")
        .where("queue", "=", queue)
        // A database takes the index where it can see the number.
        .where(({ eb, lit }) => eb("replay_requested_ms", ">", lit(0)))
        .where(isFree(nowMs))
        .orderBy("replay_requested_ms")
        .orderBy("id")
        .limit(limit)
        .compile(),

    dropRequest: (key: LetterKey): Statement => one(key).set({ replay_requested_ms: 0 }).compile(),

    /** Some of them: it is to be asked until it removes none. */
    purge: (queue: string, beforeMs: number): Statement =>
      db
        .deleteFrom(name)
        .where("queue", "=", queue)
        .where("id", "in", (found) =>
          found
            .selectFrom(name)
            .select("id")
            .where("queue", "=", queue)
            .where("resolved_ms", ">", 0)
            .where("resolved_ms", "<=", beforeMs)
            .limit(MOST_PURGED),
        )
        .returning("id")
        .compile(),

    countResolved: (queue: string): Statement =>
      select()
        .select(({ fn }) => fn.countAll().as("resolved"))
        .where("queue", "=", queue)
        .where("resolved_ms", ">", 0)
        .compile(),

    byTaskType: (queue: string): Statement => groups(queue, "task_type"),
    byErrorType: (queue: string): Statement => groups(queue, "error_type"),

    queues: (): Statement => select().select("queue").distinct().orderBy("queue").compile(),
  };
}

/** Nobody has it, and no clock that was wrong has said so. */
function isFree(nowMs: number) {
  return ({ eb, or }: ExpressionBuilder<Tables, "dead_letters">) =>
    or([eb("claim_until_ms", "<=", nowMs), eb("claim_until_ms", ">", nowMs + MAX_CLAIM_MS)]);
}

function isHeldBy(claim: string) {
  return ({ eb, and }: ExpressionBuilder<Tables, "dead_letters">) =>
    and([eb("claim", "=", claim), eb("claim_until_ms", ">", 0), eb("resolved_ms", "=", 0)]);
}

function changes(eb: ExpressionBuilder<Tables, "dead_letters">, outcome: LetterOutcome, nowMs: number) {
  switch (outcome.kind) {
    case "resolved":
      return { resolution: outcome.resolution, resolved_ms: nowMs, replay_requested_ms: 0 };
    case "released":
      return { replays: eb("replays", "-", 1) };
    case "failed":
      return {
        attempts: eb("attempts", "+", 1),
        error_type: outcome.errorType,
        error_message: outcome.errorMessage,
        history: outcome.history,
        last_attempt_ms: outcome.atMs,
        replay_requested_ms: 0,
      };
  }
}

function newRow(letter: NewLetter): Tables["dead_letters"] {
  return {
    queue: letter.queue,
    id: letter.id,
    task_type: letter.taskType,
    reason: letter.reason,
    agent: letter.agent ?? null,
    payload: letter.payload,
    context: letter.context,
    error_type: letter.errorType,
    error_message: letter.errorMessage,
    history: letter.history,
    attempts: letter.attempts,
    replays: 0,
    trace: letter.trace ?? null,
    first_attempt_ms: letter.firstAttemptMs,
    last_attempt_ms: letter.lastAttemptMs,
    entered_ms: letter.enteredMs,
    claim: null,
    claim_until_ms: 0,
    resolution: null,
    resolved_ms: 0,
    replay_requested_ms: 0,
  };
}
