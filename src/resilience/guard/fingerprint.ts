import { createHash } from "../../internal/late-builtins.ts";
import { isStateObject } from "../failure-mark.ts";

/** Longer texts are hashed, so that a fingerprint keeps no document in memory. */
const MAX_PLAIN = 64;

/**
 * A short text that is the same for the same value, whatever the order of its keys: tells which version stands in a state that has been
 * copied, stored or sent. `undefined` for what JSON has no text for; such a value is known by its object alone.
 */
export function fingerprint(value: unknown): string | undefined {
  if (typeof value !== "object" || value === null) return primitive(value);
  try {
    return hash(`o${JSON.stringify(value, inOrder)}`);
  } catch {
    return undefined;
  }
}

function primitive(value: unknown): string | undefined {
  if (typeof value === "function" || typeof value === "symbol") return undefined;
  const text = `${typeof value}:${String(value)}`;
  return text.length > MAX_PLAIN ? hash(text) : text;
}

function inOrder(_key: string, value: unknown): unknown {
  if (typeof value === "bigint") return `${value}n`;
  if (value instanceof Map || value instanceof Set) return [...value];
  if (!isStateObject(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function hash(text: string): string {
  return createHash("sha256").update(text).digest("base64");
}
