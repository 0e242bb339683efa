import { isAgentError } from "../../errors/agent-error.ts";
import { turn } from "../../internal/late-files.ts";
import type {
  ClaimLetter,
  DeadLetterStore,
  LetterClaim,
  LetterDepth,
  LetterRecord,
  LetterResolution,
  LetterSummary,
  NewLetter,
  ReplayRequest,
} from "../letters/dead-letter-store.ts";
import { refusedClaim, refusedResolution } from "../letters/letter-state.ts";
import type { SqlRow } from "./ledger-rows.ts";
import { LetterRoom } from "./letter-room.ts";
import type { LetterKey, LetterStatements } from "./letter-statements.ts";
import type { SqlDatabase, Statement } from "./sql-database.ts";

/** How often a letter is looked at that was taken and given back between two looks. */
const LOOKS = 10;

/**
 * Dead letters in a SQL database. Each step may be done twice, as where the answer to the first time was lost: that is so here, and nowhere
 * does it count twice.
 *
 * @param database With durability `full`, for this alone.
 */
export function sqlLetters(database: SqlDatabase): DeadLetterStore {
  return new SqlLetters(database);
}

class SqlLetters implements DeadLetterStore {
  readonly #database: SqlDatabase;
  #loaded: Promise<LetterStatements> | undefined;
  readonly #room = new LetterRoom();
  #isEmpty = true;

  constructor(database: SqlDatabase) {
    this.#database = database;
  }

  async add(letter: NewLetter, maxUnresolved: number): Promise<"added" | "there" | "full"> {
    const all = await this.#statements();
    const { queue } = letter;
    return this.#twice((isAgain) =>
      this.#database.transaction(async (run) => {
        await this.#database.lock(run, `dead letters: ${queue}`);
        const [found] = await run(all.get(letter));
        // The first time has done it then, and only its answer was lost.
        if (found !== undefined)
          return isAgain && Number(found["entered_ms"]) === letter.enteredMs ? "added" : "there";
        if (!this.#room.take(queue, maxUnresolved)) {
          const { unresolved } = depthOf(await run(all.depth(queue)));
          if (unresolved >= maxUnresolved) return "full";
          this.#room.counted(queue, maxUnresolved, unresolved);
        }
        await run(all.insert(letter));
        return "added";
      }),
    );
  }

  async get(queue: string, id: string): Promise<LetterRecord | undefined> {
    const [row] = await this.#read((all) => all.get({ queue, id }));
    return row === undefined ? undefined : recordOf(row);
  }

  async list(query: Parameters<DeadLetterStore["list"]>[0]): Promise<readonly LetterRecord[]> {
    return (await this.#read((all) => all.list(query))).map(recordOf);
  }

  async claim(request: ClaimLetter): Promise<LetterClaim> {
    const claim = await this.#changed<LetterClaim>(
      (all, nowMs) => all.claim(request, nowMs),
      request,
      (row) => ({ kind: "claimed", letter: recordOf(row) }),
      (letter, nowMs) => refusedClaim(letter, request, nowMs),
    );
    return claim ?? { kind: "missing" };
  }

  async renew(queue: string, id: string, claim: string, leaseMs: number): Promise<boolean> {
    const nowMs = await this.#now();
    const rows = await this.#read((all) => all.renew({ queue, id }, claim, nowMs + leaseMs));
    return rows.length > 0;
  }

  async settle(...[queue, id, claim, outcome]: Parameters<DeadLetterStore["settle"]>): Promise<boolean> {
    const nowMs = await this.#now();
    const rows = await this.#read((all) => all.settle({ queue, id }, claim, outcome, nowMs));
    if (rows.length > 0) return true;
    const letter = await this.get(queue, id);
    return letter?.claim === claim && letter.claimUntilMs === 0;
  }

  async resolve(queue: string, id: string, resolution: string): Promise<LetterResolution> {
    const done = await this.#changed<LetterResolution>(
      (all, nowMs) => all.resolve({ queue, id }, resolution, nowMs),
      { queue, id },
      () => ({ kind: "resolved" }),
      refusedResolution,
    );
    return done ?? { kind: "missing" };
  }

  async requestReplay(queue: string, id: string): Promise<ReplayRequest> {
    const asked = await this.#changed<ReplayRequest>(
      (all, nowMs) => all.requestReplay({ queue, id }, nowMs),
      { queue, id },
      () => "asked",
      ({ resolvedMs }) => (resolvedMs > 0 ? "resolved" : undefined),
    );
    return asked ?? "missing";
  }

  async askedReplays(queue: string, limit: number): Promise<readonly string[]> {
    const nowMs = await this.#now();
    return (await this.#read((all) => all.askedReplays(queue, nowMs, limit))).map(({ id }) => String(id));
  }

  async dropRequest(queue: string, id: string): Promise<void> {
    await this.#read((all) => all.dropRequest({ queue, id }));
  }

  async purge(queue: string, olderThanMs: number): Promise<number> {
    const beforeMs = (await this.#now()) - olderThanMs;
    for (let removed = 0; ; await turn()) {
      const rows = await this.#read((all) => all.purge(queue, beforeMs));
      if (rows.length === 0) return removed;
      removed += rows.length;
    }
  }

  async summary(queue: string): Promise<LetterSummary> {
    const depth = await this.depth(queue);
    const [row] = await this.#read((all) => all.countResolved(queue));
    const resolved = Number(row?.["resolved"] ?? 0);
    return {
      ...depth,
      resolved,
      total: depth.unresolved + resolved,
      byTaskType: groupsOf(await this.#read((all) => all.byTaskType(queue))),
      byErrorType: groupsOf(await this.#read((all) => all.byErrorType(queue))),
    };
  }

  async depth(queue: string): Promise<LetterDepth> {
    return depthOf(await this.#read((all) => all.depth(queue)));
  }

  async queues(): Promise<readonly string[]> {
    return (await this.#read((all) => all.queues())).map((row) => String(row["queue"]));
  }

  /** @returns `undefined`: there is no such letter. */
  async #changed<T>(
    change: (all: LetterStatements, nowMs: number) => Statement,
    key: LetterKey,
    changed: (row: SqlRow) => T,
    refused: (letter: LetterRecord, nowMs: number) => T | undefined,
  ): Promise<T | undefined> {
    for (let look = 1; ; look += 1) {
      const nowMs = await this.#now();
      const [row] = await this.#read((all) => change(all, nowMs));
      if (row !== undefined) return changed(row);
      const letter = await this.get(key.queue, key.id);
      if (letter === undefined) return undefined;
      // The time after the read: by an older one a claim that came in between would seem longer than it is.
      const refusal = refused(letter, await this.#now());
      if (refusal !== undefined) return refusal;
      if (look === LOOKS) throw new Error(`the dead letter "${key.id}" changes hands all the time`);
    }
  }

  async #now(): Promise<number> {
    if (await this.#hasNothing()) return 0;
    return this.#twice(() => this.#database.now(this.#database.run));
  }

  /** One statement; no rows where nothing was ever written, and none is made then. */
  async #read(choose: (all: LetterStatements) => Statement): Promise<readonly SqlRow[]> {
    if (await this.#hasNothing()) return [];
    const statement = choose(await this.#statements());
    return this.#twice(() => this.#database.run(statement));
  }

  async #hasNothing(): Promise<boolean> {
    this.#isEmpty &&= await this.#twice(() => this.#database.isEmpty());
    return this.#isEmpty;
  }

  async #statements(): Promise<LetterStatements> {
    this.#loaded ??= import("./letter-statements.ts").then((module) =>
      module.letterStatements(this.#database.dialect),
    );
    try {
      return await this.#loaded;
    } catch (error) {
      // A process out of file handles may have some by the next time.
      this.#loaded = undefined;
      throw error;
    }
  }

  /** A connection that broke is made again at the next attempt; a file has none, and was waited for already. */
  async #twice<T>(work: (isAgain: boolean) => Promise<T>): Promise<T> {
    try {
      return await work(false);
    } catch (error) {
      if (isAgentError(error) || this.#database.dialect === "sqlite") throw error;
      return work(true);
    }
  }
}

function depthOf([row]: readonly SqlRow[]): LetterDepth {
  const oldest = row?.["oldest"] ?? undefined;
  return {
    unresolved: Number(row?.["unresolved"] ?? 0),
    oldestMs: oldest === undefined ? undefined : Number(oldest),
  };
}

function groupsOf(rows: readonly SqlRow[]): LetterSummary["byTaskType"] {
  return rows.map((row) => [String(row["name"]), Number(row["letters"])]);
}

/** PostgreSQL gives numbers of 64 bits as text. */
function recordOf(row: SqlRow): LetterRecord {
  const text = (column: string) => String(row[column]);
  const maybe = (column: string) => (typeof row[column] === "string" ? row[column] : undefined);
  const number = (column: string) => Number(row[column]);
  return {
    queue: text("queue"),
    id: text("id"),
    taskType: text("task_type"),
    reason: text("reason"),
    agent: maybe("agent"),
    payload: text("payload"),
    context: text("context"),
    errorType: text("error_type"),
    errorMessage: text("error_message"),
    history: text("history"),
    attempts: number("attempts"),
    replays: number("replays"),
    trace: maybe("trace"),
    firstAttemptMs: number("first_attempt_ms"),
    lastAttemptMs: number("last_attempt_ms"),
    enteredMs: number("entered_ms"),
    claim: maybe("claim"),
    claimUntilMs: number("claim_until_ms"),
    resolution: maybe("resolution"),
    resolvedMs: number("resolved_ms"),
    replayRequestedMs: number("replay_requested_ms"),
  };
}
