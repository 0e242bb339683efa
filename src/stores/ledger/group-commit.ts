import { LedgerWriteError } from "../../errors/ledger-write-error.ts";
import { reportFailure, warnOnce } from "../../internal/warn-once.ts";
import { type LinkedEntry, toRow } from "./chain.ts";
import type { CleanEntry } from "./clean-entry.ts";
import type { LedgerCounts, LedgerRow } from "./ledger.ts";
import type { LedgerDriver } from "./ledger-driver.ts";
import type { LedgerMetrics } from "./ledger-metrics.ts";
import type { CheckedLedgerOptions } from "./ledger-options.ts";
import { ProcessEnd } from "./process-end.ts";
import { WritePace } from "./write-pace.ts";

/** Who waits for an entry. */
interface Waiter {
  kept(row: LedgerRow): void;
  lost(error: unknown): void;
}

interface Waiting {
  readonly entry: CleanEntry;
  /** Left out where nobody waits. */
  readonly waiter?: Waiter;
}

/** The longest that the last turn of the process waits for a lock. */
const EXIT_MS = 1_000;

/**
 * Writes entries in groups, one group at a time and in the order they came in.
 *
 * When the store fails, everybody who waits is told at once; entries that nobody waits for stay in the buffer and are tried again,
 * later and later. They are lost when the buffer is full. At the end of the process they are tried once more: in its last turn where the
 * driver can, else as soon as nothing but them keeps it alive.
 */
export class GroupCommit {
  readonly #driver: LedgerDriver;
  readonly #options: CheckedLedgerOptions;
  readonly #pace: WritePace;
  readonly #metrics: LedgerMetrics;
  readonly #end = new ProcessEnd({ idle: () => this.#lastTry(), exit: () => this.#atExit() });
  #queue: Waiting[] = [];
  /** How many at the head of the queue are being written. They stay there, so that the end of the process finds them. */
  #writing = 0;
  #awaited = 0;
  #written = 0;
  #dropped = 0;
  #closed = false;
  #last: "to come" | "under way" | "failed" = "to come";
  #idle: (() => void)[] = [];

  constructor(driver: LedgerDriver, options: CheckedLedgerOptions, metrics: LedgerMetrics) {
    this.#driver = driver;
    this.#options = options;
    this.#metrics = metrics;
    this.#pace = new WritePace(options, () => this.#write());
  }

  counts(): LedgerCounts {
    return { waiting: this.#queue.length, written: this.#written, dropped: this.#dropped };
  }

  add(entry: CleanEntry, waiter?: Waiter): void {
    const refusal = this.#refusal();
    if (refusal !== undefined) {
      this.#refuse(refusal, waiter);
      return;
    }
    if (this.#queue.length === 0) this.#end.watch();
    this.#last = "to come";
    this.#queue.push(waiter === undefined ? { entry } : { entry, waiter });
    this.#metrics.waits(1);
    if (waiter !== undefined) this.#awaited += 1;
    this.#plan();
  }

  /** Takes nothing more. Resolves when nothing waits any more: written, or lost and counted where the store fails. */
  close(): Promise<void> {
    this.#closed = true;
    if (this.#queue.length === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#idle.push(resolve);
      this.#plan();
    });
  }

  #refusal(): string | undefined {
    const { bufferRows } = this.#options;
    if (this.#closed) return "it is closed";
    return this.#queue.length >= bufferRows ? `its buffer is full (bufferRows ${bufferRows})` : undefined;
  }

  #plan(): void {
    if (this.#writing > 0 || this.#queue.length === 0) return;
    const full = this.#closed || this.#queue.length >= this.#options.groupRows;
    this.#pace.plan({ full, awaited: this.#awaited > 0 || this.#idle.length > 0 });
  }

  #write(): void {
    if (this.#writing > 0 || this.#queue.length === 0) return;
    const group = this.#queue.slice(0, this.#options.groupRows);
    this.#writing = group.length;
    try {
      const result = this.#driver.write(group.map(({ entry }) => entry));
      if (result instanceof Promise)
        result.then(
          (rows) => this.#done(group, rows),
          (error) => this.#failed(error),
        );
      else this.#done(group, result);
    } catch (error) {
      this.#failed(error);
    }
  }

  #done(group: readonly Waiting[], rows: readonly LinkedEntry[] | "busy"): void {
    if (rows === "busy") {
      this.#blocked();
      return;
    }
    this.#pace.succeeded();
    this.#leave(group.length);
    this.#written += group.length;
    this.#metrics.wrote(group.length);
    for (const [i, { waiter }] of group.entries()) {
      if (waiter === undefined) continue;
      this.#awaited -= 1;
      waiter.kept(toRow(rows[i]!));
    }
    this.#settle();
  }

  #blocked(): void {
    if (this.#pace.busy()) {
      this.#failed(new Error("another process holds its lock"));
      return;
    }
    this.#writing = 0;
    this.#plan();
  }

  #failed(error: unknown): void {
    reportFailure("writing the audit ledger", error);
    this.#pace.failed();
    const all = this.#queue;
    // Nothing comes after a close, so nothing is kept for later either.
    const kept = this.#closed ? [] : all.filter(({ waiter }) => waiter === undefined);
    this.#lost(all.length - kept.length);
    if (this.#last === "under way") this.#last = "failed";
    this.#leave(all.length, kept);
    this.#awaited = 0;
    for (const { waiter } of all) waiter?.lost(error);
    this.#settle();
  }

  /** Takes the first ones off the queue. */
  #leave(count: number, instead: readonly Waiting[] = []): void {
    this.#queue = [...instead, ...this.#queue.slice(count)];
    this.#metrics.waits(instead.length - count);
    this.#writing = 0;
    if (this.#queue.length === 0) this.#end.unwatch();
  }

  #settle(): void {
    if (this.#queue.length > 0) {
      this.#plan();
      return;
    }
    const idle = this.#idle;
    this.#idle = [];
    for (const resolve of idle) resolve();
  }

  #refuse(why: string, waiter: Waiter | undefined): void {
    this.#lost(1);
    warnOnce(`ledger:${why}`, `the audit ledger has dropped an entry: ${why}; further ones are counted only`);
    waiter?.lost(new LedgerWriteError(why));
  }

  #lost(count: number): void {
    this.#dropped += count;
    this.#metrics.dropped(count);
  }

  #lastTry(): void {
    if (this.#driver.writeNow !== undefined || this.#last === "failed") return;
    this.#last = "under way";
    this.#write();
  }

  #atExit(): void {
    try {
      const entries = this.#queue.map(({ entry }) => entry);
      if (this.#driver.writeNow === undefined) throw new Error(`${entries.length} entries are lost`);
      this.#driver.writeNow(entries, EXIT_MS);
      this.#queue = [];
    } catch (error) {
      reportFailure("writing the audit ledger at the end of the process", error);
    }
  }
}
