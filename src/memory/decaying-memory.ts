import { currentAgent } from "../agent/current-agent.ts";
import { checkBetween, checkWhole } from "../internal/check-number.ts";
import type { Json } from "../internal/plain-json.ts";
import { buildContext } from "./decaying/build-context.ts";
import { type Cell, entryOf, recalledOf, type ScoredCell } from "./decaying/cell.ts";
import {
  type DecayingMemoryOptions,
  type DecayingSettings,
  decayingSettings,
} from "./decaying/decaying-options.ts";
import type { DecayingMemoryStats } from "./decaying/decaying-stats.ts";
import { EntryIndex } from "./decaying/entry-index.ts";
import { checkContent, metadataText, typeNumber } from "./decaying/entry-input.ts";
import type { MemoryEntry, RecalledEntry } from "./decaying/memory-entry.ts";
import type { MemoryType } from "./decaying/memory-type.ts";
import { Relevance } from "./decaying/relevance.ts";
import { scoreFacts } from "./decaying/score-facts.ts";
import { type EntryReason, MemoryMetrics, memoryMetrics } from "./memory-metrics.ts";

export type { DecayingMemoryOptions } from "./decaying/decaying-options.ts";
export type { DecayingMemoryStats } from "./decaying/decaying-stats.ts";
export type { MemoryEntry, RecalledEntry } from "./decaying/memory-entry.ts";
export type { MemoryType } from "./decaying/memory-type.ts";
export type { DecayRates, RelevanceWeights } from "./decaying/relevance.ts";

/** As many as the pattern looks at for a context. */
const CONTEXT_ENTRIES = 50;

export interface AddOptions {
  /** From 0 to 1. @default 0.5 */
  readonly importance?: number;
  /** Plain JSON, 16 KiB at most; a copy is kept. */
  readonly metadata?: Readonly<Record<string, Json>>;
}

export interface RecallOptions {
  /** The most that are recalled, from 0. @default 20 */
  readonly topK?: number;
  /** @default all, also where the list is empty */
  readonly types?: readonly MemoryType[];
  /** From 0 to 1. @default 0 */
  readonly minRelevance?: number;
}

/**
 * Remembers what matters: entries fade with time, by type, and gain from being recalled. The pattern "Agent memory with decay", with its
 * types, rates and formula. A recall looks at few of the entries and finds the same as if it had scored all.
 *
 * Ages are counted by the monotonic clock, so that a wall clock which is set changes no score. It is all in memory, of this process.
 */
export class DecayingMemory {
  readonly name: string;
  readonly #settings: DecayingSettings;
  readonly #metrics: MemoryMetrics;
  readonly #relevance: Relevance;
  readonly #index: EntryIndex;
  readonly #cells = new Map<number, Cell>();
  #nextId = 1;
  #nowMs = Number.NEGATIVE_INFINITY;
  #evicted = 0;

  /** @throws RangeError or TypeError that names the option, what it allows and the value. */
  constructor(options: DecayingMemoryOptions = {}) {
    this.#settings = decayingSettings(options);
    this.name = this.#settings.name;
    this.#relevance = new Relevance(this.#settings.rates, this.#settings.weights);
    this.#index = new EntryIndex(this.#relevance);
    this.#metrics = options.metrics === undefined ? memoryMetrics : new MemoryMetrics(options.metrics);
    this.#metrics.open("decaying", this);
  }

  get size(): number {
    return this.#cells.size;
  }

  /**
   * Adds an entry, with the agent at work as the one who said so. Where there are too many then, those below the threshold go, or the least
   * relevant one, which may be this one.
   *
   * @throws TypeError or RangeError that names what is wrong.
   */
  add(content: string, type: MemoryType, { importance = 0.5, metadata }: AddOptions = {}): MemoryEntry {
    checkContent(content, this.#settings.maxContentLength);
    checkBetween("decayingMemory: importance", importance, 0, 1);
    const nowMs = this.#now();
    const atMs = this.#settings.clock.now();
    const cell: Cell = {
      id: this.#nextId,
      content,
      type: typeNumber(type),
      importance,
      metadata: metadataText(metadata),
      agent: currentAgent()?.name,
      createdAtMs: atMs,
      lastAccessedAtMs: atMs,
      accessCount: 0,
      createdMs: nowMs,
      accessedMs: nowMs,
      importanceShare: this.#relevance.importanceShare(importance),
      frequencyShare: this.#relevance.frequencyShare(0),
      block: undefined,
    };
    this.#nextId += 1;
    this.#cells.set(cell.id, cell);
    this.#index.add(cell);
    if (this.#cells.size > this.#settings.maxEntries) this.#evict(nowMs);
    return entryOf(cell);
  }

  /**
   * The most relevant entries, the most relevant first; of two that are alike, the newer one. Each counts as recalled, which makes it more
   * relevant from now on.
   *
   * @throws TypeError or RangeError that names the option, what it allows and the value.
   */
  recall({ topK = 20, types = [], minRelevance = 0 }: RecallOptions = {}): readonly RecalledEntry[] {
    checkWhole("decayingMemory: topK", topK, 0);
    checkBetween("decayingMemory: minRelevance", minRelevance, 0, 1);
    if (!Array.isArray(types)) throw new TypeError("decayingMemory: types must be a list of types");
    const wanted = new Set(types.map(typeNumber));
    const nowMs = this.#now();
    const found = this.#index.highest(
      topK,
      minRelevance,
      nowMs,
      (type) => wanted.size === 0 || wanted.has(type),
    );
    const atMs = this.#settings.clock.now();
    return found.map((scored) => this.#recalled(scored, nowMs, atMs));
  }

  /**
   * A text for a prompt, of the 50 most relevant entries, as far as they fit: by type, in the order instructions, decisions, facts,
   * conversations, results. Never more than `maxTokens`, headers and all. What it looks at counts as recalled.
   *
   * @throws RangeError unless `maxTokens` is a whole number from 1.
   */
  buildContext({
    maxTokens = this.#settings.maxContextTokens,
  }: {
    readonly maxTokens?: number;
  } = {}): string {
    checkWhole("decayingMemory: maxTokens", maxTokens, 1);
    const { countTokens } = this.#settings;
    return buildContext(this.recall({ topK: CONTEXT_ENTRIES }), (text) => countTokens(text) <= maxTokens);
  }

  /** @returns Whether it was there. */
  remove(id: number): boolean {
    const cell = this.#cells.get(id);
    if (cell === undefined) return false;
    this.#drop(cell);
    return true;
  }

  clear(): void {
    for (const cell of [...this.#cells.values()]) this.#drop(cell);
  }

  /** Scores all entries. */
  stats(): DecayingMemoryStats {
    const { name, maxEntries } = this.#settings;
    const facts = scoreFacts(this.#cells.values(), this.#relevance, this.#now());
    return { name, totalEntries: this.size, maxEntries, ...facts, evictedEntries: this.#evicted };
  }

  /** A clock that goes back all the same must not make an entry younger than new. */
  #now(): number {
    this.#nowMs = Math.max(this.#nowMs, this.#settings.clock.monotonic());
    return this.#nowMs;
  }

  #recalled(scored: ScoredCell, nowMs: number, atMs: number): RecalledEntry {
    const { cell } = scored;
    this.#index.delete(cell);
    cell.accessedMs = nowMs;
    cell.lastAccessedAtMs = atMs;
    cell.accessCount += 1;
    cell.frequencyShare = this.#relevance.frequencyShare(cell.accessCount);
    this.#index.add(cell);
    return recalledOf(scored);
  }

  #evict(nowMs: number): void {
    const last = this.#index.lowest(nowMs);
    if (last === undefined) return;
    const { evictionThreshold } = this.#settings;
    if (last.score >= evictionThreshold) this.#letGo([last.cell], "capacity");
    else this.#letGo(this.#index.below(evictionThreshold, nowMs), "faded");
  }

  #letGo(cells: readonly Cell[], reason: EntryReason): void {
    for (const cell of cells) this.#drop(cell);
    this.#evicted += cells.length;
    this.#metrics.entriesLeft(this.name, reason, cells.length);
  }

  #drop(cell: Cell): void {
    this.#cells.delete(cell.id);
    this.#index.delete(cell);
  }
}

/** @see DecayingMemory */
export function decayingMemory(options: DecayingMemoryOptions = {}): DecayingMemory {
  return new DecayingMemory(options);
}
