import { SLICES_MS } from "../../health/rollup/rollup-row.ts";
import type { Clock } from "../../internal/clock.ts";
import type { After } from "../../internal/timers.ts";
import { reportFailure } from "../../internal/warn-once.ts";
import { immediate } from "../../stores/sqlite/transaction.ts";
import type { Lease } from "./lease.ts";
import type { Statements } from "./statements.ts";
import type { TelemetryStoreSettings } from "./store-options.ts";
import type { Ingest } from "./write/ingest.ts";

const OLDEST = "SELECT key, seen_ms, marks FROM traces ORDER BY seen_ms LIMIT 1";
const COUNT_SPANS = "SELECT coalesce(sum(spans), 0) AS spans FROM traces";
/** In parts: one trace may have any number of them. */
const PARTS = ["spans", "logs", "findings", "breaker_events"].map(
  (table) => `DELETE FROM ${table} WHERE id IN (SELECT id FROM ${table} WHERE trace = ? LIMIT 500)`,
);
/** What is counted after a restart: a trace that lost a part of its spans has fewer. */
const FEWER_SPANS = "UPDATE traces SET spans = max(0, spans - ?) WHERE key = ?";
const DELETE_MARK = "DELETE FROM trace_marks WHERE mark = ? AND trace = ?";
const DELETE_TRACE = "DELETE FROM traces WHERE key = ?";
const DELETE_ROLLUPS = `DELETE FROM rollups WHERE (slice, start_ms, key) IN
  (SELECT slice, start_ms, key FROM rollups WHERE slice = ? AND start_ms < ? LIMIT 500)`;
const UNUSED_MARKS = `DELETE FROM marks WHERE id IN (SELECT id FROM marks WHERE id > ? AND id <= ?
  AND NOT EXISTS (SELECT 1 FROM trace_marks WHERE mark = marks.id))`;
const LAST_MARK = "SELECT coalesce(max(id), 0) AS id FROM marks";
const UNUSED_RESOURCES = "DELETE FROM resources WHERE used_ms < ?";

const DAY_MS = 86_400_000;
/** As long as the charts that are made from them look back. */
const ROLLUP_AGE_MS: Readonly<Record<number, number>> = {
  [SLICES_MS[0]]: 2 * DAY_MS,
  [SLICES_MS[1]]: 15 * DAY_MS,
  [SLICES_MS[2]]: 35 * DAY_MS,
  [SLICES_MS[3]]: 400 * DAY_MS,
};
const PAUSE_MS = 10_000;
/** Between two parts of the same work. */
const BREATH_MS = 20;
/** How long one part may hold up the event loop. */
const PART_MS = 10;
const MARKS_AT_A_TIME = 2_000;

/** Sums up what is over, and deletes what is too old or too much: a little at a time, and never while something is being written. */
export class Upkeep {
  readonly #statements: Statements;
  readonly #limits: TelemetryStoreSettings["retention"];
  readonly #clock: Clock;
  readonly #after: After;
  readonly #lease: Pick<Lease, "check">;
  readonly #ingest: Pick<Ingest, "sumUp" | "forget">;
  #spans: number;
  #mark = 0;
  #cancel: (() => void) | undefined;

  constructor(
    statements: Statements,
    { retention, clock, after }: TelemetryStoreSettings,
    lease: Pick<Lease, "check">,
    ingest: Pick<Ingest, "sumUp" | "forget">,
  ) {
    this.#statements = statements;
    this.#limits = retention;
    this.#clock = clock;
    this.#after = after;
    this.#lease = lease;
    this.#ingest = ingest;
    this.#spans = this.#count();
  }

  /** How many there are. */
  get spans(): number {
    return this.#spans;
  }

  added(spans: number): void {
    this.#spans += spans;
  }

  start(): void {
    this.#later(PAUSE_MS);
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  /** One part of the work. @returns Whether there is more. */
  runPart(): boolean {
    try {
      return immediate(this.#statements.db, () => {
        this.#lease.check();
        this.#ingest.sumUp(this.#clock.now());
        const more = this.#deleteTraces();
        return this.#deleteRest() || more;
      });
    } catch (error) {
      if (this.#statements.db.isOpen) {
        this.#ingest.forget();
        this.#spans = this.#count();
      }
      throw error;
    }
  }

  #later(ms: number): void {
    this.#cancel = this.#after(
      ms,
      () => {
        let more = false;
        try {
          more = this.runPart();
        } catch (error) {
          reportFailure("deleting old telemetry", error);
        }
        this.#later(more ? BREATH_MS : PAUSE_MS);
      },
      false,
    );
  }

  #deleteTraces(): boolean {
    const until = performance.now() + PART_MS;
    while (performance.now() < until) {
      const oldest = this.#statements.get(OLDEST).get();
      if (oldest === undefined || !this.#isTooMuch(Number(oldest["seen_ms"]))) return false;
      this.#deleteSome(Number(oldest["key"]), String(oldest["marks"]));
    }
    return true;
  }

  #isTooMuch(seenMs: number): boolean {
    const { maxAgeMs, maxSpans, maxBytes } = this.#limits;
    return seenMs < this.#clock.now() - maxAgeMs || this.#spans > maxSpans || this.#bytes() > maxBytes;
  }

  #count(): number {
    return Number(this.#statements.get(COUNT_SPANS).get()?.["spans"]);
  }

  #bytes(): number {
    const pragma = (name: "page_count" | "freelist_count" | "page_size"): number =>
      Number(this.#statements.get(`PRAGMA ${name}`).get()?.[name]);
    return (pragma("page_count") - pragma("freelist_count")) * pragma("page_size");
  }

  /** A part of a trace, and the trace itself with its last part. */
  #deleteSome(key: number, marks: string): void {
    let rest = false;
    for (const [i, sql] of PARTS.entries()) {
      const deleted = Number(this.#statements.get(sql).run(key).changes);
      if (i === 0 && deleted > 0) {
        this.#spans -= deleted;
        this.#statements.get(FEWER_SPANS).run(deleted, key);
      }
      if (deleted > 0) rest = true;
    }
    if (rest) return;
    for (const mark of JSON.parse(marks) as number[]) this.#statements.get(DELETE_MARK).run(mark, key);
    this.#statements.get(DELETE_TRACE).run(key);
  }

  #deleteRest(): boolean {
    const nowMs = this.#clock.now();
    let deleted = 0;
    for (const slice of SLICES_MS) {
      const before = nowMs - (ROLLUP_AGE_MS[slice] ?? 0);
      deleted += Number(this.#statements.get(DELETE_ROLLUPS).run(slice, before).changes);
    }
    const rest = deleted > 0;
    const last = Number(this.#statements.get(LAST_MARK).get()?.["id"]);
    const until = this.#mark + MARKS_AT_A_TIME;
    deleted += Number(this.#statements.get(UNUSED_MARKS).run(this.#mark, until).changes);
    this.#mark = until >= last ? 0 : until;
    deleted += Number(
      this.#statements.get(UNUSED_RESOURCES).run(nowMs - this.#limits.maxAgeMs - DAY_MS).changes,
    );
    if (deleted > 0) this.#ingest.forget();
    return rest;
  }
}
