import type { After } from "../../internal/timers.ts";
import type { TelemetryBatch } from "./telemetry-batch.ts";

/** Items of one transaction, so that none holds up the event loop for long. */
const MAX_ITEMS = 2_000;
/** So many are worth a transaction of their own. */
const ENOUGH_ITEMS = 256;

interface Piece {
  readonly batch: TelemetryBatch;
  readonly items: number;
  readonly done: (error?: unknown) => void;
}

/** Writes what comes within a moment in one transaction, since it is the commit that costs. Large batches are written in several. */
export class GroupCommit {
  readonly #write: (batches: readonly TelemetryBatch[]) => void;
  readonly #groupMs: number;
  readonly #after: After;
  readonly #waiting: Piece[] = [];
  #items = 0;
  #cancel: (() => void) | undefined;

  /** @param write All of them, or none where it throws. */
  constructor(write: (batches: readonly TelemetryBatch[]) => void, groupMs: number, after: After) {
    this.#write = write;
    this.#groupMs = groupMs;
    this.#after = after;
  }

  /**
   * Resolves when all of it is committed.
   *
   * @param last Whether nothing else is on the way: then there is nobody to wait for, and whoever sends waits for the answer.
   * @throws what `write` throws.
   */
  async add(batch: TelemetryBatch, last = false): Promise<void> {
    const pieces = piecesOf(batch).map((piece) => this.#wait(piece));
    if (last && this.#items >= ENOUGH_ITEMS) this.#writeSome();
    await Promise.all(pieces);
  }

  /** Writes all that waits, now. */
  flush(): void {
    while (this.#waiting.length > 0) this.#writeSome();
  }

  #wait(batch: TelemetryBatch): Promise<void> {
    const items = sizeOf(batch);
    return new Promise((resolve, reject) => {
      const done = (error?: unknown): void => (error === undefined ? resolve() : reject(error));
      this.#waiting.push({ batch, items, done });
      this.#items += items;
      if (this.#items >= MAX_ITEMS) this.#schedule(0);
      else if (this.#cancel === undefined) this.#schedule(this.#groupMs);
    });
  }

  #schedule(ms: number): void {
    this.#cancel?.();
    this.#cancel = this.#after(ms, () => this.#writeSome(), true);
  }

  #writeSome(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    const pieces = this.#take();
    this.#commit(pieces);
    // In another turn, so that requests are read in between.
    if (this.#waiting.length > 0) this.#schedule(0);
  }

  #take(): readonly Piece[] {
    let items = 0;
    let count = 0;
    for (const piece of this.#waiting) {
      if (count > 0 && items + piece.items > MAX_ITEMS) break;
      items += piece.items;
      count += 1;
    }
    this.#items -= items;
    return this.#waiting.splice(0, count);
  }

  /** One that cannot be written must not take the others along. */
  #commit(pieces: readonly Piece[]): void {
    try {
      this.#write(pieces.map(({ batch }) => batch));
    } catch (error) {
      const [only] = pieces;
      if (pieces.length === 1) only?.done(error ?? new Error("not written"));
      else for (const piece of pieces) this.#commit([piece]);
      return;
    }
    for (const { done } of pieces) done();
  }
}

function sizeOf({ spans = [], points = [], logs = [] }: TelemetryBatch): number {
  return spans.length + points.length + logs.length;
}

function piecesOf(batch: TelemetryBatch): readonly TelemetryBatch[] {
  const items = sizeOf(batch);
  if (items === 0) return [];
  if (items <= MAX_ITEMS) return [batch];
  const { spans = [], points = [], logs = [] } = batch;
  return [
    ...chunks(spans).map((part) => ({ spans: part })),
    ...chunks(points).map((part) => ({ points: part })),
    ...chunks(logs).map((part) => ({ logs: part })),
  ];
}

function chunks<T>(items: readonly T[]): readonly (readonly T[])[] {
  const parts: (readonly T[])[] = [];
  for (let i = 0; i < items.length; i += MAX_ITEMS) parts.push(items.slice(i, i + MAX_ITEMS));
  return parts;
}
