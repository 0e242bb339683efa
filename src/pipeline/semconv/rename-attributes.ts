import type { Attributes } from "@opentelemetry/api";
import { ATTR_USAGE_CACHE_WRITE, V141_ATTR_USAGE_CACHE_CREATION } from "../../telemetry/semconv.ts";
import type { SemconvGeneration } from "./generation.ts";

/** Newest name to that of v1.41. All others are the same in both, or exist in the newest generation alone. */
const OLDER: ReadonlyMap<string, string> = new Map([
  [ATTR_USAGE_CACHE_WRITE, V141_ATTR_USAGE_CACHE_CREATION],
]);
const NEWEST: readonly string[] = [...OLDER.keys()];

/**
 * Attributes of a span or an event as that generation names them.
 *
 * @returns The object itself where it has no name to change; else a copy, in the order of the original.
 */
export function renameAttributes(attributes: Attributes, generation: SemconvGeneration): Attributes {
  if (generation === "latest" || !NEWEST.some((name) => name in attributes)) return attributes;
  const renamed: Attributes = {};
  for (const name in attributes) {
    const older = OLDER.get(name);
    if (older === undefined || generation === "dup") renamed[name] = attributes[name];
    // What a library has said under the older name itself stays as it said it.
    if (older !== undefined && !(older in attributes)) renamed[older] = attributes[name];
  }
  return renamed;
}
