import { isStateObject } from "../failure-mark.ts";

/** Deeper parts are shared. */
const MAX_DEPTH = 64;

/** A copy of lists and of objects made with braces, down to what is neither: messages, dates and clients stay what they are, and shared. */
export function copyState<T>(value: T): T {
  return copied(value, 0, new Map()) as T;
}

function copied(value: unknown, depth: number, made: Map<unknown, unknown>): unknown {
  if (depth > MAX_DEPTH) return value;
  const before = made.get(value);
  if (before !== undefined) return before;
  if (Array.isArray(value)) {
    const list: unknown[] = [];
    made.set(value, list);
    for (const item of value) list.push(copied(item, depth + 1, made));
    return list;
  }
  if (!isStateObject(value)) return value;
  const copy: Record<string, unknown> = { ...value };
  made.set(value, copy);
  for (const [key, inner] of Object.entries(copy)) {
    if (typeof inner === "object" && inner !== null) copy[key] = copied(inner, depth + 1, made);
  }
  return copy;
}
