import type { MemoryType } from "../../../src/memory/decaying-memory.ts";

const RATES: Readonly<Record<MemoryType, number>> = {
  fact: 0.01,
  instruction: 0.005,
  result: 0.1,
  conversation: 0.05,
  decision: 0.02,
};
const HOUR_MS = 3_600_000;

interface Entry {
  readonly id: number;
  readonly type: MemoryType;
  readonly importance: number;
  readonly createdMs: number;
  accessedMs: number;
  count: number;
}

/** The pattern as it stands: all entries scored and sorted at every recall, and at every add beyond capacity. Of equals the newer first. */
export class BruteForce {
  entries: Entry[] = [];
  nowMs = 0;
  readonly #max: number;
  readonly #threshold: number;
  #nextId = 1;

  constructor(max: number, threshold = 0.1) {
    this.#max = max;
    this.#threshold = threshold;
  }

  score({ type, importance, createdMs, accessedMs, count }: Entry): number {
    const time = Math.exp(-RATES[type] * ((this.nowMs - createdMs) / HOUR_MS));
    const recency = Math.exp(-0.1 * ((this.nowMs - accessedMs) / HOUR_MS));
    const score = importance * 0.4 + time * 0.3 + recency * 0.2 + (Math.log(1 + count) / 5) * 0.1;
    return Math.min(1, Math.max(0, score));
  }

  add(type: MemoryType, importance: number): void {
    const { nowMs } = this;
    this.entries.push({ id: this.#nextId, type, importance, createdMs: nowMs, accessedMs: nowMs, count: 0 });
    this.#nextId += 1;
    if (this.entries.length <= this.#max) return;
    const sorted = this.#sorted(this.entries);
    const lasting = sorted.filter(({ score }) => score >= this.#threshold);
    const kept = lasting.length < sorted.length ? lasting : sorted.slice(0, this.#max);
    this.entries = kept.map(({ entry }) => entry);
  }

  recall(
    topK: number,
    types: readonly MemoryType[],
    minRelevance: number,
  ): readonly (readonly [number, number])[] {
    const candidates =
      types.length === 0 ? this.entries : this.entries.filter(({ type }) => types.includes(type));
    const found = this.#sorted(candidates)
      .filter(({ score }) => score >= minRelevance)
      .slice(0, topK);
    for (const { entry } of found) {
      entry.accessedMs = this.nowMs;
      entry.count += 1;
    }
    return found.map(({ entry, score }) => [entry.id, score] as const);
  }

  remove(id: number): boolean {
    const before = this.entries.length;
    this.entries = this.entries.filter((entry) => entry.id !== id);
    return this.entries.length < before;
  }

  #sorted(entries: readonly Entry[]) {
    return entries
      .map((entry) => ({ entry, score: this.score(entry) }))
      .sort((a, b) => b.score - a.score || b.entry.id - a.entry.id);
  }
}
