import { checkWhole } from "../../internal/check-number.ts";
import { type Clock, systemClock } from "../../internal/clock.ts";
import type { CallRecord } from "../../telemetry/call-record.ts";
import { addRecord, addRow, emptyRow, endOfRecord, keyText } from "./fold-record.ts";
import { KnownKeys } from "./known-keys.ts";
import {
  type RollupRange,
  type RollupRow,
  type RollupSource,
  SLICES_MS,
  type SliceMs,
} from "./rollup-row.ts";
import { RollupSlices } from "./rollup-slices.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;

export interface RollupsOptions {
  /**
   * How long each slice is kept, by its length, in milliseconds; a length that is left out is not kept at all. Days are made from hours
   * where they are not kept themselves.
   *
   * @default 1 hour of 10 seconds, 25 hours of 5 minutes, 35 days of 1 hour
   */
  readonly keepMs?: { readonly [slice in SliceMs]?: number };
  /** Distinct keys of one slice, 1 to 100,000; the rest is counted under `_OTHER`, so that totals stay exact. @default 500 */
  readonly maxKeys?: number;
  /** Rows of all slices of one length, 1 to 10,000,000; beyond, the oldest slice is let go. A row has about 1 KiB. @default 40_000 */
  readonly maxRows?: number;
  readonly clock?: Clock;
}

/** Of those that are counted just now; more only take longer. */
const MAX_KNOWN_KEYS = 1_000;

const KEEP_MS: NonNullable<RollupsOptions["keepMs"]> = {
  10000: HOUR_MS,
  300000: 25 * HOUR_MS,
  3600000: 35 * 24 * HOUR_MS,
};

/** Finished calls of this process, added up in memory. Cheap enough to stand beside each of them. */
export class Rollups implements RollupSource {
  readonly #slices: readonly RollupSlices[];
  readonly #keys = new KnownKeys(MAX_KNOWN_KEYS);
  readonly #clock: Clock;

  /** @throws RangeError that names the option, the range and the value. */
  constructor(options: RollupsOptions = {}) {
    const { keepMs = KEEP_MS } = options;
    const keys = checkWhole("Rollups: maxKeys", options.maxKeys ?? 500, 1, 100_000);
    const rows = checkWhole("Rollups: maxRows", options.maxRows ?? 40_000, 1, 10_000_000);
    this.#clock = options.clock ?? systemClock;
    this.#slices = SLICES_MS.flatMap((sliceMs) => {
      const keep = keepMs[sliceMs];
      if (keep === undefined) return [];
      const limits = { keepMs: checkWhole(`Rollups: keepMs[${sliceMs}]`, keep, sliceMs), keys, rows };
      return [new RollupSlices(sliceMs, limits, () => this.#keys.clear())];
    });
  }

  /** Counts a call in the slices in which it ended. One that ended in the future by its own account ended now. */
  add(record: CallRecord): void {
    const nowMs = this.#clock.now();
    const endMs = Math.min(endOfRecord(record, nowMs), nowMs);
    const { key, text, rows } = this.#keys.of(record);
    for (const [i, slices] of this.#slices.entries()) {
      let row = rows[i];
      if (row?.startMs !== endMs - (endMs % slices.sliceMs)) {
        row = slices.at(endMs, nowMs, key, text);
        rows[i] = row;
      }
      if (row !== undefined) addRecord(row, record);
    }
  }

  /** How many rows are in memory. */
  get size(): number {
    return this.#slices.reduce((sum, slices) => sum + slices.size, 0);
  }

  /** As `rows`, without copies: to be read at once, and left as they are. */
  read({ fromMs, toMs, sliceMs }: RollupRange): readonly RollupRow[] {
    const slices = this.#slices.find((each) => each.sliceMs === sliceMs);
    if (slices !== undefined) return [...slices.read(fromMs, toMs)];
    return sliceMs === DAY_MS ? this.#days(fromMs, toMs) : [];
  }

  /** Made from hours when they are asked for: a call is not to be counted once more for them. */
  #days(fromMs: number, toMs: number): readonly RollupRow[] {
    const days = new Map<string, RollupRow>();
    const range = {
      fromMs: startOfDay(fromMs),
      toMs: startOfDay(toMs + DAY_MS - 1),
      sliceMs: HOUR_MS,
    } as const;
    for (const hour of this.read(range)) {
      const startMs = startOfDay(hour.startMs);
      const place = `${startMs} ${keyText(hour)}`;
      const day = days.get(place) ?? emptyRow(startMs, hour);
      addRow(day, hour);
      days.set(place, day);
    }
    return [...days.values()];
  }

  rows(range: RollupRange): Promise<readonly RollupRow[]> {
    return Promise.resolve(this.read(range).map(copyOf));
  }
}

function copyOf(row: RollupRow): RollupRow {
  const copy = emptyRow(row.startMs, row);
  addRow(copy, row);
  return copy;
}

function startOfDay(ms: number): number {
  return Math.floor(ms / DAY_MS) * DAY_MS;
}
