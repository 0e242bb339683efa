import { VALUE_OTHER } from "../../telemetry/semconv.ts";
import { emptyRow, keyText } from "./fold-record.ts";
import type { RollupKey, RollupRow, SliceMs } from "./rollup-row.ts";

export interface SliceLimits {
  /** How long slices are kept, milliseconds. */
  readonly keepMs: number;
  /** Distinct keys of one slice. */
  readonly keys: number;
  /** Rows of all slices together. */
  readonly rows: number;
}

type Rows = Map<string, RollupRow>;

/** The rows of all slices of one length, the oldest let go. */
export class RollupSlices {
  readonly sliceMs: SliceMs;
  readonly #limits: SliceLimits;
  readonly #onLetGo: () => void;
  readonly #slices = new Map<number, Rows>();
  #rows = 0;
  // Nearly all calls end in the slice of now.
  #lastStart = Number.NaN;
  #last: Rows = new Map();

  /** @param onLetGo Told when rows are no longer those of a slice that is kept. */
  constructor(sliceMs: SliceMs, limits: SliceLimits, onLetGo: () => void = () => {}) {
    this.#onLetGo = onLetGo;
    this.sliceMs = sliceMs;
    this.#limits = limits;
  }

  /** How many rows there are. */
  get size(): number {
    return this.#rows;
  }

  /** @param text `keyText` of the key. @returns The row to count in; `undefined`: such an old slice is not kept. */
  at(endMs: number, nowMs: number, key: RollupKey, text: string): RollupRow | undefined {
    const startMs = endMs - (endMs % this.sliceMs);
    if (startMs !== this.#lastStart) {
      const slice = this.#slice(startMs, nowMs);
      if (slice === undefined) return undefined;
      this.#lastStart = startMs;
      this.#last = slice;
    }
    return this.#last.get(text) ?? this.#added(startMs, key, text);
  }

  /** Those of slices from `fromMs` on that begin before `toMs`: they go on being counted in. */
  *read(fromMs: number, toMs: number): Generator<RollupRow> {
    for (const [startMs, rows] of this.#slices) {
      if (startMs > fromMs - this.sliceMs && startMs < toMs) yield* rows.values();
    }
  }

  /** Too many keys are one key for each kind of call, so that totals stay exact. */
  #added(startMs: number, key: RollupKey, text: string): RollupRow {
    if (this.#last.size < this.#limits.keys) return this.#add(startMs, key, text);
    const folded = foldedKey(key);
    const foldedText = keyText(folded);
    return this.#last.get(foldedText) ?? this.#add(startMs, folded, foldedText);
  }

  #add(startMs: number, key: RollupKey, text: string): RollupRow {
    const row = emptyRow(startMs, key);
    this.#last.set(text, row);
    this.#rows += 1;
    if (this.#rows > this.#limits.rows) this.#letGoOldest();
    return row;
  }

  #slice(startMs: number, nowMs: number): Rows | undefined {
    const known = this.#slices.get(startMs);
    if (known !== undefined) return known;
    const oldest = nowMs - this.#limits.keepMs;
    if (startMs <= oldest - this.sliceMs) return undefined;
    for (const start of this.#slices.keys()) {
      // Beyond now where the clock was put back.
      if (start <= oldest - this.sliceMs || start > nowMs) this.#letGo(start);
    }
    const rows: Rows = new Map();
    this.#slices.set(startMs, rows);
    return rows;
  }

  /** Never the slice that is being counted in. */
  #letGoOldest(): void {
    let oldest = Number.POSITIVE_INFINITY;
    for (const start of this.#slices.keys()) if (start < oldest && start !== this.#lastStart) oldest = start;
    if (oldest !== Number.POSITIVE_INFINITY) this.#letGo(oldest);
  }

  #letGo(startMs: number): void {
    this.#rows -= this.#slices.get(startMs)?.size ?? 0;
    this.#slices.delete(startMs);
    if (startMs === this.#lastStart) this.#lastStart = Number.NaN;
    this.#onLetGo();
  }
}

/** What tells least is left out last: the operation, the kind of caller, and whether it failed. */
function foldedKey(key: RollupKey): RollupKey {
  const other = (name: string): string => (name === "" ? "" : VALUE_OTHER);
  return {
    operation: key.operation,
    agent: other(key.agent),
    callerType: key.callerType,
    caller: other(key.caller),
    workflow: other(key.workflow),
    tool: other(key.tool),
    provider: other(key.provider),
    model: other(key.model),
    errorType: other(key.errorType),
  };
}
