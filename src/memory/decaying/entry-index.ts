import { BestFew, comesAfter } from "./best-few.ts";
import { BlockList } from "./block-list.ts";
import { type Corner, isBelow, SLACK } from "./bounds.ts";
import type { Cell, ScoredCell } from "./cell.ts";
import type { Relevance } from "./relevance.ts";

/** So finely are entries told apart by what time does not change. */
const LEVELS = 32;
const MOST_LEVELS = 64;

/**
 * Finds the first and the last of many entries by their score of now, without scoring all of them: they are kept in lists by type and by what
 * time does not change of their score, each in blocks of like age, and a block is only looked into where its best entry could be wanted.
 * The answer is the same as if all had been scored and sorted; of two that score the same the newer one comes first.
 */
export class EntryIndex {
  readonly #relevance: Relevance;
  readonly #lists = new Map<number, BlockList>();

  constructor(relevance: Relevance) {
    this.#relevance = relevance;
  }

  add(cell: Cell): void {
    const key = this.#keyOf(cell);
    let list = this.#lists.get(key);
    if (list === undefined) {
      list = new BlockList(cell.type);
      this.#lists.set(key, list);
    }
    list.add(cell);
  }

  /** With the values with which it was added. */
  delete(cell: Cell): void {
    const key = this.#keyOf(cell);
    const list = this.#lists.get(key)!;
    list.delete(cell);
    if (list.size === 0) this.#lists.delete(key);
  }

  /** @param isWanted Of a type, by its position in `MEMORY_TYPES`. */
  highest(
    most: number,
    floor: number,
    nowMs: number,
    isWanted: (type: number) => boolean,
  ): readonly ScoredCell[] {
    const best = new BestFew(most, floor);
    const lists = [...this.#lists.values()]
      .filter(({ type }) => isWanted(type))
      .map((list) => ({ list, bound: list.bounds.upper(this.#relevance, list.type, nowMs) }))
      .sort((a, b) => b.bound - a.bound);
    for (const { list, bound } of lists) {
      if (bound < best.floor) break;
      this.#searchHighest(list, best, nowMs);
    }
    return best.sorted();
  }

  /** The last one of all. */
  lowest(nowMs: number): ScoredCell | undefined {
    const lists = [...this.#lists.values()]
      .map((list) => ({ list, bound: list.bounds.lower(this.#relevance, list.type, nowMs) }))
      .sort((a, b) => a.bound - b.bound);
    let last: ScoredCell | undefined;
    for (const { list, bound } of lists) {
      if (last !== undefined && bound > last.score) break;
      last = this.#searchLowest(list, last, nowMs);
    }
    return last;
  }

  /** All that score less than `threshold`. */
  below(threshold: number, nowMs: number): readonly Cell[] {
    const found: Cell[] = [];
    for (const list of this.#lists.values()) {
      if (list.bounds.lower(this.#relevance, list.type, nowMs) >= threshold) continue;
      for (const { bounds, cells } of list.blocks) {
        if (bounds.lower(this.#relevance, list.type, nowMs) >= threshold) continue;
        for (const cell of cells)
          if (this.#relevance.score(cell.type, cell, nowMs) < threshold) found.push(cell);
      }
    }
    return found;
  }

  #searchHighest({ type, blocks }: BlockList, best: BestFew, nowMs: number): void {
    // Whatever is below one that is not wanted is not wanted either: most blocks need no exponential.
    let tooLow: Corner | undefined;
    for (let i = blocks.length - 1; i >= 0; i--) {
      const { bounds, cells } = blocks[i]!;
      if (tooLow !== undefined && isBelow(bounds.top, tooLow)) continue;
      const bound = bounds.upper(this.#relevance, type, nowMs);
      if (bound + SLACK < best.floor) tooLow = bounds.top;
      else if (best.wants(bound, bounds.newest))
        for (const cell of cells) best.offer({ cell, score: this.#relevance.score(type, cell, nowMs) });
    }
  }

  #searchLowest(
    { type, blocks }: BlockList,
    before: ScoredCell | undefined,
    nowMs: number,
  ): ScoredCell | undefined {
    let last = before;
    let tooHigh: Corner | undefined;
    for (const { bounds, cells } of blocks) {
      if (tooHigh !== undefined && isBelow(tooHigh, bounds.bottom)) continue;
      const bound = bounds.lower(this.#relevance, type, nowMs);
      if (last !== undefined && bound - SLACK > last.score) tooHigh = bounds.bottom;
      else if (last === undefined || comesAfter(bound, bounds.oldest, last.score, last.cell.id)) {
        for (const cell of cells) {
          const score = this.#relevance.score(type, cell, nowMs);
          if (last === undefined || comesAfter(score, cell.id, last.score, last.cell.id))
            last = { cell, score };
        }
      }
    }
    return last;
  }

  #keyOf({ type, importanceShare, frequencyShare }: Cell): number {
    const usual = this.#relevance.usualShares;
    const level = usual === 0 ? 0 : Math.floor(((importanceShare + frequencyShare) / usual) * LEVELS);
    return type * MOST_LEVELS + Math.min(MOST_LEVELS - 1, level);
  }
}
