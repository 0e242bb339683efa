import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { StoreInUseError } from "../../errors/store-in-use-error.ts";
import type { Clock } from "../../internal/clock.ts";
import type { After } from "../../internal/timers.ts";
import { reportFailure } from "../../internal/warn-once.ts";
import { immediate } from "../../stores/sqlite/transaction.ts";
import type { Statements } from "./statements.ts";

const READ = "SELECT owner, pid, host, started_ms, renewed_ms FROM lease WHERE id = 1";
const TAKE = `INSERT OR REPLACE INTO lease (id, owner, pid, host, started_ms, renewed_ms) VALUES (1, ?, ?, ?, ?, ?)`;
const RENEW = "UPDATE lease SET renewed_ms = ? WHERE id = 1 AND owner = ?";
const GIVE_BACK = "DELETE FROM lease WHERE id = 1 AND owner = ?";

const RENEW_MS = 5_000;
/** Who has not renewed it for so long is gone, or has slept; a clock that was set back counts as the same. */
const EXPIRES_MS = 15_000;

/**
 * One process has the file to itself: it remembers what it has summed up. A process that was killed is known by its number, at once; one
 * that sleeps loses the lease after 15 s, and finds out before it writes again.
 */
export class Lease {
  readonly #statements: Statements;
  readonly #path: string;
  readonly #clock: Clock;
  readonly #after: After;
  readonly #owner = randomUUID();
  #cancel: (() => void) | undefined;

  constructor(statements: Statements, path: string, clock: Clock, after: After) {
    this.#statements = statements;
    this.#path = path;
    this.#clock = clock;
    this.#after = after;
  }

  /** @throws StoreInUseError where another process has it. */
  take(): void {
    immediate(this.#statements.db, () => {
      const held = this.#statements.get(READ).get();
      const nowMs = this.#clock.now();
      if (held !== undefined && isAlive(held, nowMs)) throw this.#inUse(held);
      this.#statements.get(TAKE).run(this.#owner, process.pid, hostname(), nowMs, nowMs);
    });
    this.#renewLater();
  }

  /** Within a transaction, before anything is written. @throws StoreInUseError where it was lost. */
  check(): void {
    const held = this.#statements.get(READ).get();
    if (held?.["owner"] !== this.#owner) throw this.#inUse(held ?? {});
  }

  giveBack(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    try {
      this.#statements.get(GIVE_BACK).run(this.#owner);
    } catch {
      // It expires by itself.
    }
  }

  #renewLater(): void {
    this.#cancel = this.#after(
      RENEW_MS,
      () => {
        try {
          this.#statements.get(RENEW).run(this.#clock.now(), this.#owner);
        } catch (error) {
          reportFailure("renewing the lease of the telemetry database", error);
        }
        this.#renewLater();
      },
      false,
    );
  }

  #inUse(held: Readonly<Record<string, unknown>>): StoreInUseError {
    return new StoreInUseError(this.#path, Number(held["pid"] ?? 0), Number(held["started_ms"] ?? 0));
  }
}

function isAlive(held: Readonly<Record<string, unknown>>, nowMs: number): boolean {
  if (Math.abs(nowMs - Number(held["renewed_ms"])) > EXPIRES_MS) return false;
  // Of another machine, or container, nobody can say.
  return held["host"] !== hostname() || runs(Number(held["pid"]));
}

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** Ended, but not yet asked for by its parent. Told on Linux alone: elsewhere the lease expires. */
function isZombie(pid: number): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
    // The name before it is in brackets, and may hold any character.
    return stat.slice(stat.lastIndexOf(")") + 2).startsWith("Z");
  } catch {
    return false;
  }
}
