import { isPlainObject, jsonText } from "../../internal/plain-json.ts";
import { MEMORY_TYPES, type MemoryType } from "./memory-type.ts";

const METADATA_LIMITS = { maxBytes: 16_384, maxDepth: 16, maxNodes: 1_000 };

/** @throws TypeError or RangeError. */
export function checkContent(content: unknown, maxLength: number): void {
  if (typeof content !== "string")
    throw new TypeError(`decayingMemory: content must be a string, got ${typeof content}`);
  if (content.length > maxLength)
    throw new RangeError(
      `decayingMemory: content must have at most ${maxLength} characters, got ${content.length}`,
    );
}

/** @returns Its place among `MEMORY_TYPES`. @throws TypeError that names them all. */
export function typeNumber(type: unknown): number {
  const found = MEMORY_TYPES.indexOf(type as MemoryType);
  if (found >= 0) return found;
  const shown = typeof type === "string" ? JSON.stringify(type.slice(0, 64)) : String(type);
  throw new TypeError(`decayingMemory: type must be ${MEMORY_TYPES.join(", ")}, got ${shown}`);
}

/** As JSON. @throws TypeError or RangeError that has the path to the bad part. */
export function metadataText(metadata: unknown): string | undefined {
  if (metadata === undefined) return undefined;
  if (!isPlainObject(metadata))
    throw new TypeError("decayingMemory: metadata must be an object with keys and values");
  return jsonText("decayingMemory: metadata", metadata, METADATA_LIMITS);
}
