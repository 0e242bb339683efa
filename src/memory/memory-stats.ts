import { checkWhole } from "../internal/check-number.ts";
import { reportFailure } from "../internal/warn-once.ts";
import type { DecayingMemoryStats } from "./decaying/decaying-stats.ts";
import { type MemoryKind, type MemoryRegistry, memoryRegistry } from "./memory-registry.ts";
import type { SharedStateStats } from "./state/state-report.ts";
import type { WindowMemoryStats } from "./window/window-stats.ts";

/** What all memories of the process hold and have done, without any content. Plain JSON. */
export interface MemoryStats {
  readonly totals: {
    readonly windows: number;
    readonly windowMessages: number;
    readonly windowTokens: number;
    readonly memories: number;
    readonly memoryEntries: number;
    readonly sharedStates: number;
    /** Made before so many others that they are no longer counted. */
    readonly unlisted: number;
  };
  /** The newest first, of each kind so many as were asked for. */
  readonly windows: readonly WindowMemoryStats[];
  readonly memories: readonly DecayingMemoryStats[];
  readonly sharedStates: readonly SharedStateStats[];
}

/**
 * All windows, decaying memories and shared states that are alive in this process, for a page or a REST endpoint.
 *
 * @param options.limit The most that are listed of each kind, 0 to 10,000; the totals are of all. @default 100
 * @throws RangeError on any other limit.
 */
export function memoryStats({ limit = 100 }: { readonly limit?: number } = {}): MemoryStats {
  checkWhole("memoryStats: limit", limit, 0, 10_000);
  return statsOf(memoryRegistry, limit);
}

/** The same, of any registry. */
export function statsOf(registry: MemoryRegistry, limit: number): MemoryStats {
  const windows = newest(registry, "window");
  const memories = newest(registry, "decaying");
  const states = newest(registry, "shared_state");
  const windowStats = windows.flatMap(read<WindowMemoryStats>);
  return {
    totals: {
      windows: windows.length,
      windowMessages: windowStats.reduce((sum, { messages }) => sum + messages, 0),
      windowTokens: windowStats.reduce((sum, { tokens }) => sum + tokens, 0),
      memories: memories.length,
      memoryEntries: memories.reduce((sum, { size }) => sum + size, 0),
      sharedStates: states.length,
      unlisted: registry.unlisted,
    },
    windows: windowStats.slice(0, limit),
    memories: memories.slice(0, limit).flatMap(read<DecayingMemoryStats>),
    sharedStates: states.slice(0, limit).flatMap(read<SharedStateStats>),
  };
}

function newest<K extends MemoryKind>(registry: MemoryRegistry, kind: K) {
  return registry.alive(kind).toReversed();
}

/** One that fails is left out. */
function read<T>(source: { stats(): T }): readonly T[] {
  try {
    return [source.stats()];
  } catch (error) {
    reportFailure("reading the stats of a memory", error);
    return [];
  }
}
