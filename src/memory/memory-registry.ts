import type { DecayingMemoryStats } from "./decaying/decaying-stats.ts";
import type { SharedStateStats } from "./state/state-report.ts";
import type { WindowMemoryStats } from "./window/window-stats.ts";

/** Far more than anyone looks at; beyond, the oldest is no longer listed. */
const MAX_SOURCES = 10_000;

export interface MemorySourceOf {
  readonly shared_state: { readonly name: string; stats(): SharedStateStats };
  /** Its `stats` are asked whenever metrics are collected. */
  readonly window: { readonly name: string; stats(): WindowMemoryStats };
  readonly decaying: { readonly name: string; readonly size: number; stats(): DecayingMemoryStats };
}

export type MemoryKind = keyof MemorySourceOf;

interface Listed {
  readonly kind: MemoryKind;
  readonly source: WeakRef<object>;
}

/** The memories that are alive. Keeps none of them alive: one that was made for a request and dropped is gone from here as well. */
export class MemoryRegistry {
  readonly #listed = new Set<Listed>();
  readonly #gone = new FinalizationRegistry<Listed>((listed) => this.#listed.delete(listed));
  readonly #max: number;
  #unlisted = 0;

  constructor(max: number = MAX_SOURCES) {
    this.#max = max;
  }

  /** Cheap enough for one memory for each conversation. */
  add<K extends MemoryKind>(kind: K, source: MemorySourceOf[K]): void {
    if (this.#listed.size >= this.#max) this.#letGoOldest();
    const listed: Listed = { kind, source: new WeakRef(source) };
    this.#listed.add(listed);
    this.#gone.register(source, listed);
  }

  /** In the order in which they were made. */
  alive<K extends MemoryKind>(kind: K): readonly MemorySourceOf[K][] {
    const found: MemorySourceOf[K][] = [];
    for (const listed of this.#listed) {
      if (listed.kind !== kind) continue;
      const source = listed.source.deref() as MemorySourceOf[K] | undefined;
      if (source !== undefined) found.push(source);
    }
    return found;
  }

  /** How many were left out so far, as there were too many. */
  get unlisted(): number {
    return this.#unlisted;
  }

  #letGoOldest(): void {
    for (const listed of this.#listed) {
      this.#listed.delete(listed);
      if (listed.source.deref() !== undefined) this.#unlisted += 1;
      return;
    }
  }
}

/** Those of this process. */
export const memoryRegistry = new MemoryRegistry();
