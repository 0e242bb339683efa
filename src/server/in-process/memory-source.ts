import { type MemoryStats, memoryStats } from "../../memory/memory-stats.ts";
import type { MemoryRow } from "../api/agents.ts";

/** @param stats For tests. */
export function memorySource(stats: () => MemoryStats = memoryStats): {
  list(): Promise<readonly MemoryRow[]>;
} {
  return {
    list: async () => {
      const { sharedStates, windows, memories } = stats();
      return [
        ...sharedStates.map((each) => rowOf("shared_state", each)),
        ...windows.map((each) => rowOf("window", each)),
        ...memories.map((each) => rowOf("decaying", each)),
      ];
    },
  };
}

/** All that is a number, under its name in snake_case; of a record of numbers each with the name before it. */
function rowOf(kind: MemoryRow["kind"], { name, ...stats }: { readonly name: string }): MemoryRow {
  const values: Record<string, number> = {};
  for (const [key, value] of Object.entries(stats)) collect(values, snakeCase(key), value);
  return { kind, name, values };
}

function collect(values: Record<string, number>, name: string, value: unknown): void {
  if (typeof value === "number" && Number.isFinite(value)) values[name] = value;
  else if (typeof value === "boolean") values[name] = value ? 1 : 0;
  else if (typeof value === "object" && value !== null)
    for (const [key, inner] of Object.entries(value)) collect(values, `${name}_${snakeCase(key)}`, inner);
}

function snakeCase(name: string): string {
  // As its metric has it.
  if (name === "totalEntries") return "entries";
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
